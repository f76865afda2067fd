// What commands in a build's log have in common: GitHub Actions' and Azure Pipelines'.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <poolfit/diag/diagnostic.hpp>

namespace poolfit::render {

struct LogEscape {
    char of;
    std::string_view as;
    bool in_property = false;  ///< there only: in a message it stays
};

/// `text` with these characters escaped; other control characters are made visible.
std::string escaped(std::string_view text, std::span<const LogEscape> escapes, bool property);

/// Message, label and "fix: did you mean max?", a line each.
std::string message_and_fix(const Diagnostic& diagnostic);

}  // namespace poolfit::render
