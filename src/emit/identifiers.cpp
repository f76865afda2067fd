#include <poolfit/emit/identifiers.hpp>

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace poolfit::emit {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_plain(char c) { return is_digit(c) || is_lower(c) || is_upper(c); }
char upper(char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

std::string terraform_name(std::string_view text) {
    std::string out;
    for (const char c : text) out += is_plain(c) ? c : '_';
    if (out.empty() || is_digit(out.front())) out.insert(0, "db_");
    return out;
}

std::string type_name(std::string_view text) {
    std::string out;
    bool first = true;
    for (const char c : text) {
        if (!is_plain(c)) {
            first = true;
            continue;
        }
        out += first ? upper(c) : c;
        first = false;
    }
    if (out.empty() || is_digit(out.front())) out.insert(0, "Db");
    return out;
}

std::string logical_id(std::string_view text) {
    std::string out = type_name(text);
    // As keys of YAML 1.1 these are booleans and null.
    constexpr std::string_view words[] = {"Y", "YES", "N", "NO", "TRUE", "FALSE", "ON", "OFF", "NULL"};
    std::string folded;
    for (const char c : out) folded += upper(c);
    if (std::ranges::find(words, folded) != std::end(words)) out.insert(0, "Db");
    return out;
}

std::string variable_name(std::string_view text) {
    std::string out;
    for (const char c : text) out += is_plain(c) ? upper(c) : '_';
    if (out.empty() || is_digit(out.front())) out.insert(0, "_");
    return out;
}

std::string object_name(std::string_view text) {
    std::string out;
    for (const char c : text) out += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : is_plain(c) || c == '.' ? c : '-';
    // It ends with a letter or a digit, too.
    while (!out.empty() && !is_plain(out.back())) out.pop_back();
    return out;
}

std::string container_name(std::string_view text) {
    std::string out = object_name(text);
    std::ranges::replace(out, '.', '-');
    return out;
}

std::string pattern_of(std::string_view text) {
    constexpr std::string_view special = "\\.+*?()|[]{}^";
    std::string out;
    for (const char c : text) {
        if (c == '$') {
            out += "[$]";
            continue;
        }
        if (special.find(c) != special.npos) out += '\\';
        out += c;
    }
    return out;
}

std::string template_of(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text.substr(at, 2) == "{{") {
            out += "{{ \"{{\" }}";
            ++at;
        } else {
            out += text[at];
        }
    }
    return out;
}

std::string Distinct::operator()(std::string name) {
    const std::string stem = name;
    for (int i = 2; std::ranges::find(taken_, name) != taken_.end(); ++i)
        name = fmt::format("{}{}{}", stem, between_, i);
    taken_.push_back(name);
    return name;
}

}  // namespace poolfit::emit
