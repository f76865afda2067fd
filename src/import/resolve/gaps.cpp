// What the files leave open of a server that is taken.
#include <cmath>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/model/driver.hpp>
#include <poolfit/platform/platform.hpp>

#include "resolver.hpp"

namespace poolfit::imports {

std::string class_of(const Server& server, Settings& settings) {
    const std::string* given = settings.find("database." + server.name, "class");
    return given != nullptr ? *given : server.cls ? server.cls->value : std::string();
}

std::string engine_of(const Server& server, Settings& settings) {
    const std::string* given = settings.find("database." + server.name, "engine");
    return given != nullptr ? *given : server.engine ? server.engine->value : std::string();
}

bool is_own(const std::string& record, const Settings& settings) {
    return settings.has(record, "vcpus") && settings.has(record, "memory");
}

bool has_own(const Server& server, const std::string& record, const Settings& settings) {
    return (server.vcpus || settings.has(record, "vcpus")) && (server.memory || settings.has(record, "memory")) &&
           (server.max_connections || settings.has(record, "max_connections"));
}

namespace {

/// A version that the engine does not have: what is before its last dots, as images count builds there, or none.
void read_version(Server& server, const Platform& platform, std::vector<Note>& notes) {
    if (!server.version) return;
    const auto told = [&](std::string text, std::string completes) {
        notes.push_back(
            {Note::Kind::told, server.name, std::move(text), std::move(completes), server.version->from.place});
    };
    const std::string whole = server.version->value;
    std::string part = whole, wrong;
    while (true) {
        const auto read = platform.versions.parse(part);
        const auto* const fault = std::get_if<std::string>(&read);
        if (fault == nullptr) break;
        wrong = *fault;
        const std::size_t dot = part.rfind('.');
        if (dot == part.npos || part.find('.') == dot) {
            part.clear();
            break;
        }
        part.resize(dot);
    }
    if (part == whole) return;
    if (!part.empty()) {
        told(fmt::format("its version {} is taken as {}", whole, part), {});
        server.version->value = part;
        return;
    }
    // Of one that is too old there is nothing to set.
    const bool exact = wrong.starts_with("is not one of");
    // What does not look like a version may be anything.
    const bool numbered = whole.front() >= '0' && whole.front() <= '9' &&
                          (whole.find('.') != whole.npos || whole.find_first_not_of("0123456789") == whole.npos);
    told(fmt::format("its version {}{}{}", numbered ? whole + ' ' : std::string(), wrong,
                     exact ? ": it is left out" : ""),
         exact ? std::string() : fmt::format("--set database.{}.version=VERSION", server.name));
    server.version.reset();
}

/// What a server without a class lacks, and what is taken once that is given: the inventory has all three or none.
std::string unsized(const Server& server, bool limited, const std::string& usual) {
    std::string size = server.vcpus ? fmt::format("{} vCPU{}", server.vcpus->value, server.vcpus->value == 1 ? "" : "s")
                                    : std::string();
    if (server.memory) size += fmt::format("{}{}", size.empty() ? "" : " and ", server.memory->value);
    std::string text;
    const bool shared = server.cpu_share && !server.vcpus;
    if (shared)
        text = fmt::format("vcpus takes whole numbers, and its limit is {:g}{}", *server.cpu_share,
                           server.memory ? "" : "; how much memory it has is not in the files");
    else if (!server.vcpus && !server.memory)
        text = "how many vCPUs and how much memory it has is not in the files";
    else if (!server.vcpus || !server.memory)
        text = fmt::format("{} is not in the files", server.vcpus ? "its memory" : "how many vCPUs it has");
    constexpr std::string_view no_limit = "its max_connections is not in the files";
    if (!limited && (text.empty() || (shared && server.memory)))
        text += fmt::format("{}{}", text.empty() ? "" : "; ", no_limit);
    else if (!limited)
        text += ", nor is its max_connections";
    if (!limited && !usual.empty()) text += fmt::format(" ({})", usual);
    if (!size.empty()) text += fmt::format("; its {} need that to be taken", size);
    return text;
}

}  // namespace

void tell_gaps(Server& server, Settings& settings, const Catalog& catalog, std::vector<Note>& notes) {
    const auto told = [&](std::string text, const Place& place, std::string completes) {
        notes.push_back({Note::Kind::told, server.name, std::move(text), std::move(completes), place});
    };
    const std::string record = "database." + server.name;
    const Platform* platform = platform::find(server.provider, engine_of(server, settings));
    if (platform == nullptr) return;
    read_version(server, *platform, notes);
    if (server.limit_formula && !server.max_connections && !settings.has(record, "max_connections")) {
        const std::string name = class_of(server, settings);
        notes.push_back({Note::Kind::not_taken, server.name,
                         formula_text(server, *platform, name.empty() ? nullptr : catalog.find_class(*platform, name)),
                         fmt::format("--set {}.max_connections=N", record), server.limit_formula->from.place});
    }
    // Vcpus and memory are of use together, and with a limit of connections.
    const bool own = has_own(server, record, settings);
    const bool limited = server.max_connections || settings.has(record, "max_connections");
    const std::int64_t usual = server.limit_formula ? 0 : platform->limit.untouched;
    std::vector<std::string> missing;
    if (!own) {
        if (!server.vcpus && !settings.has(record, "vcpus"))
            missing.push_back(server.cpu_share ? fmt::format("--set {}.vcpus={}", record, std::ceil(*server.cpu_share))
                                               : fmt::format("--set {}.vcpus=N", record));
        if (!server.memory && !settings.has(record, "memory"))
            missing.push_back(fmt::format("--set '{}.memory=N GiB'", record));
        if (!limited)
            missing.push_back(usual == 0 ? fmt::format("--set {}.max_connections=N", record)
                                         : fmt::format("--set {}.max_connections={}", record, usual));
    }
    const bool sized =
        (server.acu_min && server.acu_max) || !class_of(server, settings).empty() || is_own(record, settings) || own;
    if (sized || server.primary || server.class_left) return;
    const std::string known = server.known.empty() ? server.known : server.known + ": ";
    const bool by_host = server.from.how.starts_with(by_host_alone);
    if (platform->has_classes)
        told(fmt::format("{}its class is not in the files{}: its limits are not known", known,
                         !by_host                ? ""
                         : is_of_cluster(server) ? ", and only the endpoint of its cluster is known"
                                                 : ", and only its host is known"),
             server.from.place, fmt::format("--set {}.class=CLASS", record));
    else
        told(known + unsized(server, limited,
                             usual == 0 ? std::string()
                                        : fmt::format("{} has {} by default", platform->names.engine, usual)),
             server.from.place, fmt::format("{}", fmt::join(missing, " ")));
}

void tell_unsaid_mode(const PoolerFact& pooler, const Settings& settings, std::vector<Note>& notes) {
    const std::string record = "pooler." + pooler.name;
    if (!pooler.shown || pooler.sizes.mode || settings.has(record, "mode") ||
        std::ranges::all_of(pooler.aliases, [](const PoolerAlias& each) { return each.sizes.mode.has_value(); }))
        return;
    notes.push_back(
        {Note::Kind::not_taken, pooler.name,
         "pool_mode: a database without one has that of the process, which SHOW CONFIG says",
         fmt::format("add psql -p 6432 pgbouncer --csv -c 'SHOW CONFIG', or --set {}.mode=transaction", record),
         pooler.from.place});
}

std::string known_of(const PoolFact& pool) {
    if (!pool.max && !pool.unsized.empty()) return fmt::format("; {}", pool.unsized);
    return pool.max ? fmt::format("; its size is known: {}", pool.max->value) : std::string();
}

bool counts_vcpus(const DriverDefault& driver) { return driver.kind == DriverDefault::Kind::formula; }

Note lacks_vcpus(const DriverDefault& driver, const ServiceFact& service, const PoolFact& pool) {
    const std::string name = fmt::format("{}.{}", service.name, pool.name);
    const std::string vcpus = pool.vcpus ? fmt::format("{}", *pool.vcpus) : std::string("N");
    return {Note::Kind::not_taken, name,
            fmt::format("the files have no size, and the default of {} is {}: the vCPUs of its host are not known{}",
                        driver.name, driver.formula, pool.cpus),
            fmt::format("--set service.{}.pool.{}.max=N, or by hand: [[host]] with name = \"{}\" and vcpus = {}, and "
                        "that host in the service",
                        service.name, pool.name, service.name, vcpus),
            pool.address.from.place};
}

std::string suggestion(const std::string& secret, const Estate& estate) {
    for (const Server& server : estate.servers)
        if (secret.find(server.name) != secret.npos) return server.name;
    return "DATABASE";
}

std::string known_of(const PoolerAlias& alias, const PoolerSizes& process) {
    std::vector<std::string> all;
    const auto add = [&](std::string_view key, const auto& own, const auto& of_all) {
        if (own || of_all) all.push_back(fmt::format("{} {}", key, own ? own->value : of_all->value));
    };
    add("pool_mode", alias.sizes.mode, process.mode);
    add("pool_size", alias.sizes.pool_size, process.pool_size);
    add("reserve_pool_size", alias.sizes.reserve_pool_size, process.reserve_pool_size);
    return all.empty() ? std::string() : fmt::format("; known of it: {}", fmt::join(all, ", "));
}

}  // namespace poolfit::imports
