#include "reader.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>

#include "../facts/limit_formula.hpp"
#include "../readers.hpp"

namespace poolfit::imports {
namespace rds {
std::string_view part_of_arn(std::string_view arn, int part) {
    if (!arn.starts_with("arn:")) return {};
    for (; part > 0; --part) {
        const std::size_t colon = arn.find(':');
        if (colon == arn.npos) return {};
        arn.remove_prefix(colon + 1);
    }
    return arn.substr(0, arn.find(':'));
}

void Rds::read(const InFile& file) {
    if (refuse_wrong_file(file, "rds", diagnostics_)) return;
    if (!looks_like_json(file.text()) && !file.text().starts_with("null")) {
        diagnostics_.error(file.place(0), "this is not JSON", std::string(usage));
        return;
    }
    const auto documents = read_json(file, diagnostics_);
    if (!documents) return;
    file_ = &file;
    known_ = false;
    for (const NodePtr& document : *documents) visit(*document, 0);
    if (!known_)
        diagnostics_.error(file.place(0), "not an answer of aws rds describe-…: it has none of the lists",
                           std::string(usage));
}

void Rds::finish() {
    set_parameters();
    join_clusters();
    add_proxies();
    name_replicas();
}

void Rds::visit(const Node& node, int level) {
    if (level > 6) return;
    if (node.is_list()) {
        known_ = known_ || node.items.empty();
        for (const Node::Item& item : node.items) visit(*item.value, level + 1);
        return;
    }
    if (!node.is_map()) return;
    if (node.like("DBInstanceIdentifier").kind == Node::Kind::scalar &&
        node.like("DBInstanceClass").kind != Node::Kind::none) {
        known_ = true;
        return instance(node);
    }
    bool any = false;
    const auto each = [&](std::string_view key, auto&& read) {
        const Node& list = node.like(key);
        if (list.kind == Node::Kind::none) return;
        any = known_ = true;
        if (list.is_map()) return read(list);
        for (const Node::Item& item : list.items)
            if (item.value->is_map()) read(*item.value);
    };
    each("DBInstances", [&](const Node& item) { instance(item); });
    each("DBInstance", [&](const Node& item) { instance(item); });
    each("DBClusters", [&](const Node& item) { cluster(item); });
    each("DBCluster", [&](const Node& item) { cluster(item); });
    each("Parameters", [&](const Node& item) { parameter(item); });
    each("DBProxies", [&](const Node& item) { proxy(item); });
    each("DBProxyEndpoints", [](const Node&) {});
    each("TargetGroups", [&](const Node& item) { target_group(item); });
    each("Targets", [&](const Node& item) { target(item); });
    each("DBParameterGroups", [](const Node&) {});
    for (const std::string_view key : {"Marker", "NextToken"})
        if (any && !node.like(key).text.empty())
            estate_.not_taken(file_->name(), "the answer goes on: more of it is not in this file", at(node.like(key)),
                              "aws rds describe-… without --max-items and --no-paginate, or add the next page");
    if (any) return;
    for (const Node::Item& item : node.items)
        if (item.value->is_map() || item.value->is_list()) visit(*item.value, level + 1);
}

void Rds::cluster(const Node& node) {
    const std::string name = lower(node.like("DBClusterIdentifier").name());
    if (name.empty()) return;
    Cluster& made = clusters_[name];
    made.place = at(node);
    std::string region(part_of_arn(node.like("DBClusterArn").text.opened(), 3));
    for (const Node::Item& member : node.like("DBClusterMembers").items) {
        const std::string id = lower(member.value->like("DBInstanceIdentifier").name());
        if (id.empty()) continue;
        if (wanted(id).boolean(member.value->like("IsClusterWriter"), "IsClusterWriter").value_or(false))
            made.writer = fmt::format("rds:{}/{}", region, id);
        else
            made.readers.push_back(fmt::format("rds:{}/{}", region, id));
    }
    if (node.like("EngineMode").text.is("serverless")) {
        estate_.not_taken(name, "Aurora Serverless v1, which has no instances and which AWS has retired",
                          at(node.like("EngineMode")), "describe what it became as [[database]] by hand");
        clusters_.erase(name);
        return;
    }
    const Node& scaling = node.like("ServerlessV2ScalingConfiguration");
    made.acu_min = wanted(name).decimal(scaling.like("MinCapacity"), "MinCapacity", "--set database.NAME.acu_min=N");
    made.acu_max = wanted(name).decimal(scaling.like("MaxCapacity"), "MaxCapacity", "--set database.NAME.acu_max=N");
}

void Rds::parameter(const Node& node) {
    if (!node.like("ParameterName").text.is_like("max_connections")) return;
    const Node& value = node.like("ParameterValue");
    if (value.kind == Node::Kind::none) return;
    const auto number = value.number();
    const std::string* group = mapped_.find(file_->name());
    if (group == nullptr) group = mapped_.find(file_->name().substr(file_->name().rfind('/') + 1));
    parameters_.push_back({file_, at(value), group == nullptr ? std::string() : *group, number,
                           number ? std::string() : plain_formula(value.text)});
    if (number && node.like("Source").text.is_like("user"))
        estate_.told("max_connections", fmt::format("{} was set by hand", *number), at(value));
}

void Rds::proxy(const Node& node) {
    Proxy& made = proxies_[lower(node.like("DBProxyName").name())];
    made.name = load::as_name(node.like("DBProxyName").name());
    made.region = part_of_arn(node.like("DBProxyArn").text.opened(), 3);
    made.endpoint = node.like("Endpoint").text.host();
    made.place = at(node.like("DBProxyName"));
}

void Rds::target_group(const Node& node) {
    const std::string name = node.like("DBProxyName").name();
    if (name.empty()) return;
    Proxy& made = proxies_[lower(name)];
    if (made.name.empty()) {
        made.name = load::as_name(name);
        made.place = at(node.like("DBProxyName"));
        made.region = part_of_arn(node.like("TargetGroupArn").text.opened(), 3);
    }
    const Node& pool = node.like("ConnectionPoolConfig");
    made.percent = wanted(made.name).number(pool.like("MaxConnectionsPercent"), "MaxConnectionsPercent", 1, 100,
                                            set_flag("pooler", made.name, "max_connections_percent", "N%"));
    made.percent_place = at(pool.like("MaxConnectionsPercent"));
    made.borrow = wanted(made.name).number(pool.like("ConnectionBorrowTimeout"), "ConnectionBorrowTimeout", 0, 3600,
                                           set_flag("pooler", made.name, "borrow_timeout", "Ns"));
    for (const Node::Item& item : node.like("Targets").items) target(*item.value);
}

void Rds::target(const Node& node) {
    const std::string resource = lower(node.like("RdsResourceId").name());
    if (!resource.empty()) targets_.push_back({resource, node.like("Type").name(), at(node)});
}

void Rds::set_parameters() {
    for (const Parameter& parameter : parameters_) {
        std::vector<std::string> names;
        bool any = false;
        for (const auto& [group, server, index] : groups_) {
            if (std::ranges::find(names, group) == names.end()) names.push_back(group);
            if (parameter.group.empty() || group != parameter.group) continue;
            any = true;
            const From from{parameter.place, fmt::format("max_connections of {}", group), Truth::running};
            if (parameter.value)
                estate_.servers[index].max_connections = Fact<std::int64_t>{*parameter.value, from};
            else
                estate_.servers[index].limit_formula = Fact<std::string>{parameter.formula, from};
        }
        if (any) continue;
        if (!parameter.group.empty() && !names.empty()) {
            estate_.not_taken("max_connections", fmt::format("no database uses the group {}", parameter.group),
                              parameter.place);
            continue;
        }
        estate_.not_taken("max_connections",
                          fmt::format("{}: the answer does not name its parameter group",
                                      parameter.value             ? fmt::format("{}", *parameter.value)
                                      : parameter.formula.empty() ? std::string("a formula")
                                                                  : parameter.formula),
                          parameter.place,
                          fmt::format("--map {}={}", parameter.file->name(),
                                      names.empty() ? "GROUP" : fmt::format("{}", fmt::join(names, "|"))));
    }
}

void Rds::join_clusters() {
    for (const auto& [index, name] : cluster_of_) {
        Server& server = estate_.servers[index];
        const auto found = clusters_.find(name);
        if (server.refused.empty() && found != clusters_.end()) {
            join(server, name, found->second);
            continue;
        }
        // The hosts of its cluster lead to what is not taken, and make no database of their own.
        const std::string region = server.region ? server.region->value : std::string();
        for (const std::string_view kind : {"rds-cluster", "rds-reader"})
            server.shared.push_back(fmt::format("{}:{}/{}", kind, region, name));
        if (!server.refused.empty()) continue;
        server.refused = fmt::format("which instance of the cluster {} is the writer is not in these answers", name);
        server.completes = "add the answer of aws rds describe-db-clusters";
        server.lacking = true;
    }
    for (const auto& cluster : clusters_)
        if (std::ranges::none_of(cluster_of_, [&](const auto& each) { return each.second == cluster.first; }))
            estate_.not_taken(cluster.first, "a cluster, whose instances are not in these answers",
                              cluster.second.place, "add the answer of aws rds describe-db-instances");
}

void Rds::join(Server& server, const std::string& name, const Cluster& cluster) {
    const std::string& own = server.ids.front();
    const std::string region = own.substr(4, own.find('/') - 3);  // with the slash
    if (!cluster.writer.empty() && own == cluster.writer) {
        server.ids.push_back("rds-cluster:" + region + name);
        if (cluster.readers.empty()) server.ids.push_back("rds-reader:" + region + name);
    } else if (!cluster.writer.empty()) {
        server.primary = Fact<std::string>{cluster.writer, {cluster.place, "DBClusterMembers", Truth::running}};
        (cluster.readers.size() == 1 ? server.ids : server.shared).push_back("rds-reader:" + region + name);
    }
    if (!server.cls || server.cls->value != "db.serverless" || !cluster.acu_min || !cluster.acu_max) return;
    const From from{cluster.place, "ServerlessV2ScalingConfiguration", Truth::running};
    server.acu_min = Fact<double>{*cluster.acu_min, from};
    server.acu_max = Fact<double>{*cluster.acu_max, from};
}

/// The answer about targets does not say of which proxy it is: it is clear only of one.
Address Rds::target_of(const Proxy& proxy) {
    Address address;
    address.from = {proxy.place, "DBProxyName", Truth::running};
    if (const std::string* ours = mapped_.find(proxy.name)) {
        address.id = "name:" + *ours;
        return address;
    }
    if (proxies_.size() != 1) return address;
    const auto is_cluster = [](const Target& each) { return each.kind == "TRACKED_CLUSTER"; };
    const auto cluster = std::ranges::find_if(targets_, is_cluster);
    if (cluster != targets_.end()) {
        address.id = fmt::format("rds-cluster:{}/{}", proxy.region, cluster->resource);
        address.from = {cluster->place, "RdsResourceId", Truth::running};
    } else if (targets_.size() == 1) {
        address.id = fmt::format("rds:{}/{}", proxy.region, targets_.front().resource);
        address.from = {targets_.front().place, "RdsResourceId", Truth::running};
    }
    return address;
}

void Rds::add_proxies() {
    for (const auto& [key, proxy] : proxies_) {
        if (proxy.name.empty()) continue;
        PoolerFact pooler;
        pooler.name = proxy.name;
        pooler.kind = "rds-proxy";
        pooler.from = {proxy.place, "DBProxyName", Truth::running};
        pooler.ids.push_back(fmt::format("rds-proxy:{}/{}", proxy.region, key));
        if (!proxy.endpoint.empty()) pooler.ids.push_back("host:" + lower(proxy.endpoint));
        PoolerAlias alias;
        alias.name = "*";
        alias.address = target_of(proxy);
        if (alias.address.id.empty()) {
            pooler.refused = "what it stands in front of is not in these answers, or not which proxy they are about";
            pooler.completes = fmt::format("--map {}=DATABASE, or add aws rds describe-db-proxy-targets", proxy.name);
        }
        pooler.aliases.push_back(std::move(alias));
        if (proxy.percent && *proxy.percent > 0 && *proxy.percent <= 100)
            pooler.max_connections_percent =
                Fact<std::int64_t>{*proxy.percent, {proxy.percent_place, "MaxConnectionsPercent", Truth::running}};
        if (proxy.borrow && *proxy.borrow <= 3600)
            pooler.borrow_timeout_s =
                Fact<std::int64_t>{*proxy.borrow, {proxy.percent_place, "ConnectionBorrowTimeout", Truth::running}};
        estate_.poolers.push_back(std::move(pooler));
    }
}

void Rds::name_replicas() {
    for (const Named& replica : replicas_) {
        const std::size_t slash = replica.id.find('/');
        estate_.mentions.push_back({replica.id, replica.id.substr(slash + 1),
                                    fmt::format("a replica of {} in {}, which is not in the files", replica.primary,
                                                replica.id.substr(4, slash - 4)),
                                    "add the answer of that region", replica.place});
    }
}

}  // namespace rds

bool recognise_rds(std::string_view text) {
    if (!looks_like_json(text)) return false;
    for (const std::string_view key : {"\"DBInstances\"", "\"DBInstanceIdentifier\"", "\"DBClusters\"", "\"DBProxies\"",
                                       "\"TargetGroups\"", "\"ParameterName\"", "\"RdsResourceId\""})
        if (text.find(key) != text.npos) return true;
    return false;
}

void read_rds(std::span<const InFile> files, Mapped& mapped, Estate& estate, Diagnostics& diagnostics) {
    rds::Rds reader(mapped, estate, diagnostics);
    for (const InFile& file : files) reader.read(file);
    reader.finish();
}

}  // namespace poolfit::imports
