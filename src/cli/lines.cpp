#include "lines.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>

#include <unistd.h>

namespace poolfit::cli {

Lines::Got Lines::next(std::string& line) {
    const Got got = raw(line);
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    if (number_ == 1 && got == Got::line && line.starts_with(mark)) line.erase(0, mark.size());
    return got;
}

Lines::Got Lines::raw(std::string& line) {
    line.clear();
    bool too_long = false;
    ++number_;
    while (true) {
        const std::size_t end = read_.find('\n', at_);
        const std::size_t upto = std::min(end, read_.size());
        if (line.size() + (upto - at_) > longest_) too_long = true;
        if (too_long)
            line.resize(std::min(line.size(), beginning));
        else
            line.append(read_, at_, upto - at_);
        at_ = upto;
        if (end != std::string::npos) {
            ++at_;
            return too_long ? Got::too_long : Got::line;
        }
        if (ended_) {
            if (too_long) return Got::too_long;
            return line.empty() ? Got::end : Got::line;
        }
        read_.resize(block);
        at_ = 0;
        const ssize_t count = read(fd_, read_.data(), read_.size());
        read_.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
        if (count < 0 && errno != EINTR) return Got::failed;
        ended_ = count == 0;
    }
}

}  // namespace poolfit::cli
