// A bar on standard error while something takes long.
#pragma once

#include <chrono>
#include <string>

namespace poolfit::cli {

/// Shows nothing before a second has passed; after that one line, rewritten, and gone at the end.
class Progress {
public:
    /// Where `wanted` is false, or standard error is not a terminal, it shows nothing.
    Progress(std::string what, bool wanted);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress();

    /// `share` of the work is done, from 0 to 1.
    void tell(double share);

private:
    using Clock = std::chrono::steady_clock;
    std::string what_;
    bool wanted_;
    bool unicode_ = false;
    int width_ = 0;
    Clock::time_point begun_, shown_;
};

/// Removes a visible bar from the terminal; safe in a signal handler.
void clear_progress();

}  // namespace poolfit::cli
