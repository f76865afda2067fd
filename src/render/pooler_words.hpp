// What changes at a pooler, and what that breaks.
#pragma once

#include <string>

#include <poolfit/report/report.hpp>

namespace poolfit::render {

/// "PgBouncer 1.21+": what can keep prepared statements in transaction mode.
std::string keeps_prepared_text();
/// "pool_mode session → transaction, default_pool_size 1,400 → 566"; `size` as PoolerPlan::size, 0: today's.
std::string pooler_settings(const Report& report, Index pooler, bool mode, std::int64_t size);
/// "default_pool_size of b to 15", in words.
std::string pooler_size(const Fleet& fleet, Index pooler, std::int64_t size);
/// "bouncer max_client_conn 100 → 140"; "" where today's is enough, or `pooler` is not the first record of its process.
std::string client_setting(const Report& report, Index pooler);
/// The same with its reason: "… 100 → 148 (its clients can open 140 in a deploy, plus room for the policy)".
std::string client_change(const Report& report, Index pooler);
/// The basis of its size: "its clients' combined load".
std::string pooler_basis(const PoolerPlan& plan);
/// "needs 56–216 server connections today: …": of RDS Proxy, where the use of its clients is known; else empty.
std::string need_text(const Report& report, Index pooler);
/// "breaks LISTEN of api.main …" where a pooler leaves session mode; "" where nothing is known to break.
std::string breaks_text(const Report& report, Index pooler);
/// The same after a semicolon.
std::string and_breaks(const Report& report, Index pooler);

}  // namespace poolfit::render
