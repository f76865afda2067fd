// Databases of other providers than AWS.
#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "../azure/pooler.hpp"
#include "../azure/server.hpp"
#include "../cloudsql/instance.hpp"
#include "readers.hpp"

namespace poolfit::imports::terraform {
namespace {

/// Types that are databases, and not taken.
struct Other {
    std::string_view type, name, why;
};
constexpr std::array<Other, 12> others{{
    {"aws_redshift_cluster", "cluster_identifier", "Redshift"},
    {"aws_docdb_cluster", "cluster_identifier", "DocumentDB"},
    {"aws_neptune_cluster", "cluster_identifier", "Neptune"},
    {"aws_lightsail_database", "relational_database_name", "a database of Lightsail"},
    {"google_alloydb_instance", "instance_id", "AlloyDB"},
    {"google_spanner_instance", "name", "Spanner"},
    {"azurerm_postgresql_server", "name", "a single server, a kind that Azure has retired"},
    {"azurerm_mysql_server", "name", "a single server, a kind that Azure has retired"},
    {"azurerm_mssql_database", "name", "SQL Server"},
    {"azurerm_cosmosdb_postgresql_cluster", "name", "Cosmos DB"},
    {"digitalocean_database_cluster", "name", "a database of DigitalOcean"},
    {"oci_mysql_mysql_db_system", "display_name", "a database of Oracle Cloud"},
}};

const Node& inner(const Node& list) {
    static const Node none;
    return list.is_list() && !list.items.empty() ? *list.items.front().value : none;
}

class Clouds {
public:
    Clouds(const Files& files, Estate& estate) : files_(files), estate_(estate) {}

    void read() {
        for (const Resource& each : files_.all()) {
            if (each.data) {
                if (each.type == "google_sql_database_instance" || each.type.ends_with("sql_flexible_server"))
                    estate_.not_taken(each.address, "a data source: another configuration has it", each.place(),
                                      "import that one's state too");
                continue;
            }
            if (each.type == "google_sql_database_instance") google(each);
            if (each.type == "azurerm_postgresql_flexible_server") azure_server(each, "postgresql");
            if (each.type == "azurerm_mysql_flexible_server") azure_server(each, "mysql");
            const auto other = std::ranges::find(others, each.type, &Other::type);
            if (other != others.end() && !each.deleted)
                estate_.not_taken(name_of(each, other->name),
                                  fmt::format("{}, which poolfit does not read ({})", other->why, each.address),
                                  each.place());
        }
        for (const Resource& each : files_.all())
            if (!each.data && !each.deleted && each.type.ends_with("_flexible_server_configuration"))
                configuration(each);
        poolers_.add(estate_);
        cloudsql::find_primaries(estate_);
    }

private:
    void google(const Resource& resource) {
        const Node& settings = inner(resource["settings"]);
        cloudsql::Instance found;
        const auto own = [&](std::string_view key) { return cloudsql::Value{&resource[key], key}; };
        const auto setting = [&](std::string_view key) { return cloudsql::Value{&settings[key], key}; };
        found.name = own("name");
        found.project = own("project");
        found.connection = own("connection_name");
        found.version = own("database_version");
        found.region = own("region");
        found.tier = setting("tier");
        found.availability = setting("availability_type");
        found.primary = own("master_instance_name");
        found.flags = setting("database_flags");
        found.pooling = {&inner(settings["connection_pool_config"])["connection_pooling_enabled"],
                         "connection_pooling_enabled"};
        found.disk_type = setting("disk_type");
        found.disk_size = setting("disk_size");
        found.disk_most = setting("disk_autoresize_limit");
        found.iops = setting("data_disk_provisioned_iops");
        found.throughput = setting("data_disk_provisioned_throughput");
        found.addresses = own("ip_address");
        found.at = [&resource](const Node& node) { return resource.at(node); };
        found.place = resource.place();
        found.truth = resource.truth;
        Server server = cloudsql::server_of(found, estate_);
        server.name = name_of(resource, "name");
        server.from.how = resource.address;
        if (!server.region && !resource.provider_region.empty())
            server.region = resource.fact(resource.provider_region, *resource.values, "the provider's configuration");
        tell_actions(resource, server, estate_);
        if (!resource.deleted) {
            list_unknown(resource, server, "database_version", "version", estate_);
            list_unknown(resource, server, "region", "region", estate_);
            tell_change(resource, server, "database_version", "version", estate_);
            if (resource.today != nullptr)
                tell_tier(inner((*resource.today)["settings"])["tier"], settings["tier"], resource, server);
            if (resource.is_unknown("master_instance_name"))
                if (const Resource* primary =
                        files_.referred(resource, "master_instance_name", "google_sql_database_instance");
                    primary != nullptr && !(*primary)["name"].name().empty())
                    server.primary = resource.fact((*primary)["name"].name(), *resource.values,
                                                   "master_instance_name, by its reference");
        }
        estate_.servers.push_back(std::move(server));
    }

    void tell_tier(const Node& now, const Node& then, const Resource& resource, Server& server) {
        if (now.name().empty() || then.name().empty() || now.name() == then.name()) return;
        std::string text = fmt::format("class is {} today, and {} in the plan", now.name(), then.name());
        estate_.told(server.name, text, resource.at(then),
                     fmt::format("--set database.{}.class={}", server.name, now.name()));
        server.changes.push_back({"class", then.name(), std::move(text)});
    }

    void azure_server(const Resource& resource, std::string_view engine) {
        azure::FlexibleServer found;
        found.engine = engine;
        const auto own = [&](std::string_view key) { return azure::Value{&resource[key], key}; };
        const Node& standby = inner(resource["high_availability"]);
        const Node& storage = inner(resource["storage"]);  // of MySQL
        found.id = own("id");
        found.name = own("name");
        found.version = own("version");
        found.location = own("location");
        found.sku = own("sku_name");
        // Without the block there is no standby.
        found.standby = {standby.is_map() ? &standby["mode"] : &resource["high_availability"], "high_availability"};
        found.primary = own("source_server_id");
        found.host = own("fqdn");
        found.disk_mib = own("storage_mb");
        found.disk_gib = {&storage["size_gb"], "storage.size_gb"};
        found.at = [&resource](const Node& node) { return resource.at(node); };
        found.place = resource.place();
        found.truth = resource.truth;
        Server server = azure::server_of(found, estate_);
        server.name = name_of(resource, "name");
        server.from.how = resource.address;
        tell_actions(resource, server, estate_);
        if (!resource.deleted) {
            tell_change(resource, server, "sku_name", "class", estate_);
            tell_change(resource, server, "version", "version", estate_);
            list_unknown(resource, server, "sku_name", "class", estate_);
            list_unknown(resource, server, "version", "version", estate_);
            if (resource.is_unknown("source_server_id"))
                if (const auto primary = index_.find(files_.referred(resource, "source_server_id", resource.type));
                    primary != index_.end())
                    server.primary = resource.fact(estate_.servers[primary->second].ids.front(), *resource.values,
                                                   "source_server_id, by its reference");
        }
        index_.emplace(&resource, estate_.servers.size());
        estate_.servers.push_back(std::move(server));
    }

    void configuration(const Resource& resource) {
        const std::string parameter = resource["name"].name();
        const std::string type = resource.type.substr(0, resource.type.rfind("_configuration"));
        const std::string id = azure::id_of(resource["server_id"]), name = resource["server_name"].name();
        bool known = false;
        for (const auto& [server, at] : index_) {
            Server& found = estate_.servers[at];
            const bool same = !id.empty()     ? found.ids.front() == id
                              : !name.empty() ? (*server)["name"].name() == name
                                              : files_.referred(resource, "server_id", type) == server;
            if (!same || server->type != type) continue;
            known = true;
            const From from{resource.at(resource["value"]), resource.address, resource.truth};
            if (poolers_.take(found.ids.front(), parameter, resource["value"], from, estate_)) continue;
            if (parameter != "max_connections") continue;
            if (const auto number = resource.wanted(found.name, estate_)
                                        .number(resource["value"], parameter, 1, 1'000'000,
                                                set_flag("database", found.name, "max_connections", "N")))
                found.max_connections = resource.fact(*number, resource["value"], resource.address);
        }
        if (!known && parameter == "max_connections")
            estate_.not_taken(parameter, fmt::format("its server is not in the files ({})", resource.address),
                              resource.at(resource["value"]), "add the state that has it");
    }

    const Files& files_;
    Estate& estate_;
    std::map<const Resource*, std::size_t> index_;
    azure::BuiltInPoolers poolers_;
};

}  // namespace

void read_clouds(const Files& files, Estate& estate) { Clouds(files, estate).read(); }

}  // namespace poolfit::imports::terraform
