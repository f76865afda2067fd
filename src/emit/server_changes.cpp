#include "server_changes.hpp"

#include <poolfit/diag/text.hpp>
#include <poolfit/platform/platform.hpp>

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

std::string today_text(const Database& database) { return "today " + diag::visible(database.type->name, true); }

}  // namespace poolfit::emit
