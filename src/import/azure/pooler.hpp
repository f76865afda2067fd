// Azure's PgBouncer, which runs on the server itself and has parameters of the server: pgbouncer.enabled.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include <poolfit/import/estate.hpp>

#include "../tree/node.hpp"

namespace poolfit::imports::azure {

class BuiltInPoolers {
public:
    /// A parameter of the server with this id. False where it is none of PgBouncer's.
    bool take(const std::string& server, std::string_view name, const Node& value, const From& from, Estate& estate);
    /// Those that are on, of servers that are there.
    void add(Estate& estate) const;

private:
    struct Given {
        bool on = false;
        From from{};
        PoolerSizes sizes{};
        MaybeFact<std::int64_t> max_client_conn{};
    };
    std::map<std::string, Given> all_;
};

}  // namespace poolfit::imports::azure
