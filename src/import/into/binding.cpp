#include "binding.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace poolfit::imports {
namespace {

constexpr std::string_view begin = "# from ", between = ": ", equals = " = ", in_space = " in ";

std::string_view behind(const load::Value& value) {
    return value.comments ? std::string_view(value.comments->behind) : std::string_view();
}

/// Without the steps that lead out of the folder that the command ran in.
std::string_view from_here(std::string_view path) {
    for (;;)
        if (path.starts_with("./"))
            path.remove_prefix(2);
        else if (path.starts_with("../"))
            path.remove_prefix(3);
        else
            return path;
}

}  // namespace

bool is_same_path(std::string_view a, std::string_view b) {
    a = from_here(a);
    b = from_here(b);
    if (a.size() < b.size()) std::swap(a, b);
    return a == b || (a.ends_with(b) && a[a.size() - b.size() - 1] == '/');
}

std::string value_text(const load::Value& value) {
    if (const auto* text = value.as<std::string>()) return *text;
    if (const auto* number = value.as<std::int64_t>()) return fmt::format("{}", *number);
    if (const auto* number = value.as<double>()) return fmt::format("{:g}", *number);
    if (const auto* flag = value.as<bool>()) return *flag ? "true" : "false";
    if (const auto* date = value.as<load::DateText>()) return date->text;
    std::string out;
    const auto add = [&](const load::Value& item, std::string_view separator) {
        out += fmt::format("{}{}", out.empty() ? std::string_view() : separator, value_text(item));
    };
    if (const auto* list = value.as<load::Array>()) {
        const bool range = list->items.size() == 2 && list->items[0].as<std::string>() == nullptr;
        for (const load::Value& item : list->items) add(item, range ? "-" : ", ");
    }
    if (const auto* table = value.as<load::Table>()) {
        const load::Value *least = load::find(*table, "min"), *most = load::find(*table, "max");
        if (table->members.size() == 2 && least != nullptr && most != nullptr) {
            if (value_text(*least) == value_text(*most)) return value_text(*most);
            return fmt::format("{}-{}", value_text(*least), value_text(*most));
        }
        for (const load::Member& member : table->members) {
            add(load::Value{.data = member.key}, ", ");
            out += ' ' + value_text(member.value);
        }
    }
    return out;
}

std::string as_toml(const load::Value& value) {
    if (value.as<std::string>() != nullptr) return fmt::format("\"{}\"", value_text(value));
    const auto* table = value.as<load::Table>();
    if (table == nullptr) return value_text(value);
    std::string out;
    for (const load::Member& member : table->members)
        out += fmt::format("{}{} = {}", out.empty() ? "{ " : ", ", member.key, as_toml(member.value));
    return out + " }";
}

std::string binding(const From& from, const load::Value& value) {
    if (!from.place) return from.how;
    const std::string text = value_text(value);
    std::string out = fmt::format("from {}{}{}", from.place.source->name(), between, from.how);
    // "gunicorn --workers 4" says it already.
    const bool said =
        text.find(' ') == text.npos && from.how.find(equals) == from.how.npos && from.how.ends_with(' ' + text);
    if (!said) out += fmt::format("{}{}", equals, text);
    return out;
}

std::optional<Binding> binding_of(const load::Value& value) {
    std::string_view text = behind(value);
    if (!text.starts_with(begin)) return std::nullopt;
    text.remove_prefix(begin.size());
    const std::size_t colon = text.find(between);
    if (colon == text.npos) return std::nullopt;
    Binding out{text.substr(0, colon), text.substr(colon + between.size()), {}};
    if (const std::size_t at = out.how.rfind(equals); at != out.how.npos) {
        out.value = out.how.substr(at + equals.size());
        out.how = out.how.substr(0, at);
    } else if (const std::size_t blank = out.how.rfind(' '); blank != out.how.npos) {
        out.value = out.how.substr(blank + 1);
    }
    return out;
}

namespace {

/// What follows the value in a text that begins with it; nothing if it has another one.
std::optional<std::string_view> behind_value(std::string_view text, const load::Value& value) {
    // "25 %" is "25%": only formatted anew.
    for (const char c : value_text(value)) {
        if (c == ' ') continue;
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
        if (text.empty() || text.front() != c) return std::nullopt;
        text.remove_prefix(1);
    }
    // What the user wrote behind it is no other value: "= 4, agreed with Bob".
    const bool own = text.starts_with(", ") || text.starts_with("; ") || text.starts_with(" (");
    return text.empty() || own ? std::optional(text) : std::nullopt;
}

/// What the user wrote behind the value in its binding; nothing if the binding has another value.
std::optional<std::string_view> own_words(const load::Value& value) {
    const auto bound = binding_of(value);
    if (!bound) return std::nullopt;
    if (const auto words = behind_value(bound->value, value)) return words;
    // "gunicorn -w 2 (see the load test)": the value is before the last blank.
    const std::string_view text = behind(value);
    if (text.find(equals) != text.npos) return std::nullopt;
    for (std::size_t at = text.rfind(' '); at != text.npos && at > 0; at = text.rfind(' ', at - 1))
        if (const auto words = behind_value(text.substr(at + 1), value)) return words;
    return std::nullopt;
}

}  // namespace

bool is_as_bound(const load::Value& value) { return own_words(value).has_value(); }

std::string own_comment(const load::Value& value) {
    const std::string_view all = behind(value);
    if (all.empty() || all == "# --set") return {};
    if (!binding_of(value)) return std::string(all);
    std::string_view words = own_words(value).value_or(std::string_view());
    words.remove_prefix(std::min(words.find_first_not_of(",; "), words.size()));
    return words.empty() ? std::string() : "# " + std::string(words);
}

std::string space_of(const load::Value& name) {
    const auto bound = binding_of(name);
    const std::size_t at = bound ? bound->how.rfind(in_space) : std::string_view::npos;
    return at == std::string_view::npos ? std::string() : std::string(bound->how.substr(at + in_space.size()));
}
std::string with_space(const std::string& how, const std::string& space) {
    return space.empty() ? how : fmt::format("{}{}{}", how, in_space, space);
}

std::string source_of(const load::Value& value) {
    std::string at;
    if (value.place)
        at =
            fmt::format("{}:{}", value.place.source->name(), value.place.source->position(value.place.span.begin).line);
    const auto bound = binding_of(value);
    if (!bound) return at;
    return fmt::format("{}, {}", at.empty() ? std::string(bound->file) : at, bound->how);
}

}  // namespace poolfit::imports
