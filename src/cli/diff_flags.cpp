// The flags of `diff`, and that of streams.
#include <algorithm>
#include <cmath>
#include <variant>

#include <fmt/format.h>

#include <poolfit/unit/parse.hpp>

#include "flags.hpp"

namespace poolfit::cli {
namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(' ');
    if (begin == text.npos) return {};
    return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

/// "$100", "100 USD", "20 connections", "20conn", "10%".
void take_max_increase(Options& options, const std::string& given, Diagnostics& diagnostics) {
    using Of = diff::Allowance::Of;
    std::string_view number = trimmed(given), unit;
    if (number.starts_with('$')) {
        unit = "$";
        number = trimmed(number.substr(1));
    } else {
        const std::size_t end = std::min(number.find_first_not_of("0123456789."), number.size());
        unit = trimmed(number.substr(end));
        number = number.substr(0, end);
    }
    const auto parsed = unit::parse_number(number);
    const double* value = std::get_if<double>(&parsed);
    std::optional<Of> of;
    double scale = 1;
    if (unit == "$" || unit == "USD" || unit == "usd") {
        of = Of::dollars;
        scale = 1e6;
    } else if (unit == "%") {
        of = Of::percent;
        scale = 1e4;
    } else if (unit == "connections" || unit == "connection" || unit == "conn") {
        of = Of::connections;
    }
    const bool whole = of != Of::connections || (value != nullptr && std::trunc(*value) == *value);
    if (!of || value == nullptr || !whole || !(*value >= 0 && *value <= 1e9)) {
        diagnostics.error({},
                          fmt::format("--max-increase: {} is not an amount in dollars, connections or percent", given),
                          "write '$100' a month, '20 connections' or 10%");
        return;
    }
    if (std::ranges::find(options.max_increase, *of, &diff::Allowance::of) != options.max_increase.end()) {
        diagnostics.error({}, fmt::format("--max-increase: {}: this unit is already given", given),
                          "give each unit once");
        return;
    }
    options.max_increase.push_back({*of, std::llround(*value * scale), std::string(trimmed(given))});
}

/// It is read after --format: JSON is what a stream has where nothing else is asked for.
void take_stream(Options& options, const std::string&, Diagnostics&) {
    options.stream = true;
    if (options.outputs.empty()) options.outputs.push_back({"json", ""});
}

constexpr std::array<FlagRow, 2> rows{{
    {Flag::max_increase, 0, "--max-increase", "AMOUNT", true,
     "fail where more is added: '$100' a month, '20 connections' or 10% of the cost; each may be given",
     take_max_increase},
    {Flag::stream, 0, "--stream", "", false,
     "each line of FILE, or of standard input, is an inventory as JSON: prints a line with its report for each",
     take_stream},
}};

static_assert(in_order(rows, Flag::max_increase, Flag::database));

}  // namespace

std::span<const FlagRow> diff_flag_rows() { return rows; }

}  // namespace poolfit::cli
