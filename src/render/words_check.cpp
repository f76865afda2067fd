// Checks in words.
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "words.hpp"

namespace poolfit::render {
namespace {

std::string number(const Check& check, double value) { return assess::print(assess::measured(check.measure, value)); }
std::string value_text(const Check& check) { return assess::print(assess::measured(check.measure, *check.value)); }
Bytes bytes(double value) { return Bytes(static_cast<std::int64_t>(value)); }

std::string connections(std::string_view word, const Check& check, Length length) {
    if (check.missing == Missing::max_connections)
        return check.value ? fmt::format("{} connections {}{}: max_connections is not known", word,
                                         check.at_least ? "at least " : "", value_text(check))
                           : fmt::format("{} connections: max_connections is not known", word);
    if (!check.value) return fmt::format("{} connections are unlimited: a pool has no max", word);
    std::string of = "limit " + number(check, *check.limit);
    if (length == Length::whole)
        of += fmt::format(", {} of {} usable", unit::print(Fraction(check.allowed)), number(check, check.of));
    if (check.at_least)
        return fmt::format("{} connections at least {} ({}), and a pool has no limit", word, value_text(check), of);
    return fmt::format("{} connections {} ({})", word, value_text(check), of);
}

std::string peak(const Database& database, const Check& check, Length length) {
    if (check.missing == Missing::coremark) return "vCPU speed unknown: no CoreMark";
    if (!check.value) return "peak CPU unknown: observed.cpu_peak is not set";
    std::string text = fmt::format("{} CPU {}{}{} (limit {})", check.dimension == Dimension::cpu_p95 ? "p95" : "peak",
                                   check.value->high > 1 ? "demand " : "", check.at_least ? "at least " : "",
                                   value_text(check), number(check, *check.limit));
    if (check.caveat == Caveat::by_vcpu_count && length == Length::whole)
        text += fmt::format(", by vCPU count only: no CoreMark for {}", database.type->name);
    return text;
}

/// What comes of living over the baseline: the load is served and charged, or throttled.
std::string bill(const Check& check) {
    std::string text;
    if (check.short_hours) {
        const std::string hours = unit::print_number(std::round(*check.short_hours));
        if (check.throttled)
            return fmt::format("without credits for {} h/mo, capped at {}", hours, number(check, *check.limit));
        if (check.missing == Missing::credit_price) return fmt::format("surplus at an unknown price in {} h/mo", hours);
        return fmt::format("{}/mo surplus in {} h/mo", unit::print(check.surplus.value_or(MicroUsdPerMonth(0))), hours);
    }
    if (check.hours_to_empty)
        text = fmt::format("credits run out in {} h", unit::print_number(std::round(*check.hours_to_empty)));
    if (check.throttled)
        return fmt::format("{}{}capped at {}", text, text.empty() ? "" : ", then ", number(check, *check.limit));
    if (check.missing == Missing::credit_price) return text + ", then surplus at an unknown price";
    if (check.surplus) text += fmt::format(", then {}/mo surplus", unit::print(*check.surplus));
    return text;
}

std::string credits(const Check& check) {
    const std::string baseline = number(check, *check.limit);
    if (!check.value) return fmt::format("mean CPU unknown (baseline {})", baseline);
    const bool over = check.standing == Standing::over || check.caveat == Caveat::surplus ||
                      check.caveat == Caveat::peak_over_baseline;
    std::string value = value_text(check);
    // Just over it would print alike.
    if (over && number(check, check.value->high) == baseline) value = fmt::format("{:.2f} %", check.value->high * 100);
    if (check.caveat == Caveat::peak_over_baseline)
        return fmt::format("mean CPU is not set; the peak of {} is at or above the {} baseline: if it stayed there, {}",
                           value, baseline, bill(check));
    if (check.missing == Missing::cpu_mean)
        return fmt::format("peak CPU {} stays below the {} baseline", value, baseline);
    if (over && check.short_hours)
        return fmt::format("bursts over the {} baseline outlast the credits at mean CPU {}{}: {}", baseline,
                           check.value->high > 1 ? "demand " : "", value, bill(check));
    if (over)
        return fmt::format("mean CPU {}{} over the {} baseline: {}", check.value->high > 1 ? "demand " : "", value,
                           baseline, bill(check));
    return fmt::format("mean CPU {} (baseline {})", value, baseline);
}

std::string memory(const Check& check, Length length) {
    if (check.missing == Missing::server) return "memory unknown: the inventory does not say how much the server has";
    if (!check.value) return "memory use unknown: observed.freeable_memory is not set";
    std::string of = "limit " + unit::print(bytes(*check.limit));
    if (length == Length::whole)
        of += fmt::format(", {} of {}", unit::print(Fraction(check.allowed)), unit::print(bytes(check.of)));
    return fmt::format("memory {} used ({})", value_text(check), of);
}

std::string freeable(const Check& check) {
    if (!check.value) return memory(check, Length::whole);
    return fmt::format("memory {} free, {} {}", value_text(check),
                       check.standing == Standing::over ? "below the minimum of" : "minimum",
                       unit::print(bytes(*check.limit)));
}

std::string throughput(std::string_view word, const InstanceClass& cls, const Check& check) {
    if (check.caveat == Caveat::volume_over_class)
        return fmt::format("{} IOPS not observed: the volume has {} on today's class, and {} always lets through {}",
                           word, number(check, check.of), cls.name, number(check, *check.limit));
    const std::string value = value_text(check);
    if (!check.limit) return fmt::format("{} {}: the catalog has no limit for {}", word, value, cls.name);
    return fmt::format("{} {} (baseline {}{})", word, value, number(check, *check.limit),
                       check.caveat == Caveat::bursts_as_today ? ", no worse than the current class" : "");
}

std::string_view baseline_column(Dimension dimension) {
    if (dimension == Dimension::ebs_throughput) return "ebs_baseline";
    return dimension == Dimension::iops ? "ebs_baseline_iops" : "network_baseline";
}

}  // namespace

std::string in_words(const Database& database, Dimension dimension) {
    if (dimension == Dimension::ebs_throughput) return fmt::format("{} throughput", database.platform->words.disk);
    constexpr std::string_view words[] = {
        "steady connections",
        "connections in a deploy",
        "connections after a failover",
        "peak CPU",
        "p95 CPU",
        "mean CPU",
        "CPU credits",
        "memory",
        "minimum free memory",
        {},  // above
        "IOPS",
        "network",
        "engine",
        "region",
        "price",
        "policy",
        "replica",
        "CPU of the workloads",
        "CPU after a failover",
        "memory after a failover",
    };
    static_assert(std::size(words) == static_cast<std::size_t>(Dimension::failover_memory) + 1);
    return std::string(words[static_cast<std::size_t>(dimension)]);
}

std::string check_text(const Fleet& fleet, Index database, const InstanceClass& cls, const Check& check,
                       Length length) {
    switch (check.dimension) {
        case Dimension::connections_steady:
            return connections("steady", check, length);
        case Dimension::connections_deploy:
            return connections("deploy", check, length);
        case Dimension::connections_failover:
            return connections("failover", check, length);
        case Dimension::cpu_peak:
        case Dimension::cpu_p95:
            return peak(fleet.databases[database], check, length);
        case Dimension::credits:
            return credits(check);
        case Dimension::memory:
            return memory(check, length);
        case Dimension::freeable_memory:
            return freeable(check);
        case Dimension::ebs_throughput:
            return throughput(fleet.databases[database].platform->words.disk, cls, check);
        case Dimension::iops:
            return throughput(fleet.databases[database].platform->words.disk, cls, check);
        case Dimension::network:
            return throughput("network", cls, check);
        case Dimension::cpu_demand:
            return fmt::format("CPU demand of the workloads {} (limit {})", value_text(check),
                               number(check, *check.limit));
        default:
            return in_words(fleet.databases[database], check.dimension);  // conditions of a class, which are no checks
    }
}

std::string over_text(const Fleet& fleet, Index database, const InstanceClass& cls, const Check& check, Length length) {
    // Those two name the side of the limit that they are on.
    const bool said = check.dimension == Dimension::credits || check.dimension == Dimension::freeable_memory;
    return check_text(fleet, database, cls, check, length) + (said ? "" : ": over");
}

std::string lacks_text(const InstanceClass& cls, const Check& check) {
    if (check.standing == Standing::inside) return {};
    switch (check.missing) {
        case Missing::nothing:
            break;
        case Missing::cpu_mean:
            return "observed.cpu_mean";
        case Missing::cpu_peak:
            return "observed.cpu_peak";
        case Missing::freeable_memory:
            return "observed.freeable_memory";
        case Missing::pool_max:
            return "max for every pool";
        case Missing::credit_price:
            return fmt::format("the price of CPU credits of {}", cls.name);
        case Missing::server:
            return "the class of the server";
        case Missing::max_connections:
            return "max_connections, or the class";
        case Missing::coremark:
            return fmt::format("the catalog's CoreMark of {}", cls.name);
        case Missing::class_baseline:
            return fmt::format("the catalog's {} of {}", baseline_column(check.dimension), cls.name);
    }
    return {};
}

}  // namespace poolfit::render
