// What PgBouncer's console answers, as `psql --csv -c 'SHOW …'` writes it. Columns go by their names: versions 1.16 to
// 1.25 add some, and call reserve_pool reserve_pool_size from 1.24 on.
#pragma once

#include <string_view>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/import/estate.hpp>

#include "../tree/in_file.hpp"

namespace poolfit::imports {

enum class Show { none, databases, pools, config, stats, stats_totals, lists, clients, servers };

/// Which answer it is, by its first line.
Show show_of(std::string_view text);
/// Into a pooler that may have its sizes from pgbouncer.ini already: what runs wins, and the difference is said. False
/// after an error.
bool read_show(const InFile& file, Show what, PoolerFact& pooler, Estate& estate, Diagnostics& diagnostics);

}  // namespace poolfit::imports
