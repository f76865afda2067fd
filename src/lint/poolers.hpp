// What rules say about existing poolers, using their own keys.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <poolfit/lint/rule.hpp>
#include <poolfit/plan/fit.hpp>

#include "facts.hpp"

namespace poolfit::lint {

/// A PgBouncer in session mode: each client holds a server connection for as long as it is connected.
struct SessionPooler : SessionSide {
    Index pooler = 0;
};
std::vector<SessionPooler> session_poolers(const LintInput& input);

plan::Consumer consumer_of(const LintInput& input, Index pooler);

/// The one pooler of the database that all of its pools which state `cpu` go through, and which lets clients share.
std::optional<Index> only_way_in(const LintInput& input, Index database);

/// The key of this pooler that lets no more in than so many, or one unit of it, and what that is:
/// "max_connections_percent = "1%"  →  16 connections instead of 1,000". Empty where today's is no more.
std::string let_in(const LintInput& input, Index pooler, Connections most);

/// What its clients' load and their use need, whichever is more; nothing where neither is known.
std::optional<std::int64_t> asked_for(const PoolerPlan& plan);
/// The size that it needs, with the connections of its server then: "default_pool_size = 13  →  13 of 1,658 (0.8 %)".
/// With the plan's sizes of the pools whose sessions it pins, where those free some that the size counts on.
std::string enlarge(const LintInput& input, Index pooler, std::int64_t size, Moment moment = Moment::steady);
/// The same with the plan's size; "" where the plan does not fix it.
std::string as_planned(const LintInput& input, Index pooler);
/// Does it come with the server, and its users cannot change it?
bool has_fixed_size(const LintInput& input, Index pooler);

/// Transaction mode, with the size that its load needs, else the one that fits: `mode = "transaction",
/// default_pool_size = 566  →  3,996 of 4,995 (80 %)`.
std::string to_transaction_mode(const LintInput& input, Index pooler);

/// A client of a pooler on a direct connection, with the connections of its server then: `database = "orders"  →  83 of
/// 195 (43 %)`.
std::string directly(const LintInput& input, Index pool);
/// The same of what LISTENs in it: of a larger pool that is one connection, in a pool of its own.
std::string listen_directly(const LintInput& input, Index pool);

/// What that breaks: by what its clients declare, or by what their drivers are known for; "" where nothing is known to
/// break.
std::string broken_by_transactions(const LintInput& input, Index pooler);

/// "max = 13 for rep.r": the plan's sizes of those of the pools that get another one.
std::string planned_sizes(const LintInput& input, const std::vector<Index>& pools);

/// Where a size that fits is known: what a cap would do to a pooler in session mode; else "".
std::string capped(const LintInput& input, const SessionPooler& session);

}  // namespace poolfit::lint
