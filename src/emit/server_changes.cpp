#include "server_changes.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>
#include <poolfit/platform/platform.hpp>
#include <poolfit/render/phases.hpp>

#include "settings.hpp"

namespace poolfit::emit {

std::vector<ServerChange> server_changes(const Request& request) {
    const Report& report = *request.report;
    std::vector<ServerChange> all;
    for (const Index i : databases_of(request)) {
        const Database& database = request.fleet().databases[i];
        const Recommendation& advice = report.plan.databases[i].recommendation;
        if (advice.verdict == Verdict::idle) continue;  // it is to be deleted, and nothing here deletes
        ServerChange change{.database = i, .cls = nullptr, .volume = {}, .max_connections = {}, .shares = {}};
        const InstanceClass& cls = class_of(request, i);
        if (platform::is_of_class(database) && &cls != database.type) change.cls = &cls;
        change.volume = volume_change(request, i);
        change.max_connections = advice.max_connections;
        for (const Index p : report.plan.topology.poolers[i])
            if (platform::pooler_kind(request.fleet().poolers[p].kind).share != nullptr && report.plan.poolers[p].size)
                change.shares.emplace_back(p, report.plan.poolers[p].size->value);
        if (change.any()) all.push_back(std::move(change));
    }
    return all;
}

std::vector<std::string> left_out(const Request& request) {
    std::vector<std::string> lines;
    for (const Index i : databases_of(request)) {
        const Recommendation& advice = request.report->plan.databases[i].recommendation;
        const auto line = [&](std::string_view what) {
            lines.push_back(fmt::format("{}: {} is not here; poolfit emit runbook has its steps",
                                        *request.fleet().databases[i].name, what));
        };
        if (advice.verdict == Verdict::idle) line("deleting it");
        if (advice.verdict == Verdict::serverless) line("the move to capacity that follows the load");
        if (advice.upgrade) line("the upgrade of its engine");
        if (advice.stop) line("its schedule");
    }
    return lines;
}

std::vector<std::string> order(const Request& request, std::string_view what_the_tool_does) {
    std::vector<std::string> lines;
    for (const Action& action : request.report->phases) {
        const auto asked = [&](Index i) { return request.wants_database(i); };
        if (std::ranges::any_of(action.databases, asked))
            lines.push_back(
                fmt::format("  {}. {}", lines.size() + 1, diag::visible(render::title(*request.report, action), true)));
    }
    if (lines.size() < 2) return {};
    lines.insert(lines.begin(), fmt::format("The plan's order. {}:", what_the_tool_does));
    return lines;
}

std::string today_text(const Database& database) { return "today " + diag::visible(database.type->name, true); }

}  // namespace poolfit::emit
