#include "drift.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/sizes.hpp>

#include "finding.hpp"
#include "rules.hpp"

namespace poolfit::lint {
namespace {

/// The databases that a record is about: itself, or those that it connects to.
std::vector<Index> databases_of(const Fleet& fleet, const Drift& drift) {
    std::vector<Index> all;
    const auto add = [&](Index database) {
        if (std::ranges::find(all, database) == all.end()) all.push_back(database);
    };
    if (drift.record == "database")
        for (Index i = 0; i < fleet.databases.size(); ++i)
            if (*fleet.databases[i].name == drift.top) add(i);
    if (drift.record == "pooler" || drift.record == "alias")
        for (const Pooler& pooler : fleet.poolers)
            if (*pooler.name == drift.top || pooler.name->starts_with(drift.top + '/')) add(pooler.database);
    if (drift.record == "service" || drift.record == "pool")
        for (const Service& service : fleet.services)
            if (*service.name == drift.top)
                for (const Index pool : service.pools) add(model::database_of(fleet, fleet.pools[pool]));
    return all;
}

}  // namespace

bool is_about_files(const Rule& rule) {
    return &rule == &table::declared_differs || &rule == &table::not_declared || &rule == &table::no_longer_deployed ||
           &rule == &table::left_open;
}

std::vector<Finding> found_drifts(const Rule& rule, const LintInput& input, Drift::Kind kind,
                                  const std::function<std::string(const Drift&)>& message) {
    std::vector<Finding> findings;
    if (input.drifts == nullptr) return findings;
    for (const Drift& drift : *input.drifts) {
        if (drift.kind != kind) continue;
        Finding finding = found(rule, databases_of(input.fleet, drift), drift.target, drift.place, message(drift));
        finding.label = drift.source;
        const bool has_line = !drift.key.empty() && !drift.written.empty();
        if (has_line) {
            const std::string key = drift.key.substr(drift.key.rfind('.') + 1);
            finding.fix = assign(drift.place, key, drift.written);
        }
        if (kind == Drift::Kind::gone) {
            finding.label = {};
            finding.fix =
                drift.deployed.empty() ? std::string("remove the record if it no longer runs") : drift.written;
        } else if (kind == Drift::Kind::value && drift.stays && !drift.deployed.empty()) {
            finding.fix =
                fmt::format("--catalog FILE with a catalog that has {}; then --into takes it", drift.deployed);
        } else if (kind == Drift::Kind::value && drift.deployed.empty()) {
            finding.fix = drift.stays ? fmt::format("check what {} is now, and write that: --into leaves it", drift.key)
                                      : fmt::format("remove the line of {}", drift.key);
        }
        if (drift.stays) {
            // Its fix says that an import leaves it.
        } else if (drift.own && !drift.declared.empty()) {
            finding.notes.emplace_back(
                "yours", Phrase(drift.by_set ? "--set of an import wrote it: --into leaves it, and takes the files' "
                                               "with --overwrite"
                                             : "typed in or changed by hand: --into leaves it, and takes the files' "
                                               "with --overwrite"));
        } else if (kind != Drift::Kind::gone && !drift.command.empty()) {
            finding.fix += finding.fix.empty() ? drift.command : fmt::format(", or {}", drift.command);
        }
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace poolfit::lint
