// From facts to what an inventory can have: the same server of several files is one, addresses lead to servers and
// poolers, and what is missing is named with the flag that completes it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/import/estate.hpp>
#include <poolfit/import/importers.hpp>

#include "../mapped.hpp"
#include "settings.hpp"

namespace poolfit::imports {

/// Where an address leads to: the name as a pool or a pooler of the inventory has it, or why there is none.
struct Destination {
    std::string name;
    std::string reason, completes;
    bool found() const { return !name.empty(); }
};

/// A pool that the inventory has.
struct TakenPool {
    const PoolFact* pool;
    std::string target;
};
struct TakenService {
    const ServiceFact* service;
    std::vector<TakenPool> pools;
};
struct TakenAlias {
    const PoolerAlias* alias;
    std::string database;
};
struct TakenPooler {
    const PoolerFact* pooler;
    std::vector<TakenAlias> aliases;
    bool list = false;  ///< its databases are records of their own, as of several; else the only one is its own
};
struct TakenServer {
    const Server* server;
    std::string primary;  ///< its name; empty: none
    bool volume = true;   ///< is what is known of its volume taken?
    bool own = false;     ///< are its vCPUs and memory, as all is known that a server without a class needs?
};

/// What the inventory has, in order. Points into the estate.
struct Resolved {
    std::vector<TakenServer> servers;
    std::vector<TakenPooler> poolers;
    std::vector<TakenService> services;
    std::vector<std::string> records;  ///< all that --set can name: "database.orders"
};

/// Why the inventory's own checks refuse a record, and the key that changes that, if one does.
struct Refusal {
    std::string why, key, value;  ///< what stands for the value: "N"
};
/// By "database.orders". They are not taken.
using Refused = std::map<std::string, Refusal>;

/// Merges records of the same server. Where facts differ, what runs now wins, and a note shows both.
void merge_servers(Estate& estate);
/// Servers that are known by a host's name alone become facts too.
void add_hosts(Estate& estate);
inline constexpr std::string_view by_host_alone = "the name of its host";
/// Is it an instance of a cluster at RDS, or known by a cluster's endpoint?
bool is_of_cluster(const Server& server);
/// What was watched goes to the server that it names, or to one that is known by that alone.
void add_observations(Estate& estate);
/// Each record gets a name that no other has. What a service of a namespace is called in the inventory it stays, in
/// whatever order the files come.
void name_records(Estate& estate, const std::vector<load::Document>* inventory);

Resolved resolve(Estate& estate, const ImportOptions& options, const Refused& refused, Mapped& mapped,
                 Settings& settings, const Catalog& catalog, std::vector<Note>& notes);

/// "k8s/api.yaml:12"; empty of no place.
std::string file_and_line(const Place& place);

load::Document write(const Resolved& resolved, const std::vector<Note>& notes, const std::vector<std::string>& files,
                     const ImportOptions& options, Settings& settings);
/// "series/orders.csv".
std::string series_path(const ImportOptions& options, const Server& server);

/// Why a server is not a database of the inventory, apart from whom it replicates, and what changes that; empty: it is.
using Objection = std::pair<std::string, std::string>;
Objection objection(const Server& server, const ImportOptions& options, Settings& settings);
/// Of an engine that --engine leaves in; of each that there are platforms for, where it is not given.
bool is_wanted(std::string_view engine, const ImportOptions& options);
Objection unwanted(const std::string& engine);

/// What --set gives, else the files; empty where neither does.
std::string class_of(const Server& server, Settings& settings);
std::string engine_of(const Server& server, Settings& settings);
/// Does --set give the size of a server that is of no class?
bool is_own(const std::string& record, const Settings& settings);
/// Is all there that a server without a class needs?
bool has_own(const Server& server, const std::string& record, const Settings& settings);
/// What is not in the files of a server that is taken, and what completes it.
void tell_gaps(Server& server, Settings& settings, const Catalog& catalog, std::vector<Note>& notes);

/// The mode of a pooler's process, where the answers of its console do not say it.
void tell_unsaid_mode(const PoolerFact& pooler, const Settings& settings, std::vector<Note>& notes);
/// The console of a process whose pgbouncer.ini the inventory is from, or the other way round: the pooler keeps the
/// name that it has there.
void keep_pooler_names(Estate& estate, const std::vector<load::Document>* inventory);

/// What is known of a pool that is not taken; of a database of a pooler, whose gaps are its process's.
std::string known_of(const PoolFact& pool);
/// Does the driver's default size depend on the vCPUs of its host?
bool counts_vcpus(const DriverDefault& driver);
/// Of a pool without a size whose driver does, on a host that is not known.
Note lacks_vcpus(const DriverDefault& driver, const ServiceFact& service, const PoolFact& pool);
/// A server that a Secret may be of, by its name; "DATABASE" where none is.
std::string suggestion(const std::string& secret, const Estate& estate);
std::string known_of(const PoolerAlias& alias, const PoolerSizes& process);

/// The formula of the server's max_connections, with what it comes to where the class is known.
std::string formula_text(const Server& server, const Platform& platform, const InstanceClass* cls);

/// Not taken first; each note once.
void put_in_order(std::vector<Note>& notes);

}  // namespace poolfit::imports
