#include "container.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace poolfit::imports {
namespace {

constexpr std::string_view digits = "0123456789";

std::string_view number_at(std::string_view text, std::size_t at, std::string_view of) {
    const std::string_view rest = text.substr(at);
    return rest.substr(0, std::min(rest.find_first_not_of(of), rest.size()));
}

/// "15" of postgres:15-alpine, pgvector:pg15 and timescaledb:2.14-pg15: what else the tag counts is no server's
/// release.
std::string release_of(std::string_view image) {
    image = image.substr(0, image.find('@'));
    const std::string_view base = image.substr(image.rfind('/') + 1);
    const std::size_t colon = base.find(':');
    if (colon == base.npos) return {};
    const std::string_view name = base.substr(0, colon), tag = base.substr(colon + 1);
    for (std::size_t at = tag.find("pg"); at != tag.npos; at = tag.find("pg", at + 2))
        if ((at == 0 || tag[at - 1] == '-') && !number_at(tag, at + 2, digits).empty())
            return std::string(number_at(tag, at + 2, "0123456789."));
    for (const std::string_view own : {"timescaledb", "pgvector", "pgvecto-rs", "citus", "paradedb", "spilo"})
        if (name.starts_with(own)) return {};
    std::string_view release = number_at(tag, 0, "0123456789.");
    while (release.ends_with('.')) release.remove_suffix(1);
    return std::string(release);
}

/// A number with up to nine digits behind its point, in billionths: "0.5" is 500,000,000. Nothing of what is none.
std::optional<std::int64_t> billionths(std::string_view text) {
    constexpr std::size_t places = 9;
    const std::size_t dot = std::min(text.find('.'), text.size());
    std::string all(text.substr(0, dot));
    std::string rest(dot < text.size() ? text.substr(dot + 1) : std::string_view());
    if (all.size() + rest.size() == 0 || all.size() > 8 || rest.size() > places) return std::nullopt;
    rest.resize(places, '0');
    all += rest;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(all.data(), all.data() + all.size(), value);
    if (error != std::errc() || end != all.data() + all.size() || value < 0) return std::nullopt;
    return value;
}
constexpr std::int64_t billion = 1'000'000'000;

/// CPUs in billionths: of "2", "0.5" and "500m".
std::optional<std::int64_t> cpus_of(const Sealed& value) {
    std::string_view text = trimmed_blanks(value.opened());
    const bool thousandths = text.ends_with('m');
    if (thousandths) text.remove_suffix(1);
    const auto number = billionths(text);
    if (!number || *number == 0 || *number / (thousandths ? 1000 : 1) > 1024 * billion) return std::nullopt;
    return thousandths ? *number / 1000 : *number;
}

/// "4 GiB" of "4Gi", "4g" and "4096Mi", "1536 MiB" of "1.5Gi", "2 GiB" of 2147483648; what is no whole MiB is rounded
/// down.
std::optional<std::string> memory_of(const Sealed& value, bool binary) {
    struct Unit {
        std::string_view names[3];
        std::int64_t binary, decimal;
    };
    constexpr std::int64_t kib = 1024, mib = kib * kib, gib = mib * kib;
    constexpr std::array<Unit, 5> units{{{{"", "b", "b"}, 1, 1},
                                         {{"k", "kb", "ki"}, kib, 1'000},
                                         {{"m", "mb", "mi"}, mib, 1'000'000},
                                         {{"g", "gb", "gi"}, gib, billion},
                                         {{"t", "tb", "ti"}, gib * kib, 1'000 * billion}}};
    const std::string text = lower(trimmed_blanks(value.opened()));
    const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
    std::string_view unit = std::string_view(text).substr(end);
    const bool is_binary = binary || unit.ends_with("i") || unit.ends_with("ib");
    if (unit.ends_with("ib")) unit.remove_suffix(1);
    const auto row = std::ranges::find_if(
        units, [&](const Unit& each) { return std::ranges::find(each.names, unit) != std::end(each.names); });
    if (row == units.end()) return std::nullopt;
    std::int64_t bytes = 0;
    const std::int64_t one = is_binary ? row->binary : row->decimal;
    std::int64_t whole = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + end, whole);
    if (end > 0 && error == std::errc() && stop == text.data() + end) {
        if (__builtin_mul_overflow(whole, one, &bytes)) return std::nullopt;
    } else if (const auto parts = billionths(std::string_view(text).substr(0, end))) {
        const long double exact = static_cast<long double>(*parts) / billion * static_cast<long double>(one);
        if (exact > 1e15L) return std::nullopt;
        bytes = static_cast<std::int64_t>(exact);
    }
    if (bytes < mib || bytes > 1'000'000 * gib) return std::nullopt;
    if (bytes % gib == 0) return fmt::format("{} GiB", bytes / gib);
    if (bytes % billion == 0) return fmt::format("{} GB", bytes / billion);
    if (bytes % mib != 0 && bytes % 1'000'000 == 0) return fmt::format("{} MB", bytes / 1'000'000);
    return fmt::format("{} MiB", bytes / mib);
}

constexpr std::array<std::string_view, 4> servers{"postgres", "mysqld", "mariadbd", "docker-entrypoint.sh"};
constexpr std::array<std::string_view, 11> clients{"psql",          "pg_dump",    "pg_dumpall",  "pg_restore",
                                                   "pg_basebackup", "pg_isready", "pgbench",     "mysql",
                                                   "mysqldump",     "mariadb",    "mariadb-dump"};

/// POSTGRES_DB, MYSQL_ROOT_PASSWORD: which the images of servers read when they first start.
bool sets_up(const Variable& variable) {
    constexpr std::array<std::string_view, 4> begins{"POSTGRES_", "POSTGRESQL_", "MYSQL_", "MARIADB_"};
    constexpr std::array<std::string_view, 5> ends{"_PASSWORD", "_PASSWORD_FILE", "_DB", "_DATABASE", "_AUTH_METHOD"};
    const std::string_view name = variable.name;
    return std::ranges::any_of(begins, [&](std::string_view word) { return name.starts_with(word); }) &&
           std::ranges::any_of(ends, [&](std::string_view word) { return name.ends_with(word); });
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

std::string image_name(const Sealed& image) {
    const std::string_view text = image.opened();
    return Sealed(std::string(text.substr(0, text.find('@')))).name();
}

Runs what_runs(const Program& program) {
    const std::vector<std::string> words = command_words(program.words);
    if (words.empty()) return std::ranges::any_of(program.variables.all(), sets_up) ? Runs::server : Runs::unknown;
    if (words.front().starts_with('-')) return Runs::server;
    const auto is_one = [](std::string_view word, const auto& names) {
        return std::ranges::find(names, word.substr(word.rfind('/') + 1)) != names.end();
    };
    if (is_one(words.front(), servers)) return Runs::server;
    if (is_one(words.front(), clients)) return Runs::client;
    // A shell's line. "postgres" alone may be a user or a database.
    for (std::size_t i = 1; i < words.size(); ++i) {
        const bool started = words[i - 1] == "exec" || (i + 1 < words.size() && words[i + 1] == "-c");
        if (is_one(words[i], servers) && (words[i] != "postgres" || started)) return Runs::server;
    }
    const bool client = std::ranges::any_of(words, [&](std::string_view word) { return is_one(word, clients); });
    return client ? Runs::client : Runs::unknown;
}

std::vector<std::string> limit_variables(std::string_view command) {
    std::vector<std::string> names;
    for (const std::string_view key : {"max_connections=", "max-connections=", "-N "})
        for (std::size_t at = command.find(key); at != command.npos; at = command.find(key, at + 1)) {
            std::string_view rest = command.substr(at + key.size());
            while (rest.starts_with('"') || rest.starts_with('\'')) rest.remove_prefix(1);
            if (!rest.starts_with('$')) continue;
            rest.remove_prefix(1);
            if (rest.starts_with('{') || rest.starts_with('(')) rest.remove_prefix(1);
            std::size_t end = 0;
            while (end < rest.size() && is_letter(rest[end])) ++end;
            if (end > 0) names.emplace_back(rest.substr(0, end));
        }
    return names;
}

void tell_all(const std::string& subject, Note::Kind kind, std::string_view what, std::vector<std::string> names,
              const Place& place, Estate& estate) {
    if (names.empty()) return;
    const std::size_t shown = std::min<std::size_t>(names.size(), 12);
    std::string text =
        fmt::format("{}{}", what, fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
    if (names.size() > shown) text += fmt::format(" and {} more", names.size() - shown);
    estate.notes.push_back({kind, subject, std::move(text), {}, place, std::move(names)});
}

std::string engine_of_image(std::string_view image) {
    const std::string_view base = image.substr(image.rfind('/') + 1);
    if (base.starts_with("mariadb")) return "mariadb";
    const bool percona = base.starts_with("percona") && base.find("postgres") == base.npos;
    return percona || base.starts_with("mysql") ? "mysql" : "postgresql";
}

std::string through_stranger(std::string_view name, std::string_view role) {
    return fmt::format("it connects through {}, {}", name,
                       role == "pooler" ? unread_pooler : "whose image is not a database's");
}

void read_server_program(const Program& program, Place image, Server& server, Estate& estate) {
    if (const std::string release = release_of(program.image); !release.empty()) {
        server.known += ", version " + release;
        server.version = Fact<std::string>{release, {image, "image", Truth::declared}};
    }
    const std::vector<std::string> words = command_words(program.words);
    const bool postgresql = server.engine && server.engine->value == "postgresql";
    std::optional<std::int64_t> limit;
    bool given = false;
    From from{program.words_place, "command", Truth::declared};
    const auto take = [&](const Sealed& value) {
        given = true;
        limit = value.number();
    };
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        for (const std::string_view flag :
             {"max_connections=", "-cmax_connections=", "--max_connections=", "--max-connections="})
            if (word.starts_with(flag)) take(Sealed(std::string(word.substr(flag.size()))));
        if (postgresql && word == "-N" && i + 1 < words.size()) take(Sealed(words[i + 1]));
        if (postgresql && word.starts_with("-N") && word.size() > 2) take(Sealed(std::string(word.substr(2))));
    }
    // Images of Bitnami and of sclorg make the flag of it.
    for (const std::string_view name : {"POSTGRESQL_MAX_CONNECTIONS", "MYSQL_MAX_CONNECTIONS"}) {
        const Variable* variable = program.variables.find(name);
        if (given || variable == nullptr || !variable->known || name.starts_with("POSTGRESQL") != postgresql) continue;
        take(variable->value);
        from = {variable->place, std::string(name), Truth::declared};
    }
    if (given && (!limit || *limit == 0))
        estate.not_taken(server.name,
                         fmt::format("max_connections of its {} is not a number of connections",
                                     from.how == "command" ? from.how : "variable " + from.how),
                         from.place, fmt::format("--set database.{}.max_connections=N", server.name));
    if (!limit || *limit == 0) return;
    server.known += fmt::format(", max_connections {}", *limit);
    server.max_connections = Fact<std::int64_t>{*limit, std::move(from)};
}

void read_limits(const Limit& cpus, const Limit& memory, bool binary, Server& server) {
    if (cpus.value != nullptr) {
        const auto parts = cpus_of(*cpus.value);
        if (parts && *parts % billion == 0) {
            server.vcpus = Fact<std::int64_t>{*parts / billion, {cpus.place, cpus.name, Truth::declared}};
        } else if (parts) {
            // A part of a CPU's time is no CPU: how much of one is the user's to say.
            server.cpu_share = static_cast<double>(*parts) / static_cast<double>(billion);
            server.known += fmt::format(", {} {:g}", cpus.name, *server.cpu_share);
        } else {
            server.known += fmt::format(", {} is not a number of CPUs", cpus.name);
        }
    }
    if (memory.value == nullptr) return;
    if (auto text = memory_of(*memory.value, binary))
        server.memory = Fact<std::string>{std::move(*text), {memory.place, memory.name, Truth::declared}};
    else
        server.known += fmt::format(", {} is not a size of memory", memory.name);
}

}  // namespace poolfit::imports
