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

/// Fills sizes and aliases of a pooler from the text. What it has no place for is noted. `at` gives the place of a byte
/// of the text. "*" is an alias of that name.
void read_pgbouncer_ini(std::string_view text, const std::function<Place(std::size_t)>& at, PoolerFact& pooler,
                        Estate& estate);

/// The same from the variables of an image; false where they name no server.
bool read_pgbouncer_variables(const Program& program, PoolerFact& pooler, Estate& estate);

}  // namespace poolfit::imports
