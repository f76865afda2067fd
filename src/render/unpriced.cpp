#include "unpriced.hpp"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include <poolfit/model/command.hpp>

#include "layout.hpp"
#include "listing.hpp"

namespace poolfit::render {

std::string without_text(const Report& report, std::string (*name)(const std::string&)) {
    std::vector<std::string> unpriced, unknown;
    for (const Index i : report.plan.totals.unpriced) {
        const Database& database = report.fleet->databases[i];
        (database.type->unknown ? unknown : unpriced).push_back(name(*database.name));
    }
    const auto as_is = [](const std::string& each) { return each; };
    std::string text;
    if (!unpriced.empty()) text += fmt::format(", without {}: no price", listed(unpriced, as_is));
    if (!unknown.empty()) text += fmt::format(", without {}: class not known", listed(unknown, as_is));
    return text;
}

std::string unpriced_text(const std::vector<Unpriced>& all) {
    const Unpriced& named = unpriced_named(all);
    std::size_t classes = 0;
    for (const Unpriced& each : all) classes += each.classes;
    std::string others;
    if (all.size() == 2) others = " and of one other engine or region";
    if (all.size() > 2)
        others = " and of " + counted(static_cast<std::int64_t>(all.size() - 1), "", "other engines or regions");
    return fmt::format("{} of {} in {}{} not considered, for want of a price",
                       counted(static_cast<std::int64_t>(classes), "class", "classes"), named.platform->names.brief,
                       named.region, others);
}

const Unpriced& unpriced_named(const std::vector<Unpriced>& all) {
    const auto at =
        std::ranges::find_if(all, [](const Unpriced& each) { return !each.platform->words.prices_command.empty(); });
    return at == all.end() ? all.front() : *at;
}

std::string unpriced_brief(const std::vector<Unpriced>& all) {
    std::size_t classes = 0;
    for (const Unpriced& each : all) classes += each.classes;
    return fmt::format("{} left out for want of a price: -v shows how to get it",
                       counted(static_cast<std::int64_t>(classes), "class", "classes"));
}

std::vector<std::string> price_commands(const Fleet& fleet, const Unpriced& which) {
    const Platform::Words& words = which.platform->words;
    if (words.prices_command.empty()) return {};
    std::string import = fmt::format("poolfit catalog import {} prices.json", words.prices_kind);
    if (const std::string path = model::own_catalog(fleet.path); path.find('/') != path.npos)
        import += " -o " + model::file_in_shell(path);
    return {model::filled(model::filled(std::string(words.prices_command), "{region}", which.region), "{engine}",
                          which.platform->names.engine),
            std::move(import)};
}

}  // namespace poolfit::render
