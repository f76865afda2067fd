#include <type_traits>
#include <variant>

#include <fmt/format.h>

#include <poolfit/unit/date.hpp>

#include "support.hpp"

namespace poolfit::test {
namespace {

// One overload for each type a field has.
std::string say(const std::string& v) { return '"' + v + '"'; }
std::string say(bool v) { return v ? "true" : "false"; }
std::string say(double v) { return fmt::format("{}", v); }
std::string say(std::int64_t v) { return fmt::format("{}", v); }
std::string say(Index v) { return fmt::format("#{}", v); }
std::string say(EngineVersion v) { return fmt::format("{}.{}.{}", v.series.major, v.series.minor, v.release); }
std::string say(Date v) { return unit::print(v); }
std::string say(const Surge& v) {
    return v.index() == 0 ? fmt::format("{} share", std::get<0>(v).value) : fmt::format("{} instances", std::get<1>(v));
}
std::string say(const Size& v) { return fmt::format("{} {}", v.formula.text(), v.is_formula); }
template <class Tag, class Rep>
std::string say(Quantity<Tag, Rep> v) {
    return fmt::format("{}", v.value);
}
template <class E>
requires std::is_enum_v<E> std::string say(E v) { return fmt::format("enum {}", static_cast<int>(v)); }
template <class T>
std::string say(const Interval<T>& v) {
    return say(v.low) + ".." + say(v.high);
}
template <class T>
std::string say(const Located<T>& v) {
    return say(v.value);
}
template <class T>
std::string say(const std::optional<T>& v) {
    return v ? say(*v) : "none";
}
template <class T>
std::string say(const std::vector<T>& v) {
    std::string out = "[";
    for (const auto& item : v) out += say(item) + ' ';
    return out + "]";
}

class Out {
public:
    std::string text;
    void record(std::string_view name) { text += fmt::format("{}\n", name); }
    template <class T>
    void field(std::string_view name, const T& value) {
        text += fmt::format("  {} {}\n", name, say(value));
    }
};

void add(Out& out, const Policy& p) {
    out.record("policy");
    out.field("connections_steady_max", p.connections_steady_max);
    out.field("connections_deploy_max", p.connections_deploy_max);
    out.field("deploys_together", p.deploys_together);
    out.field("cpu_peak_max", p.cpu_peak_max);
    out.field("memory_max", p.memory_max);
    out.field("freeable_memory_min", p.freeable_memory_min);
    out.field("observed_buffer", p.observed_buffer);
    out.field("wait", p.wait);
    out.field("wait_probability", p.wait_probability);
    out.field("allow_burstable", p.allow_burstable);
    out.field("survive_failover", p.survive_failover);
    out.field("allow_arm", p.allow_arm);
    out.field("allow", p.allow);
    out.field("deny", p.deny);
    out.field("min_savings_per_month", p.min_savings_per_month);
    out.field("min_savings", p.min_savings);
    out.field("cost_of_trouble", p.cost_of_trouble);
    out.field("non_production_hours", p.non_production_hours);
    for (const auto& severity : p.severities)
        out.text += fmt::format("  severity {} {}\n", *severity.rule,
                                severity.severity ? static_cast<int>(*severity.severity) : -1);
}

void add(Out& out, const Database& d) {
    out.record("database");
    out.field("name", d.name);
    out.field("platform", std::string(d.platform == nullptr ? "none" : d.platform->id));
    out.field("version", d.version);
    out.field("version_text", d.version_text);
    out.field("class", d.cls);
    out.field("type", std::string(d.type == nullptr ? "none" : d.type->name));
    out.field("region", d.region);
    out.field("multi_az", d.multi_az);
    out.field("replica_of", d.replica_of);
    out.field("environment", d.environment);
    out.field("failover_target", d.failover_target);
    out.field("max_connections", d.max_connections);
    out.field("reserved_connections", d.reserved_connections);
    out.field("other_connections", d.other_connections);
    out.field("cpu_mean", d.observed.cpu_mean);
    out.field("cpu_p95", d.observed.cpu_p95);
    out.field("cpu_p99", d.observed.cpu_p99);
    out.field("cpu_peak", d.observed.cpu_peak);
    out.field("connections", d.observed.connections);
    out.field("freeable_memory", d.observed.freeable_memory);
    out.field("swap", d.observed.swap);
    out.field("data_size", d.observed.data_size);
    out.field("ebs_throughput", d.observed.ebs_throughput);
    out.field("iops", d.observed.iops);
    out.field("read_iops", d.observed.read_iops);
    out.field("write_iops", d.observed.write_iops);
    out.field("network", d.observed.network);
    out.field("replica_lag", d.observed.replica_lag);
    out.field("window", d.observed.window);
    out.field("series", d.observed.series);
    if (!d.storage) return;
    out.field("storage.type", d.storage->type);
    out.field("storage.size", d.storage->size);
    out.field("storage.max_size", d.storage->max_size);
    out.field("storage.iops", d.storage->iops);
    out.field("storage.throughput", d.storage->throughput);
    out.field("storage.io_requests", d.storage->io_requests);
}

void add(Out& out, const Service& s) {
    out.record("service");
    out.field("name", s.name);
    out.field("kind", s.kind);
    out.field("host", s.host);
    out.field("runtime", s.runtime);
    out.field("instances", s.instances);
    out.field("processes", s.processes);
    out.field("rate", s.rate);
    out.field("threads", s.threads);
    out.field("deploy", s.deploy);
    out.field("connector", s.connector);
    out.field("max_surge", s.max_surge);
    out.field("merged_max", s.merged_max);
    for (const auto& [name, value] : s.vars) out.field("var " + name, value);
    out.field("pools", s.pools);
}

void add(Out& out, const Workload& w) {
    out.record("workload");
    out.field("rate", w.rate);
    out.field("rate_of_service", w.rate_of_service);
    out.field("users", w.users);
    out.field("think", w.think);
    out.field("hold", w.hold);
    out.field("hold_p50", w.hold_p50);
    out.field("hold_p95", w.hold_p95);
    out.field("hold_p99", w.hold_p99);
    out.field("cv", w.cv);
    out.field("cpu", w.cpu);
    out.field("external", w.external);
    out.field("nested", w.nested);
    out.field("acquire_timeout", w.acquire_timeout);
}

void add(Out& out, const Pool& p) {
    out.record("pool");
    out.field("name", p.name);
    out.field("service", p.service);
    out.field("database", p.database);
    out.field("pooler", p.pooler);
    out.field("databases", p.databases);
    out.field("driver", p.driver);
    out.field("driver_default", std::string(p.driver_default == nullptr ? "none" : p.driver_default->id));
    out.field("max", p.max);
    out.field("in_use", p.in_use);
    out.field("vcpu_max", p.vcpu_max);
    out.field("monitored", p.monitored);
    if (p.max_lifetime) out.field("max_lifetime", *p.max_lifetime);
    out.field("set_in", p.set_in);
    out.field("features", p.features);
    if (p.workload) add(out, *p.workload);
}

void add(Out& out, const Pooler& p) {
    out.record("pooler");
    out.field("name", p.name);
    out.field("kind", p.kind);
    out.field("database", p.database);
    out.field("instances", p.instances);
    out.field("mode", p.mode);
    out.field("default_pool_size", p.default_pool_size);
    out.field("min_pool_size", p.min_pool_size);
    out.field("reserve_pool_size", p.reserve_pool_size);
    out.field("max_client_conn", p.max_client_conn);
    out.field("pairs", p.pairs);
    out.field("databases", p.databases);
    out.field("max_db_connections", p.max_db_connections);
    out.field("max_connections_percent", p.max_connections_percent);
    out.field("borrow_timeout", p.borrow_timeout);
    out.field("process", p.process);
    out.field("takes_size", p.takes_size);
}

}  // namespace

std::string dump(const Fleet& fleet) {
    Out out;
    out.field("name", fleet.name);
    add(out, fleet.policy);
    for (const auto& host : fleet.hosts) {
        out.record("host");
        out.field("name", host.name);
        out.field("class", host.cls);
        out.field("type", std::string(host.type == nullptr ? "none" : host.type->name));
        out.field("vcpus", host.vcpus);
        out.field("threads_per_core", host.threads_per_core);
    }
    for (const auto& database : fleet.databases) add(out, database);
    for (const auto& service : fleet.services) add(out, service);
    for (const auto& pool : fleet.pools) add(out, pool);
    for (const auto& pooler : fleet.poolers) add(out, pooler);
    for (const auto& price : fleet.prices) {
        out.record("price");
        out.field("class", price.cls);
        out.field("amount", price.amount);
        out.field("term", price.term);
        out.field("multi_az", price.multi_az);
    }
    for (const auto& commitment : fleet.commitments) {
        out.record("commitment");
        out.field("name", commitment.name);
        out.field("kind", std::string(commitment.kind == Commitment::Kind::reserved ? "reserved" : "savings-plan"));
        out.field("ends", unit::print(*commitment.ends));
        out.field("paid", commitment.paid);
        out.field("engine", commitment.engine);
        out.field("platform", std::string(commitment.platform == nullptr ? "none" : commitment.platform->id));
        out.field("type", std::string(commitment.type == nullptr ? "none" : commitment.type->name));
        out.field("family", commitment.family);
        out.field("region", commitment.region);
        out.field("count", commitment.count);
        out.field("multi_az", commitment.multi_az);
        out.field("units", commitment.units);
        for (const auto& rate : commitment.rates) {
            out.record("rate");
            out.field("class", rate.cls);
            out.field("engine", rate.engine);
            out.field("region", rate.region);
            out.field("multi_az", rate.multi_az);
            out.field("amount", rate.amount);
        }
    }
    if (fleet.growth) {
        out.record("growth");
        out.field("services_per_year", fleet.growth->services_per_year);
        out.field("load_per_month", fleet.growth->load_per_month);
    }
    for (const auto& ignore : fleet.ignores) {
        out.record("ignore");
        out.field("rule", ignore.rule);
        out.field("line", ignore.line ? std::to_string(*ignore.line) : std::string("none"));
        out.field("target", ignore.target);
        out.field("until", ignore.until);
        out.field("owner", ignore.owner);
        out.field("reason", ignore.reason);
    }
    return out.text;
}

}  // namespace poolfit::test
