// The words of load's diagnostics: quoting what the user wrote, naming types, "did you mean".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers.hpp"

namespace poolfit::load {

/// In single quotes, cut after 40 characters, control characters as \x1b.
std::string quote(std::string_view text);
/// The same without the quotes, cut after `most`.
std::string clip(std::string_view text, std::size_t most = 40);

/// "a number", "a string", "a list": what stands there.
std::string describe(const Value& value);
/// `key = value` or `"key": value`; `value` is TOML text of a string, a number, a boolean or a list.
std::string assignment(Syntax syntax, std::string_view key, std::string_view value);

std::string join(const std::vector<std::string_view>& words, std::string_view separator = ", ");

/// A word that others have for one of ours.
struct Synonym {
    std::string_view word, meant;
    std::string_view also = {};  ///< what else it takes: TOML text of a key and its value
};

/// Looks for the nearest word, with a budget over all calls: a hostile file with 10,000 names and as many
/// mistyped references must not cost their product.
class Suggester {
public:
    /// "" when nothing is near, or the budget is spent.
    std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

private:
    std::size_t budget_ = 100'000'000;  ///< cells of the distance matrix
};

}  // namespace poolfit::load
