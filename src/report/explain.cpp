#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include <poolfit/model/pooler.hpp>
#include <poolfit/report/report.hpp>

#include "asked.hpp"

namespace poolfit::report {

namespace {

/// Is `tail` made of the last dot-separated parts of `name`?
bool is_tail(std::string_view name, std::string_view tail) {
    if (!name.ends_with(tail)) return false;
    return name.size() == tail.size() || name[name.size() - tail.size() - 1] == '.';
}

/// The text is the pool's label or what a finding is about: "api/primary", "api.primary", "pool.api.primary".
bool names_pool(std::string_view text, const Fleet& fleet, const Pool& pool) {
    const std::string &service = *fleet.services[pool.service].name, &name = *pool.name;
    if (text.starts_with("pool.")) text.remove_prefix(5);
    if (text.size() != service.size() + 1 + name.size() || !text.starts_with(service) || !text.ends_with(name))
        return false;
    return text[service.size()] == '/' || text[service.size()] == '.';
}

using TargetKind = Target::Kind;

constexpr std::string_view sections[] = {
    "demand", "workload", "pool",    "total",       "limit",   "use",   "cpu",  "credits",    "memory",   "failover",
    "price",  "savings",  "support", "commitments", "storage", "proxy", "stop", "serverless", "rejected", "worlds"};
static_assert(std::size(sections) == static_cast<std::size_t>(last_section) + 1);

/// A class of that name which a database is on, or may be on.
const InstanceClass* find_class(const Report& report, std::string_view text) {
    if (report.plan.market == nullptr) return nullptr;
    for (const Offers* offers : report.plan.market->known())
        for (const Offer& offer : offers->all)
            if (offer.cls->name == text) return offer.cls;
    return nullptr;
}

std::vector<Target> find_records(const Report& report, std::string_view text) {
    std::vector<Target> targets;
    const Fleet& fleet = *report.fleet;
    const auto all = [&](TargetKind kind, std::size_t count, auto named) {
        for (Index i = 0; i < count; ++i)
            if (named(i)) targets.push_back({kind, i});
    };
    all(TargetKind::database, fleet.databases.size(),
        [&](Index i) { return names_record(text, "database", *fleet.databases[i].name); });
    all(TargetKind::service, fleet.services.size(),
        [&](Index i) { return names_record(text, "service", *fleet.services[i].name); });
    all(TargetKind::pool, fleet.pools.size(), [&](Index i) { return names_pool(text, fleet, fleet.pools[i]); });
    all(TargetKind::pooler, fleet.poolers.size(), [&](Index i) {
        const Pooler& pooler = fleet.poolers[i];
        return names_record(text, "pooler", *pooler.name) || names_record(text, "pooler", model::process_name(pooler));
    });
    all(TargetKind::commitment, fleet.commitments.size(), [&](Index i) {
        const std::string& name = *fleet.commitments[i].name;
        return name.empty() ? text == fmt::format("commitment.{}", i + 1) : names_record(text, "commitment", name);
    });
    all(TargetKind::strategy, report.strategies.size(),
        [&](Index i) { return names_record(text, "strategy", report.strategies[i].name); });
    if (const Rule* rule = lint::find_rule(text)) targets.push_back({TargetKind::rule, 0, {}, rule});
    if (const InstanceClass* cls = find_class(report, text)) targets.push_back({TargetKind::cls, 0, {}, nullptr, cls});
    return targets;
}

/// The figure of that name, or all whose names have that tail.
std::vector<Target> find_figures(const Report& report, std::string_view text, assess::Spelling spelling) {
    std::vector<Target> whole, tails;
    const auto all = report.figures.all();
    for (std::uint32_t i = 0; i < all.size(); ++i) {
        if (all[i].inner) continue;
        const std::string name = assess::name(all[i].key, *report.fleet, spelling);
        const Target target{TargetKind::figure, 0, FigureId{i}};
        if (name == text)
            whole.push_back(target);
        else if (is_tail(name, text))
            tails.push_back(target);
    }
    return whole.empty() ? tails : whole;
}

/// Is the figure the target's, or of a part of it?
bool is_of(const Report& report, const Target& target, const Key& key) {
    const auto about = [&](Subject::Kind kind) {
        return !assess::is_of_strategy(key.name) && key.subject == Subject{kind, target.index};
    };
    switch (target.kind) {
        case TargetKind::database:
            return about(Subject::Kind::database);
        case TargetKind::service:
            return about(Subject::Kind::service) ||
                   (key.subject.kind == Subject::Kind::pool && !assess::is_of_strategy(key.name) &&
                    report.fleet->pools[key.subject.index].service == target.index);
        case TargetKind::pool:
            return about(Subject::Kind::pool);
        case TargetKind::pooler:
            return about(Subject::Kind::pooler);
        case TargetKind::commitment:
            return about(Subject::Kind::commitment);
        case TargetKind::cls:
            return key.subject.kind == Subject::Kind::cls && key.cls->name == target.cls->name;
        case TargetKind::strategy:
            return assess::is_of_strategy(key.name) && key.phase == report.strategies[target.index].phase;
        case TargetKind::rule:
        case TargetKind::figure:
            break;
    }
    return false;
}

}  // namespace

std::string_view name(Section section) { return sections[static_cast<std::size_t>(section)]; }

std::optional<Section> section(std::string_view name) {
    const auto* at = std::ranges::find(sections, name);
    if (at == std::end(sections)) return std::nullopt;
    return static_cast<Section>(at - std::begin(sections));
}

std::vector<Target> find(const Report& report, std::string_view text) {
    if (text.empty()) return {};
    std::vector<Target> targets = find_records(report, text);
    if (!targets.empty()) return targets;

    targets = find_figures(report, text, assess::Spelling::full);
    if (targets.empty()) targets = find_figures(report, text, assess::Spelling::brief);
    return targets;
}

std::vector<FigureId> figures_of(const Report& report, const Target& target) {
    std::vector<FigureId> ids;
    const auto all = report.figures.all();
    for (std::uint32_t i = 0; i < all.size(); ++i)
        if (!all[i].inner && is_of(report, target, all[i].key)) ids.push_back(FigureId{i});
    return ids;
}

std::vector<std::string> names(const Report& report) {
    const Fleet& fleet = *report.fleet;
    std::vector<std::string> all;
    for (const Database& database : fleet.databases) all.push_back(*database.name);
    for (const Service& service : fleet.services) all.push_back(*service.name);
    for (const Pool& pool : fleet.pools)
        all.push_back(fmt::format("{}/{}", *fleet.services[pool.service].name, *pool.name));
    for (Index i = 0; i < fleet.poolers.size(); ++i) {
        const Pooler& pooler = fleet.poolers[i];
        all.push_back(*pooler.name);
        if (pooler.process == i) all.emplace_back(model::process_name(pooler));
    }
    for (const Commitment& commitment : fleet.commitments)
        if (!commitment.name->empty()) all.push_back(*commitment.name);
    for (const Strategy& strategy : report.strategies) all.emplace_back(strategy.name);
    for (const Rule* rule : lint::rules()) {
        all.emplace_back(rule->id);
        all.emplace_back(rule->name);
    }
    if (report.plan.market != nullptr)
        for (const Offers* offers : report.plan.market->known())
            for (const Offer& offer : offers->all) all.emplace_back(offer.cls->name);
    for (const Node& node : report.figures.all())
        if (!node.inner) all.push_back(assess::name(node.key, fleet));
    return all;
}

}  // namespace poolfit::report
