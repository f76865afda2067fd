#include "asked.hpp"

#include <algorithm>
#include <set>

#include <poolfit/model/pooler.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/report/report.hpp>

namespace poolfit::report {
namespace {

Figures::Kept none_of(const Fleet& fleet) {
    return {std::vector<char>(fleet.databases.size()), std::vector<char>(fleet.services.size()),
            std::vector<char>(fleet.pools.size()), std::vector<char>(fleet.poolers.size())};
}

}  // namespace

bool names_record(std::string_view text, std::string_view kind, std::string_view name) {
    if (text == name) return true;
    if (text.size() <= kind.size() || !text.starts_with(kind) || text[kind.size()] != '.') return false;
    const std::string_view rest = text.substr(kind.size() + 1);
    return rest == name || rest == assess::quoted(name);
}

std::optional<std::vector<Index>> databases_named(const Fleet& fleet, const std::vector<std::string>& words) {
    std::vector<Index> named;
    for (const std::string& word : words) {
        const auto at = std::ranges::find_if(
            fleet.databases, [&](const Database& database) { return names_record(word, "database", *database.name); });
        if (at != fleet.databases.end())
            named.push_back(static_cast<Index>(at - fleet.databases.begin()));
        else if (named.empty() || !section(word))
            return std::nullopt;
    }
    if (named.empty()) return std::nullopt;
    return named;
}

Figures::Kept shown_of(const Fleet& fleet, const std::vector<Index>& databases) {
    Figures::Kept kept = none_of(fleet);
    const auto first = [&](Index i) { return fleet.databases[i].replica_of.value_or(i); };
    std::set<Index> systems;
    for (const Index i : databases) systems.insert(first(i));
    for (Index i = 0; i < fleet.databases.size(); ++i) kept.databases[i] = systems.contains(first(i)) ? 1 : 0;
    for (Index i = 0; i < fleet.poolers.size(); ++i) kept.poolers[i] = kept.databases[fleet.poolers[i].database];
    for (Index i = 0; i < fleet.pools.size(); ++i)
        kept.pools[i] = kept.databases[model::database_of(fleet, fleet.pools[i])];
    return kept;
}

Figures::Kept needed_of(const Fleet& fleet, const std::vector<Index>& databases) {
    Figures::Kept kept = shown_of(fleet, databases);
    std::set<Index> processes, hosts;
    for (Index i = 0; i < fleet.poolers.size(); ++i)
        if (kept.poolers[i] != 0) processes.insert(model::process_of(fleet, i));
    for (Index i = 0; i < fleet.poolers.size(); ++i)
        if (processes.contains(model::process_of(fleet, i))) kept.poolers[i] = 1;
    for (Index i = 0; i < fleet.pools.size(); ++i) {
        const Pool& pool = fleet.pools[i];
        if (kept.pools[i] == 0 && !(pool.pooler && kept.poolers[*pool.pooler] != 0)) continue;
        kept.services[pool.service] = 1;
        if (const auto& host = fleet.services[pool.service].host) hosts.insert(*host);
    }
    for (Index i = 0; i < fleet.services.size(); ++i)
        if (const auto& host = fleet.services[i].host; host && hosts.contains(*host)) kept.services[i] = 1;
    for (Index i = 0; i < fleet.pools.size(); ++i)
        if (kept.services[fleet.pools[i].service] != 0) kept.pools[i] = 1;
    return kept;
}

}  // namespace poolfit::report
