#include "fleet.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/load/load.hpp>

namespace poolfit::test {

const Catalog& catalog() {
    static const Catalog built_in;
    return built_in;
}

namespace {

Planned plan_source(std::string name, std::string text, const std::vector<std::string>& settings, PriceTerm term,
                    const Catalog& known = catalog()) {
    Planned planned;
    planned.sources = std::make_unique<Sources>();
    const SourceText& source = planned.sources->add(std::move(name), std::move(text));
    std::vector<load::Setting> set;
    for (const std::string& setting : settings) set.push_back({setting});
    Diagnostics diagnostics;
    auto fleet = load::inventory(source, set, known, *planned.sources, diagnostics);
    std::string problems;
    for (const Diagnostic& diagnostic : diagnostics.all())
        if (diagnostic.severity == Severity::error) problems += diag::print(diagnostic, {});
    REQUIRE_MESSAGE(fleet.has_value(), problems);
    planned.fleet = std::move(*fleet);
    std::vector<Index> all;
    for (Index i = 0; i < planned.fleet.databases.size(); ++i) all.push_back(i);
    planned.figures = std::make_unique<Figures>();
    planned.plan = plan::make(planned.fleet, known, {term, all, plan::Depth::all, planned.figures.get()});
    return planned;
}

}  // namespace

const Node& Planned::node(std::string_view name) const {
    const auto all = figures->all();
    const auto at = std::find_if(
        all.begin(), all.end(), [&](const Node& node) { return !node.inner && assess::name(node.key, fleet) == name; });
    REQUIRE_MESSAGE(at != all.end(), name);
    return *at;
}

Projection Planned::on(Index database, std::string_view cls) const {
    const InstanceClass* found = catalog().find_class(*fleet.databases[database].platform, cls);
    REQUIRE_MESSAGE(found != nullptr, cls);
    return plan::project(fleet, plan, database, *found, {});
}

Planned plan_text(std::string_view toml, const std::vector<std::string>& settings, PriceTerm term) {
    return plan_source(toml.starts_with('{') ? "test.json" : "test.toml", std::string(toml), settings, term);
}

Planned plan_with(const Catalog& known, std::string_view toml) {
    return plan_source("test.toml", std::string(toml), {}, PriceTerm::list, known);
}

Planned plan_file(std::string_view name, const std::vector<std::string>& settings, PriceTerm term) {
    const std::string path = std::string("data/examples/") + std::string(name);
    std::ifstream file(path, std::ios::binary);
    REQUIRE_MESSAGE(file.good(), path);
    std::ostringstream text;
    text << file.rdbuf();
    return plan_source(path, text.str(), settings, term);
}

std::vector<Finding> lint(const Planned& planned, std::optional<Date> today, const lint::Options& options,
                          const std::vector<Drift>* drifts) {
    LintInput input{planned.fleet, catalog(), planned.plan, today};
    input.drifts = drifts;
    return lint::run(input, options);
}

std::string list(const std::vector<Finding>& findings) {
    static constexpr const char* severities[] = {"info", "warning", "error"};
    std::string text;
    for (const Finding& finding : findings) {
        const Position at = finding.place ? finding.place.source->position(finding.place.span.begin) : Position{0, 0};
        text += fmt::format("{}{} {} {} {}:{} {}{}\n", finding.suppressed ? "(" : "", finding.rule->id,
                            severities[static_cast<int>(finding.severity)], finding.target, at.line, at.column,
                            finding.message, finding.suppressed ? ")" : "");
    }
    return text;
}

}  // namespace poolfit::test
