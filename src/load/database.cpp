// [[database]] and [database.observed].
#include <algorithm>
#include <limits>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "parts.hpp"
#include "values.hpp"

namespace poolfit::load {
namespace {

constexpr double any_units = 1e9;  // the platform knows how much there is

using C = Context;
using E = Entry;
constexpr std::string_view header = "[[database]]";
constexpr std::string_view observed_header = "[database.observed]";

// What the engine accepts is known when the platform is: resolve_databases.cpp.
constexpr Bounds<std::int64_t> any_number{std::numeric_limits<std::int64_t>::min(),
                                          std::numeric_limits<std::int64_t>::max()};
constexpr Bounds<std::int64_t> slots_bounds{0, 262'143};
constexpr Bounds<Bytes> machine_sizes{Bytes(0), Bytes(1024 * 1024 * bytes_per_gib), true};

Maybe<Connections> connections(C& c, const E& e, Bounds<std::int64_t> bounds) {
    const auto found = whole(c, e, bounds);
    if (!found) return std::nullopt;
    return Located<Connections>{Connections(found->value), found->place};
}

/// A metric's mean has parts of a connection: nothing is said to be open of which only a part was.
Maybe<Interval<Connections>> connections_range(C& c, const E& e, bool& part_of_one) {
    const auto found = number_range(c, e, {0, static_cast<double>(slots_bounds.high)});
    if (!found) return std::nullopt;
    const auto whole_of = [](double number) { return Connections(static_cast<std::int64_t>(number)); };
    part_of_one = found->value.high > 0 && found->value.high < 1;
    return Located<Interval<Connections>>{{whole_of(found->value.low), whole_of(found->value.high)}, found->place};
}

constexpr std::string_view environments[] = {model::name(Environment::production), model::name(Environment::staging),
                                             model::name(Environment::development), model::name(Environment::test)};
constexpr std::array environment_synonyms{Synonym{"prod", "production"}, Synonym{"live", "production"},
                                          Synonym{"dev", "development"}, Synonym{"stage", "staging"},
                                          Synonym{"qa", "test"},         Synonym{"testing", "test"}};

using ObservedRow = Field<Observed>;
constexpr Bounds<MegabitsPerSecond> throughputs{MegabitsPerSecond(0), MegabitsPerSecond(10'000'000)};
constexpr std::array observed_fields{
    ObservedRow{"cpu_mean", R"("4-5%")", false,
                [](C& c, const E& e, Observed& o) { o.cpu_mean = percent_range(c, e); }},
    ObservedRow{"cpu_p95", R"("15%")", false, [](C& c, const E& e, Observed& o) { o.cpu_p95 = percent_range(c, e); }},
    ObservedRow{"cpu_p99", R"("18%")", false, [](C& c, const E& e, Observed& o) { o.cpu_p99 = percent_range(c, e); }},
    ObservedRow{"cpu_peak", R"("20%")", false, [](C& c, const E& e, Observed& o) { o.cpu_peak = percent_range(c, e); }},
    ObservedRow{"connections", R"("120-180")", false,
                [](C& c, const E& e, Observed& o) { o.connections = connections_range(c, e, o.part_of_one); }},
    ObservedRow{"freeable_memory", R"("11 GiB")", false,
                [](C& c, const E& e, Observed& o) { o.freeable_memory = range(c, e, sizes); }},
    ObservedRow{"swap", R"("0 B")", false, [](C& c, const E& e, Observed& o) { o.swap = range(c, e, sizes); }},
    ObservedRow{"data_size", R"("40 GiB")", false,
                [](C& c, const E& e, Observed& o) { o.data_size = range(c, e, sizes); }},
    ObservedRow{"ebs_throughput", R"("120 Mbps")", false,
                [](C& c, const E& e, Observed& o) { o.ebs_throughput = range(c, e, throughputs); }},
    ObservedRow{"iops", "900", false,
                [](C& c, const E& e, Observed& o) {
                    o.iops = number_range(c, e, {0, 10'000'000});
                }},
    ObservedRow{"read_iops", "600", false,
                [](C& c, const E& e, Observed& o) {
                    o.read_iops = number_range(c, e, {0, 10'000'000});
                }},
    ObservedRow{"write_iops", "300", false,
                [](C& c, const E& e, Observed& o) {
                    o.write_iops = number_range(c, e, {0, 10'000'000});
                }},
    ObservedRow{"network", R"("0.4 Gbps")", false,
                [](C& c, const E& e, Observed& o) { o.network = range(c, e, throughputs); }},
    ObservedRow{
        "replica_lag", R"("0 s")", false,
        [](C& c, const E& e, Observed& o) {
            o.replica_lag = time_range_or_zero(c, e, Bounds<Millis>{Millis(0), Millis(3660 * 24 * 3'600'000.0)});
        }},
    ObservedRow{"series", R"("cpu.csv")", false, [](C& c, const E& e, Observed& o) { o.series = text(c, e); }},
    ObservedRow{"window", R"("14 d")", false,
                [](C& c, const E& e, Observed& o) {
                    o.window = quantity(c, e, Bounds<Days>{Days(0), Days(3660), true});
                }},
};

struct Statistic {
    std::string_view key, name;
    const Maybe<Interval<Fraction>>& value;
};

/// No mean and no percentile is above what it is a mean or a percentile of.
void check_order(C& c, const Statistic& lower, const Statistic& upper) {
    if (!lower.value || !upper.value || lower.value->value.low <= upper.value->value.high) return;
    const std::string_view word = upper.name.starts_with("the ") ? upper.name.substr(4) : upper.name;
    c.note(c.out.error(lower.value->place, fmt::format("{}: {} is above {}", lower.key, lower.name, upper.name),
                       fmt::format("exchange {} and {}, or correct one of them", lower.key, upper.key)),
           std::string(word), upper.value->place);
}

/// A class and a volume have one limit for reads and writes.
void add_iops(C& c, Observed& observed) {
    const auto &reads = observed.read_iops, &writes = observed.write_iops;
    if (!reads && !writes) return;
    if (!reads || !writes) {
        const std::string_view given = reads ? "read_iops" : "write_iops", other = reads ? "write_iops" : "read_iops";
        c.out.error((reads ? *reads : *writes).place,
                    fmt::format("{}: limits are of both; {} is missing", given, other),
                    fmt::format("add {}, or write their sum as iops", other));
        return;
    }
    const Interval<double> sum{reads->value.low + writes->value.low, reads->value.high + writes->value.high};
    if (!observed.iops) {
        observed.iops = Located<Interval<double>>{sum, reads->place};
        return;
    }
    // Peaks of the two need not come together.
    const Interval<double>& both = **observed.iops;
    if (both.high <= sum.high && both.high >= std::max(reads->value.high, writes->value.high)) return;
    c.note(c.out.error(observed.iops->place, "iops: not the sum of read_iops and write_iops",
                       "remove iops, or correct one of the three"),
           "reads", reads->place);
}

void read_observed(C& c, const E& e, DatabaseDraft& d) {
    const auto* table = read_single(c, e, observed_header);
    if (table == nullptr) return;
    auto& observed = d.out.observed;
    observed.place = e.value().place;
    read_table(c, *table, e.value().place, observed_header, observed_fields, observed);
    check_order(c, {"cpu_mean", "the mean", observed.cpu_mean}, {"cpu_peak", "the peak", observed.cpu_peak});
    const Statistic p95{"cpu_p95", "p95", observed.cpu_p95}, p99{"cpu_p99", "p99", observed.cpu_p99};
    const Statistic peak{"cpu_peak", "the peak", observed.cpu_peak};
    check_order(c, p95, p99.value ? p99 : peak);
    check_order(c, p99, peak);
    const bool read_wrongly = (find(*table, "read_iops") != nullptr) != observed.read_iops.has_value() ||
                              (find(*table, "write_iops") != nullptr) != observed.write_iops.has_value();
    if (!read_wrongly) add_iops(c, observed);
}

void read_end(C& c, const E& e, DatabaseDraft& d) {
    d.capacity.push_back({e.member.key, e.member.key_place, number(c, e, {0, any_units})});
}

using Row = Field<DatabaseDraft>;
constexpr std::array fields{
    Row{"name", R"("primary")", true, [](C& c, const E& e, DatabaseDraft& d) { set(d.out.name, name(c, e)); }},
    Row{"provider", R"("aws")", false, [](C& c, const E& e, DatabaseDraft& d) { d.provider = text(c, e); }},
    Row{"engine", R"("postgresql")", false,
        [](C& c, const E& e, DatabaseDraft& d) {
            d.has_engine = true;
            d.engine = text(c, e);
        }},
    Row{"version", R"("16.8")", false,
        [](C& c, const E& e, DatabaseDraft& d) {
            d.has_version = true;
            d.version = text(c, e);
        }},
    Row{"class", R"("db.m5.large")", false,
        [](C& c, const E& e, DatabaseDraft& d) {
            d.has_class = true;
            d.cls = text(c, e);
        }},
    Row{"vcpus", "4", false,
        [](C& c, const E& e, DatabaseDraft& d) {
            d.vcpus_key = e.member.key_place;
            d.vcpus = whole(c, e, {1, 10'000});
        }},
    Row{"memory", R"("16 GiB")", false,
        [](C& c, const E& e, DatabaseDraft& d) {
            d.memory_key = e.member.key_place;
            d.memory = quantity(c, e, machine_sizes);
        }},
    Row{"acu_min", "0.5", false, read_end},
    Row{"acu_max", "16", false, read_end},
    Row{"cu_min", "1", false, read_end},
    Row{"cu_max", "4", false, read_end},
    Row{"region", R"("eu-central-1")", false,
        [](C& c, const E& e, DatabaseDraft& d) {
            d.has_region = true;
            d.region = text(c, e);
        }},
    Row{"multi_az", "false", false, [](C& c, const E& e, DatabaseDraft& d) { set(d.out.multi_az, boolean(c, e)); }},
    Row{"replica_of", R"("primary")", false,
        [](C& c, const E& e, DatabaseDraft& d) {
            d.has_replica_of = true;
            d.replica_of = text(c, e);
        }},
    Row{"environment", R"("staging")", false,
        [](C& c, const E& e, DatabaseDraft& d) {
            const auto found = read_environment(c, e);
            if (!found) return;
            d.out.environment = found->value;
            d.out.environment_place = found->place;
        }},
    Row{"failover_target", "true", false,
        [](C& c, const E& e, DatabaseDraft& d) { set(d.out.failover_target, boolean(c, e)); }},
    Row{"max_connections", "1700", false,
        [](C& c, const E& e, DatabaseDraft& d) { d.out.max_connections = connections(c, e, any_number); }},
    Row{"reserved_connections", "9", false,
        [](C& c, const E& e, DatabaseDraft& d) { d.out.reserved_connections = connections(c, e, slots_bounds); }},
    Row{"other_connections", "5", false,
        [](C& c, const E& e, DatabaseDraft& d) { set(d.out.other_connections, connections(c, e, slots_bounds)); }},
    Row{"observed", "{}", false, read_observed},
    Row{"storage", "{}", false, [](C& c, const E& e, DatabaseDraft& d) { read_storage(c, e, d.out); }},
};

}  // namespace

Maybe<Environment> read_environment(Context& c, const Entry& e) {
    const std::vector<std::string_view> words(std::begin(environments), std::end(environments));
    const auto found = one_of(c, e, words, environment_synonyms);
    if (!found) return std::nullopt;
    return Located<Environment>{static_cast<Environment>(found->value + 1), found->place};
}

KeyTable database_keys() {
    return {header, keys_of(fields), [](Context& context, const Member& member) {
                DatabaseDraft draft;
                read_key(context, member, fields, draft);
                if (draft.engine && !platform::is_engine(draft.engine->value))
                    report_unknown_engine(context, *draft.engine);
                if (draft.cls && !platform::is_elastic_class(draft.cls->value) &&
                    find_class(context.catalog, nullptr, draft.cls->value) == nullptr)
                    report_unknown_class(context, *draft.cls, nullptr, false);
            }};
}
KeyTable observed_keys() { return {observed_header, keys_of(observed_fields), read_alone<observed_fields>}; }

void read_databases(Context& context, const Entry& entry, Draft& out) {
    const auto read = [](Context& c, const Record& record, Draft& to) {
        auto& draft = to.databases.emplace_back();
        draft.out.place = record.place;
        read_table(c, *record.table, record.place, header, fields, draft);
    };
    const auto records = read_records(context, entry, header);
    if (read_in_parts(context, records, &Draft::databases, read, out)) return;
    for (const auto& record : records) read(context, record, out);
}

}  // namespace poolfit::load
