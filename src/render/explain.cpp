#include <fmt/format.h>

#include <poolfit/render/render.hpp>

#include "explain_parts.hpp"

namespace poolfit::render {

namespace {

/// Another part of the same database.
bool is_same(const report::Target& one, const report::Target& other) {
    return one.kind == report::Target::Kind::database && one.section && other.section && one.index == other.index;
}

/// Those that follow one another are printed below one head.
std::vector<report::Section> sections_of(const std::vector<report::Target>& targets, std::size_t first) {
    std::vector<report::Section> sections;
    if (!targets[first].section) return sections;
    for (std::size_t k = first; k < targets.size() && (k == first || is_same(targets[k], targets[first])); ++k)
        sections.push_back(*targets[k].section);
    return sections;
}

}  // namespace

std::string explain_text(const Report& report, const std::vector<report::Target>& targets, const Style& style) {
    Page page(style);
    for (std::size_t k = 0; k < targets.size(); ++k) {
        const report::Target target = targets[k];
        page.blank();
        switch (target.kind) {
            case report::Target::Kind::database:
                explain_database(page, report, target.index, sections_of(targets, k));
                while (k + 1 < targets.size() && is_same(targets[k + 1], target)) ++k;
                break;
            case report::Target::Kind::service:
                explain_service(page, report, target.index);
                break;
            case report::Target::Kind::pool:
                explain_pool(page, report, target.index);
                break;
            case report::Target::Kind::pooler:
                explain_pooler(page, report, target.index);
                break;
            case report::Target::Kind::commitment:
                explain_commitment(page, report, target.index);
                break;
            case report::Target::Kind::cls:
                explain_class(page, report, *target.cls);
                break;
            case report::Target::Kind::strategy:
                explain_strategy(page, report, report.strategies[target.index]);
                break;
            case report::Target::Kind::rule:
                explain_rule(page, report, *target.rule);
                break;
            case report::Target::Kind::figure:
                print_tree(page, Derivations(report), target.figure);
                break;
        }
    }
    return page.take();
}

}  // namespace poolfit::render
