// One container, or one process of another kind, as manifests describe it: what its environment and its command line
// say of its pools and processes. Kubernetes, Compose, ECS and .env files have this in common.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/diag/source.hpp>
#include <poolfit/import/estate.hpp>

#include "../tree/sealed.hpp"

namespace poolfit::imports {

struct Variable {
    std::string name;
    Sealed value;
    Place place{};
    std::string holder{};            ///< the Secret or other thing that has its value, which is not in the files
    bool known = true;               ///< else the value is not in the files
    bool shared = false;             ///< of a set of variables that others take too, so that it may be meant for them
    std::string kept_in = "Secret";  ///< what the holder is
    std::string lacking{};           ///< the key that the holder should have, if that is in the files
};

class Variables {
public:
    /// A later one of the same name takes the place of the first.
    void add(Variable variable);
    const Variable* find(std::string_view name) const;
    const std::vector<Variable>& all() const { return all_; }

private:
    std::vector<Variable> all_;
};

/// A setting of a file that is mounted: "spring.datasource.url".
struct FileSetting {
    std::string key;
    Sealed value;
    Place place{};
    bool option = false;  ///< given to the process as it starts: it wins over the environment and over files
};

struct Program {
    std::string image;
    std::vector<Sealed> words;  ///< command and arguments; words may be whole command lines
    Place words_place{};
    Variables variables;
    std::vector<FileSetting> settings;
    std::string cpus{};                   ///< what is known of its vCPUs: "its task has 4 vCPUs"
    std::string node{};                   ///< the same of its node: "its nodes have 4 vCPUs each"
    std::optional<std::int64_t> vcpus{};  ///< that it sees
    std::vector<std::string> limits{};    ///< variables that are max_connections of a server of the files
    /// The engine of a server of the files that has this name. Nothing of other hosts.
    std::function<std::optional<std::string>(std::string_view host)> engine_at{};
};

/// "; its task has 4 vCPUs", to be added to a sentence; empty where nothing is known.
std::string known_of_cpus(const Program& program);

struct ProgramFacts {
    std::vector<PoolFact> pools;
    MaybeFact<std::int64_t> processes;
};

/// What the container of `subject` says. A note names what it leaves out.
ProgramFacts read_program(const Program& program, const std::string& subject, Estate& estate);

/// The size of a pool whose address no variable has; without `max` there is none.
PoolFact unaddressed(const Program& program, const std::string& subject, Place place, Estate& estate);

/// A line of a .properties file with those that a backslash at its end continues.
struct PropertyLine {
    std::string key;
    Sealed value;
    std::size_t offset = 0;
    bool divides = false;  ///< "#---": another document begins
};
std::vector<PropertyLine> property_lines(std::string_view text);

/// A file of settings that a framework reads by itself, flat: application.yml, application.properties. None of others.
std::vector<FileSetting> read_settings_file(std::string_view name, const Sealed& text, Place place);

/// The settings of Spring and Quarkus among the options of a process: "-Dspring.datasource.url=…" of its command or of
/// JAVA_TOOL_OPTIONS, "--spring.datasource.url=…", the members of SPRING_APPLICATION_JSON. Those that win come first.
std::vector<FileSetting> read_options(const Program& program);
/// The members of a JSON text, flat.
std::vector<FileSetting> settings_in_json(const Sealed& text, const Place& place);
/// Spring's key and its variable are the same without their signs: "springdatasourceurl".
std::string squashed_key(std::string_view name);

/// The addresses in an environment and in files, the one that counts first.
struct FoundAddress {
    Address address;
    std::string variable, prefix, driver;
    int rank = 0;
    bool direct = false;  ///< for migrations
    bool shared = false;
    std::vector<std::pair<std::string, Sealed>> parameters;
};
std::vector<FoundAddress> find_addresses(const Program& program);

/// Words of a command line: blanks separate, quotes hold together.
std::vector<std::string> command_words(const std::vector<Sealed>& words);
MaybeFact<std::int64_t> find_processes(const Program& program, const std::string& subject, Estate& estate);
/// Threads that share the pool of their process, by the command or a variable that it reads.
MaybeFact<std::int64_t> find_threads(const Program& program);
/// The size of the pool of an address. `alone`: it is the only one, so that any size in the environment is its.
void find_size(const Program& program, const FoundAddress& of, bool alone, const std::string& subject, PoolFact& pool,
               Estate& estate);

}  // namespace poolfit::imports
