#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>

#include "../into/binding.hpp"
#include "../into/records.hpp"
#include "resolver.hpp"

namespace poolfit::imports {
namespace {

std::string where(const Place& place) {
    if (!place) return "";
    return fmt::format(" ({}:{})", place.source->name(), place.source->position(place.span.begin).line);
}

std::string shown(const std::string& value) { return value; }
std::string shown(bool value) { return value ? "true" : "false"; }
std::string shown(std::int64_t value) { return fmt::format("{}", value); }
std::string shown(double value) { return fmt::format("{:g}", value); }

class Merger {
public:
    explicit Merger(Estate& estate) : estate_(estate) {}

    template <class T>
    void take(const std::string& subject, std::string_view key, MaybeFact<T>& into, MaybeFact<T>& other) {
        if (!other) return;
        if (!into) {
            into = std::move(other);
            return;
        }
        const bool wins = other->from.truth < into->from.truth;
        if (into->value != other->value) {
            const Fact<T>&taken = wins ? *other : *into, &left = wins ? *into : *other;
            estate_.told(subject,
                         fmt::format("{} is {}{}, and {} in another file{}", key, shown(taken.value),
                                     where(taken.from.place), shown(left.value), where(left.from.place)),
                         taken.from.place);
            differ_.emplace_back(key, shown(left.value));
        }
        if (wins) into = std::move(other);
    }

    void merge(Server& into, Server& other) {
        const std::string name = into.name;
        const bool first_runs = into.from.truth < other.from.truth, second_runs = other.from.truth < into.from.truth;
        differ_.clear();
        take(name, "engine", into.engine, other.engine);
        take(name, "region", into.region, other.region);
        version(into.version, other.version);
        take(name, "version", into.version, other.version);
        take(name, "class", into.cls, other.cls);
        take(name, "multi_az", into.multi_az, other.multi_az);
        take(name, "max_connections", into.max_connections, other.max_connections);
        if (!into.limit_formula) into.limit_formula = std::move(other.limit_formula);
        take(name, "vcpus", into.vcpus, other.vcpus);
        take(name, "memory", into.memory, other.memory);
        if (!into.cpu_share) into.cpu_share = other.cpu_share;
        take(name, "acu_min", into.acu_min, other.acu_min);
        take(name, "acu_max", into.acu_max, other.acu_max);
        if (!into.primary) into.primary = std::move(other.primary);
        for (std::string& id : other.ids)
            if (std::ranges::find(into.ids, id) == into.ids.end()) into.ids.push_back(std::move(id));
        for (std::string& id : other.shared)
            if (std::ranges::find(into.shared, id) == into.shared.end()) into.shared.push_back(std::move(id));
        for (std::string& id : other.replica_ids)
            if (std::ranges::find(into.replica_ids, id) == into.replica_ids.end())
                into.replica_ids.push_back(std::move(id));
        if (into.known.empty()) into.known = std::move(other.known);
        if (into.identity.empty()) into.identity = std::move(other.identity);
        take(name, "storage.type", into.volume.type, other.volume.type);
        take(name, "storage.size in GiB", into.volume.size_gib, other.volume.size_gib);
        take(name, "storage.max_size in GiB", into.volume.max_size_gib, other.volume.max_size_gib);
        take(name, "storage.iops", into.volume.iops, other.volume.iops);
        take(name, "storage.throughput in MiB/s", into.volume.mibps, other.volume.mibps);
        refusal(into, other);
        // What a plan says of today is settled by what runs, and what both say is said once.
        if (first_runs) forget(other, [](const Server::Change&) { return true; });
        if (second_runs) forget(into, [](const Server::Change&) { return true; });
        for (Server* each : {&into, &other})
            forget(*each, [&](const Server::Change& change) {
                return std::ranges::find(differ_, std::pair(change.key, change.value)) != differ_.end();
            });
        into.changes.insert(into.changes.end(), other.changes.begin(), other.changes.end());
        if (into.provider.empty()) into.provider = std::move(other.provider);
    }

private:
    /// "15" and "15.7" are no difference: the release counts.
    static void version(MaybeFact<std::string>& into, MaybeFact<std::string>& other) {
        if (!into || !other) return;
        if (other->value.starts_with(into->value + '.')) into = other;
        if (into->value.starts_with(other->value + '.')) other = into;
    }

    /// Why it is not taken. What runs is there, whatever is planned for it; and what one file lacks another may say.
    void refusal(Server& into, Server& other) {
        if (into.refused.empty() == other.refused.empty()) return;
        Server &refused = into.refused.empty() ? other : into, &taken = into.refused.empty() ? into : other;
        const bool planned = taken.from.truth < refused.from.truth;
        if (planned) estate_.told(into.name, refused.refused, refused.from.place);
        if (planned || refused.lacking) {
            into.refused.clear();
            into.completes.clear();
            return;
        }
        if (&refused == &into) return;
        into.refused = std::move(refused.refused);
        into.completes = std::move(refused.completes);
        into.lacking = refused.lacking;
    }

    template <class Settled>
    void forget(Server& server, const Settled& settled) {
        std::erase_if(server.changes, [&](const Server::Change& change) {
            if (!settled(change)) return false;
            std::erase_if(estate_.notes,
                          [&](const Note& note) { return note.subject == server.name && note.text == change.text; });
            return true;
        });
    }

    Estate& estate_;
    std::vector<std::pair<std::string, std::string>> differ_{};  ///< keys, and the values that were not taken
};

/// What an application's own configuration says of a service that another file has: it runs by its environment first.
void complete(ServiceFact& service, const ServiceFact& partial, Estate& estate) {
    if (!service.processes) service.processes = partial.processes;
    for (const PoolFact& own : partial.pools) {
        PoolFact* same = nullptr;
        for (PoolFact& pool : service.pools)
            if (!own.address.hosts.empty() && pool.address.hosts == own.address.hosts) same = &pool;
        if (same == nullptr && partial.pools.size() == 1 && service.pools.size() == 1) same = &service.pools.front();
        if (same == nullptr) {
            PoolFact& added = service.pools.emplace_back(own);
            for (int n = 2; std::ranges::count(service.pools, added.name, &PoolFact::name) > 1; ++n)
                added.name = fmt::format("{}-{}", own.name, n);
            continue;
        }
        if (same->address.hosts.empty() && same->address.id.empty() && !own.address.hosts.empty())
            same->address = own.address;
        if (same->driver.empty()) same->driver = own.driver;
        if (!same->max && own.max) {
            same->max = own.max;
            same->set_in = own.set_in;
            same->unsized.clear();
        } else if (own.max && same->max->value != own.max->value) {
            estate.told(service.name,
                        fmt::format("its environment says {}{}, over {} of its configuration{}", same->max->value,
                                    where(same->max->from.place), own.max->value, where(own.max->from.place)),
                        same->max->from.place);
        }
    }
}

bool share(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return std::ranges::any_of(a, [&](const std::string& id) { return std::ranges::find(b, id) != b.end(); });
}

/// The name, or the next one that no record has.
std::string unique(std::string name, const std::string& space, std::set<std::string>& taken) {
    if (name.empty()) name = "unnamed";
    name.resize(std::min<std::size_t>(name.size(), load::longest_name - 4));
    while (!name.empty() && (name.back() == '-' || name.back() == '.')) name.pop_back();
    if (taken.insert(name).second) return name;
    if (!space.empty() && space.size() + name.size() + 1 < load::longest_name) {
        std::string qualified = load::as_name(space + "." + name);
        if (taken.insert(qualified).second) return qualified;
    }
    for (int n = 2;; ++n) {
        std::string numbered = fmt::format("{}-{}", name, n);
        if (taken.insert(numbered).second) return numbered;
    }
}

/// The name of a service in the inventory, as an import gave it.
struct KeptName {
    std::string identity, name, space;
    bool bound;
    bool taken = false;
};

std::vector<KeptName> kept_services(const std::vector<load::Document>* inventory) {
    std::vector<KeptName> all;
    if (inventory == nullptr) return all;
    for (const load::Document& document : *inventory)
        if (const load::Array* list = records(document.root, "service"))
            for (const load::Value& item : list->items)
                if (const auto* table = item.as<load::Table>())
                    if (const load::Value* name = load::find(*table, "name"))
                        all.push_back(
                            {identity_of(*table), name_of(*table), space_of(*name), binding_of(*name).has_value()});
    return all;
}

class ServiceNames {
public:
    ServiceNames(std::vector<ServiceFact>& services, const std::vector<load::Document>* inventory)
        : kept_(kept_services(inventory)) {
        for (ServiceFact& service : services) open_.push_back(&service);
        // The order of the files is not that of the names.
        std::ranges::stable_sort(open_, {}, [](const ServiceFact* each) { return std::tie(each->name, each->space); });
    }

    void give() {
        const auto own = [](const ServiceFact& service, const KeptName& kept) {
            return kept.bound && kept.space == service.space;
        };
        // A namespace that one of the two leaves out is the other's.
        const auto any = [](const ServiceFact& service, const KeptName& kept) {
            return !kept.bound || kept.space.empty() || service.space.empty() || kept.space == service.space;
        };
        match(own, [](const ServiceFact& service) { return service.name; });
        match(own, qualified);
        match(any, qualified);
        match(any, [](const ServiceFact& service) { return service.name; });
        numbered();
        // What is another's in the inventory stays so.
        for (const KeptName& kept : kept_) taken_.insert({kept.identity, kept.name});
        for (ServiceFact* service : open_) service->name = unique(service->name, service->space, taken_);
    }

private:
    static std::string qualified(const ServiceFact& service) {
        return service.space.empty() ? std::string() : load::as_name(service.space + "." + service.name);
    }

    template <class Fits, class Name>
    void match(const Fits& fits, const Name& name) {
        std::erase_if(open_, [&](ServiceFact* service) {
            const std::string wanted = name(*service);
            for (KeptName& kept : kept_)
                if (!wanted.empty() && !kept.taken && kept.identity == wanted && fits(*service, kept)) {
                    take(*service, kept);
                    return true;
                }
            return false;
        });
    }
    /// "api-2", which a second one of a name and a namespace was given.
    void numbered() {
        std::erase_if(open_, [&](ServiceFact* service) {
            // The name itself is another's: of the same namespace, or of a record that the user renamed to it.
            const bool renamed = std::ranges::any_of(kept_, [&](const KeptName& each) {
                return each.name == service->name && each.identity != service->name;
            });
            if (!renamed && !named_.contains({service->name, service->space})) return false;
            for (KeptName& kept : kept_) {
                const std::string_view identity = kept.identity;
                if (kept.taken || !kept.bound || kept.space != service->space ||
                    !identity.starts_with(service->name + '-'))
                    continue;
                const std::string_view number = identity.substr(service->name.size() + 1);
                if (number.empty() || number.find_first_not_of("0123456789") != number.npos) continue;
                take(*service, kept);
                return true;
            }
            return false;
        });
    }
    void take(ServiceFact& service, KeptName& kept) {
        named_.emplace(service.name, service.space);
        kept.taken = true;
        service.name = kept.identity;
        taken_.insert(kept.identity);
    }

    std::vector<KeptName> kept_;
    std::vector<ServiceFact*> open_;
    std::set<std::pair<std::string, std::string>> named_;
    std::set<std::string> taken_;
};

template <class T>
bool same_value(const MaybeFact<T>& a, const MaybeFact<T>& b) {
    return a.has_value() == b.has_value() && (!a || a->value == b->value);
}
/// Do two services of a name say the same in everything?
bool is_copy(const ServiceFact& a, const ServiceFact& b) {
    return same_value(a.min_instances, b.min_instances) && same_value(a.max_instances, b.max_instances) &&
           same_value(a.processes, b.processes) && same_value(a.surge_number, b.surge_number) &&
           same_value(a.deploy, b.deploy) && same_value(a.surge_share, b.surge_share) &&
           same_value(a.runtime, b.runtime) && a.job == b.job &&
           std::ranges::equal(a.pools, b.pools, [](const PoolFact& one, const PoolFact& other) {
               return one.name == other.name && one.address.hosts == other.address.hosts &&
                      one.address.id == other.address.id && one.address.secret == other.address.secret &&
                      one.address.database == other.address.database && same_value(one.max, other.max) &&
                      one.driver == other.driver;
           });
}

/// Are they two, whatever name they have in common, as servers of two accounts or networks can?
bool are_two(const Server& a, const Server& b) {
    return !a.identity.empty() && !b.identity.empty() && a.identity != b.identity;
}

}  // namespace

void merge_servers(Estate& estate) {
    std::vector<Server> merged;
    std::multimap<std::string, std::size_t> by_id;
    Merger merger(estate);
    for (Server& server : estate.servers) {
        std::optional<std::size_t> same;
        for (const std::string& id : server.ids) {
            const auto range = by_id.equal_range(id);
            for (auto each = range.first; each != range.second && !same; ++each)
                if (!are_two(merged[each->second], server)) same = each->second;
        }
        if (!same) {
            same = merged.size();
            merged.push_back(server);
        } else {
            merger.merge(merged[*same], server);
        }
        for (const std::string& id : merged[*same].ids) {
            const auto range = by_id.equal_range(id);
            if (std::none_of(range.first, range.second, [&](const auto& each) { return each.second == *same; }))
                by_id.emplace(id, *same);
        }
    }
    estate.servers = std::move(merged);
    for (const Mention& mention : estate.mentions)
        if (!by_id.contains(mention.id)) estate.not_taken(mention.name, mention.text, mention.place, mention.completes);
    estate.mentions.clear();
    // A pooler that a file has twice.
    std::vector<PoolerFact> poolers;
    for (PoolerFact& pooler : estate.poolers) {
        const auto same =
            std::ranges::find_if(poolers, [&](const PoolerFact& other) { return share(other.ids, pooler.ids); });
        if (same == poolers.end()) poolers.push_back(std::move(pooler));
    }
    estate.poolers = std::move(poolers);
    std::vector<ServiceFact> services;
    std::unordered_map<std::string, std::vector<std::size_t>> by_name;
    for (ServiceFact& service : estate.services) {
        // The address of a resource is its own, whatever the file says of its cluster.
        const bool known = !service.space.empty() || service.from.truth != Truth::declared;
        std::vector<std::size_t>& named = by_name[service.name];
        const bool there = std::ranges::any_of(named, [&](std::size_t index) {
            const ServiceFact& other = services[index];
            return other.space == service.space && other.from.how == service.from.how &&
                   (known || is_copy(other, service));
        });
        if (!there) {
            named.push_back(services.size());
            services.push_back(std::move(service));
            continue;
        }
        // A file that is named twice, or the same for two namespaces that it does not name.
        if (!known && !service.partial)
            estate.told(service.name, "it is there twice, and the same: it counts once; two have two namespaces",
                        service.from.place);
    }
    std::erase_if(services, [&](const ServiceFact& partial) {
        if (!partial.partial) return false;
        bool found = false;
        for (ServiceFact& service : services) {
            if (service.partial || service.name != partial.name) continue;
            complete(service, partial, estate);
            found = true;
        }
        return found;
    });
    estate.services = std::move(services);
}

void name_records(Estate& estate, const std::vector<load::Document>* inventory) {
    std::set<std::string> servers;  // and poolers: a pool names either
    for (Server& server : estate.servers)
        server.name = unique(server.name, server.region ? server.region->value : "", servers);
    keep_pooler_names(estate, inventory);
    for (PoolerFact& pooler : estate.poolers) {
        if (servers.contains(pooler.name)) pooler.name += "-pooler";
        pooler.name = unique(pooler.name, {}, servers);
    }
    ServiceNames(estate.services, inventory).give();
}

}  // namespace poolfit::imports
