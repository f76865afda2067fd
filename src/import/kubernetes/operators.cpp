// Servers that operators run in the cluster, with the poolers that they run in front of them. Their size is what a pod
// may use.
#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "../facts/container.hpp"
#include "../facts/wanted.hpp"
#include "../pgbouncer/ini.hpp"
#include "workload.hpp"

namespace poolfit::imports::kubernetes {
namespace {

/// "16.3" of "ghcr.io/cloudnative-pg/postgresql:16.3-4".
std::string version_of_image(std::string image) {
    image.resize(std::min(image.find('@'), image.size()));
    const std::size_t colon = image.rfind(':');
    if (colon == image.npos) return {};
    std::string tag = image.substr(colon + 1);
    tag.resize(std::min(tag.find_first_not_of("0123456789."), tag.size()));
    return tag;
}

constexpr std::int64_t most_of_all = 1'000'000;

Wanted wanted_of(const Object& object, std::string subject, Estate& estate) {
    return {std::move(subject), [&object](const Node& node) { return object.at(node); }, estate};
}

std::optional<std::int64_t> instances_of(const Object& object, const Node& node, Estate& estate) {
    return wanted_of(object, object.name, estate).number(node, "its number of instances", 0, most_of_all);
}

std::optional<std::int64_t> limit_of(const Object& object, const Node& node, Estate& estate) {
    return wanted_of(object, object.name, estate)
        .number(node, "max_connections", 1, most_of_all, set_flag("database", object.name, "max_connections", "N"));
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

/// What a pod of the server may use; `resources` as a container has them.
void take_limits(const Object& object, const Node& resources, Server& server) {
    const auto limit = [&](std::string_view key) {
        const Node& given = resources["limits"][key];
        if (given.kind != Node::Kind::scalar) return Limit{};
        return Limit{&given.text, object.at(given), fmt::format("limits.{}", key)};
    };
    read_limits(limit("cpu"), limit("memory"), false, server);
}

/// The Services of a server: those that lead to the primary, and those that lead to its replicas.
void take_services(const Object& object, std::initializer_list<std::string_view> primary, std::string_view replicas,
                   Server& server) {
    for (const std::string_view end : primary)
        server.ids.push_back(id_of(object.space, object.name + std::string(end)));
    server.replica_ids.push_back(id_of(object.space, object.name + std::string(replicas)));
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

void take_mode(PoolerFact& pooler, const Object& object, const Node& node, Estate& estate) {
    for (const std::string_view mode : {"session", "transaction", "statement"})
        if (node.text.is(mode)) {
            pooler.sizes.mode = Fact<std::string>{std::string(mode), {object.at(node), "the mode", Truth::declared}};
            return;
        }
    if (node.kind == Node::Kind::none) return;
    pooler.sizes.wrong_mode = true;
    wanted_of(object, pooler.name, estate)
        .refuse(node, "its mode", "is not session, transaction or statement",
                set_flag("pooler", pooler.name, "mode", "transaction"));
}

void instances(PoolerFact& pooler, const Object& object, const Node& node, Estate& estate) {
    if (const auto number =
            wanted_of(object, pooler.name, estate)
                .number(node, "instances", 1, most_of_all, set_flag("pooler", pooler.name, "instances", "N")))
        pooler.max_instances = Fact<std::int64_t>{*number, {object.at(node), "instances", Truth::declared}};
    pooler.min_instances = pooler.max_instances;
}

/// Parameters of pgbouncer.ini.
void take_parameters(PoolerFact& pooler, const Object& object, const Node& parameters, Estate& estate) {
    for (const Node::Item& item : parameters.items) {
        const Node& value = *item.value;
        if (value.kind != Node::Kind::scalar) continue;
        if (item.key == "max_client_conn") {
            if (const auto number =
                    wanted_of(object, pooler.name, estate)
                        .number(value, item.key, 1, most_of_all, set_flag("pooler", pooler.name, item.key, "N")))
                pooler.max_client_conn = Fact<std::int64_t>{*number, {object.at(value), item.key, Truth::declared}};
        } else if (item.key == "max_user_connections" && value.number().value_or(0) > 0) {
            estate.not_taken(
                pooler.name,
                fmt::format("max_user_connections {}: an inventory has no place for a limit of users", *value.number()),
                object.at(value));
        } else {
            take_pooler_size(item.key, value.text, object.at(value), pooler.sizes, pooler.name, estate);
        }
    }
}

/// A pooler whose size only the operator knows.
void lack_size(PoolerFact& pooler) { pooler.lacks.push_back({"default_pool_size", "N"}); }

std::string describe(const PoolerFact& pooler, std::string_view rest = {}) {
    std::string text = fmt::format("a pooler of {} instance{}", pooler.max_instances ? pooler.max_instances->value : 1,
                                   pooler.max_instances && pooler.max_instances->value != 1 ? "s" : "");
    if (pooler.sizes.pool_size) text += fmt::format(" × default_pool_size {}", pooler.sizes.pool_size->value);
    if (pooler.max_client_conn) text += fmt::format(", max_client_conn {}", pooler.max_client_conn->value);
    if (pooler.sizes.mode) text += ", " + pooler.sizes.mode->value;
    text += rest;
    return text;
}

void cnpg_cluster(const Object& object, std::string by, Estate& estate) {
    Known known{std::move(by), version_of_image(std::string(object.spec()["imageName"].text.opened())),
                instances_of(object, object.spec()["instances"], estate),
                limit_of(object, object.spec()["postgresql"]["parameters"]["max_connections"], estate)};
    Server& server = add_server(object, known, estate);
    take_services(object, {"", "-rw", "-r"}, "-ro", server);
    take_limits(object, object.spec()["resources"], server);
}

void cnpg_pooler(const Object& object, Estate& estate) {
    const std::string cluster = object.spec()["cluster"]["name"].name();
    const bool replicas = object.spec()["type"].text.is("ro");
    PoolerFact& pooler =
        add_pooler(object, object.name, id_of(object.space, replicas ? cluster + "-ro" : cluster), estate);
    pooler.ids.push_back(id_of(object.space, object.name));
    instances(pooler, object, object.spec()["instances"], estate);
    const Node& bouncer = object.spec()["pgbouncer"];
    take_parameters(pooler, object, bouncer["parameters"], estate);
    take_mode(pooler, object, bouncer["poolMode"], estate);
    if (replicas) pooler.lacks.push_back({"database", "DATABASE"});
    if (!pooler.sizes.pool_size) lack_size(pooler);
    if (!pooler.lacks.empty())
        pooler.refused =
            describe(pooler, fmt::format("{}{}", replicas ? ", on the replicas" : "",
                                         pooler.sizes.pool_size ? "" : ", sizes at the operator's default"));
}

void zalando(const Object& object, Estate& estate) {
    Known known{"Zalando's operator", object.spec()["postgresql"]["version"].name(),
                instances_of(object, object.spec()["numberOfInstances"], estate),
                limit_of(object, object.spec()["postgresql"]["parameters"]["max_connections"], estate)};
    Server& server = add_server(object, known, estate);
    take_services(object, {""}, "-repl", server);
    take_limits(object, object.spec()["resources"], server);
    const Node& bouncer = object.spec()["connectionPooler"];
    const Node& of_replicas = object.spec()["enableReplicaConnectionPooler"];
    if (wanted_of(object, object.name, estate).boolean(of_replicas, "enableReplicaConnectionPooler").value_or(false))
        estate.not_taken(object.name + "-pooler-repl",
                         "a pooler on the replicas, which are not in the files one by one", object.at(of_replicas),
                         "add its [[pooler]] by hand");
    if (!wanted_of(object, object.name, estate)
             .boolean(object.spec()["enableConnectionPooler"], "enableConnectionPooler")
             .value_or(bouncer.is_map()))
        return;
    const std::string id = server.ids.front();
    PoolerFact& pooler = add_pooler(object, object.name + "-pooler", id, estate);
    pooler.ids.push_back(id_of(object.space, pooler.name));
    instances(pooler, object, bouncer["numberOfInstances"], estate);
    take_mode(pooler, object, bouncer["mode"], estate);
    lack_size(pooler);
    const auto most =
        wanted_of(object, pooler.name, estate).number(bouncer["maxDBConnections"], "maxDBConnections", 0, most_of_all);
    pooler.refused = describe(pooler, fmt::format("{}; the operator derives its sizes",
                                                  most ? fmt::format(", maxDBConnections {}", *most) : ""));
}

void crunchy(const Object& object, Estate& estate) {
    std::int64_t count = 0;
    for (const Node::Item& set : object.spec()["instances"].items)
        count += instances_of(object, (*set.value)["replicas"], estate).value_or(1);
    Known known{
        "Crunchy Postgres", object.spec()["postgresVersion"].name(), count,
        limit_of(object, object.node->at("spec.patroni.dynamicConfiguration.postgresql.parameters.max_connections"),
                 estate)};
    Server& server = add_server(object, known, estate);
    take_services(object, {"", "-primary", "-ha"}, "-replicas", server);
    const auto& sets = object.spec()["instances"].items;
    if (!sets.empty()) take_limits(object, (*sets.front().value)["resources"], server);
    if (sets.size() > 1)
        estate.told(object.name, "its instances are of several sets: the limits of the first count",
                    object.at(object.spec()["instances"]));
    const Node& bouncer = object.spec()["proxy"]["pgBouncer"];
    if (!bouncer.is_map()) return;
    const std::string id = server.ids.front();
    PoolerFact& pooler = add_pooler(object, object.name + "-pgbouncer", id, estate);
    pooler.ids.push_back(id_of(object.space, pooler.name));
    instances(pooler, object, bouncer["replicas"], estate);
    const Node& global = bouncer["config"]["global"];
    take_parameters(pooler, object, global, estate);
    if (pooler.sizes.pool_size) return;
    lack_size(pooler);
    pooler.refused = describe(pooler, ", sizes at the operator's default");
}

}  // namespace

bool read_operator(const Cluster&, const Object& object, Estate& estate) {
    if (object.name.empty()) return false;
    // EDB's operator has the same resources in a group of its own.
    const bool edb = object.api.starts_with("postgresql.k8s.enterprisedb.io/");
    if (edb || object.api.starts_with("postgresql.cnpg.io/")) {
        if (object.kind == "Cluster") cnpg_cluster(object, edb ? "EDB's operator" : "CloudNativePG", estate);
        if (object.kind == "Pooler") cnpg_pooler(object, estate);
        return true;
    }
    if (object.api.starts_with("acid.zalan.do/") && object.kind == "postgresql") return zalando(object, estate), true;
    if (object.api.starts_with("postgres-operator.crunchydata.com/") && object.kind == "PostgresCluster")
        return crunchy(object, estate), true;
    return false;
}

}  // namespace poolfit::imports::kubernetes
