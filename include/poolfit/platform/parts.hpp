// What a row of a platform is made of, where that is more than a field.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <poolfit/model/fleet.hpp>

namespace poolfit {

struct PriceTermRow {
    PriceTerm term;
    std::string_view word;      ///< in inventories, flags and JSON: "ri1"
    std::string_view text;      ///< "1 year, no upfront"
    std::string_view as_price;  ///< "reserved 1 year, no upfront"
};

/// How many servers stand behind one database, as names of figures have it ("multi-az") and as people read it.
struct Deployment {
    std::string_view key, name;
};

/// What its provider advises for a share of max_connections.
struct ShareAdvice {
    std::int64_t least = 0;           ///< percent
    std::int64_t least_on_small = 0;  ///< the same, on a server of no more memory than `small`
    Bytes small{};
    double room = 0;  ///< above the highest recent use, as a share of it
    std::string_view source;
};

struct PoolerKind {
    Pooler::Kind kind;
    std::string_view word;            ///< as an inventory writes it: "rds-proxy"
    std::string_view name;            ///< "RDS Proxy"
    std::string_view several;         ///< "RDS Proxies"
    std::string_view keeps_prepared;  ///< the first version that can keep prepared statements; empty: none is known
    /// What a bill counts at least, where there is one; `source` says so.
    struct Charged {
        std::int64_t least_vcpus = 0, least_units = 0;
        std::string_view source{};
    } charged{};
    const ShareAdvice* share = nullptr;  ///< null where its size is no share
};

/// Memory that the server allots itself by the memory it has, before any connection is open.
struct BufferMemory {
    Interval<Bytes> range;
    std::string_view formula;  ///< "engine_memory / 4"
    std::int64_t divisor = 0;  ///< 4, where the formula is that plain; else 0
    std::string_view source;
};

/// Memory that does not depend on the data or the load of a server.
struct RestMemory {
    /// What the guest OS sees of a class; a range where it was not measured.
    Interval<Bytes> (*os_sees)(const InstanceClass& cls);
    std::string_view os_source;
    /// In use on any class by what is neither buffers nor connections: the system, the provider's agents, the engine.
    Interval<Bytes> at_rest;
    std::string_view at_rest_source;
    /// An idle server of the class was measured to use so much of its label.
    Interval<Bytes> (*idle)(const InstanceClass& cls);
    std::string_view idle_source;
};

/// What happens to a load on a burstable class without credits.
enum class Overrun : std::uint8_t {
    charged,    ///< it is served, and surplus credits are billed
    throttled,  ///< the class falls back to its baseline
};

/// Capacity that follows the load, between a minimum and a maximum that a database gives instead of a class.
struct Elastic {
    std::string_view name;              ///< "Aurora Serverless v2", whatever the engine
    std::string_view class_name;        ///< "db.serverless"
    std::string_view key;               ///< of figures: "acu"
    std::string_view unit;              ///< "ACU"
    std::string_view min_key, max_key;  ///< of the inventory: "acu_min", "acu_max"
    double step;                        ///< both ends are multiples of it
    double least_min, least_max, most;  ///< the least that each end may be; the most of both
    double widest;                      ///< the most from one end to the other; 0: any
    double scales_to = 0;               ///< above it both ends are the same; 0: it scales to `most`
    double usual_min, usual_max;        ///< in examples
    bool limit_by_min;                  ///< max_connections follows the least capacity, not the most …
    double limit_times = 1;   ///< … or, by newer sources, the lesser of the most and so many times the least
    Bytes unit_memory;        ///< of one unit, about
    double units_per_vcpu;    ///< an assumption where the provider publishes none
    std::string_view source;  ///< of the memory and the CPU of a unit
    double low_min;           ///< with a minimum of at most this, max_connections is at most `capped_at`
    std::int64_t capped_at;   ///< 0: it is not capped
    std::string_view capped_source;
};

/// Classes of any size, named by it: "db-custom-2-7680".
struct CustomClasses {
    struct Shape {
        int vcpus = 0;
        Bytes memory;
    };
    /// What is wrong with a name, to follow it, and the nearest one that is right.
    struct Wrong {
        std::string text, nearest;
    };
    std::string_view family, category;
    std::string_view source;
    /// Nothing where the name has not this form at all.
    std::optional<std::variant<Shape, Wrong>> (*parse)(std::string_view name);
};

/// A server that is stopped is not charged for its machine.
struct Stopping {
    std::string_view how;        ///< after "by a scheduler": " (activation policy NEVER, and ALWAYS to start)"
    std::string_view meanwhile;  ///< what is charged then, and when it starts by itself: a sentence
};

/// What is left of a server that is deleted: a copy of its data that outlives it.
struct Leaving {
    std::string_view copy;  ///< to take: "a last snapshot"
    std::string_view kept;  ///< where its data is then: "the snapshot"
    std::string_view why;   ///< after "restore it once": ": automated backups go with the instance. …"
};

/// Classes that the provider no longer supports: it moves servers off them by itself.
struct EndedClasses {
    std::string_view family;
    Date on;  ///< the last day; of `moved` the first
    std::string_view source;
    bool moved = false;  ///< no last day is published, but since when servers are moved off them
};

/// A server was seen with no more than so many max_connections, where the formula gives more.
struct SeenLimit {
    std::int64_t connections = 0;
    std::string_view source;
};

/// A pooler that comes with the server.
struct BuiltInPooler {
    std::string_view name;                 ///< "the built-in PgBouncer of Flexible Server"
    std::int64_t pool_size;                ///< by default; 0: a share of max_connections
    Fraction share;                        ///< that share
    std::int64_t max_client_conn;          ///< by default
    Pooler::Mode mode;                     ///< by default
    bool fixed = false;                    ///< users cannot change its size
    bool (*on)(const InstanceClass& cls);  ///< does the class have it?
    std::string_view where;                ///< which classes do: "General Purpose and Memory Optimized servers"
    std::string_view source;
};

/// A way to the server that application platforms of the same provider have, with a limit for each of their instances.
struct Connector {
    std::string_view word;      ///< in an inventory: "cloud-sql"
    std::string_view name;      ///< "the built-in Cloud SQL connection"
    std::string_view of;        ///< "a Cloud Run instance"
    std::int64_t per_instance;  ///< connections of one instance to one server
    std::string_view source;
};

}  // namespace poolfit
