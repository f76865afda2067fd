// PF302: the observation window is too short.
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/assess/usage.hpp>
#include <poolfit/series/series.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::short_window{
    "PF302",
    "short-window",
    Severity::info,
    "0.1.0",
    "Observations cover less than two weeks, or the observation window is not set.",
    "A database looks idle on a Sunday. Two weeks contain every weekday twice and a monthly job every other time; a "
    "shorter window shows whatever load happened to be there. A class chosen by a short window is chosen by chance.",
    "Observe for 14 days or longer, including a month end if possible, and write window = \"14 d\" in "
    "[database.observed].",
    check,
};

namespace {

constexpr Days enough{assess::window_days};

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const Database& database = input.fleet.databases[i];
        const Observed& observed = database.observed;
        const bool any = observed.any();
        if (any && observed.window && observed.window->value >= enough) continue;
        if (!any && database.type->unknown) continue;  // its class is asked for first: PF308
        Place where = database.place;
        if (observed.window)
            where = observed.window->place;
        else if (observed.place)
            where = observed.place;
        std::string message = database.platform->has_classes ? "no observations: smaller classes can't be judged"
                                                             : "no observations: CPU and memory are not checked";
        if (any && observed.window)
            message = fmt::format("observed for only {}; at least {} needed",
                                  series::print_days((*observed.window)->value), unit::print(enough));
        else if (any)
            message = "observation window not set";
        Finding finding = found(table::short_window, {i}, *database.name, where, std::move(message));
        const bool by_series =
            observed.watched && observed.window && where && where.source->name() == observed.watched->file;
        finding.fix = by_series ? std::string("name a series of 14 days or longer")
                      : any     ? assign(where, "window", "\"14 d\"") + ", once that is true"
                                : std::string("set cpu_peak and freeable_memory in [database.observed]");
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
