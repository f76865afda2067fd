// Points that no server can have, and CPU in another unit than percent of all vCPUs.
#pragma once

#include <functional>
#include <string>

#include <poolfit/import/estate.hpp>

#include "gathered.hpp"
#include "readers.hpp"

namespace poolfit::imports {

/// Is it a value that a server may have? If not, it counts among what is left out of its series.
bool is_possible(double value, series::Instant at, std::uint64_t offset, Gathering& series, const Heard& heard);

/// By whose the series are: how notes call it, and what --map can name.
struct Whose {
    std::string subject, mapped;
};
/// Says what was left out. CPU whose unit is not plain is left out as a whole, and asked for.
void tell_left_out(Gathered& gathered, const std::function<Whose(const std::string&)>& whose_of, Estate& estate);

}  // namespace poolfit::imports
