// A stream of bytes as lines, as they come.
#pragma once

#include <cstddef>
#include <string>

namespace poolfit::cli {

/// Never more than a line and a block in memory.
class Lines {
public:
    enum class Got {
        line,
        too_long,  ///< its beginning alone is kept
        end,
        failed,  ///< errno has the reason
    };

    Lines(int fd, std::size_t longest) : fd_(fd), longest_(longest) {}
    /// The next line without its line break; the last one may have none. A byte order mark of UTF-8 before the first
    /// one is skipped.
    Got next(std::string& line);
    /// Of the line that `next` gave, from 1.
    std::size_t number() const { return number_; }

private:
    Got raw(std::string& line);

    static constexpr std::size_t block = std::size_t{64} << 10, beginning = 4096;

    int fd_;
    std::size_t longest_;
    std::size_t number_ = 0;
    std::string read_;  ///< what was read, and has not been given yet, from at_ on
    std::size_t at_ = 0;
    bool ended_ = false;
};

}  // namespace poolfit::cli
