// Files for other tools, made from a plan. The kinds are rows of a table: help, completion and dispatch read it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/emit/language.hpp>
#include <poolfit/report/report.hpp>

namespace poolfit::emit {

/// What is asked for. Everything pointed to outlives it.
struct Request {
    const Report* report = nullptr;      ///< of all databases, with its strategies
    const Strategy* strategy = nullptr;  ///< whose sizes and classes are meant; null: what the plan recommends
    std::vector<char> databases;         ///< as Fleet::databases: is it asked for?
    std::vector<char> services;          ///< as Fleet::services: the same
    std::string command;                 ///< that makes the same again: "poolfit emit pools infra/poolfit.toml"

    const Fleet& fleet() const { return *report->fleet; }
    bool wants_database(Index database) const { return databases[database] != 0; }
    bool wants_service(Index service) const { return services[service] != 0; }
};

struct File {
    std::string path;  ///< relative, without a step up: "pgbouncer.ini"
    Language language{};
    std::string text;
};

/// What the files do not have because it is not known. A comment in the file stands for it, so that nothing wrong is
/// there; the command says it too, and its exit code is 1.
struct Gap {
    std::string what;   ///< "the size of api.primary is not known"
    std::string fix{};  ///< "set in_use of it"; may be empty
};

/// A pool's setting, for scripts.
struct PoolSetting {
    Index pool = 0;
    std::vector<Index> merged;       ///< pools that it takes the place of
    std::optional<Connections> max;  ///< of a process; nothing where it is not known
    std::string option;              ///< of the driver: "max"; empty: not known
};

struct Emission {
    std::vector<File> files;
    std::vector<Gap> gaps;
    std::vector<PoolSetting> pools;  ///< of the kind `pools` alone
    std::string refusal{};           ///< why there are no files, where the inventory has what the kind needs
};

/// A kind of files: one row each, one file each in src/emit.
struct Kind {
    std::string_view name;     ///< "pgbouncer"
    std::string_view summary;  ///< a line of the list of kinds
    std::string_view needs;    ///< what the inventory has to have: "a service with a pool"
    Emission (*emit)(const Request& request);
};

std::span<const Kind> kinds();
/// Null where there is none of the name.
const Kind* find_kind(std::string_view name);

/// The files as one text: of several, each begins with a comment line that names it.
std::string text(const Emission& emission);
/// As JSON: the files, what is missing, and the settings of pools.
std::string json(const Request& request, const Kind& kind, const Emission& emission);

}  // namespace poolfit::emit
