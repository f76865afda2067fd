// What --map says, by what it names; each is used or reported.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace poolfit::imports {

struct Mapped {
    struct Pair {
        std::string theirs, ours, text;
        bool used = false;
    };
    std::vector<Pair> pairs;
    std::string service{};  ///< --service: what an application's configuration is about

    /// The name that a host, a secret, a file or a proxy stands for; null where no --map names it.
    const std::string* find(std::string_view theirs) {
        const auto found = std::ranges::find(pairs, theirs, &Pair::theirs);
        if (found == pairs.end()) return nullptr;
        found->used = true;
        return &found->ours;
    }
};

/// What CPU is with all vCPUs busy, of --map cpu:NAME=…: "%", "share" or a number.
std::optional<double> read_busy(std::string_view text);

}  // namespace poolfit::imports
