#include "version_text.hpp"

#include <charconv>

namespace poolfit::platform {

std::optional<std::vector<int>> numbers(std::string_view text) {
    std::vector<int> parts;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (true) {
        int part = 0;
        if (at == end || *at < '0' || *at > '9') return std::nullopt;  // from_chars takes a sign
        const auto read = std::from_chars(at, end, part);
        if (read.ec != std::errc{}) return std::nullopt;
        parts.push_back(part);
        if (read.ptr == end) return parts;
        if (*read.ptr != '.') return std::nullopt;
        at = read.ptr + 1;
    }
}

std::string_view without_suffix(std::string_view text, std::string_view mark) {
    const auto at = text.find(mark);
    if (at == text.npos || at + mark.size() == text.size()) return text;
    return text.find_first_not_of("0123456789", at + mark.size()) == text.npos ? text.substr(0, at) : text;
}

}  // namespace poolfit::platform
