#include "words.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

namespace poolfit::load {

std::string clip(std::string_view text, std::size_t most) {
    std::string out;
    std::size_t characters = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xC0u) != 0x80u && ++characters > most) {
            out += "…";
            break;
        }
        if (byte < 0x20 || byte == 0x7F)
            out += fmt::format("\\x{:02x}", byte);
        else
            out += text[i];
    }
    return out;
}

std::string quote(std::string_view text) { return '\'' + clip(text) + '\''; }

std::string describe(const Value& value) {
    struct Describe {
        std::string operator()(Null) const { return "null"; }
        std::string operator()(bool b) const { return b ? "true" : "false"; }
        std::string operator()(std::int64_t i) const { return fmt::format("the number {}", i); }
        std::string operator()(double d) const { return "the number " + show_number(d); }
        std::string operator()(const std::string& s) const { return "the text " + quote(s); }
        std::string operator()(const DateText& d) const { return "the date " + clip(d.text); }
        std::string operator()(const Array& a) const { return a.of_headers ? "a list of tables" : "a list"; }
        std::string operator()(const Table&) const { return "a table"; }
        static std::string show_number(double d) {
            if (std::isnan(d)) return "nan";
            if (std::isinf(d)) return d > 0 ? "inf" : "-inf";
            return fmt::format("{}", d);
        }
    };
    return std::visit(Describe{}, value.data);
}

std::string assignment(Syntax syntax, std::string_view key, std::string_view value) {
    return syntax == Syntax::json ? fmt::format("\"{}\": {}", key, value) : fmt::format("{} = {}", key, value);
}

std::string join(const std::vector<std::string_view>& words, std::string_view separator) {
    return fmt::format("{}", fmt::join(words, separator));
}

std::string_view Suggester::nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
    if (word.empty() || word.size() > 64) return {};
    std::vector<std::string_view> near;
    for (const auto candidate : candidates) {
        const auto longer = std::max(word.size(), candidate.size());
        const auto shorter = std::min(word.size(), candidate.size());
        if (longer - shorter > std::max<std::size_t>(1, word.size() / 3)) continue;
        const std::size_t cost = (word.size() + 1) * 128;
        if (cost > budget_) return {};
        budget_ -= cost;
        near.push_back(candidate);
    }
    return near.empty() ? std::string_view{} : diag::nearest(word, near);
}

}  // namespace poolfit::load
