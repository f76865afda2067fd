// The flags of `pool`, as rows like those of flags.cpp.
#include <algorithm>
#include <array>
#include <cmath>
#include <variant>

#include <fmt/format.h>

#include "flags.hpp"

namespace poolfit::cli {
namespace {

/// What a value may be, and the words for it.
struct Limits {
    double least, most;
    std::string_view says;
};
constexpr Limits rates{1e-6, 1e9, "0.000001/s to 1,000,000,000/s, such as 300/s"};
constexpr Limits holds{1e-6, 1e9, "1 ns to 277 h, such as 8ms"};
constexpr Limits times{0, 1e9, "0 ms to 277 h, such as 1s"};
constexpr Limits means{1e-6, 1e9, "1 ns to 277 h, such as 2ms"};
constexpr Limits cvs{0, 100, "0 (constant) to 100; 1 is exponential"};
constexpr Limits shares{1e-15, 1, "more than 0% to 100%, such as 0.1%"};
constexpr Limits utilizations{1e-6, 1, "more than 0% to 100%, such as 70%"};
constexpr Limits precisions{1e-3, 0.5, "0.1% to 50%, such as 1%"};
constexpr Limits peaks{1, 1e4, "1x to 10000x, such as 3x"};
constexpr Limits batches{1, 1e6, "1 to 1000000, such as 4"};
constexpr Limits counts{1, 1e6, "1 to 1000000, in whole numbers"};
constexpr Limits pieces{1, 1e4, "1 to 10000, in whole numbers"};
constexpr Limits cores{1, 4096, "1 to 4096, in whole numbers"};
constexpr Limits depths{0, 1000, "0 to 1000, in whole numbers"};
constexpr Limits seeds{0, 1e15, "0 to 10^15, in whole numbers"};

void out_of_range(std::string_view flag, std::string_view given, const Limits& limits, Diagnostics& diagnostics) {
    diagnostics.error({}, fmt::format("{}: {} is out of range", flag, given), fmt::format("use {}", limits.says));
}

/// "write 0 or more" is not a fix where 0 is refused as well.
void refuse_value(std::string_view flag, unit::ParseError error, const Limits& limits, Diagnostics& diagnostics) {
    if (limits.least > 0 && error.fix.starts_with("write 0")) error.fix = fmt::format("use {}", limits.says);
    refuse(flag, error, diagnostics);
}

double plain(double value) { return value; }
template <class Q>
double plain(Q value) {
    return value.value;
}

/// Inside the limits, else an error; both ends of a range.
template <class T>
bool is_inside(std::string_view flag, const std::string& given, const Interval<T>& value, const Limits& limits,
               Diagnostics& diagnostics) {
    if (plain(value.low) >= limits.least && plain(value.high) <= limits.most) return true;
    out_of_range(flag, given, limits, diagnostics);
    return false;
}

template <class Q>
void range(std::string_view flag, const std::string& given, const Limits& limits, std::optional<Interval<Q>>& into,
           Diagnostics& diagnostics) {
    const auto parsed = unit::parse_range<Q>(given);
    if (const auto* error = std::get_if<unit::ParseError>(&parsed))
        return refuse_value(flag, *error, limits, diagnostics);
    const auto& value = std::get<Interval<Q>>(parsed);
    if (is_inside(flag, given, value, limits, diagnostics)) into = value;
}

template <class Q>
void quantity(std::string_view flag, const std::string& given, const Limits& limits, std::optional<Q>& into,
              Diagnostics& diagnostics) {
    const auto parsed = unit::parse<Q>(given);
    if (const auto* error = std::get_if<unit::ParseError>(&parsed))
        return refuse_value(flag, *error, limits, diagnostics);
    const Q value = std::get<Q>(parsed);
    if (is_inside(flag, given, Interval<Q>(value), limits, diagnostics)) into = value;
}

void number(std::string_view flag, const std::string& given, std::string_view digits, const Limits& limits,
            std::optional<double>& into, Diagnostics& diagnostics) {
    const auto parsed = unit::parse_number(digits);
    if (const auto* error = std::get_if<unit::ParseError>(&parsed))
        return refuse_value(flag, *error, limits, diagnostics);
    const double value = std::get<double>(parsed);
    if (is_inside(flag, given, Interval<double>(value), limits, diagnostics)) into = value;
}

void count(std::string_view flag, const std::string& given, const Limits& limits, std::optional<std::int64_t>& into,
           Diagnostics& diagnostics) {
    std::optional<double> value;
    number(flag, given, given, limits, value, diagnostics);
    if (!value) return;
    if (std::trunc(*value) != *value) return out_of_range(flag, given, limits, diagnostics);
    into = static_cast<std::int64_t>(*value);
}

void take_law(Options& options, const std::string& given, Diagnostics& diagnostics) {
    using Law = sizing::MeanHold::Law;
    constexpr std::array<Choice<std::optional<Law>>, 2> laws{{{"lognormal", Law::lognormal}, {"phases", Law::phases}}};
    choose("--law", laws, given, options.pool.law, diagnostics);
}

/// "4", or "2-14".
void take_instances(Options& options, const std::string& given, Diagnostics& diagnostics) {
    const auto parsed = unit::parse_number_range(given);
    if (const auto* error = std::get_if<unit::ParseError>(&parsed))
        return refuse_value("--instances", *error, pieces, diagnostics);
    const auto& [low, high] = std::get<Interval<double>>(parsed);
    if (!is_inside("--instances", given, Interval<double>(low, high), pieces, diagnostics)) return;
    if (std::trunc(low) != low || std::trunc(high) != high)
        return out_of_range("--instances", given, pieces, diagnostics);
    options.pool.instances.emplace(static_cast<std::int64_t>(low), static_cast<std::int64_t>(high));
}

/// "3x", or "3".
void take_peak(Options& options, const std::string& given, Diagnostics& diagnostics) {
    std::string_view digits = given;
    if (digits.ends_with('x')) digits.remove_suffix(1);
    number("--peak", given, digits, peaks, options.pool.peak, diagnostics);
}

/// "0ms-5ms:900,5ms-20ms:90": ranges and how many holds fell into each.
void take_histogram(Options& options, const std::string& given, Diagnostics& diagnostics) {
    constexpr std::string_view flag = "--hold-histogram";
    constexpr std::string_view fix = "write it as 0ms-5ms:900,5ms-20ms:90,20ms-500ms:10";
    constexpr std::size_t most_bins = 10'000;
    std::vector<queue::HoldBin> bins;
    std::string_view rest = given;
    double sum = 0.0;
    const auto wrong = [&](std::string_view bin, std::string_view what) {
        diagnostics.error({}, fmt::format("{}: {}: {}", flag, bin, what), std::string(fix));
    };
    while (!rest.empty()) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        const std::string_view bin = rest.substr(0, comma);
        rest.remove_prefix(std::min(comma + 1, rest.size()));
        const std::size_t colon = bin.rfind(':');
        if (colon == std::string_view::npos) return wrong(bin, "expected a range, a colon and a number");
        const auto ends = unit::parse_range<Millis>(bin.substr(0, colon));
        if (const auto* error = std::get_if<unit::ParseError>(&ends)) return wrong(bin, error->message);
        const auto weight = unit::parse_number(bin.substr(colon + 1));
        if (const auto* error = std::get_if<unit::ParseError>(&weight)) return wrong(bin, error->message);
        const auto [low, high] = std::get<Interval<Millis>>(ends);
        if (!(low < high)) return wrong(bin, "its ends are equal");
        if (high.value > holds.most) return wrong(bin, "longer than 277 h");
        if (!bins.empty() && low < bins.back().high) return wrong(bin, "begins before the previous one ends");
        if (std::get<double>(weight) > 1e15) return wrong(bin, "more than 10^15");
        sum += std::get<double>(weight);
        bins.push_back({low, high, std::get<double>(weight)});
    }
    if (bins.empty() || sum == 0.0) return wrong(given.empty() ? "\"\"" : given, "contains no holds");
    if (bins.size() > most_bins) return wrong(fmt::format("{} ranges", bins.size()), "10000 at most");
    options.pool.histogram = std::move(bins);
}

using O = Options;
using S = const std::string;
using D = Diagnostics;

constexpr std::array<FlagRow, 28> rows{{
    {Flag::rate, 0, "--rate", "RATE", false, "open load: arrival rate of transactions, 300/s or a range",
     [](O& o, S& v, D& d) { range("--rate", v, rates, o.pool.rate, d); }},
    {Flag::users, 0, "--users", "N", false, "closed load: number of users",
     [](O& o, S& v, D& d) { count("--users", v, counts, o.pool.users, d); }},
    {Flag::think, 0, "--think", "TIME", false, "closed load: mean time until a user asks again",
     [](O& o, S& v, D& d) { quantity("--think", v, times, o.pool.think, d); }},
    {Flag::hold, 0, "--hold", "TIME", false, "mean time that a transaction holds a connection: 8ms, or a range",
     [](O& o, S& v, D& d) { range("--hold", v, holds, o.pool.hold, d); }},
    {Flag::cv, 0, "--cv", "X", false, "spread of the hold: standard deviation over mean; default 1",
     [](O& o, S& v, D& d) { number("--cv", v, v, cvs, o.pool.cv, d); }},
    {Flag::law, 0, "--law", "LAW", false, "with --cv: lognormal (default; simulated) or phases (a formula)", take_law},
    {Flag::hold_p50, 0, "--hold-p50", "TIME", false, "median of the hold; with a p95, a p99, or both",
     [](O& o, S& v, D& d) { quantity("--hold-p50", v, holds, o.pool.p50, d); }},
    {Flag::hold_p95, 0, "--hold-p95", "TIME", false, "95th percentile of the hold",
     [](O& o, S& v, D& d) { quantity("--hold-p95", v, holds, o.pool.p95, d); }},
    {Flag::hold_p99, 0, "--hold-p99", "TIME", false, "99th percentile of the hold",
     [](O& o, S& v, D& d) { quantity("--hold-p99", v, holds, o.pool.p99, d); }},
    {Flag::hold_histogram, 0, "--hold-histogram", "BINS", false,
     "measured holds: 0ms-5ms:900,5ms-20ms:90,20ms-500ms:10", take_histogram},
    {Flag::wait, 0, "--wait", "TIME", false, "goal: a wait that few exceed; default 5ms if no goal is set",
     [](O& o, S& v, D& d) { quantity("--wait", v, times, o.pool.wait, d); }},
    {Flag::probability, 0, "--probability", "SHARE", false, "goal: share that may exceed --wait; default 0.1%",
     [](O& o, S& v, D& d) { quantity("--probability", v, shares, o.pool.probability, d); }},
    {Flag::mean_wait, 0, "--mean-wait", "TIME", false, "goal: longest mean wait",
     [](O& o, S& v, D& d) { quantity("--mean-wait", v, means, o.pool.mean_wait, d); }},
    {Flag::max_utilization, 0, "--max-utilization", "SHARE", false, "goal: highest busy share of connections",
     [](O& o, S& v, D& d) { quantity("--max-utilization", v, utilizations, o.pool.utilization, d); },
     "--max-utilisation"},
    {Flag::timeouts, 0, "--timeouts", "SHARE", false, "goal: share that may time out; with --acquire-timeout",
     [](O& o, S& v, D& d) { quantity("--timeouts", v, shares, o.pool.timeouts, d); }},
    {Flag::acquire_timeout, 0, "--acquire-timeout", "TIME", false, "requests waiting longer than this fail",
     [](O& o, S& v, D& d) { quantity("--acquire-timeout", v, times, o.pool.acquire_timeout, d); }},
    {Flag::size, 0, "--size", "N", false, "evaluate a pool of this size instead of finding the smallest",
     [](O& o, S& v, D& d) { count("--size", v, counts, o.pool.size, d); }},
    {Flag::peak, 0, "--peak", "FACTOR", false, "size for this many times the rate: 3x", take_peak},
    {Flag::batch, 0, "--batch", "N", false, "mean number of transactions that arrive at once",
     [](O& o, S& v, D& d) { number("--batch", v, v, batches, o.pool.batch, d); }},
    {Flag::cpu, 0, "--cpu", "TIME", false, "the part of the hold on the database's CPU; with --vcpus",
     [](O& o, S& v, D& d) { quantity("--cpu", v, holds, o.pool.cpu, d); }},
    {Flag::vcpus, 0, "--vcpus", "N", false, "vCPUs of the database: for --cpu and the rule of thumb",
     [](O& o, S& v, D& d) { count("--vcpus", v, cores, o.pool.vcpus, d); }},
    {Flag::nested, 0, "--nested", "N", false, "further connections taken while one is held",
     [](O& o, S& v, D& d) { count("--nested", v, depths, o.pool.nested, d); }},
    {Flag::threads, 0, "--threads", "N", false, "with --nested: how many can do so at once; default --users",
     [](O& o, S& v, D& d) { count("--threads", v, counts, o.pool.threads, d); }},
    {Flag::instances, 0, "--instances", "N[-M]", false,
     "the load is that of a service with so many instances: 4, or 2-14", take_instances},
    {Flag::processes, 0, "--processes", "N", false, "the load is spread over so many processes of each instance",
     [](O& o, S& v, D& d) { count("--processes", v, pieces, o.pool.processes, d); }},
    {Flag::pooler, 0, "--pooler", "N", false, "and behind a pooler of so many processes, in transaction mode",
     [](O& o, S& v, D& d) { count("--pooler", v, pieces, o.pool.pooler, d); }},
    {Flag::seed, 0, "--seed", "N", false, "seed of what is drawn by chance; default 1",
     [](O& o, S& v, D& d) { count("--seed", v, seeds, o.seed, d); }},
    {Flag::precision, 0, "--precision", "SHARE", false, "precision of the simulation at 95 %; default 1%",
     [](O& o, S& v, D& d) { quantity("--precision", v, precisions, o.precision, d); }},
}};

static_assert(in_order(rows, Flag::rate, Flag::scale));

}  // namespace

std::span<const FlagRow> pool_flag_rows() { return rows; }

}  // namespace poolfit::cli
