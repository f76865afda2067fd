// Servers that no file describes: the names of their hosts tell what and where they are.
#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>
#include <poolfit/platform/platform.hpp>

#include "../facts/url.hpp"
#include "resolver.hpp"

namespace poolfit::imports {
namespace {

class Hosts {
public:
    explicit Hosts(Estate& estate) : estate_(estate) {
        for (std::size_t i = 0; i < estate.servers.size(); ++i)
            for (const std::vector<std::string>* ids : {&estate.servers[i].ids, &estate.servers[i].shared})
                for (const std::string& id : *ids) by_id_.emplace(id, i);
    }

    void add() {
        // The reader endpoint of a cluster leads to a replica of what its other endpoint leads to.
        for (const bool readers : {false, true}) {
            for (const PoolerFact& pooler : estate_.poolers)
                for (const PoolerAlias& alias : pooler.aliases) add(alias.address, readers);
            for (const ServiceFact& service : estate_.services)
                for (const PoolFact& pool : service.pools) add(pool.address, readers);
        }
    }

private:
    void add(const Address& address, bool readers) {
        if (!address.id.empty()) return;
        for (const std::string& host : address.hosts) {
            if (const auto instance = read_connection_name(host); instance && !readers)
                add_cloud_sql(host, *instance, address);
            const auto rds = read_rds_host(host);
            if (!rds || rds->kind == RdsHost::Kind::proxy || (rds->kind == RdsHost::Kind::reader) != readers) continue;
            auto found = by_id_.find(host_id(host));
            if (found == by_id_.end()) found = by_id_.find(rds->id());
            Server& server = found == by_id_.end() ? made(host, *rds, address) : estate_.servers[found->second];
            if (!server.engine && !address.engine.empty()) set_engine(server, *rds, address);
        }
    }

    void add_cloud_sql(const std::string& host, const ConnectionName& instance, const Address& address) {
        const auto found = by_id_.find(host_id(host));
        if (found == by_id_.end()) {
            Server server;
            server.name = load::as_name(instance.name);
            server.provider = "gcp";
            server.ids = {host_id(host)};
            server.identity = lower(host);
            server.from = {address.from.place, std::string(by_host_alone), Truth::declared};
            server.region = Fact<std::string>{std::string(instance.region), server.from};
            by_id_.emplace(host_id(host), estate_.servers.size());
            estate_.servers.push_back(std::move(server));
        }
        Server& server = found == by_id_.end() ? estate_.servers.back() : estate_.servers[found->second];
        if (server.engine || address.engine.empty()) return;
        std::string how = address.engine_by.empty() ? std::string("the URL's scheme") : address.engine_by;
        server.engine = Fact<std::string>{address.engine, {address.from.place, std::move(how), Truth::declared}};
    }

    Server& made(const std::string& host, const RdsHost& rds, const Address& address) {
        Server server;
        server.ids = {host_id(host), rds.id()};
        server.name = load::as_name(rds.name);
        server.provider = "aws";
        server.from = {address.from.place, std::string(by_host_alone), Truth::declared};
        server.region = Fact<std::string>{rds.region, server.from};
        if (rds.kind == RdsHost::Kind::reader) {
            server.name += "-ro";
            RdsHost writer = rds;
            writer.kind = RdsHost::Kind::cluster;
            if (by_id_.contains(writer.id()))
                server.primary =
                    Fact<std::string>{writer.id(), {address.from.place, "a reader endpoint", Truth::declared}};
            estate_.told(
                server.name,
                fmt::format("the reader endpoint of {}: its readers are not in the files, and count as one", rds.name),
                address.from.place, "aws rds describe-db-clusters and describe-db-instances say which");
        }
        for (const std::string& id : server.ids) by_id_.emplace(id, estate_.servers.size());
        return estate_.servers.emplace_back(std::move(server));
    }

    /// An endpoint of a cluster is Aurora's, or a Multi-AZ DB cluster's; never an instance's.
    void set_engine(Server& server, const RdsHost& rds, const Address& address) {
        std::string how = address.engine_by.empty() ? std::string("the URL's scheme") : address.engine_by;
        std::string engine = address.engine;
        if (const std::string aurora = "aurora-" + engine;
            rds.kind != RdsHost::Kind::instance && platform::find(server.provider, aurora) != nullptr) {
            if (!server.primary)
                estate_.told(server.name,
                             "its host is the endpoint of a cluster: taken as Aurora, though a Multi-AZ DB cluster has "
                             "such a host too",
                             address.from.place, fmt::format("--set database.{}.engine={}", server.name, aurora));
            how += ", and its host is a cluster's";
            engine = aurora;
        }
        server.engine = Fact<std::string>{std::move(engine), {address.from.place, std::move(how), Truth::declared}};
    }

    Estate& estate_;
    std::map<std::string, std::size_t> by_id_;
};

}  // namespace

bool is_of_cluster(const Server& server) {
    const auto is_endpoint = [](const std::string& id) {
        return id.starts_with("rds-cluster:") || id.starts_with("rds-reader:");
    };
    return std::ranges::any_of(server.ids, is_endpoint) || std::ranges::any_of(server.shared, is_endpoint);
}

void add_hosts(Estate& estate) { Hosts(estate).add(); }

}  // namespace poolfit::imports
