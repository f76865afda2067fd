// [[database]] and [database.observed].
#include <charconv>

#include <fmt/format.h>

#include "drafts.hpp"
#include "values.hpp"

namespace poolfit::load {
namespace {

using C = Context;
using E = Entry;
constexpr std::string_view header = "[[database]]";
constexpr std::string_view observed_header = "[database.observed]";

// What RDS accepts for the parameter.
constexpr Bounds<std::int64_t> max_connections_bounds{6, 262'143};
constexpr Bounds<std::int64_t> slots_bounds{0, 262'143};

Maybe<Connections> connections(C& c, const E& e, Bounds<std::int64_t> bounds) {
    const auto found = whole(c, e, bounds);
    if (!found) return std::nullopt;
    return Located<Connections>{Connections(found->value), found->place};
}

/// "16.8", "16", or "16.8-R2" as RDS names its own releases.
void read_version(C& c, const E& e, DatabaseDraft& d) {
    d.has_version = true;
    const auto found = text(c, e);
    if (!found) return;
    std::string_view rest = found->value;
    if (const auto release = rest.find("-R"); release != rest.npos && release + 2 < rest.size() &&
                                              rest.find_first_not_of("0123456789", release + 2) == rest.npos)
        rest = rest.substr(0, release);
    EngineVersion version;
    const char* const end = rest.data() + rest.size();
    auto [at, error] = std::from_chars(rest.data(), end, version.major);
    bool good = error == std::errc{} && version.major >= 0;
    if (good && at != end) {
        good = *at == '.' && at + 1 != end && at[1] >= '0' && at[1] <= '9';
        if (good) {
            const auto minor = std::from_chars(at + 1, end, version.minor);
            good = minor.ec == std::errc{} && minor.ptr == end;
        }
    }
    if (!good) {
        c.out.error(found->place, fmt::format("version: {} is not a PostgreSQL version", quote(found->value)),
                    c.assign("version", e.example));
        return;
    }
    if (version.major < 10 || version.major > 99) {
        c.out.error(found->place, fmt::format("version: {} is not one of PostgreSQL 10 to 99", quote(found->value)),
                    c.assign("version", e.example));
        return;
    }
    d.out.version = Located<EngineVersion>{version, found->place};
    d.out.version_text = found->value;
}

using ObservedRow = Field<Observed>;
constexpr Bounds<MegabitsPerSecond> throughputs{MegabitsPerSecond(0), MegabitsPerSecond(10'000'000)};
constexpr std::array observed_fields{
    ObservedRow{"cpu_mean", R"("4-5%")", false,
                [](C& c, const E& e, Observed& o) { o.cpu_mean = range(c, e, shares); }},
    ObservedRow{"cpu_peak", R"("20%")", false, [](C& c, const E& e, Observed& o) { o.cpu_peak = range(c, e, shares); }},
    ObservedRow{"freeable_memory", R"("11 GiB")", false,
                [](C& c, const E& e, Observed& o) { o.freeable_memory = range(c, e, sizes); }},
    ObservedRow{"ebs_throughput", R"("120 Mbps")", false,
                [](C& c, const E& e, Observed& o) { o.ebs_throughput = range(c, e, throughputs); }},
    ObservedRow{"iops", "900", false,
                [](C& c, const E& e, Observed& o) {
                    o.iops = number_range(c, e, {0, 10'000'000});
                }},
    ObservedRow{"network", R"("0.4 Gbps")", false,
                [](C& c, const E& e, Observed& o) { o.network = range(c, e, throughputs); }},
    ObservedRow{"window", R"("14 d")", false,
                [](C& c, const E& e, Observed& o) {
                    o.window = quantity(c, e, Bounds<Days>{Days(0), Days(3660), true});
                }},
};

void read_observed(C& c, const E& e, DatabaseDraft& d) {
    const auto* table = read_single(c, e, observed_header);
    if (table == nullptr) return;
    auto& observed = d.out.observed;
    observed.place = e.value().place;
    read_table(c, *table, e.value().place, observed_header, observed_fields, observed);
    if (observed.cpu_mean && observed.cpu_peak && observed.cpu_mean->value.low > observed.cpu_peak->value.high)
        c.note(c.out.error(observed.cpu_mean->place, "cpu_mean: the mean is above the peak",
                           "exchange cpu_mean and cpu_peak, or correct one of them"),
               "peak", observed.cpu_peak->place);
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
    Row{"version", R"("16.8")", false, read_version},
    Row{"class", R"("db.m5.large")", false,
        [](C& c, const E& e, DatabaseDraft& d) {
            d.has_class = true;
            d.cls = text(c, e);
        }},
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
    Row{"max_connections", "1700", false,
        [](C& c, const E& e, DatabaseDraft& d) { d.out.max_connections = connections(c, e, max_connections_bounds); }},
    Row{"reserved_connections", "9", false,
        [](C& c, const E& e, DatabaseDraft& d) { d.out.reserved_connections = connections(c, e, slots_bounds); }},
    Row{"other_connections", "5", false,
        [](C& c, const E& e, DatabaseDraft& d) { set(d.out.other_connections, connections(c, e, slots_bounds)); }},
    Row{"observed", "{}", false, read_observed},
};

}  // namespace

std::vector<std::string_view> database_keys() { return keys_of(fields); }
std::vector<std::string_view> observed_keys() { return keys_of(observed_fields); }

void read_databases(Context& context, const Entry& entry, Draft& out) {
    for (const auto& record : read_records(context, entry, header)) {
        auto& draft = out.databases.emplace_back();
        draft.out.place = record.place;
        read_table(context, *record.table, record.place, header, fields, draft);
        const auto& most = draft.out.max_connections;
        const auto& reserved = draft.out.reserved_connections;
        if (most && reserved && reserved->value >= most->value)
            context.out.error(reserved->place, "reserved_connections: nothing is left of max_connections",
                              "write the slots the server keeps for itself, at most a few");
        if (most && draft.out.other_connections.value >= most->value)
            context.out.error(draft.out.other_connections.place,
                              "other_connections: nothing is left of max_connections",
                              "write the connections that don't come from a pool of a service");
    }
}

}  // namespace poolfit::load
