// Fingerprints of findings as files have them.
#pragma once

#include <cstddef>
#include <string>

namespace poolfit::model {

/// As lint::fingerprints: the first half of one with 32 digits, as files of earlier versions have.
inline std::string fingerprint_of_file(std::string text) {
    constexpr std::size_t digits = 16;
    if (text.size() == 2 * digits) text.resize(digits);
    return text;
}

}  // namespace poolfit::model
