#include "shrink.hpp"

#include <algorithm>
#include <sstream>
#include <vector>

namespace poolfit::test {
namespace {

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

}  // namespace

std::string shrunk(std::string text, const std::function<bool(const std::string&)>& shows) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    // Runs of lines, half the file at first: a record is such a run.
    for (std::size_t length = std::max<std::size_t>(1, lines.size() / 2); length > 0;) {
        bool less = false;
        for (std::size_t at = 0; at + length <= lines.size();) {
            std::vector<std::string> left = lines;
            const auto from = left.begin() + static_cast<std::ptrdiff_t>(at);
            left.erase(from, from + static_cast<std::ptrdiff_t>(length));
            if (shows(joined(left))) {
                lines = std::move(left);
                less = true;
            } else {
                ++at;
            }
        }
        if (!less || length > 1) length -= std::max<std::size_t>(1, length / 4);
    }
    return joined(lines);
}

}  // namespace poolfit::test
