#include <fmt/format.h>

#include <poolfit/render/render.hpp>

#include "commitments.hpp"
#include "derivation.hpp"
#include "explain_parts.hpp"
#include "json_report.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

using TargetKind = report::Target::Kind;

std::string_view kind_name(TargetKind kind) {
    static constexpr std::string_view names[] = {"database", "service",  "pool", "pooler", "commitment",
                                                 "class",    "strategy", "rule", "figure"};
    return names[static_cast<std::size_t>(kind)];
}

std::string target_name(const Report& report, const report::Target& target) {
    const Fleet& fleet = *report.fleet;
    switch (target.kind) {
        case TargetKind::database:
            return *fleet.databases[target.index].name;
        case TargetKind::service:
            return *fleet.services[target.index].name;
        case TargetKind::pool:
            return pool_label(fleet, target.index);
        case TargetKind::pooler:
            return *fleet.poolers[target.index].name;
        case TargetKind::commitment:
            return commitment_text(fleet, target.index);
        case TargetKind::cls:
            return std::string(target.cls->name);
        case TargetKind::strategy:
            return std::string(report.strategies[target.index].name);
        case TargetKind::rule:
            return std::string(target.rule->id);
        case TargetKind::figure:
            break;
    }
    return Derivations(report).name(target.figure);
}

std::vector<FigureId> asked_figures(const Report& report, const report::Target& target) {
    if (target.kind == TargetKind::figure) return {target.figure};
    if (target.section) {
        const std::set<FigureId> ids = figures_of_section(report, target.index, *target.section);
        return {ids.begin(), ids.end()};
    }
    return report::figures_of(report, target);
}

}  // namespace

std::string explain_json(const Report& report, const std::vector<report::Target>& targets) {
    const Derivations all(report);
    std::vector<FigureId> roots;
    JsonWriter json;
    json.open_object();
    json.text("schema", "poolfit-explain/1");
    json.open_array("targets");
    for (const report::Target& target : targets) {
        json.open_object();
        json.text("kind", kind_name(target.kind));
        json.text("name", target_name(report, target));
        json.text_or_null("section", target.section ? report::name(*target.section) : std::string_view());
        json.open_array("figures");
        for (const FigureId id : asked_figures(report, target)) {
            json.text(all.name(id));
            roots.push_back(id);
        }
        json.close();
        json.close();
    }
    json.close();
    json.open_array("derivations");
    for (const FigureId id : with_inputs(all, roots)) write_derivation(json, all, id);
    json.close();
    json.close();
    return json.take();
}

}  // namespace poolfit::render
