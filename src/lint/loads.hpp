// What rules say of workloads.
#pragma once

#include <string>

#include <poolfit/lint/rule.hpp>

namespace poolfit::lint {

Millis mean_hold(const PoolLoad& load);
/// "28 users, think 2.5 s, hold 1.5 s", "120/s × 80 ms = 9.6 erlangs".
std::string load_text(const PoolLoad& load);
/// "utilization 96 %, mean wait 0.45 s, p99 2 s", "utilization 150 %".
std::string wait_text(const sizing::Figures& figures);
/// vCPUs that one active connection keeps busy: "0.25 vCPU".
std::string cpu_each(const DatabaseLoad& load, const InstanceClass& cls);
/// The pool that takes the most CPU of the database, whose workloads say how much: "app.main, 3.2 vCPU".
std::string largest_demand(const LintInput& input, Index database);

}  // namespace poolfit::lint
