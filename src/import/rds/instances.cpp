// Instances: what each is, and which others it goes with.
#include "reader.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>

#include "../aws/engines.hpp"

namespace poolfit::imports::rds {

void Rds::instance(const Node& node) {
    const std::string identifier = node.like("DBInstanceIdentifier").name();
    const std::string name = load::as_name(identifier);
    if (name.empty()) {
        estate_.not_taken("instance", "it has no DBInstanceIdentifier", at(node));
        return;
    }
    Server server;
    server.name = name;
    server.provider = "aws";
    server.from = {at(node.like("DBInstanceIdentifier")), "DBInstanceIdentifier", Truth::running};
    const Node& arn = node.like("DBInstanceArn");
    std::string region(part_of_arn(arn.text.opened(), 3));
    const Node* region_node = &arn;
    if (const Node& zone = node.like("AvailabilityZone"); region.empty() && !zone.name().empty()) {
        region = aws::region_of_zone(zone.name());
        region_node = &zone;
    }
    if (Sealed(region).name().empty()) region.clear();
    server.region = some(fact(region, *region_node, region_node == &arn ? "the ARN" : "AvailabilityZone"));
    server.ids.push_back(fmt::format("rds:{}/{}", region, lower(identifier)));
    if (const std::string whole = arn.name(); whole.starts_with("arn:")) server.identity = lower(whole);
    if (const std::string host = node.like("Endpoint").like("Address").text.host(); !host.empty())
        server.ids.push_back("host:" + lower(host));
    // What Performance Insights calls it.
    if (const std::string resource = node.like("DbiResourceId").name(); !resource.empty())
        server.ids.push_back("resource:" + lower(resource));

    const Node& engine = node.like("Engine");
    const std::string word = engine.name();
    const Platform* const platform = aws::by_word(word);
    server.engine = some(fact(platform != nullptr ? std::string(platform->engine) : word, engine, "Engine"));
    server.version = some(fact(node.like("EngineVersion").name(), node.like("EngineVersion"), "EngineVersion"));
    const Node& cls = node.like("DBInstanceClass");
    server.cls = some(fact(cls.name(), cls, "DBInstanceClass"));
    const Node& multi = node.like("MultiAZ");
    if (platform == nullptr || !platform->cluster)
        if (const auto yes = wanted(name).boolean(multi, "MultiAZ", set_flag("database", name, "multi_az", "true")))
            server.multi_az = fact(*yes, multi, "MultiAZ");
    status(node, server);
    pending(node, server);
    replication(node, server, region);
    groups(node, server);
    storage(node, server);
    const std::string cluster = node.like("DBClusterIdentifier").name();
    if (!cluster.empty()) {
        cluster_of_[estate_.servers.size()] = lower(cluster);
        if (platform != nullptr && !platform->cluster) {
            server.refused = fmt::format("an instance of the Multi-AZ DB cluster {}", cluster);
            server.completes = "describe the three as one [[database]] by hand";
        }
    }
    if (server.engine && platform == nullptr && server.refused.empty())
        server.refused = fmt::format("{} is no engine that poolfit knows", word);
    estate_.servers.push_back(std::move(server));
}

void Rds::status(const Node& node, Server& server) {
    const Node& status = node.like("DBInstanceStatus");
    const std::string word = status.name();
    if (word == "deleting") {
        server.refused = "it is being deleted";
        if (const Node& features = node.like("ProcessorFeatures"); !features.items.empty())
            server.refused += ", and ProcessorFeatures leave it fewer vCPUs than its class has";
    } else if (const Node& features = node.like("ProcessorFeatures"); !features.items.empty()) {
        estate_.told(server.name, "ProcessorFeatures leave it fewer vCPUs than its class has", at(features));
    }
    if (word == "creating") estate_.told(server.name, "it is being created", at(status));
    if (word == "stopped" || word == "stopping") estate_.told(server.name, "it is stopped", at(status));
}

void Rds::pending(const Node& node, Server& server) {
    const Node& pending = node.like("PendingModifiedValues");
    const Node& cls = pending.like("DBInstanceClass");
    if (!cls.name().empty()) {
        server.changes.push_back({"class", cls.name(), fmt::format("{} is pending", cls.name())});
        estate_.told(server.name, server.changes.back().text, at(cls),
                     fmt::format("--set database.{}.class={}", server.name, cls.name()));
    }
    const auto tell = [&](std::string_view key, std::string_view name, std::string_view shown, std::string value) {
        if (!value.empty())
            estate_.told(server.name, fmt::format("{} {} is pending", shown, value), at(pending.like(key)),
                         name.empty() ? std::string() : set_flag("database", server.name, name, value));
    };
    if (const auto yes = wanted(server.name).boolean(pending.like("MultiAZ"), "MultiAZ"))
        tell("MultiAZ", "multi_az", "multi_az", *yes ? "true" : "false");
    tell("StorageType", {}, "storage type", pending.like("StorageType").name());
    for (const auto& [key, shown] : {std::pair("AllocatedStorage", "storage in GiB:"), std::pair("Iops", "IOPS:"),
                                     std::pair("StorageThroughput", "throughput in MiB/s:")})
        if (const auto number = wanted(server.name).amount(pending.like(key), key))
            tell(key, {}, shown, fmt::format("{}", *number));
    const Node& version = pending.like("EngineVersion");
    if (!version.name().empty()) {
        server.changes.push_back({"version", version.name(), fmt::format("version {} is pending", version.name())});
        estate_.told(server.name, server.changes.back().text, at(version));
    }
}

void Rds::replication(const Node& node, Server& server, const std::string& region) {
    const Node& source = node.like("ReadReplicaSourceDBInstanceIdentifier");
    std::string primary = source.name();
    std::string home = region;
    if (primary.starts_with("arn:")) {
        home = part_of_arn(primary, 3);
        primary = primary.substr(primary.rfind(':') + 1);
    }
    if (!primary.empty())
        server.primary =
            fact(fmt::format("rds:{}/{}", home, lower(primary)), source, "ReadReplicaSourceDBInstanceIdentifier");
    if (const Node& cluster = node.like("ReadReplicaSourceDBClusterIdentifier");
        primary.empty() && !cluster.text.empty())
        estate_.told(server.name, "it replicates a cluster: it is taken as a database of its own", at(cluster));
    for (const Node::Item& info : node.like("StatusInfos").items) {
        const auto normal = info.value->like("Normal").text.boolean();
        if (normal && !*normal)
            estate_.told(server.name, "it does not replicate: its status is an error", at(*info.value));
    }
    for (const Node::Item& replica : node.like("ReadReplicaDBInstanceIdentifiers").items) {
        const std::string given = replica.value->name();
        if (given.empty()) continue;
        const bool far = given.starts_with("arn:");
        const std::string id = fmt::format("rds:{}/{}", far ? std::string(part_of_arn(given, 3)) : region,
                                           lower(far ? given.substr(given.rfind(':') + 1) : given));
        replicas_.push_back({id, server.name, at(*replica.value)});
    }
}

void Rds::groups(const Node& node, Server& server) {
    for (const Node::Item& group : node.like("DBParameterGroups").items) {
        const Node& name = group.value->like("DBParameterGroupName");
        if (name.name().empty()) continue;
        groups_.emplace_back(name.name(), server.name, estate_.servers.size());
        if (group.value->like("ParameterApplyStatus").text.is("pending-reboot"))
            estate_.told(server.name, fmt::format("changes of parameter group {} wait for a restart", name.name()),
                         at(*group.value));
    }
}

/// Whole: resolve/write.cpp leaves out what a volume gives without being asked.
void Rds::storage(const Node& node, Server& server) {
    const Node& type = node.like("StorageType");
    server.volume.type = some(fact(type.name(), type, "StorageType"));
    const Wanted asked = wanted(server.name);
    const auto take = [&](std::string_view key, MaybeFact<std::int64_t>& into, const std::string& completes) {
        const Node& value = node.like(key);
        if (const auto number = asked.amount(value, key, completes)) into = fact(*number, value, std::string(key));
    };
    take("AllocatedStorage", server.volume.size_gib, storage_line("size", "\"N GiB\""));
    take("MaxAllocatedStorage", server.volume.max_size_gib, storage_line("max_size", "\"N GiB\""));
    take("Iops", server.volume.iops, storage_line("iops", "N"));
    take("StorageThroughput", server.volume.mibps, storage_line("throughput", "\"N MiB/s\""));
}

}  // namespace poolfit::imports::rds
