// The expressions of ERB that are plain arithmetic of defaults, worked out without running Ruby.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "../facts/program.hpp"

namespace poolfit::imports {

struct RubyValue {
    bool known = false;
    std::string text;                   ///< of a known one: a number or a word
    std::vector<std::string> defaults;  ///< variables that are not given, so that their default counts
    std::string name;                   ///< the variable that an unknown one asks for; empty: none by itself
    std::vector<std::string> before;    ///< those that it asks for before that one
};

/// ENV.fetch("X", 5), ENV["X"] || 5, Integer(…), .to_i, + - * and /, brackets, c ? a : b of a known c.
RubyValue ruby_value(std::string_view expression, const Variables& variables);

}  // namespace poolfit::imports
