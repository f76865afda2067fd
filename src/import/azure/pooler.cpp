#include "pooler.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "../facts/wanted.hpp"
#include "../pgbouncer/ini.hpp"

namespace poolfit::imports::azure {
namespace {

constexpr std::string_view prefix = "pgbouncer.";
constexpr int port = 6432;  // Microsoft Learn, PgBouncer in Azure Database for PostgreSQL, 2026-11

}  // namespace

bool BuiltInPoolers::take(const std::string& server, std::string_view name, const Node& value, const From& from,
                          Estate& estate) {
    if (!name.starts_with(prefix)) return false;
    name.remove_prefix(prefix.size());
    Given& given = all_[server];
    const Wanted wanted(
        server.substr(server.rfind('/') + 1), [&from](const Node&) { return from.place; }, estate);
    if (name == "enabled") {
        given.on = wanted.boolean(value, "pgbouncer.enabled").value_or(false);
        given.from = from;
    } else if (name == "max_client_conn") {
        if (const auto number = wanted.number(value, "pgbouncer.max_client_conn", 1, 1'000'000))
            given.max_client_conn = Fact<std::int64_t>{*number, from};
    } else if (name == "default_pool_size" || name == "min_pool_size" || name == "pool_mode") {
        take_pooler_size(name, value.text, from.place, given.sizes, server.substr(server.rfind('/') + 1), estate);
    }
    return true;
}

void BuiltInPoolers::add(Estate& estate) const {
    for (const auto& [id, given] : all_) {
        const auto server = std::ranges::find_if(estate.servers, [&, &wanted = id](const Server& each) {
            return std::ranges::find(each.ids, wanted) != each.ids.end();
        });
        if (!given.on || server == estate.servers.end()) continue;
        PoolerFact pooler;
        pooler.name = server->name + "-pgbouncer";
        pooler.kind = "pgbouncer";
        pooler.built_in = true;
        pooler.from = given.from;
        pooler.sizes = given.sizes;
        pooler.max_client_conn = given.max_client_conn;
        for (MaybeFact<std::int64_t>* each : {&pooler.sizes.pool_size, &pooler.sizes.min_pool_size})
            if (*each) (*each)->from.truth = given.from.truth;
        for (const std::string& each : server->ids)
            if (each.starts_with("host:")) pooler.ids.push_back(fmt::format("{}:{}", each, port));
        if (pooler.ids.empty()) pooler.ids.push_back(fmt::format("{}:{}", id, port));
        PoolerAlias any;
        any.name = "*";
        any.address.id = id;
        any.address.engine = "postgresql";
        any.address.from = given.from;
        pooler.aliases.push_back(std::move(any));
        estate.poolers.push_back(std::move(pooler));
    }
}

}  // namespace poolfit::imports::azure
