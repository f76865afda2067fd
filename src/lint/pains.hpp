// What people who run pools and databases complained about, and which part of poolfit addresses it.
#pragma once

#include <span>
#include <string_view>

namespace poolfit::lint {

struct Pain {
    std::string_view what;     ///< in one line
    std::string_view threads;  ///< owner/repository#number, where it was reported
    std::string_view answer;   ///< rules, figures, commands
    bool later = false;        ///< (part of) the answer waits for a later version
};
std::span<const Pain> pains();

}  // namespace poolfit::lint
