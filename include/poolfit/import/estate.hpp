// What other tools' files say of an estate, before it is an inventory: facts, each with the place that it is from. No
// type here holds a text that may be a secret: see src/import/tree/sealed.hpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <poolfit/diag/source.hpp>

namespace poolfit::imports {

/// What a file tells of, in the order in which facts win over others.
enum class Truth : std::uint8_t {
    running,   ///< the answer of an API: it is so
    declared,  ///< a manifest, an environment: it is so once applied
    planned,   ///< a change that is waiting
};

struct From {
    Place place{};      ///< in the masked text of the file
    std::string how{};  ///< "spec.replicas", "DB_POOL_SIZE 15 + DB_MAX_OVERFLOW 5"
    Truth truth = Truth::declared;
};

template <class T>
struct Fact {
    T value{};
    From from{};
};
template <class T>
using MaybeFact = std::optional<Fact<T>>;

/// Where something connects to.
struct Address {
    std::vector<std::string> hosts{};  ///< as written; none where they are not in the files
    std::string id{};                  ///< of the server or pooler, where the importer found it by itself
    std::string secret{};              ///< what holds the address, where that is not in the files
    std::string kept_in = "Secret";    ///< and what that is: "Secret", "ConfigMap", "variable"
    std::vector<std::string> also{};   ///< what holds it where `secret` does not
    std::string reason{};              ///< why it is not known, where that is not as `kept_in` says
    std::string lacking{};             ///< the key that it should have, if the holder itself is in the files
    std::string database{};            ///< the name that is asked for there; compared with aliases, never printed
    std::string engine{};              ///< "postgresql", by the URL's scheme or the variable's name; empty: unknown
    From from{};
    std::string engine_by{};  ///< what says the engine; empty: the URL's scheme
    std::string unknown{};    ///< why there is no host, where that is not for want of a value
    std::optional<std::int64_t> port{};
};

/// The volume that a server's data are on, in the inventory's words.
struct VolumeFacts {
    MaybeFact<std::string> type{};
    MaybeFact<std::int64_t> size_gib{}, max_size_gib{}, iops{}, mibps{};

    bool any() const { return type || size_gib; }
};

/// A database server, or what is known of it.
struct Server {
    std::string name{};
    /// What it is known by, in lower case: "host:…", "rds:eu-west-1/orders". Servers that share one are the same.
    std::vector<std::string> ids{};
    /// What several may be known by together, as the readers of a cluster by one endpoint. Makes none the same.
    std::vector<std::string> shared{};
    /// What leads to its replicas, which the files do not name one by one.
    std::vector<std::string> replica_ids{};
    /// What it alone is known by, in every account: an ARN, a connection name. Two that differ are two servers.
    std::string identity{};
    From from{};
    std::string provider{};
    MaybeFact<std::string> engine{}, region{}, version{}, cls{};
    MaybeFact<std::string> primary{};  ///< an id of the server that it replicates
    MaybeFact<bool> multi_az{};
    MaybeFact<std::int64_t> max_connections{};
    MaybeFact<std::string> limit_formula{};  ///< what its max_connections is computed by; empty where it is not shown
    MaybeFact<std::int64_t> vcpus{};         ///< of its own, where it has no class
    MaybeFact<std::string> memory{};         ///< "4 GiB"
    std::optional<double> cpu_share{};       ///< what it may use of CPUs, where that is no whole number of them
    MaybeFact<double> acu_min{}, acu_max{};
    std::string known{};  ///< what else is known of it: "CloudNativePG, 3 instances"
    VolumeFacts volume{};
    std::vector<std::pair<std::string, Fact<std::string>>> observed{};  ///< values of [database.observed], in order
    std::string series{};                ///< the text of a series file for it; empty: none
    std::string refused{}, completes{};  ///< why it is not taken, and the flag or line that changes that
    bool lacking = false;                ///< refused only for want of what another file may say
    bool class_left = false;             ///< its class is left out, and that is said
    /// Notes on what is to change: "class" and the value that it will have; no key where it is to be created.
    struct Change {
        std::string key{}, value{}, text{};
    };
    std::vector<Change> changes{};
};

/// What was watched on a server that its file names, if it does.
struct Observation {
    std::string database{};  ///< empty where the file does not say whose it is
    bool mapped = false;     ///< `database` is by --map
    std::string file{};      ///< what --map can name: a file, a label's value
    From from{};
    std::vector<std::pair<std::string, Fact<std::string>>> values{};
    MaybeFact<std::int64_t> max_connections{};
    std::string series{};
};

/// Keys of a pooler that are numbers, as the inventory writes them.
struct PoolerSizes {
    MaybeFact<std::int64_t> pool_size{}, min_pool_size{}, reserve_pool_size{}, max_db_connections{};
    MaybeFact<std::string> mode{};
    MaybeFact<std::int64_t> pairs{};
    bool wrong_mode = false;  ///< one is given that PgBouncer does not have
};
/// A database of a pooler, by the name that clients ask for.
struct PoolerAlias {
    std::string name{};
    Address address{};
    PoolerSizes sizes{};
};
struct PoolerFact {
    std::string name{}, kind{};
    std::vector<std::string> ids{};
    From from{};
    MaybeFact<std::int64_t> min_instances{}, max_instances{};
    PoolerSizes sizes{};
    MaybeFact<std::int64_t> max_client_conn{}, max_connections_percent{}, borrow_timeout_s{};
    std::vector<PoolerAlias> aliases{};
    std::string refused{}, completes{};
    bool built_in = false;  ///< it is part of its server
    bool shown = false;     ///< by answers of its console alone, which may leave out what the process is set to
    bool mapped = false;    ///< its name is by --map
    /// Keys for want of which it is refused, and what stands for their values: {"default_pool_size", "N"}.
    std::vector<std::pair<std::string, std::string>> lacks{};
};

struct PoolFact {
    std::string name = "main";
    Address address{};
    MaybeFact<std::int64_t> max{};
    std::string driver{}, set_in{};
    std::string unsized{};  ///< why there is no size; empty: nothing in the files says one
    Place unsized_at{};
    std::string cpus{};                   ///< what is known of the vCPUs that its processes see
    std::optional<std::int64_t> vcpus{};  ///< how many, where that is known
};

struct ServiceFact {
    std::string name{}, space{};  ///< its namespace or project, which tells two of a name apart
    From from{};
    MaybeFact<std::int64_t> min_instances{}, max_instances{}, processes{}, surge_number{};
    MaybeFact<std::string> deploy{}, surge_share{}, runtime{};
    bool job = false;
    bool partial = false;  ///< an application's configuration: pools alone, which complete the service of its name
    std::vector<PoolFact> pools{};
};

/// A name that stands for another.
struct Link {
    std::string from{}, to{};
};

/// A server that a file names and does not describe: a replica in another region. Another file may have it.
struct Mention {
    std::string id{}, name{}, text{}, completes{};
    Place place{};
};

/// What people should know of a file.
struct Note {
    enum class Kind : std::uint8_t { not_taken, told } kind = Kind::told;
    std::string subject{}, text{}, completes{};
    Place place{};
    std::vector<std::string> names{};  ///< of all that it is about, where that is more than its subject
    /// A value of a database that is left out though the files say it, and how it was found.
    struct Left {
        std::string key{}, value{}, how{};
    } left{};
};

struct Estate {
    std::vector<Server> servers{};
    std::vector<PoolerFact> poolers{};
    std::vector<ServiceFact> services{};
    std::vector<Link> links{};  ///< host to host, in lower case
    std::vector<Mention> mentions{};
    std::vector<Observation> observations{};
    std::vector<Note> notes{};
    std::vector<std::shared_ptr<const void>> trees{};  ///< of files that were read; nothing is looked up in them

    void told(std::string subject, std::string text, Place place, std::string completes = {}) {
        notes.push_back({Note::Kind::told, std::move(subject), std::move(text), std::move(completes), place});
    }
    void not_taken(std::string subject, std::string text, Place place, std::string completes = {}) {
        notes.push_back({Note::Kind::not_taken, std::move(subject), std::move(text), std::move(completes), place});
    }
};

}  // namespace poolfit::imports
