#include <string_view>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "../facts/url.hpp"
#include "readers.hpp"

namespace poolfit::imports::terraform {
namespace {

class Proxies {
public:
    Proxies(const Files& files, Estate& estate) : files_(files), estate_(estate) {}

    void read() {
        for (const Resource& each : files_.all())
            if (!each.data && each.type == "aws_db_proxy") proxy(each);
    }

private:
    /// The resource of a proxy's own: which names it, or refers to it.
    const Resource* of_proxy(const Resource& proxy, std::string_view type) const {
        for (const Resource& each : files_.all()) {
            if (each.data || each.deleted || each.type != type) continue;
            const std::string name = each["db_proxy_name"].name();
            if (name.empty() ? files_.referred(each, "db_proxy_name", "aws_db_proxy") == &proxy
                             : name == proxy["name"].name())
                return &each;
        }
        return nullptr;
    }

    void proxy(const Resource& resource) {
        PoolerFact pooler;
        pooler.name = name_of(resource, "name");
        pooler.kind = "rds-proxy";
        pooler.from = {resource.place(), resource.address, resource.truth};
        const auto home = region_of(resource);
        const std::string region = home ? home->value : std::string();
        pooler.ids.push_back(fmt::format("rds-proxy:{}/{}", region, lower(pooler.name)));
        if (const std::string host = without_port(resource["endpoint"]); !host.empty())
            pooler.ids.push_back(host_id(host));
        PoolerAlias alias;
        alias.name = "*";
        alias.address.from = pooler.from;
        if (const Resource* target = of_proxy(resource, "aws_db_proxy_target")) {
            for (const auto& [key, id, type] :
                 {std::tuple("db_instance_identifier", "rds", "aws_db_instance"),
                  std::tuple("db_cluster_identifier", "rds-cluster", "aws_rds_cluster")}) {
                std::string name = lower((*target)[key].name());
                if (name.empty() && target->is_unknown(key))
                    if (const Resource* referred = files_.referred(*target, key, type))
                        name = lower((*referred)[std::string_view(type) == "aws_db_instance" ? "identifier"
                                                                                             : "cluster_identifier"]
                                         .name());
                if (name.empty()) continue;
                alias.address.id = fmt::format("{}:{}/{}", id, region, name);
                alias.address.from = {target->place(), target->address, target->truth};
            }
        }
        if (resource.deleted) {
            pooler.refused = fmt::format("the plan deletes {}", resource.address);
        } else if (alias.address.id.empty()) {
            pooler.refused = "what it stands in front of is not in the files, or not known until apply";
            pooler.completes = "add aws rds describe-db-proxies and describe-db-proxy-targets";
        }
        pooler.aliases.push_back(std::move(alias));
        if (const Resource* group = of_proxy(resource, "aws_db_proxy_default_target_group"))
            if (const Node& list = (*group)["connection_pool_config"]; list.is_list() && !list.items.empty()) {
                const Node& config = *list.items.front().value;
                const Wanted wanted = group->wanted(pooler.name, estate_);
                if (const auto percent =
                        wanted.number(config["max_connections_percent"], "max_connections_percent", 1, 100,
                                      set_flag("pooler", pooler.name, "max_connections_percent", "N%")))
                    pooler.max_connections_percent =
                        group->fact(*percent, config["max_connections_percent"], "max_connections_percent");
                if (const auto borrow = wanted.number(config["connection_borrow_timeout"], "connection_borrow_timeout",
                                                      0, 3600, set_flag("pooler", pooler.name, "borrow_timeout", "Ns")))
                    pooler.borrow_timeout_s =
                        group->fact(*borrow, config["connection_borrow_timeout"], "connection_borrow_timeout");
            }
        estate_.poolers.push_back(std::move(pooler));
    }

    const Files& files_;
    Estate& estate_;
};

}  // namespace

void read_proxies(const Files& files, Estate& estate) { Proxies(files, estate).read(); }

}  // namespace poolfit::imports::terraform
