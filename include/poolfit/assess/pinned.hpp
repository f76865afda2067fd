// Which clients RDS Proxy keeps on a server connection of their own ("pins").
#pragma once

#include <cstdint>

#include <poolfit/model/fleet.hpp>

namespace poolfit {

/// `may`: by what its driver does by default, or by prepared statements that may be SQL's.
enum class Pinned : std::uint8_t { no, may, yes };

namespace assess {

/// As its features say; without a list, as its driver is known for on the engine. `no` for what is not behind a managed
/// pooler.
Pinned pinned(const Fleet& fleet, const Pool& pool);

}  // namespace assess
}  // namespace poolfit
