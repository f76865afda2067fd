#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>

#include "../aws/engines.hpp"
#include "../facts/limit_formula.hpp"
#include "../facts/url.hpp"
#include "../rds/reader.hpp"
#include "readers.hpp"

namespace poolfit::imports::terraform {
namespace {

class Aws {
public:
    Aws(const Files& files, Estate& estate) : files_(files), estate_(estate) {}

    void read() {
        for (const Resource& each : files_.all()) {
            if (each.data) {
                if (each.type == "aws_db_instance" || each.type == "aws_rds_cluster")
                    estate_.not_taken(each.address, "a data source: another configuration has it", each.place(),
                                      "import that one's state too");
                continue;
            }
            if (each.type == "aws_db_instance") instance(each);
            if (each.type == "aws_rds_cluster") clusters_.emplace(cluster_name(each), Cluster{&each, {}});
            if (each.type == "aws_appautoscaling_target") autoscaling(each);
        }
        for (const Resource& each : files_.all())
            if (!each.data && each.type == "aws_rds_cluster_instance") cluster_instance(each);
        for (auto& [name, cluster] : clusters_) join(name, cluster);
        inherit_engines();
    }

private:
    struct Cluster {
        const Resource* resource = nullptr;
        std::vector<std::pair<std::size_t, const Resource*>> members;  ///< servers of the estate
    };

    static std::string cluster_name(const Resource& cluster) {
        std::string name = lower(cluster["cluster_identifier"].name());
        return name.empty() ? lower(cluster.address) : name;
    }

    void set_engine(const Resource& resource, Server& server, std::string_view attribute) {
        const Node& engine = resource[attribute];
        const std::string word = engine.name();
        if (word.empty()) return;
        const Platform* const platform = aws::by_word(word);
        server.engine =
            resource.fact(platform != nullptr ? std::string(platform->engine) : word, engine, std::string(attribute));
        if (platform == nullptr && server.refused.empty())
            server.refused = fmt::format("{} is no engine that poolfit knows", word);
    }

    void set_version(const Resource& resource, Server& server) {
        for (const std::string_view key : {"engine_version_actual", "engine_version"})
            if (!server.version) server.version = resource.word(key);
    }

    Server server_of(const Resource& resource) {
        Server server;
        // The id of a cluster's instance is its identifier; that of another instance is not.
        const bool by_id = resource.type == "aws_rds_cluster_instance" && resource["identifier"].name().empty();
        const std::string_view own = by_id ? "id" : "identifier";
        server.name = name_of(resource, own);
        server.provider = "aws";
        server.from = {resource.place(), resource.address, resource.truth};
        server.region = region_of(resource);
        const std::string identifier = lower(resource[own].name());
        if (!identifier.empty())
            server.ids.push_back(fmt::format("rds:{}/{}", server.region ? server.region->value : "", identifier));
        return server;
    }

    /// The only cluster of the module that an instance is in, where the file does not say of which it is.
    std::string cluster_beside(const Resource& instance) const {
        std::string name;
        for (const auto& [key, cluster] : clusters_) {
            if (cluster.resource == nullptr || cluster.resource->module != instance.module) continue;
            if (!name.empty()) return {};
            name = key;
        }
        return name;
    }

    void instance(const Resource& resource) {
        Server server = server_of(resource);
        if (const std::string host = without_port(resource["address"]); !host.empty())
            server.ids.push_back(host_id(host));
        tell_actions(resource, server, estate_);
        set_engine(resource, server, "engine");
        set_version(resource, server);
        server.cls = resource.word("instance_class");
        if (const auto yes =
                resource.wanted(server.name, estate_)
                    .boolean(resource["multi_az"], "multi_az", set_flag("database", server.name, "multi_az", "true")))
            server.multi_az = resource.fact(*yes, resource["multi_az"], "multi_az");
        volume(resource, server);
        replication(resource, server);
        if (!resource.deleted) {
            tell_change(resource, server, "instance_class", "class", estate_);
            tell_change(resource, server, "engine_version", "version", estate_);
            tell_change(resource, server, "multi_az", "multi_az", estate_);
            list_unknown(resource, server, "engine_version", "version", estate_);
            list_unknown(resource, server, "instance_class", "class", estate_);
            list_unknown(resource, server, "multi_az", "multi_az", estate_);
            limit(resource, server, "parameter_group_name", "aws_db_parameter_group");
        }
        estate_.servers.push_back(std::move(server));
    }

    void volume(const Resource& resource, Server& server) {
        server.volume.type = resource.word("storage_type");
        const Wanted wanted = resource.wanted(server.name, estate_);
        const auto take = [&](std::string_view key, MaybeFact<std::int64_t>& into, const std::string& completes) {
            if (const auto found = wanted.amount(resource[key], key, completes))
                into = resource.fact(*found, resource[key], std::string(key));
        };
        take("allocated_storage", server.volume.size_gib, storage_line("size", "\"N GiB\""));
        take("max_allocated_storage", server.volume.max_size_gib, storage_line("max_size", "\"N GiB\""));
        take("iops", server.volume.iops, storage_line("iops", "N"));
        take("storage_throughput", server.volume.mibps, storage_line("throughput", "\"N MiB/s\""));
    }

    void replication(const Resource& resource, Server& server) {
        const std::string home = server.region ? server.region->value : std::string();
        const Node& source = resource["replicate_source_db"];
        std::string primary = source.name();
        if (primary.starts_with("arn:"))
            server.primary = resource.fact(
                fmt::format("rds:{}/{}", rds::part_of_arn(primary, 3), lower(primary.substr(primary.rfind(':') + 1))),
                source, "replicate_source_db");
        else if (!primary.empty())
            server.primary =
                resource.fact(fmt::format("rds:{}/{}", home, lower(primary)), source, "replicate_source_db");
        else if (resource.is_unknown("replicate_source_db"))
            if (const Resource* referred = files_.referred(resource, "replicate_source_db", "aws_db_instance");
                referred != nullptr && referred != &resource && !(*referred)["identifier"].name().empty())
                server.primary = resource.fact(fmt::format("rds:{}/{}", home, lower((*referred)["identifier"].name())),
                                               *resource.values, "replicate_source_db, by its reference");
        for (const Node::Item& replica : resource["replicas"].items) {
            const std::string name = replica.value->name();
            if (name.empty() || resource.truth != Truth::running) continue;
            estate_.mentions.push_back({fmt::format("rds:{}/{}", home, lower(name)), name,
                                        fmt::format("a replica of {}, which is not in the files", server.name),
                                        "add the state that has it", resource.at(*replica.value)});
        }
    }

    /// max_connections of the parameter group that the server has.
    void limit(const Resource& resource, Server& server, std::string_view attribute, std::string_view type) {
        const std::string name = resource[attribute].name();
        const Resource* group = nullptr;
        for (const Resource& each : files_.all())
            if (!name.empty() && !each.data && each.type == type && each["name"].name() == name) group = &each;
        if (name.empty()) group = files_.referred(resource, attribute, type);
        if (group == nullptr) {
            if (name.empty() && resource.is_unknown(attribute))
                estate_.not_taken(server.name, fmt::format("max_connections: {} is not known until apply", attribute),
                                  resource.place(), fmt::format("--set database.{}.max_connections=N", server.name));
            return;
        }
        for (const Node::Item& item : (*group)["parameter"].items) {
            if (!(*item.value)["name"].text.is_like("max_connections")) continue;
            const Node& value = (*item.value)["value"];
            const std::string how = fmt::format("max_connections of {}", name.empty() ? group->address : name);
            if (const auto number = value.number()) {
                if (*number > 0)
                    server.max_connections = group->fact(*number, value, how);
                else
                    group->wanted(server.name, estate_)
                        .refuse(value, how, "is 0", set_flag("database", server.name, "max_connections", "N"));
            } else {
                server.limit_formula = group->fact(plain_formula(value.text), value, how);
            }
        }
    }

    void cluster_instance(const Resource& resource) {
        std::string name = lower(resource["cluster_identifier"].name());
        if (name.empty())
            if (const Resource* referred = files_.referred(resource, "cluster_identifier", "aws_rds_cluster"))
                name = cluster_name(*referred);
        if (name.empty()) name = cluster_beside(resource);
        const auto found = clusters_.find(name);
        const Resource* const cluster = found == clusters_.end() ? nullptr : found->second.resource;
        Server server = server_of(resource);
        if (const std::string host = without_port(resource["endpoint"]); !host.empty())
            server.ids.push_back(host_id(host));
        tell_actions(resource, server, estate_);
        set_engine(resource, server, "engine");
        set_version(resource, server);
        if (cluster != nullptr) {
            if (!server.engine) set_engine(*cluster, server, "engine");
            if (!server.version) set_version(*cluster, server);
            if (!server.region) server.region = region_of(*cluster);
        }
        server.cls = resource.word("instance_class");
        if (!resource.deleted) {
            tell_change(resource, server, "instance_class", "class", estate_);
            list_unknown(resource, server, "instance_class", "class", estate_);
            if (!server.version)
                list_unknown(cluster == nullptr ? resource : *cluster, server, "engine_version", "version", estate_);
            limit(resource, server, "db_parameter_group_name", "aws_db_parameter_group");
            if (!server.max_connections && cluster != nullptr)
                limit(*cluster, server, "db_cluster_parameter_group_name", "aws_rds_cluster_parameter_group");
        }
        if (cluster != nullptr && server.cls && server.cls->value == "db.serverless") capacity(*cluster, server);
        // Once, where two files have it.
        auto& members = clusters_[name].members;
        const bool known = !server.ids.empty() && std::ranges::any_of(members, [&](const auto& member) {
            const Server& other = estate_.servers[member.first];
            return !other.ids.empty() && other.ids.front() == server.ids.front();
        });
        if (!resource.deleted && !known) members.emplace_back(estate_.servers.size(), &resource);
        estate_.servers.push_back(std::move(server));
    }

    void capacity(const Resource& cluster, Server& server) {
        const Node& list = cluster["serverlessv2_scaling_configuration"];
        if (!list.is_list() || list.items.empty()) return;
        const Node& scaling = *list.items.front().value;
        const Wanted wanted = cluster.wanted(server.name, estate_);
        const auto least = wanted.decimal(scaling["min_capacity"], "min_capacity",
                                          set_flag("database", server.name, "acu_min", "N")),
                   most = wanted.decimal(scaling["max_capacity"], "max_capacity",
                                         set_flag("database", server.name, "acu_max", "N"));
        if (!least || !most) return;
        server.acu_min = cluster.fact(*least, scaling["min_capacity"], "min_capacity");
        server.acu_max = cluster.fact(*most, scaling["max_capacity"], "max_capacity");
    }

    /// The writer of a cluster is the primary of its readers. A state says which it is; a plan cannot.
    void join(const std::string& name, Cluster& cluster) {
        if (cluster.members.empty()) {
            if (cluster.resource == nullptr) return;
            const Resource& resource = *cluster.resource;
            const std::string own = name_of(resource, "cluster_identifier");
            const bool multi = !resource["db_cluster_instance_class"].name().empty();
            estate_.not_taken(own,
                              resource.deleted ? fmt::format("the plan deletes {}", resource.address)
                              : multi          ? "a Multi-AZ DB cluster"
                              : resource["engine_mode"].text.is("serverless")
                                  ? "Aurora Serverless v1, which has no instances and which AWS has retired"
                                  : "a cluster without an instance in the file",
                              resource.place(), multi ? "describe its instances as one [[database]] by hand" : "");
            return;
        }
        std::size_t writer = 0;
        bool said = cluster.members.size() == 1;
        for (std::size_t i = 0; i < cluster.members.size(); ++i)
            if ((*cluster.members[i].second)["writer"].text.boolean().value_or(false)) {
                writer = i;
                said = true;
            }
        if (!said) {
            constexpr std::int64_t last = 15;
            std::vector<std::int64_t> tiers;
            for (const auto& [server, resource] : cluster.members)
                tiers.push_back(resource->wanted(estate_.servers[server].name, estate_)
                                    .number((*resource)["promotion_tier"], "promotion_tier", 0, last)
                                    .value_or((*resource)["promotion_tier"].kind == Node::Kind::none ? 0 : last));
            for (std::size_t i = 1; i < cluster.members.size(); ++i)
                if (tiers[i] < tiers[writer]) writer = i;
            const Server& taken = estate_.servers[cluster.members[writer].first];
            estate_.told(taken.name, "taken as the writer of its cluster, by its promotion_tier: the file does not say",
                         taken.from.place, "aws rds describe-db-clusters says which instance writes");
        }
        std::string region;
        Server& first = estate_.servers[cluster.members[writer].first];
        if (first.region) region = first.region->value;
        if (first.ids.empty()) first.ids.push_back("terraform:" + cluster.members[writer].second->address);
        const auto endpoint = [&](std::string_view key, Server& server) {
            if (cluster.resource == nullptr) return;
            if (const std::string host = without_port((*cluster.resource)[key]); !host.empty())
                server.ids.push_back(host_id(host));
        };
        first.ids.push_back(fmt::format("rds-cluster:{}/{}", region, name));
        endpoint("endpoint", first);
        if (cluster.resource != nullptr)
            if (auto type = cluster.resource->word("storage_type")) first.volume.type = std::move(type);
        const std::string readers = fmt::format("rds-reader:{}/{}", region, name);
        if (cluster.members.size() <= 2) {
            Server& reader = estate_.servers[cluster.members[cluster.members.size() == 1 ? writer : 1 - writer].first];
            reader.ids.push_back(readers);
            endpoint("reader_endpoint", reader);
        }
        for (std::size_t i = 0; i < cluster.members.size(); ++i) {
            if (i == writer) continue;
            if (cluster.members.size() > 2) estate_.servers[cluster.members[i].first].shared.push_back(readers);
            const Resource& resource = *cluster.members[i].second;
            estate_.servers[cluster.members[i].first].primary =
                resource.fact(estate_.servers[cluster.members[writer].first].ids.front(),
                              resource["cluster_identifier"], "cluster_identifier");
        }
    }

    /// A replica's engine is its primary's.
    void inherit_engines() {
        for (Server& server : estate_.servers) {
            if (server.engine || !server.primary) continue;
            for (const Server& primary : estate_.servers)
                if (primary.engine && std::ranges::find(primary.ids, server.primary->value) != primary.ids.end()) {
                    server.engine = Fact<std::string>{
                        primary.engine->value,
                        {server.primary->from.place, fmt::format("that of {}", primary.name), server.from.truth}};
                    break;
                }
        }
    }

    void autoscaling(const Resource& resource) {
        if (!resource["scalable_dimension"].text.is("rds:cluster:ReadReplicaCount") || resource.deleted) return;
        std::string cluster = resource["resource_id"].name();
        cluster = cluster.substr(cluster.find(':') + 1);
        const auto least = resource["min_capacity"].number(), most = resource["max_capacity"].number();
        estate_.not_taken(cluster.empty() ? resource.address : cluster,
                          fmt::format("readers scale{}: only those in the file are taken",
                                      least && most ? fmt::format(" from {} to {}", *least, *most) : std::string()),
                          resource.place(), {});
    }

    const Files& files_;
    Estate& estate_;
    std::map<std::string, Cluster> clusters_;
};

}  // namespace

void read_aws(const Files& files, Estate& estate) { Aws(files, estate).read(); }

}  // namespace poolfit::imports::terraform
