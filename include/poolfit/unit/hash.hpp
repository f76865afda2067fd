// A number for a text: the same on every machine, in every run. Against accidents, not against forgery.
#pragma once

#include <cstdint>
#include <string_view>

namespace poolfit::unit {

/// FNV-1a; `of` what came before.
constexpr std::uint64_t hash(std::string_view text, std::uint64_t of = 0xcbf29ce484222325ULL) {
    for (const char c : text) of = (of ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return of;
}

}  // namespace poolfit::unit
