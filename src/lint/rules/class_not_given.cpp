// PF308: the inventory does not say what a database runs on.
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::class_not_given{
    "PF308",
    "class-not-given",
    Severity::warning,
    "0.1.0",
    "The inventory does not say which class a database is of, so its limits are not checked.",
    "The class gives max_connections, the CPU, the memory and the price. Without it, none of them is known, and no "
    "other "
    "rule can find that a limit is exceeded. With max_connections alone, connections are checked. An imported "
    "inventory "
    "has such databases where only a host name was in the files.",
    "Write the class; of a server that has none, its vCPUs and memory. For the connections alone max_connections is "
    "enough.",
    check,
};

namespace {

/// The lines that complete it.
std::string lines(const Database& database) {
    const Platform& platform = *database.platform;
    const auto line = [&](std::string_view key, std::string_view value) { return assign(database.place, key, value); };
    if (const Elastic* elastic = platform.elastic)
        return fmt::format("{} and {}", line(elastic->min_key, "…"), line(elastic->max_key, "…"));
    if (!platform.has_classes) return fmt::format("{} and {}", line("vcpus", "…"), line("memory", "\"… GiB\""));
    return fmt::format("its class, such as {}", line("class", fmt::format("\"{}\"", platform.class_example)));
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const Database& database = input.fleet.databases[i];
        if (!database.type->unknown) continue;
        // A replica of its primary's class is reported together with it.
        if (database.replica_of && input.fleet.databases[*database.replica_of].type == database.type) continue;
        std::vector<Index> about{i};
        std::vector<std::string> replicas;
        for (const Index replica : input.plan.topology.replicas[i]) {
            if (input.fleet.databases[replica].type != database.type) continue;
            about.push_back(replica);
            replicas.push_back(*input.fleet.databases[replica].name);
        }
        const bool limit = database.max_connections.has_value();
        Finding finding =
            found(table::class_not_given, about, *database.name, database.place,
                  limit ? "what it runs on is not given: its vCPUs, its memory and its price are not known"
                        : "what it runs on is not given: no limit of it is checked");
        if (!replicas.empty()) finding.notes.emplace_back("also", list(replicas));
        finding.fix = limit ? lines(database)
                            : fmt::format("{}; {} alone for the connections", lines(database),
                                          assign(database.place, "max_connections", "…"));
        const auto& words = database.platform->words;
        if (!words.server_command.empty()) finding.notes.emplace_back("run", std::string(words.server_command));
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
