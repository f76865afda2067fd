// How the text of `pool` says shares, goals and loads.
#pragma once

#include <string>
#include <vector>

#include <poolfit/report/pool.hpp>

namespace poolfit::render {

/// "0.058 %", "34 %"; below `least`: "< 0.01 %".
std::string share_text(double share, double least = 1e-11);
/// "0 ms", "1.2 s"; below a microsecond it counts as no wait.
std::string time_text(Millis time);

/// The text as one word: no line ends in it.
std::string whole(std::string text);

/// What the answer is judged by, each with its value: "P(wait > 5 ms) 0.058 % ≤ 0.1 %".
std::vector<std::string> judged(const PoolReport& report);
/// The goals alone: "P(wait > 5 ms) ≤ 0.1 %". Of both, each is one word.
std::vector<std::string> goals_text(const PoolRequest& asked);
/// "300/s, each held 8 ms (cv 1)", "28 users who think 1 s, …".
std::string load_text(const PoolReport& report);
/// "exact", "± 0.8 % at 95 %".
/// What is assumed of a hold of which only percentiles are known; empty for other laws.
std::string law_text(const PoolReport& report);
std::string error_text(const sizing::Figures& figures);

}  // namespace poolfit::render
