// How close to a table is close enough, and which inputs are refused.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include <doctest/doctest.h>

#include <poolfit/queue/answer.hpp>

#include "../../accuracy/table.hpp"

namespace known {

template <class T>
bool is_bad(const poolfit::queue::Answer<T>& answer, const char* input, poolfit::queue::Flaw flaw) {
    const auto* bad = std::get_if<poolfit::queue::BadInput>(&answer);
    return bad && bad->input == input && bad->flaw == flaw;
}

template <class T>
bool is_unstable(const poolfit::queue::Answer<T>& answer, std::int64_t smallest) {
    const auto* bad = std::get_if<poolfit::queue::Unstable>(&answer);
    return bad && bad->smallest_stable.value == smallest;
}

/// Checks one cell, and keeps the worst difference; POOLFIT_SHOW_DIFFERENCES prints it.
struct Worst {
    double most = 0.0;
    void operator()(const Row& row, std::string_view column, double ours, double limit = 1e-9, double absolute = 0.0) {
        const double d = difference(ours, row[column], absolute);
        if (d > most) most = d;
        if (!(d <= limit)) FAIL_CHECK(row.line, ": ", std::string(column), " is ", ours, ", off by ", d);
    }
#ifdef POOLFIT_SHOW_DIFFERENCES
    ~Worst() { MESSAGE("largest relative difference ", most); }
#endif
};

}  // namespace known
