// How a command ends: with documents to write, or with a failure to report.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <poolfit/diag/diagnostic.hpp>

namespace poolfit::cli {

namespace exit_code {
inline constexpr int ok = 0;
inline constexpr int findings = 1;   ///< at or above --fail-on
inline constexpr int wrong_use = 2;  ///< flags, inventory, catalog: nothing was judged
inline constexpr int fault = 3;      ///< internal, or input and output
inline constexpr int interrupted = 130;
}  // namespace exit_code

struct Failure {
    std::string_view kind;  ///< "usage", "config", "inventory", "catalog", "io", "memory", "internal"
    std::string message;    ///< one line; its details are in the diagnostics
    int exit_code = exit_code::wrong_use;
};

/// A text and where it goes.
struct Document {
    std::string path;  ///< empty: standard output
    std::string text{};
    /// Of a text that may be long, in place of it: makes it while it is written.
    std::function<void(const std::function<void(std::string_view)>& sink)> stream{};
    bool merged = false;  ///< has what was in the file
    std::size_t set = 0;  ///< of several files that are one output, of which no two have one name: its number, from 1
};

using Answer = std::variant<std::vector<Document>, Failure>;

/// A failure that is one diagnostic without a place.
inline Failure fail(Diagnostics& diagnostics, std::string_view kind, std::string message, std::string fix = {},
                    int code = exit_code::wrong_use) {
    diagnostics.error({}, message, std::move(fix));
    return {kind, std::move(message), code};
}

}  // namespace poolfit::cli
