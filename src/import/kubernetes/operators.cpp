// Servers that operators run in the cluster. Their size is what a pod may use, not a class, so they are named with all
// that is known, and not taken.
#include <algorithm>

#include <fmt/format.h>

#include "workload.hpp"

namespace poolfit::imports::kubernetes {
namespace {

/// "16.3" of "ghcr.io/cloudnative-pg/postgresql:16.3-4".
std::string version_of_image(const std::string& image) {
    const std::size_t colon = image.rfind(':');
    if (colon == image.npos) return {};
    std::string tag = image.substr(colon + 1);
    tag.resize(std::min(tag.find_first_not_of("0123456789."), tag.size()));
    return tag;
}

struct Known {
    std::string by, version;
    std::optional<std::int64_t> instances, max_connections;
};

Server& add_server(const Object& object, const Known& known, Estate& estate) {
    Server& server = estate.servers.emplace_back();
    server.name = object.name;
    server.provider = "self-managed";
    server.from = {object.place(), object.kind, Truth::declared};
    server.engine = Fact<std::string>{"postgresql", server.from};
    std::string what = known.by;
    if (!known.version.empty()) what += ", PostgreSQL " + known.version;
    if (known.instances) what += fmt::format(", {} instance{}", *known.instances, *known.instances == 1 ? "" : "s");
    if (known.max_connections) what += fmt::format(", max_connections {}", *known.max_connections);
    if (!known.version.empty()) server.version = Fact<std::string>{known.version, server.from};
    if (known.max_connections) server.max_connections = Fact<std::int64_t>{*known.max_connections, server.from};
    server.known = what;
    return server;
}

PoolerFact& add_pooler(const Object& object, std::string name, std::string server, Estate& estate) {
    PoolerFact& pooler = estate.poolers.emplace_back();
    pooler.name = std::move(name);
    pooler.kind = "pgbouncer";
    pooler.from = {object.place(), object.kind, Truth::declared};
    PoolerAlias alias;
    alias.name = "*";
    alias.address.id = std::move(server);
    alias.address.from = pooler.from;
    pooler.aliases.push_back(std::move(alias));
    return pooler;
}

void take(MaybeFact<std::int64_t>& into, const Object& object, const Node& node, std::string_view how) {
    if (const auto number = node.number(); number && *number > 0 && *number <= 1'000'000)
        into = Fact<std::int64_t>{*number, {object.at(node), std::string(how), Truth::declared}};
}

void take_mode(PoolerFact& pooler, const Object& object, const Node& node) {
    for (const std::string_view mode : {"session", "transaction", "statement"})
        if (node.text.is(mode))
            pooler.sizes.mode = Fact<std::string>{std::string(mode), {object.at(node), "the mode", Truth::declared}};
}

void instances(PoolerFact& pooler, const Object& object, const Node& node) {
    take(pooler.max_instances, object, node, "instances");
    pooler.min_instances = pooler.max_instances;
}

std::string describe(const PoolerFact& pooler, std::string_view rest = {}) {
    std::string text = fmt::format("a pooler of {} instance{}", pooler.max_instances ? pooler.max_instances->value : 1,
                                   pooler.max_instances && pooler.max_instances->value != 1 ? "s" : "");
    if (pooler.sizes.pool_size) text += fmt::format(" × default_pool_size {}", pooler.sizes.pool_size->value);
    if (pooler.max_client_conn) text += fmt::format(", max_client_conn {}", pooler.max_client_conn->value);
    if (pooler.sizes.mode) text += ", " + pooler.sizes.mode->value;
    text += rest;
    return text;
}

void cnpg_cluster(const Object& object, Estate& estate) {
    Known known{"CloudNativePG", version_of_image(object.spec()["imageName"].name()),
                object.spec()["instances"].number(),
                object.spec()["postgresql"]["parameters"]["max_connections"].number()};
    Server& server = add_server(object, known, estate);
    for (const std::string_view end : {"", "-rw", "-r", "-ro"})
        server.ids.push_back(id_of(object.space, object.name + std::string(end)));
}

void cnpg_pooler(const Object& object, Estate& estate) {
    const std::string cluster = object.spec()["cluster"]["name"].name();
    PoolerFact& pooler = add_pooler(object, object.name, id_of(object.space, cluster), estate);
    pooler.ids.push_back(id_of(object.space, object.name));
    instances(pooler, object, object.spec()["instances"]);
    const Node& bouncer = object.spec()["pgbouncer"];
    take_mode(pooler, object, bouncer["poolMode"]);
    take(pooler.sizes.pool_size, object, bouncer["parameters"]["default_pool_size"], "default_pool_size");
    take(pooler.max_client_conn, object, bouncer["parameters"]["max_client_conn"], "max_client_conn");
    const bool replicas = object.spec()["type"].text.is("ro");
    if (replicas || !pooler.sizes.pool_size)
        pooler.refused =
            describe(pooler, fmt::format("{}{}", replicas ? ", on the replicas" : "",
                                         pooler.sizes.pool_size ? "" : ", sizes at the operator's default"));
}

void zalando(const Object& object, Estate& estate) {
    Known known{"Zalando's operator", object.spec()["postgresql"]["version"].name(),
                object.spec()["numberOfInstances"].number(),
                object.spec()["postgresql"]["parameters"]["max_connections"].number()};
    Server& server = add_server(object, known, estate);
    for (const std::string_view end : {"", "-repl"})
        server.ids.push_back(id_of(object.space, object.name + std::string(end)));
    const Node& bouncer = object.spec()["connectionPooler"];
    if (!object.spec()["enableConnectionPooler"].text.boolean().value_or(bouncer.is_map())) return;
    const std::string id = server.ids.front();
    PoolerFact& pooler = add_pooler(object, object.name + "-pooler", id, estate);
    pooler.ids.push_back(id_of(object.space, pooler.name));
    instances(pooler, object, bouncer["numberOfInstances"]);
    take_mode(pooler, object, bouncer["mode"]);
    const auto most = bouncer["maxDBConnections"].number();
    pooler.refused = describe(pooler, fmt::format("{}; the operator derives its sizes",
                                                  most ? fmt::format(", maxDBConnections {}", *most) : ""));
}

void crunchy(const Object& object, Estate& estate) {
    std::int64_t count = 0;
    for (const Node::Item& set : object.spec()["instances"].items)
        count += (*set.value)["replicas"].number().value_or(1);
    Known known{"Crunchy Postgres", object.spec()["postgresVersion"].name(), count,
                object.node->at("spec.patroni.dynamicConfiguration.postgresql.parameters.max_connections").number()};
    Server& server = add_server(object, known, estate);
    for (const std::string_view end : {"", "-primary", "-ha", "-replicas"})
        server.ids.push_back(id_of(object.space, object.name + std::string(end)));
    const Node& bouncer = object.spec()["proxy"]["pgBouncer"];
    if (!bouncer.is_map()) return;
    const std::string id = server.ids.front();
    PoolerFact& pooler = add_pooler(object, object.name + "-pgbouncer", id, estate);
    pooler.ids.push_back(id_of(object.space, pooler.name));
    instances(pooler, object, bouncer["replicas"]);
    const Node& global = bouncer["config"]["global"];
    take_mode(pooler, object, global["pool_mode"]);
    take(pooler.sizes.pool_size, object, global["default_pool_size"], "default_pool_size");
    take(pooler.max_client_conn, object, global["max_client_conn"], "max_client_conn");
    if (!pooler.sizes.pool_size) pooler.refused = describe(pooler, ", sizes at the operator's default");
}

}  // namespace

bool read_operator(const Cluster&, const Object& object, Estate& estate) {
    if (object.name.empty()) return false;
    if (object.api.starts_with("postgresql.cnpg.io/")) {
        if (object.kind == "Cluster") cnpg_cluster(object, estate);
        if (object.kind == "Pooler") cnpg_pooler(object, estate);
        return true;
    }
    if (object.api.starts_with("acid.zalan.do/") && object.kind == "postgresql") return zalando(object, estate), true;
    if (object.api.starts_with("postgres-operator.crunchydata.com/") && object.kind == "PostgresCluster")
        return crunchy(object, estate), true;
    return false;
}

}  // namespace poolfit::imports::kubernetes
