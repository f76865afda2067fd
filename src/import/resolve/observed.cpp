// Which server an observation is of.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>

#include "../facts/url.hpp"
#include "../tree/sealed.hpp"
#include "resolver.hpp"

namespace poolfit::imports {
namespace {

/// Is it called so: by its name, its identifier at RDS, its host with a port or without?
bool is_called(const Server& server, const std::string& name) {
    if (server.name == name) return true;
    const std::string lowered = lower(name), host = host_id(lowered.substr(0, lowered.rfind(':')));
    return std::ranges::any_of(server.ids, [&](const std::string& id) {
        return id == host || id == "resource:" + lowered || id == host_id(lowered) ||
               (id.starts_with("rds:") && id.substr(id.find('/') + 1) == lowered);
    });
}

using Value = std::pair<std::string, Fact<std::string>>;

void take(Server& server, Observation& seen, Estate& estate) {
    for (auto& [key, fact] : seen.values) {
        const auto there = std::ranges::find(server.observed, key, &Value::first);
        if (there == server.observed.end())
            server.observed.emplace_back(key, std::move(fact));
        else if (there->second.value != fact.value) {
            const Place &first = there->second.from.place, &other = fact.from.place;
            const bool same = first && other && first.source->name() == other.source->name();
            estate.told(server.name,
                        fmt::format("{} is {}, and {} {}", key, there->second.value, fact.value,
                                    same ? "elsewhere in this file" : "in another file"),
                        other);
        }
    }
    if (server.series.empty()) server.series = std::move(seen.series);
    if (!seen.max_connections) return;
    if (server.max_connections && server.max_connections->value != seen.max_connections->value)
        estate.told(server.name,
                    fmt::format("max_connections is {}, and {} on the server", server.max_connections->value,
                                seen.max_connections->value),
                    seen.from.place);
    // The server says what is so now.
    if (!server.max_connections || server.max_connections->from.truth != Truth::running)
        server.max_connections = seen.max_connections;
}

}  // namespace

void add_observations(Estate& estate) {
    for (Observation& seen : estate.observations) {
        if (seen.database.empty()) {
            estate.not_taken(seen.file, "the file does not say which database it is about", seen.from.place,
                             fmt::format("--map {}=DATABASE", seen.file));
            continue;
        }
        std::vector<Server*> fits;
        for (Server& server : estate.servers)
            if (is_called(server, seen.database)) fits.push_back(&server);
        if (fits.size() > 1) {
            estate.not_taken(seen.database, "several databases have this name", seen.from.place,
                             fmt::format("--map {}=DATABASE", seen.file));
            continue;
        }
        if (fits.empty()) {
            if (load::as_name(seen.database) != seen.database) {
                estate.not_taken(seen.database, "no database in the files has this name", seen.from.place,
                                 fmt::format("--map {}=DATABASE", seen.file));
                continue;
            }
            Server& server = estate.servers.emplace_back();
            server.name = seen.database;
            server.provider = "aws";
            server.from = {seen.from.place, "its series", Truth::running};
            fits.push_back(&server);
        }
        take(*fits.front(), seen, estate);
    }
}

}  // namespace poolfit::imports
