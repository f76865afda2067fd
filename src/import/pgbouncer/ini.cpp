// Measured with PgBouncer 1.18: comments begin only at the start of a line; of a key or a database said twice the last
// counts; a second [pgbouncer] sets all keys back to their defaults, and [databases] may be opened again.
#include "ini.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>

#include "../facts/tables.hpp"
#include "../facts/url.hpp"

namespace poolfit::imports {
namespace {

constexpr std::int64_t most = 1'000'000;

/// "host=… port=… dbname='a b'": pairs; '' inside quotes is one.
std::vector<std::pair<std::string, Sealed>> connect_string(std::string_view text) {
    std::vector<std::pair<std::string, Sealed>> pairs;
    std::size_t i = 0;
    const auto blanks = [&] {
        while (i < text.size() && (text[i] == ' ' || text[i] == '\t')) ++i;
    };
    for (blanks(); i < text.size(); blanks()) {
        const std::size_t begin = i;
        while (i < text.size() && text[i] != '=' && text[i] != ' ' && text[i] != '\t') ++i;
        std::string key(text.substr(begin, i - begin));
        blanks();
        if (i >= text.size() || text[i] != '=') break;
        ++i;
        blanks();
        std::string value;
        if (i < text.size() && text[i] == '\'') {
            for (++i; i < text.size(); ++i) {
                if (text[i] == '\'') {
                    if (i + 1 >= text.size() || text[i + 1] != '\'') break;
                    ++i;
                }
                value += text[i];
            }
            if (i < text.size()) ++i;
        } else {
            while (i < text.size() && text[i] != ' ' && text[i] != '\t') value += text[i++];
        }
        pairs.emplace_back(std::move(key), Sealed(std::move(value)));
    }
    return pairs;
}

/// Is the image one of those that read the variable? A copy in another registry is.
bool reads(const PoolerRow& row, std::string_view image) {
    std::string_view rest = row.images;
    while (!rest.empty()) {
        const std::size_t blank = std::min(rest.find(' '), rest.size());
        if (image.find(rest.substr(0, blank)) != image.npos) return true;
        rest.remove_prefix(std::min(blank + 1, rest.size()));
    }
    return false;
}

bool names_host(std::string_view value) {
    const auto pairs = connect_string(value);
    return std::ranges::find(pairs, "host", [](const auto& pair) { return std::string_view(pair.first); }) !=
           pairs.end();
}

void read_database(const std::string& name, std::string_view value, Place place, PoolerFact& pooler, Estate& estate) {
    const std::string label = name == "*" ? name : load::as_name(name);
    if (label.empty()) return;
    PoolerAlias alias;
    alias.name = label;
    alias.address.from = {place, fmt::format("[databases] {}", label), Truth::declared};
    alias.address.engine = "postgresql";
    alias.address.engine_by = "a database of PgBouncer";
    for (const auto& [key, text] : connect_string(value)) {
        if (key == "host") {
            std::string_view hosts = text.opened();
            while (!hosts.empty()) {
                const std::size_t comma = std::min(hosts.find(','), hosts.size());
                if (std::string host = Sealed(std::string(trimmed_blanks(hosts.substr(0, comma)))).host();
                    !host.empty())
                    alias.address.hosts.push_back(std::move(host));
                hosts.remove_prefix(std::min(comma + 1, hosts.size()));
            }
            if (alias.address.hosts.empty() && !text.empty() && !text.opened().starts_with('/'))
                alias.address.unknown = "its host is not a host name";
        } else if (key == "user") {
            alias.sizes.pairs = Fact<std::int64_t>{1, {place, "a forced user makes one pair", Truth::declared}};
        } else {
            take_pooler_size(key, text, place, alias.sizes, pooler.name, estate);
        }
    }
    if (value.find("://") < value.find_first_of(" \t="))
        alias.address.unknown = "it has a URL, where PgBouncer wants host=… dbname=…";
    std::erase_if(pooler.aliases, [&](const PoolerAlias& other) { return other.name == label; });
    pooler.aliases.push_back(std::move(alias));
}

enum class Section { none, databases, process, users, other };

/// Included lines go on in the section that they stand in.
void read_lines(const IniText& ini, const Included& included, int level, Section& section, PoolerFact& pooler,
                Estate& estate) {
    const std::string_view text = ini.text;
    bool templates = false;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view line = trimmed_blanks(text.substr(begin, end - begin));
        const std::size_t offset = line.empty() ? begin : static_cast<std::size_t>(line.data() - text.data());
        begin = end + 1;
        if (line.empty() || line[0] == ';' || line[0] == '#') continue;
        if (line.starts_with("%include")) {
            const auto file = included ? included(trimmed_blanks(line.substr(8))) : std::nullopt;
            if (file && level < 5)
                read_lines(*file, included, level + 1, section, pooler, estate);
            else
                estate.not_taken(pooler.name, "%include: the file that it names", ini.at(offset), "name that file too");
            continue;
        }
        if (line[0] == '[') {
            section = line == "[databases]"   ? Section::databases
                      : line == "[pgbouncer]" ? Section::process
                      : line == "[users]"     ? Section::users
                                              : Section::other;
            if (section == Section::process) {
                pooler.sizes = {};
                pooler.max_client_conn.reset();
            }
            continue;
        }
        if (line.find("{{") != line.npos && !templates) {
            templates = true;
            estate.not_taken(pooler.name, "template lines, {{ … }}, that are not rendered yet", ini.at(offset),
                             "name the file that it makes");
        }
        const std::size_t equals = line.find('=');
        if (equals == line.npos) continue;
        const std::string key(trimmed_blanks(line.substr(0, equals)));
        const std::string_view value = trimmed_blanks(line.substr(equals + 1));
        // A name with blanks or quotes is the end of another line, and PgBouncer refuses one with the signs of a URL.
        if (key.find_first_of(" \t'\":/@?&!<>(){}") != key.npos) {
            if (section == Section::databases && names_host(value))
                estate.not_taken(pooler.name, "a database whose name has blanks or quotes, which PgBouncer refuses",
                                 ini.at(offset));
            continue;
        }
        if (section == Section::users && is_plain_key(key)) {
            estate.not_taken(pooler.name, fmt::format("the user {} has limits of its own", key), ini.at(offset));
        } else if (section == Section::databases) {
            read_database(key, value, ini.at(offset), pooler, estate);
        } else if (section == Section::process) {
            const Sealed sealed{std::string(value)};
            if (key == "max_client_conn") {
                if (const auto number = sealed.number(); number && *number > 0 && *number <= most)
                    pooler.max_client_conn = Fact<std::int64_t>{*number, {ini.at(offset), key, Truth::declared}};
                else
                    estate.not_taken(pooler.name, "max_client_conn is not a number of connections", ini.at(offset));
            } else {
                take_pooler_size(key, sealed, ini.at(offset), pooler.sizes, pooler.name, estate);
            }
        }
    }
}

}  // namespace

bool take_pooler_size(std::string_view key, const Sealed& value, Place place, PoolerSizes& sizes,
                      const std::string& subject, Estate& estate) {
    const auto number = [&](MaybeFact<std::int64_t>& into) {
        const auto found = value.number();
        if (found && *found <= most)
            into = Fact<std::int64_t>{*found, {place, std::string(key), Truth::declared}};
        else
            estate.not_taken(subject, fmt::format("{} is not a number of connections", key), place);
        return true;
    };
    if (key == "default_pool_size" || key == "pool_size") return number(sizes.pool_size);
    if (key == "min_pool_size") return number(sizes.min_pool_size);
    if (key == "reserve_pool" || key == "reserve_pool_size") return number(sizes.reserve_pool_size);
    if (key == "max_db_connections") return number(sizes.max_db_connections);
    if (key == "pool_mode") {
        for (const std::string_view mode : {"session", "transaction", "statement"})
            if (value.is_like(mode)) {
                sizes.mode = Fact<std::string>{std::string(mode), {place, "pool_mode", Truth::declared}};
                return true;
            }
        sizes.wrong_mode = true;
        estate.not_taken(subject, "pool_mode is not session, transaction or statement", place,
                         fmt::format("--set pooler.{}.mode=transaction", subject));
        return true;
    }
    return false;
}

void read_pgbouncer_ini(const IniText& ini, const Included& included, PoolerFact& pooler, Estate& estate) {
    Section section = Section::none;
    read_lines(ini, included, 0, section, pooler, estate);
}

bool read_pgbouncer_variables(const Program& program, PoolerFact& pooler, Estate& estate) {
    PoolerAlias alias;
    alias.name = "*";
    bool named = false;
    const auto& rows = tables().poolers;
    const bool known = std::ranges::any_of(rows, [&](const PoolerRow& row) { return reads(row, program.image); });
    for (const PoolerRow& row : rows) {
        if (known && !reads(row, program.image)) continue;
        const Variable* variable = program.variables.find(row.name);
        if (variable == nullptr) continue;
        if (row.key == "url" || row.key == "host") {
            if (named) continue;
            named = true;
            alias.address.engine = "postgresql";
            alias.address.engine_by = "a database of PgBouncer";
            alias.address.from = {variable->place, row.name, Truth::declared};
            alias.address.kept_in = variable->kept_in;
            if (!variable->known)
                alias.address.secret = variable->holder;
            else if (auto url = read_url(variable->value))
                alias.address.hosts = std::move(url->hosts);
            else if (std::string host = variable->value.host(); !host.empty())
                alias.address.hosts.push_back(std::move(host));
        } else if (variable->known && !variable->value.empty()) {
            if (row.key == "max_client_conn") {
                if (const auto number = variable->value.number(); number && *number > 0 && *number <= most)
                    pooler.max_client_conn = Fact<std::int64_t>{*number, {variable->place, row.name, Truth::declared}};
                else
                    estate.not_taken(pooler.name, fmt::format("{} is not a number of connections", row.name),
                                     variable->place, fmt::format("--set pooler.{}.max_client_conn=N", pooler.name));
            } else {
                take_pooler_size(row.key, variable->value, variable->place, pooler.sizes, pooler.name, estate);
            }
        }
    }
    if (named) pooler.aliases.push_back(std::move(alias));
    return named;
}

}  // namespace poolfit::imports
