#include "profiles.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace poolfit::imports {
namespace {

constexpr int deepest = 20;

/// "!prod", "prod & eu", "a | (b & !c)" with the profiles that run.
class Expression {
public:
    Expression(std::string_view text, const std::vector<std::string>& active) : text_(text), active_(active) {}

    bool holds() {
        const bool value = either(0);
        return value && rest().empty();
    }

private:
    std::string_view rest() {
        while (at_ < text_.size() && text_[at_] == ' ') ++at_;
        return text_.substr(at_);
    }
    bool take(char c) {
        if (!rest().starts_with(c)) return false;
        ++at_;
        return true;
    }
    bool either(int level) {
        bool value = both(level);
        while (take('|')) value = both(level) || value;
        return value;
    }
    bool both(int level) {
        bool value = one(level);
        while (take('&')) value = one(level) && value;
        return value;
    }
    bool one(int level) {
        if (level > deepest) return false;
        if (take('!')) return !one(level + 1);
        if (take('(')) {
            const bool value = either(level + 1);
            return take(')') && value;
        }
        const std::string_view left = rest();
        const std::string_view name = left.substr(0, std::min(left.find_first_of(" !&|()"), left.size()));
        at_ += name.size();
        return std::ranges::find(active_, name) != active_.end();
    }

    std::string_view text_;
    const std::vector<std::string>& active_;
    std::size_t at_ = 0;
};

}  // namespace

std::vector<std::string> profile_names(std::string_view list) {
    std::vector<std::string> names;
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        if (const std::string_view name = trimmed_blanks(list.substr(0, comma)); !name.empty())
            names.emplace_back(name);
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return names;
}

bool is_profile_expression(std::string_view name) { return name.find_first_of("!&|() ") != name.npos; }

bool profile_expression_holds(std::string_view expression, const std::vector<std::string>& active) {
    return Expression(expression, active).holds();
}

bool is_profile_of_tests(std::string_view name) {
    constexpr std::string_view words[] = {"test", "tests", "dev",         "development", "local",
                                          "ci",   "it",    "integration", "default"};
    return std::ranges::find(words, lower(name)) != std::end(words);
}

std::string profiles_of(const Sealed& value) {
    const std::string_view text = trimmed_blanks(value.opened());
    const bool plain = text.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-,!&|() ") == text.npos &&
                       text.size() <= 100;
    return text.empty() || !plain ? "?" : std::string(text);
}

}  // namespace poolfit::imports
