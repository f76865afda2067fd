#include <fmt/format.h>

#include <poolfit/render/render.hpp>

#include "commitments.hpp"
#include "derivation.hpp"
#include "explain_parts.hpp"
#include "json_report.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

using Kind = report::Target::Kind;

std::string_view kind_name(Kind kind) {
    static constexpr std::string_view names[] = {"database", "service",  "pool", "pooler", "commitment",
                                                 "class",    "strategy", "rule", "figure"};
    return names[static_cast<std::size_t>(kind)];
}

std::string target_name(const Report& report, const report::Target& target) {
    const Fleet& fleet = *report.fleet;
    switch (target.kind) {
        case Kind::database:
            return *fleet.databases[target.index].name;
        case Kind::service:
            return *fleet.services[target.index].name;
        case Kind::pool:
            return pool_label(fleet, target.index);
        case Kind::pooler:
            return *fleet.poolers[target.index].name;
        case Kind::commitment:
            return commitment_text(fleet, target.index);
        case Kind::cls:
            return std::string(target.cls->name);
        case Kind::strategy:
            return std::string(report.strategies[target.index].name);
        case Kind::rule:
            return std::string(target.rule->id);
        case Kind::figure:
            break;
    }
    return Derivations(report).name(target.figure);
}

std::vector<FigureId> asked_figures(const Report& report, const report::Target& target) {
    if (target.kind == Kind::figure) return {target.figure};
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
