#include "wanted.hpp"

#include <fmt/format.h>

namespace poolfit::imports {
namespace {

constexpr std::int64_t most_of_all = 1'000'000'000;

}  // namespace

bool Wanted::is_given(const Node& node) {
    if (node.kind == Node::Kind::none || node.withheld) return false;
    return node.kind != Node::Kind::scalar || !trimmed_blanks(node.text.opened()).empty();
}

std::optional<std::int64_t> Wanted::number(const Node& node, std::string_view key, std::int64_t least,
                                           std::int64_t most, const std::string& completes) const {
    if (!is_given(node)) return std::nullopt;
    const auto found = node.number();
    if (found && *found >= least && *found <= most) return found;
    refuse(node, key, found ? fmt::format("is not from {} to {}", least, most) : std::string("is not a whole number"),
           completes);
    return std::nullopt;
}

std::optional<std::int64_t> Wanted::amount(const Node& node, std::string_view key, const std::string& completes) const {
    const auto found = number(node, key, 0, most_of_all, completes);
    return found && *found > 0 ? found : std::nullopt;
}

std::optional<double> Wanted::decimal(const Node& node, std::string_view key, const std::string& completes) const {
    if (!is_given(node)) return std::nullopt;
    if (node.kind == Node::Kind::scalar)
        if (const auto found = node.text.decimal()) return found;
    refuse(node, key, "is not a number", completes);
    return std::nullopt;
}

std::optional<bool> Wanted::boolean(const Node& node, std::string_view key, const std::string& completes) const {
    if (!is_given(node)) return std::nullopt;
    if (node.kind == Node::Kind::scalar)
        if (const auto found = node.text.boolean()) return found;
    refuse(node, key, "is not true or false", completes);
    return std::nullopt;
}

void Wanted::refuse(const Node& node, std::string_view key, std::string_view why, const std::string& completes) const {
    estate_.not_taken(subject_, fmt::format("{} {}", key, why), at_(node), completes);
}

std::string set_flag(std::string_view kind, std::string_view name, std::string_view key, std::string_view value) {
    return fmt::format("--set {}.{}.{}={}", kind, name, key, value);
}

std::string storage_line(std::string_view key, std::string_view value) {
    return fmt::format("{} = {} below [database.storage]", key, value);
}

}  // namespace poolfit::imports
