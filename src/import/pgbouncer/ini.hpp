// pgbouncer.ini, as PgBouncer reads it, and the environment from which images make one.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/import/estate.hpp>

#include "../facts/program.hpp"

namespace poolfit::imports {

/// How a process was found that has a pgbouncer.ini or a console of its own.
inline constexpr std::string_view process_of_pgbouncer = "a process of PgBouncer";

/// A text with the places of its bytes.
struct IniText {
    std::string_view text;
    std::function<Place(std::size_t)> at;
};
/// The file that %include names, if it is at hand.
using Included = std::function<std::optional<IniText>(std::string_view name)>;

/// A key of the process or of a database, into the sizes. False where it is another key.
bool take_pooler_size(std::string_view key, const Sealed& value, Place place, PoolerSizes& sizes,
                      const std::string& subject, Estate& estate);

/// Fills sizes and aliases of a pooler from the text. What it has no place for is noted. "*" is an alias of that name.
void read_pgbouncer_ini(const IniText& ini, const Included& included, PoolerFact& pooler, Estate& estate);

/// The same from the variables of an image; false where they name no server.
bool read_pgbouncer_variables(const Program& program, PoolerFact& pooler, Estate& estate);

}  // namespace poolfit::imports
