// Compose files. ${…} is replaced from .env, where that is among the files, never from an env_file; `environment` wins
// over `env_file`. What the shell of whoever runs it would add is not known.
#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>

#include "../env/env.hpp"
#include "../facts/container.hpp"
#include "../facts/cpus.hpp"
#include "../facts/proxied.hpp"
#include "../facts/tables.hpp"
#include "../facts/url.hpp"
#include "../pgbouncer/ini.hpp"
#include "../readers.hpp"
#include "../tree/node.hpp"
#include "parts.hpp"

namespace poolfit::imports {
namespace {

using compose::base_name;
using compose::is_local;
using compose::Part;
using compose::Parts;

class Compose {
public:
    Compose(const Parts& parts, Estate& estate) : parts_(parts), estate_(estate) {}

    void read() {
        for (const Part& part : parts_.all()) {
            if (part.replicas == 0 || !part.profile.empty()) continue;
            if (part.serves) add_server(part);
            if (part.role == "pgbouncer") add_pooler(part);
        }
        for (const Part& part : parts_.all()) add_service(part);
        tell_copies();
        tell_all("services", Note::Kind::not_taken, "no database address in ", std::move(idle_), idle_place_, estate_);
        tell_all("services", Note::Kind::not_taken, "not a database client, by its image: ", std::move(strangers_),
                 strangers_place_, estate_);
        cpus_.tell("services", estate_);
    }

private:
    void add_server(const Part& part) {
        Server server = server_of(part, engine_of_image(part.program.image));
        read_server_program(part.program, part.at((*part.node)["image"]), server, estate_);
        const Node& node = *part.node;
        const Node& limits = node["deploy"]["resources"]["limits"];
        const auto limit = [&](std::string_view own, std::string_view deployed, Sealed& value) {
            const bool has_own = node.has(own);
            const Node& given = has_own ? node[own] : limits[deployed];
            if (given.kind != Node::Kind::scalar) return Limit{};
            value = parts_.replaced(given);
            return Limit{&value, part.at(given), std::string(has_own ? own : deployed)};
        };
        Sealed cpus, memory;
        const Limit of_cpus = limit("cpus", "cpus", cpus), of_memory = limit("mem_limit", "memory", memory);
        read_limits(of_cpus, of_memory, true, server);
        estate_.servers.push_back(std::move(server));
    }

    static Server server_of(const Part& part, const std::string& engine) {
        Server server;
        server.name = load::as_name(part.name);
        server.provider = "self-managed";
        server.ids.push_back(part.id());
        server.from = {part.place, "service", Truth::declared};
        server.engine = Fact<std::string>{engine, {part.place, "image", Truth::declared}};
        server.known = fmt::format("a {} server in a container", engine);
        return server;
    }

    void add_pooler(const Part& part) {
        PoolerFact pooler;
        pooler.name = load::as_name(part.name);
        pooler.kind = "pgbouncer";
        pooler.ids.push_back(part.id());
        pooler.from = {part.place, "service", Truth::declared};
        pooler.min_instances = pooler.max_instances =
            Fact<std::int64_t>{part.replicas, {part.place, "replicas", Truth::declared}};
        if (part.ini != nullptr) {
            const auto text_of = [](const InFile& file) {
                return IniText{file.text(), [&file](std::size_t offset) { return file.place(offset); }};
            };
            const Included included = [&](std::string_view name) -> std::optional<IniText> {
                const InFile* file = parts_.other(name, *part.ini);
                return file == nullptr ? std::nullopt : std::optional(text_of(*file));
            };
            read_pgbouncer_ini(text_of(*part.ini), included, pooler, estate_);
            if (!part.program.variables.all().empty())
                estate_.told(pooler.name, "its pgbouncer.ini is mounted: its variables have no effect", part.place);
        } else if (part.mounts_ini) {
            pooler.refused = "its pgbouncer.ini is not in the files";
            pooler.completes = "name that file too";
        } else if (!read_pgbouncer_variables(part.program, pooler, estate_)) {
            pooler.refused = "no variable of it names a server";
        }
        for (PoolerAlias& alias : pooler.aliases) settle(alias.address, part);
        estate_.poolers.push_back(std::move(pooler));
    }

    /// A host that is a service of the project; what is on the same machine as in a container that shares its network.
    void settle(Address& address, const Part& from) {
        if (address.hosts.size() != 1 || !address.id.empty()) return;
        const std::string host = lower(address.hosts.front());
        const Part* part = is_local(host) ? parts_.beside(from) : parts_.named(host);
        if (part == nullptr) return;
        if (part->role == "proxy") return lead_through(proxied_instances(part->program), address);
        if (part->role == "pooler" || part->role == "other")
            return void(address.unknown = through_stranger(part->name, part->role));
        address.id = part->id();
        const auto has = [&](const auto& each) { return std::ranges::find(each.ids, address.id) != each.ids.end(); };
        if (std::ranges::any_of(estate_.servers, has) || part->role == "pgbouncer") return;
        if (part->serves) return add_server(*part);
        estate_.servers.push_back(server_of(*part, address.engine.empty() ? "postgresql" : address.engine));
    }

    void add_service(const Part& part) {
        const bool connects = !part.addresses.empty();
        if (part.role == "server") return add_tool(part);
        if (part.role == "exporter" && connects)
            return estate_.not_taken(part.name, "an exporter holds a connection of its own", part.place,
                                     "other_connections of its database");
        if (part.role == "pooler" && part.replicas > 0 && part.profile.empty())
            return estate_.not_taken(part.name, std::string(unread_pooler), part.place, std::string(by_hand));
        if (part.role == "other") return list(part, strangers_, strangers_place_);
        if (part.role == "pgbouncer" && !part.profile.empty()) return tell_profile(part);
        if (part.role == "tool" && connects)
            return estate_.not_taken(part.name, "a tool holds connections of its own while people use it", part.place,
                                     "other_connections of its database");
        const bool leads =
            part.role == "pgbouncer" || (part.role == "proxy" && !proxied_instances(part.program).empty());
        if (!part.role.empty()) return connects || leads ? void() : list(part, idle_, idle_place_);
        if (part.replicas == 0) return estate_.not_taken(part.name, "0 replicas", part.place);
        PoolFact sized;
        if (!connects) {
            sized = unaddressed(part.program, part.name, part.place, estate_);
            if (!sized.max) return list(part, idle_, idle_place_);
        }
        if (part.left_out) return tell_profile(part);
        if (!part.profile.empty())
            estate_.told(part.name, fmt::format("it runs only with the profile {}", part.profile),
                         part.at((*part.node)["profiles"]), "COMPOSE_PROFILES=… in a .env that is named too");
        if (part.ends)
            return estate_.not_taken(part.name, "others wait until it has ended: it connects before they start",
                                     part.place, "other_connections of its database");
        ServiceFact service;
        service.name = load::as_name(part.name);
        service.from = {part.place, "service", Truth::declared};
        const Node& deploy = (*part.node)["deploy"];
        service.min_instances = service.max_instances =
            Fact<std::int64_t>{part.replicas,
                               {deploy["replicas"].kind == Node::Kind::none ? part.place : part.at(deploy["replicas"]),
                                "replicas", Truth::declared}};
        if (part.everywhere) {
            service.min_instances->from.how = service.max_instances->from.how = "deploy.mode is global";
            service.min_instances->from.place = service.max_instances->from.place = part.at(deploy["mode"]);
            estate_.not_taken(service.name, "its mode is global: it runs on every node, and 1 instance is assumed",
                              part.at(deploy["mode"]), fmt::format("--set service.{}.instances=N", service.name));
        }
        const Node& order = deploy["update_config"]["order"];
        const bool overlap = order.text.is("start-first");
        service.deploy = Fact<std::string>{overlap ? "rolling" : "recreate",
                                           {overlap ? part.at(order) : part.place,
                                            overlap ? "start-first" : "containers are stopped first", Truth::declared}};
        const Node &cpus = (*part.node)["cpus"], &given = deploy["resources"];
        Program program = part.program;
        cpus_.read(parts_.replaced(cpus.kind == Node::Kind::scalar ? cpus : given["limits"]["cpus"]),
                   parts_.replaced(given["reservations"]["cpus"]), program);
        cpus_.add(program, service.name, part.at(cpus.kind == Node::Kind::scalar ? cpus : given));
        ProgramFacts facts = read_program(program, service.name, estate_);
        service.processes = std::move(facts.processes);
        service.pools = std::move(facts.pools);
        if (sized.max) service.pools.push_back(std::move(sized));
        for (PoolFact& pool : service.pools) settle(pool.address, part);
        estate_.services.push_back(std::move(service));
    }

    /// With the image of a server.
    void add_tool(const Part& part) {
        if (!part.serves)
            return estate_.not_taken(part.name, "it has the image of a server and connects to another: a tool",
                                     part.place, "other_connections of its database");
        const auto has = [&](const Server& each) { return std::ranges::find(each.ids, part.id()) != each.ids.end(); };
        if (!part.profile.empty() && std::ranges::none_of(estate_.servers, has)) tell_profile(part);
    }

    /// What runs does not include it.
    void tell_profile(const Part& part) {
        PoolFact pool;
        if (part.role.empty()) find_size(part.program, {}, true, part.name, pool, estate_);
        estate_.not_taken(part.name,
                          fmt::format("it runs only with the profile {}{}", part.profile,
                                      pool.max ? fmt::format("; its size is known: {}", pool.max->value) : ""),
                          part.at((*part.node)["profiles"]),
                          fmt::format("COMPOSE_PROFILES={} in a .env that is named too", part.profile));
    }

    static void list(const Part& part, std::vector<std::string>& names, Place& place) {
        if (names.empty()) place = part.place;
        names.push_back(part.name);
    }

    /// "portal1" and "portal2" of one image.
    void tell_copies() {
        std::map<std::pair<std::string, std::string>, std::vector<const Part*>> copies;
        for (const Part& part : parts_.all()) {
            const std::size_t digits = part.name.find_last_not_of("0123456789-_");
            if (digits == part.name.npos || digits + 1 == part.name.size() || part.addresses.empty()) continue;
            copies[{part.name.substr(0, digits + 1), part.program.image}].push_back(&part);
        }
        for (const auto& [key, all] : copies)
            if (all.size() > 1)
                estate_.told(all.front()->name, fmt::format("{} copies of one service, by their names", all.size()),
                             all.front()->place);
    }

    const Parts& parts_;
    Estate& estate_;
    CpuShares cpus_;
    std::vector<std::string> idle_, strangers_;
    Place idle_place_{}, strangers_place_{};
};

}  // namespace

bool recognise_compose(std::string_view text) {
    std::size_t at = text.starts_with("services:") ? 0 : text.find("\nservices:");
    if (at == text.npos || text.find("apiVersion:") != text.npos) return false;
    // Below it a map, not a list as in values of charts.
    for (at = text.find('\n', at + 1); at != text.npos; at = text.find('\n', at + 1)) {
        const std::string_view line = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
        const std::string_view inner = trimmed_blanks(line);
        if (inner.empty() || inner[0] == '#') continue;
        return line[0] == ' ' && inner[0] != '-' && inner.find(':') != inner.npos;
    }
    return false;
}

namespace {

/// A file that is read for what a Compose file says of it, and is none itself.
bool is_beside(std::string_view path, std::string_view text) {
    const std::string_view name = base_name(path);
    return recognise_env(text) || name.ends_with(".ini") || name.ends_with(".properties") ||
           name.find(".env") != name.npos || name.starts_with("application");
}

}  // namespace

bool compose_names(const RawFile& compose, const RawFile& other) {
    if (!is_beside(other.name, other.text)) return false;
    const std::string path = compose::path_from({}, other.name);
    if (path == compose::path_from(compose.name, ".env")) return true;
    const std::string_view text = compose.text, name = base_name(other.name);
    if (name.empty()) return false;
    const auto ends = [](char c) { return std::string_view(" \t\r\n\"',:]}").find(c) != std::string_view::npos; };
    for (std::size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
        const std::size_t end = at + name.size();
        if (end < text.size() && !ends(text[end])) continue;
        std::size_t begin = at;
        while (begin > 0 && !ends(text[begin - 1]) && text[begin - 1] != '[') --begin;
        if (compose::path_from(compose.name, text.substr(begin, end - begin)) == path) return true;
    }
    return false;
}

void read_compose(std::span<const InFile> files, Mapped&, Estate& estate, Diagnostics& diagnostics) {
    Parts parts(files, estate);
    bool any = false;
    const std::size_t before = diagnostics.error_count();
    for (const InFile& file : files) {
        const bool beside = is_beside(file.name(), file.text());
        if (beside && files.size() > 1 && !recognise_compose(file.text())) continue;
        if (refuse_wrong_file(file, "compose", diagnostics)) continue;
        const auto documents =
            looks_like_json(file.text()) ? read_json(file, diagnostics) : read_yaml(file, diagnostics);
        if (!documents) continue;
        bool found = false;
        for (const NodePtr& document : *documents) {
            if (!(*document)["services"].is_map()) continue;
            found = any = true;
            parts.add(file, document);
        }
        if (!found)
            diagnostics.error(file.place(0), "no services: this is not a Compose file",
                              "poolfit import compose docker-compose.yml");
    }
    if (!any || diagnostics.error_count() != before) return;
    parts.read();
    Compose(parts, estate).read();
}

}  // namespace poolfit::imports
