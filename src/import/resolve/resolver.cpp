#include "resolver.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>
#include <poolfit/model/command.hpp>
#include <poolfit/platform/platform.hpp>

#include "../facts/url.hpp"

namespace poolfit::imports {
namespace {

std::string map_flag(const std::string& theirs, std::string_view ours = "DATABASE") {
    return fmt::format("--map {}", model::in_shell(fmt::format("{}={}", theirs, ours)));
}

class Resolver {
public:
    Resolver(Estate& estate, const ImportOptions& options, const Refused& refused, Mapped& mapped, Settings& settings,
             const Catalog& catalog, std::vector<Note>& notes)
        : estate_(estate),
          options_(options),
          refused_(refused),
          mapped_(mapped),
          settings_(settings),
          catalog_(catalog),
          notes_(notes),
          taken_(estate.servers.size(), false) {
        for (std::size_t i = 0; i < estate.servers.size(); ++i)
            for (const std::string& id : estate.servers[i].ids) server_ids_[id].push_back(i);
        // What one file knows to be a server's own is not what another takes to be of several.
        std::map<std::string, std::vector<std::size_t>> shared;
        for (std::size_t i = 0; i < estate.servers.size(); ++i)
            for (const std::string& id : estate.servers[i].shared) shared[id].push_back(i);
        server_ids_.merge(shared);
        for (const PoolerFact& pooler : estate.poolers)
            for (const std::string& id : pooler.ids) pooler_ids_.emplace(id, &pooler);
    }

    Resolved resolve() {
        servers();
        poolers();
        for (const ServiceFact& service : estate_.services) services(service);
        // A note that asks for what is given is done.
        std::erase_if(notes_, [&](const Note& note) { return settings_.gives(note.completes); });
        return std::move(out_);
    }

private:
    void not_taken(const std::string& subject, std::string text, const Place& place, std::string completes) {
        notes_.push_back({Note::Kind::not_taken, subject, std::move(text), std::move(completes), place});
    }
    void told(const std::string& subject, std::string text, const Place& place, std::string completes = {}) {
        notes_.push_back({Note::Kind::told, subject, std::move(text), std::move(completes), place});
    }
    /// What the inventory's checks said of a record, if they refused it.
    bool is_refused(const std::string& record, const std::string& name, const Place& place) {
        const auto found = refused_.find(record);
        if (found == refused_.end()) return false;
        const auto& [why, key, value] = found->second;
        not_taken(name, why, place, key.empty() ? std::string() : fmt::format("--set {}.{}={}", record, key, value));
        return true;
    }

    std::size_t server_of(const std::string& id) const {
        const auto found = server_ids_.find(id);
        return found == server_ids_.end() || found->second.size() > 1 ? estate_.servers.size() : found->second.front();
    }
    /// Of several of one name that of the same account: "111122223333" of an ARN, the project of a connection name.
    std::size_t server_of(const std::string& id, const Server& near) const {
        const auto found = server_ids_.find(id);
        if (found == server_ids_.end() || found->second.size() == 1 || near.identity.empty()) return server_of(id);
        const auto account = [](const std::string& identity) {
            std::size_t colon = 0;
            const int before = identity.starts_with("arn:") ? 4 : 0;
            for (int i = 0; i < before && colon != identity.npos; ++i) colon = identity.find(':', colon + 1);
            if (colon == identity.npos) return std::string();
            const std::size_t begin = before == 0 ? 0 : colon + 1;
            return identity.substr(begin, identity.find(':', begin) - begin);
        };
        for (const std::size_t each : found->second)
            if (account(estate_.servers[each].identity) == account(near.identity)) return each;
        return estate_.servers.size();
    }

    void servers() {
        std::vector<bool> good(estate_.servers.size());
        for (std::size_t i = 0; i < estate_.servers.size(); ++i) {
            const Server& server = estate_.servers[i];
            out_.records.push_back("database." + server.name);
            if (is_refused(out_.records.back(), server.name, server.from.place)) continue;
            auto [why, completes] = objection(server, options_, settings_);
            good[i] = why.empty();
            if (!why.empty()) not_taken(server.name, std::move(why), server.from.place, std::move(completes));
        }
        std::vector<TakenServer> primaries, all;
        for (std::size_t i = 0; i < estate_.servers.size(); ++i) {
            if (!good[i]) continue;
            const Server& server = estate_.servers[i];
            TakenServer taken{&server, {}, true, false};
            if (const auto found = refused_.find(fmt::format("database.{}.storage", server.name));
                found != refused_.end()) {
                taken.volume = false;
                not_taken(server.name, fmt::format("its storage: {}", found->second.why),
                          server.volume.type ? server.volume.type->from.place : server.from.place, {});
            }
            if (server.primary) {
                const std::size_t primary = server_of(server.primary->value, server);
                const std::string name = server.primary->value.substr(server.primary->value.find('/') + 1);
                if (primary == estate_.servers.size() || !good[primary] || primary == i) {
                    if (!settings_.knows("database." + name))
                        told(server.name,
                             fmt::format("its primary {} is not in the inventory: it is taken as a database of its own",
                                         name),
                             server.primary->from.place);
                } else if (estate_.servers[primary].primary &&
                           server_of(estate_.servers[primary].primary->value) != estate_.servers.size()) {
                    not_taken(server.name,
                              fmt::format("a replica of {}, which is a replica itself", estate_.servers[primary].name),
                              server.primary->from.place, {});
                    continue;
                } else {
                    taken.primary = estate_.servers[primary].name;
                }
            }
            taken.own = has_own(server, "database." + server.name, settings_);
            taken_[i] = true;
            tell_gaps(estate_.servers[i], settings_, catalog_, notes_);
            out_.servers.push_back(std::move(taken));
        }
    }

    static bool is_local(const std::string& host) {
        return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
    }
    bool is_mapped(const std::vector<std::string>& hosts) const {
        return std::ranges::any_of(hosts, [&](const std::string& host) {
            return std::ranges::find(mapped_.pairs, host, &Mapped::Pair::theirs) != mapped_.pairs.end();
        });
    }

    /// A name that --map gives.
    std::optional<Destination> by_map(const std::string& theirs) {
        const std::string* ours = mapped_.find(theirs);
        if (ours == nullptr) return std::nullopt;
        return by_name(*ours, fmt::format("--set database.{}.engine=postgresql adds it", *ours));
    }
    Destination by_name(const std::string& name, std::string completes = {}) {
        for (std::size_t i = 0; i < estate_.servers.size(); ++i)
            if (estate_.servers[i].name == name) return server_target(i);
        if (std::ranges::any_of(out_.poolers, [&](const TakenPooler& each) { return each.pooler->name == name; }))
            return {name, {}, {}};
        const std::string pooler = name.substr(0, name.find('/'));
        if (settings_.knows("database." + name) || settings_.knows("pooler." + pooler)) return {name, {}, {}};
        return {{}, fmt::format("{} is not in the files", name), std::move(completes)};
    }
    Destination server_target(std::size_t index) {
        const Server& server = estate_.servers[index];
        if (taken_[index]) return {server.name, {}, {}};
        return {{}, fmt::format("its database {} is not taken", server.name), {}};
    }
    std::optional<Destination> by_id(const std::string& id, const Address& address) {
        if (const auto found = pooler_ids_.find(id); found != pooler_ids_.end()) {
            for (const TakenPooler& taken : out_.poolers)
                if (taken.pooler == found->second) return pooler_target(taken, address);
            return Destination{{}, fmt::format("its pooler {} is not taken", found->second->name), {}};
        }
        const std::size_t server = server_of(id);
        if (server != estate_.servers.size()) return server_target(server);
        if (const auto several = server_ids_.find(id); several != server_ids_.end()) {
            std::vector<std::string> names;
            for (const std::size_t each : several->second) names.push_back(estate_.servers[each].name);
            return Destination{{},
                               fmt::format("several servers have its address: {}", fmt::join(names, ", ")),
                               address.hosts.empty() ? std::string() : map_flag(address.hosts.front(), names.front())};
        }
        for (const Server& each : estate_.servers)
            if (std::ranges::find(each.replica_ids, id) != each.replica_ids.end())
                return Destination{{},
                                   fmt::format("it connects to the replicas of {}, which are not in the files one by "
                                               "one",
                                               each.name),
                                   address.hosts.empty() ? std::string() : map_flag(address.hosts.front())};
        return std::nullopt;
    }
    static Destination pooler_target(const TakenPooler& taken, const Address& address) {
        const std::string& name = taken.pooler->name;
        if (!taken.list) return {name, {}, {}};
        for (const TakenAlias& alias : taken.aliases)
            if (!address.database.empty() && alias.alias->name == load::as_name(address.database))
                return {fmt::format("{}/{}", name, alias.alias->name), {}, {}};
        return {{}, fmt::format("which database of the pooler {} it asks for is not known", name), {}};
    }

    Destination target(const Address& address) {
        if (!address.secret.empty()) {
            std::vector<std::string> holders{address.secret};
            holders.insert(holders.end(), address.also.begin(), address.also.end());
            for (const std::string& holder : holders)
                if (auto found = by_map("secret:" + holder)) return *found;
            const std::string completes =
                fmt::format("--map secret:{}={}", address.secret, suggestion(address.secret, estate_));
            const bool local = std::ranges::all_of(address.hosts, is_local);
            if (!address.hosts.empty() && local && address.id.empty() && !is_mapped(address.hosts))
                return {{},
                        fmt::format("its host is {} unless {} says otherwise", address.hosts.front(),
                                    fmt::join(holders, " or ")),
                        completes};
            if (address.hosts.empty() && !address.reason.empty()) return {{}, address.reason, completes};
            if (address.hosts.empty())
                return {{},
                        address.lacking.empty() ? fmt::format("its address is in the {} {}, which is not in the files",
                                                              address.kept_in, fmt::join(holders, " or "))
                                                : fmt::format("its address is the key {} of {}, which has no such key",
                                                              address.lacking, address.secret),
                        completes};
        }
        if (address.id.starts_with("name:")) return by_name(address.id.substr(5));
        for (const std::string& host : address.hosts)
            if (auto found = by_map(host)) return *found;
        if (!address.id.empty())
            if (auto found = by_id(address.id, address)) return *found;
        if (!address.unknown.empty())
            return {{}, address.unknown, address.hosts.empty() ? std::string() : map_flag(address.hosts.front())};
        if (address.hosts.empty()) return {{}, "its host is not in the files", {}};
        Destination only = by_host(address.hosts.front(), address);
        bool differ = false;
        for (const std::string& host : address.hosts) differ = differ || by_host(host, address).name != only.name;
        if (!differ && (only.found() || address.hosts.size() == 1)) return only;
        return {{},
                fmt::format("it connects to one of several hosts{}: {}",
                            differ ? "" : ", none of which is in the files", fmt::join(address.hosts, ", ")),
                map_flag(address.hosts.front())};
    }
    /// Where the inventory says that a pool or a pooler leads, if the files do not.
    Destination as_known(Destination found, const std::string& record) {
        if (const std::string* to = settings_.find(record, "database"); to != nullptr && !to->empty())
            return {*to, {}, {}};
        return found;
    }
    Destination by_host(const std::string& host, const Address& address) {
        if (address.port)  // of a pooler that a server has on a port of its own
            if (auto found = by_id(fmt::format("{}:{}", host_id(host), *address.port), address)) return *found;
        if (auto found = by_id(host_id(host), address)) return *found;
        if (const auto rds = read_rds_host(host)) {
            if (auto found = by_id(rds->id(), address)) return *found;
            if (rds->kind == RdsHost::Kind::proxy)
                return {{},
                        fmt::format("the RDS Proxy {} is not in the files", rds->name),
                        "add the answers of aws rds describe-db-proxies and describe-db-proxy-targets"};
        }
        if (is_local(host)) return {{}, "it connects to its own machine", map_flag(host)};
        return {{}, fmt::format("its host {} is not in the files", host), map_flag(host)};
    }

    /// Is all given that a pooler was refused for want of?
    bool is_completed(const PoolerFact& pooler, const std::string& record) const {
        return !pooler.lacks.empty() &&
               std::ranges::all_of(pooler.lacks, [&](const auto& each) { return settings_.has(record, each.first); });
    }
    static std::string completion(const PoolerFact& pooler, const std::string& record) {
        if (pooler.lacks.empty()) return pooler.completes;
        std::vector<std::string> flags;
        for (const auto& [key, value] : pooler.lacks)
            flags.push_back(fmt::format("--set {}.{}={}", record, key, value));
        return fmt::format("{}", fmt::join(flags, " "));
    }

    void poolers() {
        for (const PoolerFact& pooler : estate_.poolers) {
            const std::string record = "pooler." + pooler.name;
            out_.records.push_back(record);
            const MaybeFact<std::int64_t>& size = pooler.sizes.pool_size;
            if (is_refused(record, pooler.name, size && size->value == 0 ? size->from.place : pooler.from.place))
                continue;
            if (!pooler.refused.empty() && !is_completed(pooler, record)) {
                not_taken(pooler.name, pooler.refused, pooler.from.place, completion(pooler, record));
                continue;
            }
            TakenPooler taken{&pooler, {}};
            std::vector<std::pair<const PoolerAlias*, Destination>> named;
            std::optional<Destination> any;
            const PoolerAlias* star = nullptr;
            for (const PoolerAlias& alias : pooler.aliases) {
                if (!alias.address.engine.empty() && !is_wanted(alias.address.engine, options_)) continue;
                Destination found = target(alias.address);
                const Address& at = alias.address;
                if (!found.found() && at.hosts.empty() && at.secret.empty() && at.id.empty())
                    found.reason = "it has no host: a socket on the same machine";
                if (!found.found() && pooler.aliases.size() == 1) found = as_known(std::move(found), record);
                if (alias.name == "*") {
                    star = &alias;
                    any = std::move(found);
                } else if (found.found()) {
                    named.emplace_back(&alias, std::move(found));
                } else {
                    not_taken(fmt::format("{}/{}", pooler.name, alias.name),
                              found.reason + known_of(alias, pooler.sizes), alias.address.from.place, found.completes);
                }
            }
            if (named.empty() && any && any->found()) named.emplace_back(star, *any);
            if (named.empty()) {
                if (any) not_taken(pooler.name, any->reason, pooler.from.place, any->completes);
                continue;
            }
            if (star != nullptr && named.front().first != star)
                told(pooler.name, "* serves every other name: each gets a pool of its own", star->address.from.place);
            for (const auto& [alias, found] : named) taken.aliases.push_back({alias, found.name});
            taken.list = taken.aliases.size() > 1 ||
                         settings_.knows(fmt::format("{}.database.{}", record, taken.aliases.front().alias->name));
            tell_unsaid_mode(pooler, settings_, notes_);
            out_.poolers.push_back(std::move(taken));
        }
    }

    void services(const ServiceFact& service) {
        const std::string record = "service." + service.name;
        out_.records.push_back(record);
        if (is_refused(record, service.name, service.from.place)) return;
        if (service.partial && !settings_.has(record, "instances"))
            not_taken(service.name, "its configuration does not say how many instances run: 1 is assumed",
                      service.from.place, fmt::format("--set {}.instances=N", record));
        TakenService taken{&service, {}};
        std::size_t others = 0;  // pools of engines outside --engine
        for (const PoolFact& pool : service.pools) {
            const std::string subject = service.name + "." + pool.name;
            const std::string pool_record = fmt::format("{}.pool.{}", record, pool.name);
            out_.records.push_back(pool_record);
            const Address& address = pool.address;
            if (!address.engine.empty() && !is_wanted(address.engine, options_)) {
                auto [why, completes] = unwanted(address.engine);
                not_taken(subject, std::move(why), address.from.place, std::move(completes));
                ++others;
                continue;
            }
            Destination found = target(address);
            if (!found.found()) found = as_known(std::move(found), pool_record);
            if (!found.found()) {
                if (found.completes.empty() && address.hosts.empty() && address.id.empty())
                    found.completes = fmt::format("--set {}.database=NAME", pool_record);
                not_taken(subject, found.reason + known_of(pool), address.from.place, found.completes);
                continue;
            }
            if (!pool.max && !settings_.has(pool_record, "max")) {
                if (!pool.unsized.empty()) {
                    not_taken(subject, pool.unsized, pool.unsized_at ? pool.unsized_at : address.from.place,
                              fmt::format("--set {}.max=N", pool_record));
                    continue;
                }
                const std::string* given = settings_.find(pool_record, "driver");
                const std::string& name = given == nullptr ? pool.driver : *given;
                const DriverDefault* driver = name.empty() ? nullptr : catalog_.find_driver(name);
                if (driver != nullptr && counts_vcpus(*driver) && !settings_.has(record, "host")) {
                    notes_.push_back(lacks_vcpus(*driver, service, pool));
                    continue;
                }
                if (driver == nullptr && given == nullptr) {
                    not_taken(subject, "neither its size nor its driver is in the files", address.from.place,
                              fmt::format("--set {0}.max=N or --set {0}.driver=NAME", pool_record));
                    continue;
                }
                if (driver != nullptr && given == nullptr)
                    told(subject, fmt::format("the files have no size: the default of {} applies", driver->name),
                         address.from.place, fmt::format("--set {}.max=N", pool_record));
            }
            taken.pools.push_back({&pool, found.name});
        }
        if (others == 0 || others < service.pools.size()) out_.services.push_back(std::move(taken));
    }

    Estate& estate_;
    const ImportOptions& options_;
    const Refused& refused_;
    Mapped& mapped_;
    Settings& settings_;
    const Catalog& catalog_;
    std::vector<Note>& notes_;
    std::vector<bool> taken_;
    std::map<std::string, std::vector<std::size_t>> server_ids_;
    std::map<std::string, const PoolerFact*> pooler_ids_;
    Resolved out_;
};

}  // namespace

Resolved resolve(Estate& estate, const ImportOptions& options, const Refused& refused, Mapped& mapped,
                 Settings& settings, const Catalog& catalog, std::vector<Note>& notes) {
    return Resolver(estate, options, refused, mapped, settings, catalog, notes).resolve();
}

}  // namespace poolfit::imports
