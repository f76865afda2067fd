#include <algorithm>

#include "targets.hpp"

namespace poolfit::emit {

const Target* with_variable(std::string_view driver) {
    for (const Target& target : targets())
        if (target.driver == driver && !target.variable.empty()) return &target;
    return nullptr;
}

namespace {

/// Nothing where a value is not there.
std::optional<std::string> values_in(std::string_view text, std::span<const Hole> holes) {
    std::string out;
    while (!text.empty()) {
        const std::size_t open = std::min(text.find("{{"), text.size());
        out += text.substr(0, open);
        text.remove_prefix(open);
        if (text.empty()) break;
        const std::size_t close = text.find("}}");
        const std::string_view name = text.substr(2, close - 2);
        const auto hole = std::ranges::find(holes, name, &Hole::name);
        if (hole == holes.end() || !hole->value) return std::nullopt;
        out += *hole->value;
        text.remove_prefix(close + 2);
    }
    return out;
}

std::optional<std::string> line_of(std::string_view text, std::span<const Hole> holes) {
    std::string out;
    while (!text.empty()) {
        const std::size_t open = std::min(text.find("{?"), text.size());
        const auto plain = values_in(text.substr(0, open), holes);
        if (!plain) return std::nullopt;
        out += *plain;
        text.remove_prefix(open);
        if (text.empty()) break;
        const std::size_t close = text.find("?}");
        out += values_in(text.substr(2, close - 2), holes).value_or("");
        text.remove_prefix(close + 2);
    }
    return out;
}

}  // namespace

std::string filled(std::string_view text, std::span<const Hole> holes) {
    std::string out;
    while (!text.empty()) {
        const std::size_t stop = std::min(text.find('\n'), text.size());
        if (auto line = line_of(text.substr(0, stop), holes)) out += *line + '\n';
        text.remove_prefix(std::min(stop + 1, text.size()));
    }
    return out;
}

}  // namespace poolfit::emit
