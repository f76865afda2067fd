// How many fleets the properties look at.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>

#include "random_fleet.hpp"
#include "sanitized.hpp"

namespace poolfit::test {

inline constexpr std::uint64_t usual_fleets = sanitized ? 50 : 3000;

/// For a property that plans each fleet two or three times, and one that does so more often.
inline constexpr std::uint64_t half = sanitized ? usual_fleets : usual_fleets / 2;
inline constexpr std::uint64_t quarter = sanitized ? usual_fleets : usual_fleets / 4;

/// Seeds 0 to 2,999 (to 49 under sanitizers), or as many as are asked for; POOLFIT_FLEETS=20000 takes so many instead,
/// POOLFIT_FLEETS=3000-20000 those from 3,000 on.
template <class Body>
void for_seeds(std::uint64_t salt, std::uint64_t usual, Body body) {
    std::uint64_t from = 0, to = usual;
    if (const char* given = std::getenv("POOLFIT_FLEETS")) {
        const std::string text = given;
        const auto dash = text.find('-');
        from = dash == text.npos ? 0 : std::stoull(text.substr(0, dash));
        to = std::stoull(dash == text.npos ? text : text.substr(dash + 1));
    }
    for (std::uint64_t seed = from; seed < to; ++seed) {
        Generator generator(seed * 1'000'003 + salt);
        body(seed, generator);
    }
}

template <class Body>
void for_seeds(std::uint64_t salt, Body body) {
    for_seeds(salt, usual_fleets, std::move(body));
}

}  // namespace poolfit::test
