// The flags of `simulate`, as rows like those of flags.cpp.
#include <array>
#include <cmath>
#include <variant>

#include <fmt/format.h>

#include <poolfit/model/scale.hpp>
#include <poolfit/unit/parse.hpp>

#include "flags.hpp"

namespace poolfit::cli {
namespace {

struct Limits {
    double least, most;
    std::string_view says;
    bool whole = false;
};
constexpr Limits scales{model::least_scale, model::most_scale, "0.001x to 1000x, such as 2x"};
constexpr Limits times{1e-3, 1e9, "0.001 to 10^9, such as 600"};
constexpr Limits thread_counts{1, 256, "1 to 256, in whole numbers", true};

std::optional<double> inside(std::string_view flag, const std::string& given, double value, const Limits& limits,
                             Diagnostics& diagnostics) {
    if (value >= limits.least && value <= limits.most && (!limits.whole || std::trunc(value) == value)) return value;
    diagnostics.error({}, fmt::format("{}: {} is out of range", flag, given), fmt::format("use {}", limits.says));
    return {};
}

std::optional<double> number(std::string_view flag, const std::string& given, std::string_view digits,
                             const Limits& limits, Diagnostics& diagnostics) {
    const auto parsed = unit::parse_number(digits);
    if (const auto* error = std::get_if<unit::ParseError>(&parsed)) {
        // The parser does not know the limits: its "0 or more" may be refused, too.
        diagnostics.error({}, fmt::format("{}: {}", flag, error->message), fmt::format("use {}", limits.says));
        return {};
    }
    return inside(flag, given, std::get<double>(parsed), limits, diagnostics);
}

/// "2x", or "2".
void take_scale(Options& options, const std::string& given, Diagnostics& diagnostics) {
    std::string_view digits = given;
    if (digits.ends_with('x')) digits.remove_suffix(1);
    if (const auto value = number("--scale", given, digits, scales, diagnostics)) options.scale = *value;
}

void take_seconds(Options& options, const std::string& given, Diagnostics& diagnostics) {
    std::string_view digits = given;
    if (digits.ends_with('s')) digits.remove_suffix(1);
    if (const auto value = number("--seconds", given, digits, times, diagnostics)) options.simulate.seconds = *value;
}

void take_jobs(Options& options, const std::string& given, Diagnostics& diagnostics) {
    if (const auto value = number("--jobs", given, given, thread_counts, diagnostics))
        options.simulate.threads = static_cast<int>(*value);
}

constexpr std::array<FlagRow, 5> rows{{
    {Flag::scale, 0, "--scale", "FACTOR", false, "multiply every workload's rate and users: 2x", take_scale},
    {Flag::seconds, 0, "--seconds", "N", false, "longest simulated time of each run; default by load", take_seconds},
    {Flag::jobs, 0, "--jobs", "N", false, "number of threads; the result is the same for any", take_jobs},
    {Flag::deploy, 0, "--deploy", "SERVICE", true,
     "deploy this service during the run, with its own settings; may be repeated",
     [](Options& o, const std::string& v, Diagnostics&) { o.simulate.deploys.push_back(v); }},
    {Flag::failover, 0, "--failover", "DB", false, "stop this database for 60 s; its replica or primary takes over",
     [](Options& o, const std::string& v, Diagnostics&) { o.simulate.failover = v; }},
}};

static_assert(in_order(rows, Flag::scale, Flag::map));

}  // namespace

std::span<const FlagRow> simulate_flag_rows() { return rows; }

}  // namespace poolfit::cli
