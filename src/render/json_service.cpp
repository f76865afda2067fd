// services[] of the JSON report.
#include <poolfit/model/pooler.hpp>
#include <poolfit/model/sizes.hpp>

#include "json_report.hpp"
#include "pooler_words.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

void write(JsonWriter& json, std::string_view key, const PoolSize& figure) {
    figure ? json.whole(key, figure->value.value) : json.null(key);
}

void write(JsonWriter& json, std::string_view key, const std::optional<Figure<Interval<Connections>>>& figure) {
    figure ? json.range(key, figure->value) : json.null(key);
}

void write_pool(JsonWriter& json, const Report& report, Index index) {
    const Fleet& fleet = *report.fleet;
    const PoolPlan& plan = report.plan.pools[index];
    const Pool& pool = fleet.pools[index];
    json.open_object();
    json.text("name", *pool.name);
    json.text("database", *fleet.databases[model::database_of(fleet, pool)].name);
    pool.pooler ? json.text("via", *fleet.poolers[*pool.pooler].name) : json.null("via");
    pool.driver ? json.text("driver", **pool.driver) : json.null("driver");
    json.whole("databases", *pool.databases);
    write(json, "max", plan.declared);
    write(json, "vcpu_max", plan.by_vcpus);
    write(json, "allocated", plan.now.allocated);
    write(json, "deploy_peak", plan.now.deploy_peak);
    write(json, "in_use", plan.use.in_use);
    write(json, "waste", plan.use.waste);
    write(json, "recommended", plan.recommended());
    json.text("basis", plan::name(plan.basis()));
    json.text("reason", recommended_text(fleet, report.plan, index));
    write(json, "allocated_after", plan.after.allocated);
    write(json, "deploy_after", plan.after.deploy_peak);
    write_workload(json, "workload", plan.load.get());
    json.close();
}

/// Of its process; null for RDS Proxy, which has no such setting.
const ClientSide* clients_of(const Report& report, Index pooler) {
    const auto& clients = report.plan.poolers[model::process_of(*report.fleet, pooler)].clients;
    return clients ? &*clients : nullptr;
}

}  // namespace

void write_pooler(JsonWriter& json, const Report& report, Index index) {
    const Pooler& pooler = report.fleet->poolers[index];
    const PoolerPlan& plan = report.plan.poolers[index];
    const bool proxy = pooler.kind == Pooler::Kind::proxy;
    json.open_object();
    json.text("name", *pooler.name);
    json.text("database", *report.fleet->databases[pooler.database].name);
    json.text("kind", platform::pooler_kind(pooler.kind).word);
    constexpr std::string_view modes[] = {"session", "transaction", "statement"};
    const std::string_view mode = modes[static_cast<std::size_t>(pooler.mode)];
    proxy ? json.null("mode") : json.text("mode", mode);
    proxy ? json.null("mode_after") : json.text("mode_after", plan.to_transaction ? modes[1] : mode);
    json.text("setting", proxy ? "max_connections_percent" : model::size_key(pooler));
    const double share = model::share_of(pooler);
    const double size = proxy ? share * 100 : static_cast<double>(*pooler.default_pool_size);
    json.number("size", size);
    json.number("size_after", plan.size ? static_cast<double>(plan.size->value) : size);
    constexpr std::string_view bases[] = {"load", "limit", "use", "kept", "clients"};
    json.text("basis", plan.size ? bases[static_cast<std::size_t>(plan.basis)] : "declared");
    json.whole("server_connections", plan.now.server.value.value);
    json.whole("server_connections_after", plan.after.server.value.value);
    json.text("change", plan.size || plan.to_transaction
                            ? pooler_settings(report, index, plan.to_transaction, plan.size ? plan.size->value : 0)
                            : std::string());
    const ClientSide* clients = clients_of(report, index);
    const std::int64_t accepts = *pooler.max_client_conn;
    clients ? json.whole("max_client_conn", accepts) : json.null("max_client_conn");
    clients && !clients->unsolved()
        ? json.whole("max_client_conn_after", clients->enough ? clients->enough->value : accepts)
        : json.null("max_client_conn_after");
    const auto cost = [&](const char* key, auto part) {
        write_money_range(json, key,
                          plan.bill ? (*plan.bill).*part : std::optional<Figure<Interval<MicroUsdPerMonth>>>());
    };
    cost("usd_per_month", &PoolerPlan::Bill::now);
    cost("usd_per_month_after", &PoolerPlan::Bill::after);
    if (plan.pinned) {
        json.open_object("pinned_connections", JsonWriter::Layout::line);
        json.whole("low", plan.pinned->value.low.value);
        json.whole("high", plan.pinned->value.high.value);
        json.close();
    } else {
        json.null("pinned_connections");
    }
    if (plan.in_need) {
        json.open_object("pinned_and_busy_connections", JsonWriter::Layout::line);
        json.whole("low", plan.in_need->value.low.value);
        json.whole("high", plan.in_need->value.high.value);
        json.close();
    } else {
        json.null("pinned_and_busy_connections");
    }
    json.text("breaks", plan.to_transaction ? breaks_text(report, index) : std::string());
    json.close();
}

void write_service(JsonWriter& json, const Report& report, const Service& service) {
    const Fleet& fleet = *report.fleet;
    json.open_object();
    json.text("name", *service.name);
    service.host ? json.text("host", *fleet.hosts[*service.host].name) : json.null("host");
    json.open_object("instances", JsonWriter::Layout::line);
    json.whole("min", service.instances->low);
    json.whole("max", service.instances->high);
    json.close();
    json.whole("processes", *service.processes);
    service.threads ? json.whole("threads", **service.threads) : json.null("threads");
    json.text("kind", model::name(service.kind));
    json.text("deploy", model::name(service.deploy));
    json.open_array("pools");
    for (const Index pool : service.pools) {
        if (is_shown(report, model::database_of(fleet, fleet.pools[pool]))) write_pool(json, report, pool);
    }
    json.close();
    json.close();
}

}  // namespace poolfit::render
