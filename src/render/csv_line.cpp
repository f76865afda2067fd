#include "csv_line.hpp"

#include <fmt/format.h>

#include "layout.hpp"

namespace poolfit::render {
namespace {

/// RFC 4180: a field with a comma or a quote is quoted. Control characters, line ends too, are made visible.
std::string csv_field(std::string_view text) {
    std::string visible = shown(text, true);
    if (visible.find_first_of(",\"") == std::string::npos) return visible;
    std::string out = "\"";
    for (const char c : visible) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + '"';
}

}  // namespace

std::string csv_line(const std::vector<std::string>& fields) {
    std::string out;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (i > 0) out += ',';
        out += csv_field(fields[i]);
    }
    return out + "\r\n";
}

std::string csv_number(double value) { return fmt::format("{:.12g}", value); }

std::string csv_usd(MicroUsdPerMonth amount) { return fmt::format("{:.6f}", usd(amount)); }

}  // namespace poolfit::render
