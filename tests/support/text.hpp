// Printed texts as tests compare them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace poolfit::test {

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

/// Without their line ends.
inline std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

/// Are `few` the lines of `many` with some left out?
inline bool is_part(const std::vector<std::string>& few, const std::vector<std::string>& many) {
    std::size_t at = 0;
    for (const std::string& line : many)
        if (at < few.size() && few[at] == line) ++at;
    return at == few.size();
}

/// Without the blanks by which columns and comments stand below each other.
inline std::string squeezed(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != ' ' || !out.ends_with(' ')) out += c;
    return out;
}

/// Without the line breaks and indents of a page.
inline std::string on_one_line(std::string page) {
    std::ranges::replace(page, '\n', ' ');
    return squeezed(page);
}

}  // namespace poolfit::test
