#include "write_values.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>

namespace poolfit::load {
namespace {

/// In double quotes; both syntaxes have these escapes. A byte that is no UTF-8 becomes U+FFFD.
std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (std::size_t i = 0; i < text.size();) {
        const auto c = diag::decode(text, i);
        const char byte = text[i];
        if (!c.valid)
            out += "\xEF\xBF\xBD";
        else if (byte == '"' || byte == '\\')
            (out += '\\') += byte;
        else if (byte == '\n')
            out += "\\n";
        else if (byte == '\t')
            out += "\\t";
        else if (byte == '\r')
            out += "\\r";
        else if (c.value < 0x20 || c.value == 0x7F)
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c.value));
        else
            out += text.substr(i, c.length);
        i += c.length;
    }
    return out += '"';
}

/// Text with quotes or backslashes reads better in single quotes.
std::string toml_string(const std::string& text) {
    const bool better = text.find_first_of("\"\\") != text.npos && text.find('\'') == text.npos;
    auto out = quoted(text);
    if (!better || out.size() != text.size() + 2 + static_cast<std::size_t>(std::ranges::count_if(text, [](char c) {
                                     return c == '"' || c == '\\';
                                 })))
        return out;
    for (std::size_t i = 0; i < text.size(); i += diag::decode(text, i).length)
        if (!diag::decode(text, i).valid) return out;
    return '\'' + text + '\'';
}

std::string real_text(double value, Syntax syntax) {
    if (!std::isfinite(value)) {
        const std::string_view word = std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
        return syntax == Syntax::json ? fmt::format("\"{}\"", word) : std::string(word);
    }
    auto out = fmt::format("{}", value);
    if (out.find_first_of(".e") == out.npos) out += ".0";
    return out;
}

bool is_scalar(const Value& value) { return value.as<Array>() == nullptr && value.as<Table>() == nullptr; }

}  // namespace

bool is_written(const Value& value, Syntax syntax) { return syntax == Syntax::json || value.as<Null>() == nullptr; }

bool is_range(const Table& table) {
    return table.members.size() == 2 && table.members[0].key == "min" && table.members[1].key == "max" &&
           is_scalar(table.members[0].value) && is_scalar(table.members[1].value);
}

bool has_headers(const Value& value) {
    if (const auto* table = value.as<Table>())
        return table->form == Form::header || table->form == Form::implied ||
               (table->form == Form::open && !is_range(*table));
    const auto* list = value.as<Array>();
    if (list == nullptr || list->items.empty()) return false;
    return std::ranges::all_of(list->items, [&](const Value& item) {
        const auto* table = item.as<Table>();
        return table != nullptr && (list->of_headers || table->form == Form::open || table->form == Form::header);
    });
}

std::string key_text(std::string_view key, Syntax syntax) {
    const bool bare =
        syntax == Syntax::toml && !key.empty() && std::ranges::all_of(key, [](char c) {
            return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        });
    return bare ? std::string(key) : quoted(key);
}

std::string scalar_text(const Value& value, Syntax syntax) {
    if (const auto* text = value.as<std::string>()) return syntax == Syntax::json ? quoted(*text) : toml_string(*text);
    if (const auto* whole = value.as<std::int64_t>()) return fmt::format("{}", *whole);
    if (const auto* real = value.as<double>()) return real_text(*real, syntax);
    if (const auto* flag = value.as<bool>()) return *flag ? "true" : "false";
    if (const auto* date = value.as<DateText>()) return syntax == Syntax::json ? quoted(date->text) : date->text;
    return "null";
}

std::string toml_text(const Value& value, std::string_view indent, std::size_t room) {
    if (const auto* table = value.as<Table>()) {
        std::string out;
        for (const auto& member : table->members) {
            if (!is_written(member.value, Syntax::toml)) continue;
            out += out.empty() ? "{ " : ", ";
            out += key_text(member.key, Syntax::toml) + " = " + toml_text(member.value, indent, std::string::npos);
        }
        return out.empty() ? "{}" : out + " }";
    }
    const auto* list = value.as<Array>();
    if (list == nullptr) return scalar_text(value, Syntax::toml);
    std::vector<std::string> items;
    std::size_t columns = 2;
    for (const auto& item : list->items) {
        if (!is_written(item, Syntax::toml)) continue;
        items.push_back(toml_text(item, indent, std::string::npos));
        columns += items.back().size() + 2;
    }
    if (columns <= room) return fmt::format("[{}]", fmt::join(items, ", "));
    return fmt::format("[\n{0}    {1},\n{0}]", indent, fmt::join(items, fmt::format(",\n{}    ", indent)));
}

std::string json_text(const Value& value, std::string_view indent, std::string_view step) {
    const auto inner = std::string(indent) + std::string(step);
    std::vector<std::string> items;
    bool flat = false;
    char open = '{', close = '}';
    if (const auto* table = value.as<Table>()) {
        for (const auto& member : table->members)
            items.push_back(key_text(member.key, Syntax::json) + ": " + json_text(member.value, inner, step));
    } else if (const auto* list = value.as<Array>()) {
        open = '[', close = ']';
        flat = std::ranges::all_of(list->items, is_scalar);
        for (const auto& item : list->items) items.push_back(json_text(item, inner, step));
    } else {
        return scalar_text(value, Syntax::json);
    }
    if (items.empty() || flat) return fmt::format("{}{}{}", open, fmt::join(items, ", "), close);
    return fmt::format("{0}\n{2}{3}\n{4}{1}", open, close, inner, fmt::join(items, ",\n" + inner), indent);
}

}  // namespace poolfit::load
