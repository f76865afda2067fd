#include "csv_line.hpp"

#include <fmt/format.h>

namespace poolfit::render {
namespace {

/// RFC 4180: a field with a comma, a quote or a line end stands in quotes.
std::string csv_field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
    std::string out = "\"";
    for (const char c : text) {
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

std::string csv_number(double value) { return fmt::format("{}", value); }

std::string csv_usd(MicroUsdPerMonth amount) { return fmt::format("{:.6f}", usd(amount)); }

}  // namespace poolfit::render
