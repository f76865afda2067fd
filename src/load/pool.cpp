// [[service.pool]] and [service.pool.workload].
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/model/workload.hpp>

#include "drafts.hpp"
#include "values.hpp"

namespace poolfit::load {
namespace {

using C = Context;
using E = Entry;
constexpr std::string_view header = "[[service.pool]]";
constexpr std::string_view workload_header = "[service.pool.workload]";

void read_features(C& c, const E& e, PoolDraft& p) {
    const auto* list = e.value().as<Array>();
    const std::vector<std::string_view> known{"prepared", "listen", "session"};
    if (list == nullptr) {
        auto& made = expected(c, e, e.value(), "a list of texts");
        if (const auto* one = e.value().as<std::string>())
            made.fix = c.assign(e.key(), fmt::format("[\"{}\"]", clip(*one)));
        made.notes.emplace_back("allowed", join(known));
        return;
    }
    p.out.features_place = e.value().place;
    for (const auto& item : list->items) {
        if (c.exhausted()) return;
        if (const auto found = one_of(c, e, item, known))
            p.out.features.push_back({std::string(known[found->value]), found->place});
    }
}

using Row = Field<PoolDraft>;
constexpr std::array fields{
    Row{"name", R"("main")", true, [](C& c, const E& e, PoolDraft& p) { set(p.out.name, name(c, e)); }},
    Row{"database", R"("primary")", true, [](C& c, const E& e, PoolDraft& p) { p.target = text(c, e); }},
    Row{"databases", "50", false,
        [](C& c, const E& e, PoolDraft& p) {
            set(p.out.databases, whole(c, e, {1, max_databases}));
        }},
    Row{"driver", R"("postgres.js")", false,
        [](C& c, const E& e, PoolDraft& p) {
            p.has_driver = true;
            p.out.driver = text(c, e);
        }},
    Row{"max", "10", false,
        [](C& c, const E& e, PoolDraft& p) {
            p.has_max = true;
            p.out.max = read_size(c, e);
        }},
    Row{"in_use", R"("2-3")", false,
        [](C& c, const E& e, PoolDraft& p) {
            p.out.in_use = number_range(c, e, {0, static_cast<double>(max_pool)});
        }},
    Row{"vcpu_max", R"("2 * TOTAL_VCPUS")", false,
        [](C& c, const E& e, PoolDraft& p) { p.out.vcpu_max = read_size(c, e); }},
    Row{"monitored", "true", false, [](C& c, const E& e, PoolDraft& p) { set(p.out.monitored, boolean(c, e)); }},
    Row{"set_in", R"("code")", false,
        [](C& c, const E& e, PoolDraft& p) {
            const std::vector<std::string_view> places{"code", "url", "env"};
            if (const auto found = one_of(c, e, places))
                p.out.set_in = Located<std::string>{std::string(places[found->value]), found->place};
        }},
    Row{"features", R"(["prepared"])", false, read_features},
    Row{"max_lifetime", R"("30 min")", false,
        [](C& c, const E& e, PoolDraft& p) {
            constexpr Bounds<Millis> lifetimes{Millis(0), Millis(3660 * 24 * 3'600'000.0)};
            if (const auto found = time_or_zero(c, e, lifetimes)) p.out.max_lifetime = *found;
        }},
    Row{"workload", "{}", false, [](C& c, const E& e, PoolDraft& p) { read_workload(c, e, p); }},
};

using W = Workload;
using WorkloadRow = Field<Workload>;
constexpr std::array workload_fields{
    WorkloadRow{"rate", R"("120/s")", false, [](C& c, const E& e, W& w) { w.rate = range(c, e, rates); }},
    WorkloadRow{"users", "28", false,
                [](C& c, const E& e, W& w) {
                    w.users = whole(c, e, {1, 10'000'000});
                }},
    WorkloadRow{"think", R"("1 s")", false, [](C& c, const E& e, W& w) { w.think = range(c, e, durations); }},
    WorkloadRow{"hold", R"("30-80 ms")", false,
                [](C& c, const E& e, W& w) { w.hold = range(c, e, positive_durations); }},
    WorkloadRow{"hold_p50", R"("20 ms")", false,
                [](C& c, const E& e, W& w) { w.hold_p50 = quantity(c, e, positive_durations); }},
    WorkloadRow{"hold_p95", R"("80 ms")", false,
                [](C& c, const E& e, W& w) { w.hold_p95 = quantity(c, e, positive_durations); }},
    WorkloadRow{"hold_p99", R"("150 ms")", false,
                [](C& c, const E& e, W& w) { w.hold_p99 = quantity(c, e, positive_durations); }},
    WorkloadRow{"cv", "1.0", false,
                [](C& c, const E& e, W& w) {
                    set(w.cv, number(c, e, {0, 30}));
                }},
    WorkloadRow{"cpu", R"("5 ms")", false, [](C& c, const E& e, W& w) { w.cpu = range(c, e, durations); }},
    WorkloadRow{"external", R"("0 ms")", false, [](C& c, const E& e, W& w) { w.external = range(c, e, durations); }},
    WorkloadRow{"nested", "0", false,
                [](C& c, const E& e, W& w) {
                    set(w.nested, whole(c, e, {0, 1000}));
                }},
    WorkloadRow{"acquire_timeout", R"("2 s")", false,
                [](C& c, const E& e, W& w) { w.acquire_timeout = quantity(c, e, positive_durations); }},
};

/// What the keys of a workload must be together.
void check_workload(C& c, const Table& table, const Workload& w) {
    const auto key_place = [&](std::string_view key) -> Place {
        for (const auto& member : table.members)
            if (member.key == key) return member.key_place;
        return {};
    };
    const Place rate = key_place("rate"), users = key_place("users"), think = key_place("think");
    const Place hold = key_place("hold"), p50 = key_place("hold_p50"), p95 = key_place("hold_p95"),
                p99 = key_place("hold_p99");
    if (rate && (users || think))
        c.note(c.out.error(users ? users : think, "a workload is open (rate) or closed (users and think), not both",
                           "remove rate, or users and think"),
               "rate", rate);
    else if (users && !think)
        c.out.error(users, "users without think: how long between two requests of a user?",
                    c.assign("think", "\"1 s\""));
    else if (think && !users)
        c.out.error(think, "think without users", c.assign("users", "28"));
    if (!hold && !p50 && !p95 && !p99)
        c.out.error(w.place, "a workload needs hold, or hold_p50 and hold_p95", c.assign("hold", "\"20 ms\""));
    else if (!hold && (!p50 || (!p95 && !p99)))
        c.out.error(p50   ? p50
                    : p95 ? p95
                          : p99,
                    "one percentile does not define the spread",
                    p50 ? c.assign("hold_p95", "\"80 ms\"") : c.assign("hold_p50", "\"20 ms\""));
    const auto ordered = [&](const Maybe<Millis>& low, const Maybe<Millis>& high, std::string_view low_key,
                             std::string_view high_key) {
        if (low && high && high->value < low->value)
            c.note(c.out.error(high->place, fmt::format("{} is below {}", high_key, low_key), "swap the two"),
                   std::string(low_key), low->place);
    };
    ordered(w.hold_p50, w.hold_p95, "hold_p50", "hold_p95");
    ordered(w.hold_p95 ? w.hold_p95 : w.hold_p50, w.hold_p99, w.hold_p95 ? "hold_p95" : "hold_p50", "hold_p99");
    const bool in_order = !w.hold_p95 || !w.hold_p99 || w.hold_p95->value <= w.hold_p99->value;
    const bool whole =
        model::has_percentiles(w) && in_order && (w.hold_p95 ? w.hold_p95 : w.hold_p99)->value >= w.hold_p50->value;
    if (w.hold && whole)
        c.out.warning(hold, "hold and cv are ignored: the percentiles define the hold",
                      "remove hold and cv, or the percentiles");
    else if (w.hold && (w.hold_p50 || w.hold_p95 || w.hold_p99) && in_order && (!p50 || !(p95 || p99)))
        c.out.warning(p50   ? p50
                      : p95 ? p95
                            : p99,
                      "percentiles are ignored, since hold is set: they need hold_p50, and hold_p95 or hold_p99",
                      "remove it, or add the others");
    const Maybe<Millis>& highest = w.hold_p99 ? w.hold_p99 : w.hold_p95;
    if (!w.hold && !highest) return;
    const double most =
        model::has_percentiles(w) || !w.hold ? highest ? highest->value.value : 0 : w.hold->value.high.value;
    const double cpu = w.cpu ? w.cpu->value.high.value : 0, external = w.external ? w.external->value.high.value : 0;
    if (most > 0 && cpu + external > most)
        c.note(c.out.error(w.cpu ? w.cpu->place : w.external->place,
                           "cpu and external are parts of the hold, but longer than it",
                           "write how much of the hold they take"),
               "hold",
               hold  ? hold
               : p99 ? p99
                     : p95);
}

/// A workload without a load of its own takes the service's: a process's share, at the most instances.
void take_rate(C& c, const ServiceDraft& service, PoolDraft& pool) {
    if (!pool.lacks_load) return;
    Workload& load = *pool.out.workload;
    if (!service.has_rate)
        c.out.error(load.place, "a workload needs rate, or users and think", c.assign("rate", "\"120/s\""));
    if (!service.out.rate) return;
    const auto& all = *service.out.rate;
    const auto processes = static_cast<double>(service.out.instances->high * *service.out.processes);
    load.rate = {{PerSecond(all->low.value / processes), PerSecond(all->high.value / processes)}, all.place};
    load.rate_of_service = true;
}

}  // namespace

KeyTable pool_keys() {
    return {header, keys_of(fields), [](Context& context, const Member& member) {
                PoolDraft draft;
                read_key(context, member, fields, draft);
                if (draft.out.driver && context.catalog.find_driver(**draft.out.driver) == nullptr)
                    report_unknown_driver(context, *draft.out.driver, true, false);
            }};
}
KeyTable workload_keys() { return {workload_header, keys_of(workload_fields), read_alone<workload_fields>}; }

void read_workload(Context& context, const Entry& entry, PoolDraft& out) {
    const auto* table = read_single(context, entry, workload_header);
    if (table == nullptr) return;
    auto& workload = out.out.workload.emplace();
    workload.place = entry.value().place;
    read_table(context, *table, workload.place, workload_header, workload_fields, workload);
    check_workload(context, *table, workload);
    out.lacks_load = std::ranges::none_of(table->members, [](const Member& member) {
        return member.key == "rate" || member.key == "users" || member.key == "think";
    });
}

void read_pools(Context& context, const Entry& entry, Draft& inventory, ServiceDraft& out) {
    for (const auto& record : read_records(context, entry, header)) {
        if (++inventory.pools > static_cast<std::size_t>(max_records)) {
            if (inventory.pools == static_cast<std::size_t>(max_records) + 1)
                context.out.error(record.place, fmt::format("more than {} pools in one inventory", max_records),
                                  "split the inventory");
            return;
        }
        auto& draft = out.pools.emplace_back();
        draft.out.place = record.place;
        read_table(context, *record.table, record.place, header, fields, draft);
        take_rate(context, out, draft);
        const auto& load = draft.out.workload;
        if (*draft.out.databases > 1 && load && load->users)
            context.note(context.out.error(
                             load->users->place, "users: a pool with several databases needs a rate",
                             context.assign("rate", "\"120/s\"") + " of one process, spread evenly over its databases"),
                         "databases", draft.out.databases.place);
        if (!draft.has_max && !draft.has_driver)
            context.out.error(record.place, "a pool needs max or driver", context.assign("max", "10"));
    }
}

}  // namespace poolfit::load
