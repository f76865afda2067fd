#include "typed_in.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <poolfit/assess/cpu.hpp>
#include <poolfit/assess/size_on.hpp>
#include <poolfit/load/document.hpp>
#include <poolfit/load/load.hpp>
#include <poolfit/model/pooler.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/platform/platform.hpp>

#include "fleet.hpp"

namespace poolfit::test {
namespace {

using load::Array;
using load::Document;
using load::Table;
using load::Value;

Value whole(std::int64_t number) { return Value{number}; }
Value text(std::string words) { return Value{std::move(words)}; }

class Typist {
public:
    Typist(const Answer& answer, Document& document) : a_(answer), document_(document) {}

    void type(std::size_t phases) {
        for (std::size_t k = 0; k < std::min(phases, a_.phases.size()); ++k)
            for (const Step& step : a_.phases[k].steps) carry_out(a_.phases[k], step);
        for (Index i = 0; i < a_.fleet.databases.size(); ++i) measured(i);
        for (const auto& [service, pool] : gone_) remove(service, pool);
    }

private:
    Table& record(std::string_view kind, const std::string& name) {
        for (Value& item : load::find(document_.root, kind)->as<Array>()->items)
            if (*load::find(*item.as<Table>(), "name")->as<std::string>() == name) return *item.as<Table>();
        throw std::logic_error("no such record");
    }
    Table& database(Index i) { return record("database", *a_.fleet.databases[i].name); }
    /// A pooler, or the alias of one that a record is.
    Table& pooler(Index i) {
        const std::string& name = *a_.fleet.poolers[i].name;
        if (!a_.fleet.poolers[i].process) return record("pooler", name);
        const std::size_t slash = name.find('/');
        for (Value& item : load::find(record("pooler", name.substr(0, slash)), "database")->as<Array>()->items)
            if (*load::find(*item.as<Table>(), "name")->as<std::string>() == name.substr(slash + 1))
                return *item.as<Table>();
        throw std::logic_error("no such alias");
    }
    Table& service(Index i) { return record("service", *a_.fleet.services[i].name); }
    Table& pool(Index i) {
        for (Value& item : load::find(service(a_.fleet.pools[i].service), "pool")->as<Array>()->items)
            if (*load::find(*item.as<Table>(), "name")->as<std::string>() == *a_.fleet.pools[i].name)
                return *item.as<Table>();
        throw std::logic_error("no such pool");
    }

    void carry_out(const Action& action, const Step& step) {
        switch (step.kind) {
            case Step::Kind::change_class:
                moved_.insert(step.database);
                load::set(database(step.database), "class", text(std::string(step.cls->name)));
                break;
            case Step::Kind::raise_limit:
                load::set(database(step.database), "max_connections", whole(step.limit.value));
                raised_.insert(step.database);
                break;
            case Step::Kind::fewer_instances: {
                Table range;
                const std::int64_t least = a_.fleet.services[step.service].instances->low;
                load::set(range, "min", whole(std::min(least, step.count)));
                load::set(range, "max", whole(step.count));
                load::set(service(step.service), "instances", Value{range});
                break;
            }
            case Step::Kind::smaller_pooler:
                resize_pooler(step.pooler, step.count);
                break;
            case Step::Kind::pooler_mode:
                load::set(pooler(step.pooler), model::mode_key(a_.fleet.poolers[step.pooler]), text("transaction"));
                if (step.count > 0) resize_pooler(step.pooler, step.count);
                break;
            case Step::Kind::client_limit: {
                const std::string_view process = model::process_name(a_.fleet.poolers[step.pooler]);
                load::set(record("pooler", std::string(process)), "max_client_conn", whole(step.count));
                break;
            }
            case Step::Kind::change:
                change(a_.strategies[*action.strategy].changes[step.change]);
                break;
            default:  // to look at, to watch, to try
                break;
        }
    }

    void resize_pooler(Index i, std::int64_t size) {
        const Pooler& record = a_.fleet.poolers[i];
        if (record.kind == Pooler::Kind::proxy) {
            load::set(pooler(i), "max_connections_percent", text(fmt::format("{}%", size)));
            return;
        }
        load::set(pooler(i), model::size_key(record), whole(size));
        const std::int64_t stop = model::db_connections_with(record, size);
        if (record.max_db_connections && **record.max_db_connections != stop)
            load::set(pooler(i), "max_db_connections", whole(stop));
    }

    void change(const Point& point) {
        switch (point.kind) {
            case Point::Kind::resize:
                if (by_formula(point)) break;
                load::set(pool(point.pools.front()), "max", whole(point.to->value));
                if (point.in_code) load::set(pool(point.pools.front()), "set_in", text("code"));
                break;
            case Point::Kind::resize_pooler:
                if (a_.plan.poolers[point.pooler].to_transaction)
                    load::set(pooler(point.pooler), model::mode_key(a_.fleet.poolers[point.pooler]),
                              text("transaction"));
                if (point.to) resize_pooler(point.pooler, point.to->value);
                break;
            case Point::Kind::merge:
                merge(point);
                break;
            case Point::Kind::add_pooler: {
                Table hop;
                const std::string name = fmt::format("new-{}", *a_.fleet.databases[point.database].name);
                load::set(hop, "name", text(name));
                load::set(hop, "kind", text(std::string(platform::pooler_kind(point.pooler_kind).word)));
                load::set(hop, "database", text(*a_.fleet.databases[point.database].name));
                load::set(hop, "mode", text("transaction"));
                load::set(hop, "default_pool_size", whole(static_cast<std::int64_t>(point.all)));
                load::set(hop, "max_client_conn", whole(std::max<std::int64_t>(1, point.from->value)));
                load::append(document_.root, "pooler", hop);
                for (const Index p : point.pools) {
                    load::set(pool(p), "database", text(name));
                    // It listens on a direct connection, which listen_direct counts.
                    load::remove(document_, pool(p), "features");
                }
                break;
            }
            case Point::Kind::listen_direct: {
                const std::int64_t other = a_.fleet.databases[point.database].other_connections->value;
                load::set(database(point.database), "other_connections",
                          whole(other + static_cast<std::int64_t>(point.count)));
                break;
            }
            default:  // what to measure, or what stays as it is
                break;
        }
    }

    /// A formula that gives the size on the class to be on stays.
    bool by_formula(const Point& point) const {
        const Index p = point.pools.front();
        if (!assess::counts_database_vcpus(a_.fleet.pools[p])) return false;
        const Index on = model::database_of(a_.fleet, a_.fleet.pools[p]);
        const auto there = assess::size_on(a_.fleet, p, *a_.plan.databases[on].recommendation.cls, {});
        return there && there->value == *point.to;
    }

    /// One pool with the use of all.
    void merge(const Point& point) {
        const Index into = point.pools.front();
        Interval<double> use{0, 0};
        bool known = true;
        for (const Index p : point.pools) {
            const auto& seen = a_.fleet.pools[p].in_use;
            known = known && seen.has_value();
            if (seen) use = use + **seen;
            if (p != into) gone_.emplace_back(a_.fleet.pools[p].service, p);
        }
        load::set(pool(into), "max", whole(point.to->value));
        if (known)
            load::set(pool(into), "in_use", text(fmt::format("{}-{}", use.low, use.high)));
        else
            load::remove(document_, pool(into), "in_use");
    }

    void remove(Index service_index, Index pool_index) {
        Table& of = service(service_index);
        const auto& items = load::find(of, "pool")->as<Array>()->items;
        for (std::size_t i = 0; i < items.size(); ++i)
            if (*load::find(*items[i].as<Table>(), "name")->as<std::string>() == *a_.fleet.pools[pool_index].name) {
                load::remove(document_, of, "pool", i);
                return;
            }
    }

    static Value shares(const Interval<Fraction>& range) {
        const auto end = [](Fraction share) {
            return text(fmt::format("{:.12f}%", std::clamp(share.value * 100, 0.0, 100.0)));
        };
        return Value{Array{{end(range.low), end(range.high)}}};
    }

    /// What was projected is what is measured then.
    void measured(Index i) {
        const Database& today = a_.fleet.databases[i];
        const DatabasePlan& mine = a_.plan.databases[i];
        const Projection& then = mine.chosen;
        const bool moved = moved_.contains(i);
        const InstanceClass& cls = moved ? *mine.recommendation.cls : *today.type;
        Table& record = database(i);
        // A replica without a class of its own would follow its primary.
        if (today.replica_of && today.platform->has_classes) load::set(record, "class", text(std::string(cls.name)));
        Value* seen = load::find(record, "observed");
        Table* observed = seen != nullptr ? seen->as<Table>() : nullptr;
        if (moved) {
            // What was set by hand stays; else the server is asked again.
            // What the server reports then: its class's, or what it keeps.
            const bool reports = today.max_connections && !mine.budget.limits.set_by_hand;
            if ((reports || !today.platform->limit.follows_class) && !raised_.contains(i))
                load::set(record, "max_connections", whole(then.limits.max_planned.value.value));
            seen = load::find(record, "observed");  // set() ends references
            observed = seen != nullptr ? seen->as<Table>() : nullptr;
            if (observed != nullptr && then.cpu_peak && today.observed.cpu_peak)
                load::set(*observed, "cpu_peak", shares(then.cpu_peak->value));
            if (observed != nullptr && then.cpu_p95) load::set(*observed, "cpu_p95", shares(then.cpu_p95->value));
            if (observed != nullptr && then.cpu_p99) load::set(*observed, "cpu_p99", shares(then.cpu_p99->value));
            if (observed != nullptr && then.cpu_mean && today.observed.cpu_mean)
                load::set(*observed, "cpu_mean", shares(then.cpu_mean->value));
            workloads(i, cls);
        }
        // Seen before the plan was carried out.
        if (observed != nullptr && (moved || then.freeable)) {
            load::remove(document_, *observed, "connections");
            // Its use is not known any more; that it runs is.
            if (today.replica_of && !moved && !today.observed.replica_lag && today.observed.connections)
                load::set(*observed, "replica_lag", text("0 s"));
        }
        if (!moved && mine.recommendation.cls != today.type) return;  // not carried out yet
        // Connections that today's deploys do not open take memory on the same class too.
        if (observed == nullptr || !today.observed.freeable_memory || !then.freeable) return;
        if (!moved && then.freeable->value == **today.observed.freeable_memory) return;
        const auto bytes = [](Bytes b) { return text(fmt::format("{} B", std::max<std::int64_t>(0, b.value))); };
        load::set(*observed, "freeable_memory",
                  Value{Array{{bytes(then.freeable->value.low), bytes(then.freeable->value.high)}}});
        load::remove(document_, *observed, "swap");
    }

    /// CPU time of a transaction on another class, by the law that the plan's limits were judged by.
    void workloads(Index i, const InstanceClass& cls) {
        if (!a_.plan.databases[i].load) return;
        const InstanceClass& from = *a_.fleet.databases[i].type;
        const double share = a_.plan.databases[i].load->cpu_demand.value.value;
        if (share <= 0) return;
        const double there = assess::cpu_on(from, cls, Interval<double>(share)).high;
        const double factor = there * cls.vcpus / (share * from.vcpus);
        for (const Index p : a_.plan.topology.pools[i]) scale_cpu(p, factor);
        for (const Index hop : a_.plan.topology.poolers[i])
            for (const Index p : a_.plan.topology.clients[hop]) scale_cpu(p, factor);
    }

    void scale_cpu(Index p, double factor) {
        const auto& workload = a_.fleet.pools[p].workload;
        if (!workload || !workload->cpu || scaled_.contains(p)) return;
        scaled_.insert(p);
        const double most =
            workload->hold ? (**workload->hold).low.value - (workload->external ? (**workload->external).high.value : 0)
                           : 1e9;
        const auto time = [&](Millis ms) {
            return text(fmt::format("{:.9f} ms", std::min(ms.value * factor, std::max(ms.value, most))));
        };
        load::set(*load::find(pool(p), "workload")->as<Table>(), "cpu",
                  Value{Array{{time((**workload->cpu).low), time((**workload->cpu).high)}}});
    }

    const Answer& a_;
    Document& document_;
    std::set<Index> raised_, moved_, scaled_;
    std::vector<std::pair<Index, Index>> gone_;
};

std::optional<Fleet> loaded(Answer& answer, std::string inventory, Diagnostics& diagnostics) {
    answer.sources = std::make_unique<Sources>();
    answer.source = &answer.sources->add("random.toml", std::move(inventory));
    return load::inventory(*answer.source, {}, catalog(), *answer.sources, diagnostics);
}

}  // namespace

std::unique_ptr<Answer> answer(std::string inventory, plan::Depth depth) {
    auto result = std::make_unique<Answer>();
    Diagnostics diagnostics;
    auto fleet = loaded(*result, std::move(inventory), diagnostics);
    if (!fleet) return nullptr;
    result->fleet = std::move(*fleet);
    std::vector<Index> all;
    for (Index i = 0; i < result->fleet.databases.size(); ++i) all.push_back(i);
    result->plan = plan::make(result->fleet, catalog(), {PriceTerm::list, all, depth, nullptr});
    result->strategies = plan::strategies(result->fleet, result->plan, {});
    result->phases = plan::phases(result->fleet, result->plan, result->strategies);
    result->runway = plan::runway(result->fleet, result->plan, {});
    result->findings = lint::run({result->fleet, catalog(), result->plan, {}}, {});
    result->in_code = lint::in_code({result->fleet, catalog(), result->plan, {}}, {});
    return result;
}

std::string problems(std::string inventory) {
    Answer result;
    Diagnostics diagnostics;
    loaded(result, std::move(inventory), diagnostics);
    std::string all;
    for (const Diagnostic& diagnostic : diagnostics.all())
        if (diagnostic.severity == Severity::error) all += diag::print(diagnostic, {});
    return all;
}

std::string typed_in(const Answer& answer, std::size_t phases) {
    Diagnostics diagnostics;
    auto document = load::parse(*answer.source, diagnostics);
    Typist(answer, *document).type(phases);
    return load::print(*document);
}

std::string shrunk(std::uint64_t seed, const std::string& fault, const std::string& least, const std::string& again) {
    return fmt::format("seed {}: {}\n{}\n{}\napplied\n{}", seed, fault, least, again, typed_in(*answer(least)));
}

}  // namespace poolfit::test
