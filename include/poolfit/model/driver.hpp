// What a driver or pool library does when its pool size is not set.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <poolfit/model/catalog.hpp>

namespace poolfit {

struct DriverDefault {
    std::string_view name;  ///< as an inventory writes it: "postgres.js"
    std::string_view id;    ///< key of data/drivers/drivers.csv: "postgres-js"
    enum class Kind : std::uint8_t {
        number,     ///< `number`
        formula,    ///< `formula` (pool dialect, HOST variables)
        unlimited,  ///< no limit unless one is set
        driver,     ///< has no pool of its own: name the driver below it
        mandatory,  ///< must be set: there is no default
        thread,     ///< no pool: each thread has a connection of its own, and there is no setting for a maximum
    } kind = Kind::number;
    /// How long a connection is kept from the others of its process: model/holding.hpp.
    enum class Holds : std::uint8_t {
        unknown,
        transaction,  ///< for a transaction or a statement, then it goes back to the pool
        request,      ///< by the thread that took it, until its request or job ends
    } holds = Holds::unknown;
    std::int64_t number = 0;
    std::string_view formula;
    std::string_view text;             ///< the default in the library's own words
    std::string_view max_option;       ///< empty: there is no setting, and no other size
    std::string_view metrics;          ///< where its pool's use can be read; empty: not known
    std::string_view acquire_timeout;  ///< how long it waits for a connection, in words; empty: not known
    enum class Known : std::uint8_t { unknown, no, yes };
    std::optional<Millis> gives_up_after;   ///< the same as a time; nothing: it has none, it varies, or is not known
    Known waits_forever = Known::unknown;   ///< for a connection, by default
    Known counts_waiting = Known::unknown;  ///< its metrics have the requests that wait for a connection
    // data/drivers/sharing.csv; empty where nothing is known:
    std::string_view built_on;             ///< id of the driver whose pool it opens
    std::string_view merge;                ///< what sharing another pool takes
    std::string_view transaction_pooling;  ///< what a pooler in transaction mode breaks, and the setting against it
    // data/drivers/session.csv; empty where it needs no session by default:
    std::string_view session_use;      ///< what it does that needs one: "prepares statements"
    std::string_view session_setting;  ///< the setting that stops it
    bool listens = false;              ///< it is LISTEN, which no version of a pooler in transaction mode keeps
    Known pins = Known::unknown;       ///< does that keep it on one connection of RDS Proxy, on PostgreSQL?
    std::string_view pins_by;          ///< where that is not `session_use`
    std::string_view unpin;            ///< the setting that ends that, where `session_setting` does not
    // data/drivers/lifetime.csv:
    std::optional<Millis> max_lifetime;  ///< after which it closes a connection; 0: never; nothing: not known
    std::string_view lifetime_option;
    // data/drivers/max_in.csv: what happens to a pool size that is set outside code.
    enum class Arrives : std::uint8_t {
        as_set,   ///< as far as is known
        as_text,  ///< and opens one connection
        nowhere,  ///< the default is kept
    };
    Arrives max_in_url = Arrives::as_set;
    Arrives max_in_env = Arrives::as_set;
    Provenance row;
};

}  // namespace poolfit
