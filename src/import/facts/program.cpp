#include "program.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>

#include "../tree/node.hpp"
#include "tables.hpp"
#include "url.hpp"

namespace poolfit::imports {
namespace {

/// The row of an address by its variable's name: of several the one with the smallest rank. One container after the
/// other has the same names.
const NameRow* row_of(std::string_view where, std::string_view name) {
    thread_local std::unordered_map<std::string, const NameRow*> known;
    const auto [at, is_new] = known.try_emplace(fmt::format("{} {}", where, name));
    if (!is_new) return at->second;
    const NameRow* best = nullptr;
    for (const NameRow& row : tables().addresses)
        if (row.where == where && row.fits(name) && (best == nullptr || row.rank < best->rank)) best = &row;
    return at->second = best;
}

/// "REPLICA" of REPLICA_DATABASE_URL, which fits *DATABASE_URL.
std::string prefix_of(const NameRow* row, std::string_view name) {
    if (row == nullptr || !row->name.starts_with('*')) return {};
    std::string_view prefix = name.substr(0, name.size() - (row->name.size() - 1));
    while (prefix.ends_with('_')) prefix.remove_suffix(1);
    return std::string(prefix);
}

std::string driver_of(const NameRow* row, const Url* url) {
    if (row != nullptr && !row->driver.empty()) return row->driver;
    // SQLAlchemy's form of a URL: dialect+driver.
    if (url != nullptr && url->scheme.find('+') != std::string::npos && url->scheme.find("srv") == std::string::npos)
        return "sqlalchemy";
    return {};
}

void add_url(const NameRow* row, std::string_view name, Url url, Place place, std::vector<FoundAddress>& into) {
    FoundAddress& found = into.emplace_back();
    found.variable = name;
    found.prefix = prefix_of(row, name);
    found.rank = row == nullptr ? 3 : row->rank;
    found.direct = row != nullptr && row->part == "direct";
    found.driver = driver_of(row, &url);
    found.address.hosts = std::move(url.hosts);
    found.address.port = url.port;
    found.address.database = std::move(url.database);
    found.address.engine = !url.engine.empty() || row == nullptr ? url.engine : row->engine;
    found.address.engine_by = url.engine.empty() ? fmt::format("the name {}", name) : "the URL's scheme";
    found.address.from = {place, std::string(name), Truth::declared};
    found.parameters = std::move(url.parameters);
}

/// What variables beside the one of a host say: "DB_PORT" and "DB_CONNECTION" of DB_HOST.
void read_beside(const Program& program, const std::string& host_variable, Address& address) {
    const std::size_t host = host_variable.rfind("HOST");
    const std::string begin = host_variable.substr(0, host == host_variable.npos ? 0 : host);
    const auto find = [&](std::string_view end) -> const Variable* {
        const Variable* found = host == host_variable.npos ? nullptr : program.variables.find(begin + std::string(end));
        return found == nullptr || !found->known ? nullptr : found;
    };
    const Variable* const port = address.port ? nullptr : find("PORT");
    if (port != nullptr) address.port = port->value.number();
    if (!address.engine.empty()) return;
    for (const NameRow& row : tables().addresses) {
        const Variable* const named = row.where == "beside" && !begin.empty() ? find(row.name) : nullptr;
        if (named == nullptr) continue;
        address.engine = engine_of_word(named->value);
        address.engine_by = named->name;
        if (!address.engine.empty()) return;
    }
    if (!address.port) return;
    address.engine = engine_of_port(*address.port);
    address.engine_by = fmt::format("{} {}", port == nullptr ? "the port" : port->name, *address.port);
}

/// The row of a variable whose value is a server of the files, whatever it is called, if its name or its port says that
/// it is a host: a database, a user or a driver may have the server's name too.
const NameRow* known_row(const Program& program, const Variable& variable, const HostAndPort& value) {
    if (!program.engine_at || of_another_thing(variable.name) || !program.engine_at(value.host)) return nullptr;
    std::string upper = variable.name;
    std::ranges::transform(upper, upper.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    if (const NameRow* row = row_of("known", upper)) return row;
    return value.port && !engine_of_port(*value.port).empty() ? row_of("known", "HOST") : nullptr;
}

void read_host_variable(const Program& program, const Variable& variable, const NameRow* row, HostAndPort value,
                        FoundAddress& found) {
    Address& address = found.address;
    address.port = value.port;
    read_beside(program, variable.name, address);
    if (row->where == "known") {
        address.engine = *program.engine_at(value.host);
        address.engine_by = "the server of its name";
        if (!row->fits(variable.name)) found.prefix.clear();
    }
    address.hosts.push_back(std::move(value.host));
}

/// "DATABASE_URL_FILE=/run/secrets/url": the file holds the value. Nothing of other variables.
std::optional<Variable> held_by_file(const Program& program, const Variable& variable) {
    constexpr std::string_view end = "_FILE";
    if (!variable.known || !variable.name.ends_with(end) || !variable.value.opened().starts_with('/'))
        return std::nullopt;
    Variable held{
        .name = variable.name.substr(0, variable.name.size() - end.size()), .value = {}, .place = variable.place};
    const std::string_view path = variable.value.opened();
    held.holder = Sealed(std::string(path.substr(path.rfind('/') + 1))).name();
    held.known = false;
    held.kept_in = "file";
    if (held.holder.empty() || program.variables.find(held.name) != nullptr) return std::nullopt;
    return row_of("env", held.name) == nullptr ? std::nullopt : std::optional(std::move(held));
}

void read_variable(const Program& program, const Variable& variable, std::vector<FoundAddress>& into) {
    if (is_secret_key(variable.name) || !is_plain_key(variable.name)) return;
    if (const auto held = held_by_file(program, variable)) return read_variable(program, *held, into);
    const NameRow* row = of_another_thing(variable.name) ? nullptr : row_of("env", variable.name);
    std::optional<HostAndPort> host;
    if (variable.known) {
        if (auto url = read_url(variable.value)) {
            if (row != nullptr || !url->scheme.empty())
                add_url(row, variable.name, std::move(*url), variable.place, into);
            return;
        }
        host = read_host(variable.value);
        if (!host) return;
        if (row == nullptr || row->part != "host") row = known_row(program, variable, *host);
        if (row == nullptr) return;
    } else if (row == nullptr) {
        return;
    }
    FoundAddress& found = into.emplace_back();
    found.variable = variable.name;
    found.prefix = prefix_of(row, variable.name);
    found.rank = row->rank;
    found.direct = row->part == "direct";
    found.driver = row->driver;
    found.address.engine = row->engine;
    found.address.engine_by = fmt::format("the name {}", variable.name);
    found.address.from = {variable.place, variable.name, Truth::declared};
    if (!variable.known) {
        found.address.secret = variable.holder;
        found.address.kept_in = variable.kept_in;
        found.address.lacking = variable.lacking;
        return;
    }
    read_host_variable(program, variable, row, std::move(*host), found);
}

/// Of addresses that are one: the same host and no two databases on it, or one pool's variables in two forms.
bool same(const FoundAddress& a, const FoundAddress& b) {
    const bool two_databases =
        !a.address.database.empty() && !b.address.database.empty() && a.address.database != b.address.database;
    // Behind a proxy each server has a port of its own.
    const bool two_ports = a.address.port && b.address.port && a.address.port != b.address.port;
    if (!a.address.hosts.empty() && a.address.hosts == b.address.hosts) return !two_databases && !two_ports;
    const bool one_is_a_host = (a.rank >= 4) != (b.rank >= 4);
    return one_is_a_host && a.prefix == b.prefix;
}

/// Aliases may make a few lines very many values: only so many are looked at.
void flatten(const Node& node, const std::string& path, Place place, std::size_t& seen,
             std::vector<FileSetting>& into) {
    if (++seen > 10'000 || path.size() > 500) return;
    if (node.kind == Node::Kind::scalar && !node.withheld) into.push_back({path, node.text, place});
    if (!node.is_map()) return;
    for (const Node::Item& item : node.items)
        flatten(*item.value, path.empty() ? item.key : path + '.' + item.key, place, seen, into);
}

std::string pool_name(const FoundAddress& found, std::size_t index, std::set<std::string>& taken) {
    std::string name = index == 0 ? "main" : load::as_name(lower(found.prefix));
    if (name.empty()) name = fmt::format("pool-{}", index + 1);
    if (name.size() > 40) name.resize(40);
    const std::string base = name;
    for (int n = 2; !taken.insert(name).second; ++n) name = fmt::format("{}-{}", base, n);
    return name;
}

}  // namespace

void Variables::add(Variable variable) {
    const auto found = std::ranges::find(all_, variable.name, &Variable::name);
    if (found == all_.end())
        all_.push_back(std::move(variable));
    else
        *found = std::move(variable);
}

const Variable* Variables::find(std::string_view name) const {
    const auto found = std::ranges::find(all_, name, &Variable::name);
    return found == all_.end() ? nullptr : &*found;
}

std::vector<PropertyLine> property_lines(std::string_view text) {
    std::vector<PropertyLine> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t offset = begin;
        std::string whole;
        for (bool more = true; more && begin < text.size();) {
            const std::size_t end = std::min(text.find('\n', begin), text.size());
            std::string_view line = trimmed_blanks(text.substr(begin, end - begin));
            begin = end + 1;
            const bool comment = whole.empty() && (line.starts_with('#') || line.starts_with('!'));
            const std::size_t last = line.find_last_not_of('\\');
            const std::size_t slashes = line.size() - (last == line.npos ? 0 : last + 1);
            more = !comment && slashes % 2 == 1;
            if (more) line.remove_suffix(1);
            whole += line;
        }
        if (whole == "#---" || whole == "!---") {
            lines.emplace_back().divides = true;
            continue;
        }
        if (whole.empty() || whole[0] == '#' || whole[0] == '!') continue;
        std::size_t equals = 0;
        while (equals < whole.size() && whole[equals] != '=' && whole[equals] != ':')
            equals += whole[equals] == '\\' ? 2 : 1;
        if (equals >= whole.size()) continue;
        PropertyLine& line = lines.emplace_back();
        line.key = trimmed_blanks(std::string_view(whole).substr(0, equals));
        std::erase(line.key, '"');
        std::string value;
        const std::string_view given = trimmed_blanks(std::string_view(whole).substr(equals + 1));
        for (std::size_t i = 0; i < given.size(); ++i)  // "jdbc\:postgresql"
            if (given[i] != '\\' || i + 1 == given.size() ||
                std::string_view(":=#! \\").find(given[i + 1]) == given.npos)
                value += given[i];
            else
                value += given[++i];
        line.value = Sealed(std::move(value));
        line.offset = offset;
    }
    return lines;
}

std::vector<FileSetting> read_settings_file(std::string_view name, const Sealed& text, Place place) {
    std::vector<FileSetting> settings;
    const std::string file = lower(name.substr(name.rfind('/') + 1));
    if (!file.starts_with("application")) return settings;
    if (file.ends_with(".yml") || file.ends_with(".yaml")) {
        std::size_t seen = 0;
        for (const NodePtr& document : read_inner_yaml(text)) flatten(*document, {}, place, seen, settings);
    } else if (file.ends_with(".properties")) {
        for (PropertyLine& line : property_lines(text.opened()))
            if (!line.divides && !is_secret_key(line.key))
                settings.push_back({std::move(line.key), std::move(line.value), place});
    }
    return settings;
}

std::vector<FoundAddress> find_addresses(const Program& program) {
    std::vector<FoundAddress> found;
    const std::vector<FileSetting> options = read_options(program);
    const auto is_option = [&](std::string_view name) {
        return std::ranges::any_of(
            options, [&, key = squashed_key(name)](const FileSetting& each) { return squashed_key(each.key) == key; });
    };
    for (const Variable& variable : program.variables.all()) {
        if (!options.empty() && is_option(variable.name)) continue;
        const std::size_t before = found.size();
        read_variable(program, variable, found);
        if (found.size() > before) found.back().shared = variable.shared;
    }
    const Look look = [&](std::string_view name) -> const Sealed* {
        const Variable* variable = program.variables.find(name);
        return variable == nullptr || !variable->known ? nullptr : &variable->value;
    };
    const auto take = [&](const FileSetting& setting) {
        const NameRow* const row = row_of("file", setting.key);
        if (row == nullptr) return;
        // The environment is over a file, and options are over both.
        if (!setting.option &&
            (is_option(setting.key) ||
             std::ranges::any_of(program.variables.all(), [&, key = squashed_key(setting.key)](const Variable& each) {
                 return squashed_key(each.name) == key;
             })))
            return;
        if (auto url = read_url(with_shell_variables(setting.value, look)))
            add_url(row, setting.key, std::move(*url), setting.place, found);
    };
    for (const FileSetting& setting : options) take(setting);
    for (const FileSetting& setting : program.settings) take(setting);
    std::ranges::stable_sort(found, {}, &FoundAddress::rank);
    std::vector<FoundAddress> kept;
    for (FoundAddress& each : found) {
        const auto one = std::ranges::find_if(kept, [&](const FoundAddress& other) { return same(other, each); });
        if (one == kept.end()) {
            kept.push_back(std::move(each));
        } else {
            if (one->address.hosts.empty() && !each.address.hosts.empty()) one->address = std::move(each.address);
            if (one->driver.empty()) one->driver = each.driver;
            if (one->parameters.empty()) one->parameters = std::move(each.parameters);
        }
    }
    return kept;
}

ProgramFacts read_program(const Program& program, const std::string& subject, Estate& estate) {
    ProgramFacts facts;
    std::vector<FoundAddress> addresses = find_addresses(program);
    std::vector<FoundAddress> pools;
    for (FoundAddress& each : addresses) {
        if (each.direct)
            estate.told(subject, fmt::format("{} is for migrations, and no pool", each.variable),
                        each.address.from.place);
        else if (each.shared && !each.prefix.empty() && !pools.empty())
            estate.told(subject,
                        fmt::format("{} is in its environment too, from a set that others share: no pool is assumed",
                                    each.variable),
                        each.address.from.place);
        else
            pools.push_back(std::move(each));
    }
    for (const Variable& variable : program.variables.all())
        if (variable.known && !pools.empty() && variable.name.ends_with("RESULT_BACKEND") &&
            variable.value.opened().starts_with("db+") &&
            std::ranges::find(pools, variable.name, &FoundAddress::variable) == pools.end())
            estate.not_taken(subject,
                             fmt::format("{}: Celery keeps its results over connections of its own", variable.name),
                             variable.place, "other_connections of its database");
    std::set<std::string> taken;
    for (std::size_t i = 0; i < pools.size(); ++i) {
        PoolFact& pool = facts.pools.emplace_back();
        pool.name = pool_name(pools[i], i, taken);
        pool.address = pools[i].address;
        pool.driver = pools[i].driver;
        find_size(program, pools[i], pools.size() == 1, subject, pool, estate);
        pool.cpus = known_of_cpus(program);
        pool.vcpus = program.vcpus;
    }
    facts.processes = find_processes(program, subject, estate);
    if (const auto threads = find_threads(program))
        for (const PoolFact& pool : facts.pools)
            if (pool.max && pool.max->value < threads->value)
                estate.told(fmt::format("{}.{}", subject, pool.name),
                            fmt::format("{} threads ({}) share a pool of {}: does its configuration give them more?",
                                        threads->value, threads->from.how, pool.max->value),
                            threads->from.place,
                            fmt::format("--set service.{}.pool.{}.max={}", subject, pool.name, threads->value));
    return facts;
}

PoolFact unaddressed(const Program& program, const std::string& subject, Place place, Estate& estate) {
    PoolFact pool;
    pool.address.from.place = std::move(place);
    pool.address.unknown = "no variable has a database address";
    find_size(program, {}, true, subject, pool, estate);
    return pool;
}

}  // namespace poolfit::imports
