// Why a database gets no schedule, and why it stays on a class.
#include <fmt/format.h>

#include <poolfit/platform/platform.hpp>
#include <poolfit/unit/print.hpp>

#include "beside_words.hpp"
#include "block.hpp"

namespace poolfit::render {

std::string no_stop_text(const Report& report, Index index) {
    const Database& database = report.fleet->databases[index];
    const Recommendation& advice = report.plan.databases[index].recommendation;
    const Policy& policy = report.fleet->policy;
    switch (advice.no_stop) {
        case NoStop::none:
            if (advice.verdict == Verdict::idle) return "no schedule: it can be deleted";
            return {};
        case NoStop::production:
            return database.environment == Environment::unstated
                       ? std::string("no schedule: its environment is not set, and may be production")
                       : fmt::format("no schedule: its environment is {}", model::name(database.environment));
        case NoStop::provider:
            return fmt::format("no schedule: none is planned for {} servers", database.platform->names.brief);
        case NoStop::replica:
            return fmt::format("no schedule: {} stops neither a replica nor an instance that has one",
                               database.platform->names.keeper);
        case NoStop::cluster:
            return "no schedule: a cluster stops as a whole, and one of its instances is production";
        case NoStop::with_primary:
            return fmt::format("no schedule of its own: a cluster stops as a whole, with {}",
                               *report.fleet->databases[*database.replica_of].name);
        case NoStop::term:
            return "no schedule: a reserved instance is paid for while it is stopped";
        case NoStop::all_week:
            return fmt::format("no schedule: policy.non_production_hours = {}",
                               unit::print_number(*policy.non_production_hours));
        case NoStop::no_price:
            return "no schedule: the price of the class is not known";
        case NoStop::saves_less:
            return fmt::format(
                "no schedule: running {} saves too little (min_savings = {}, min_savings_per_month = {})",
                hours_text(*policy.non_production_hours), unit::print(*policy.min_savings),
                unit::print(*policy.min_savings_per_month));
        case NoStop::committed: {
            if (!advice.stop_held) return "no schedule: what it saves after commitments is not known";
            const StopHeld& held = *advice.stop_held;
            return fmt::format(
                "no schedule: after commitments running {} saves too little{}", hours_text(held.hours),
                held.pays_from ? fmt::format("; it pays from {} on", unit::print(*held.pays_from)) : std::string());
        }
    }
    return {};
}

std::string no_serverless_text(const Report& report, Index index) {
    const Database& database = report.fleet->databases[index];
    const DatabasePlan& own = report.plan.databases[index];
    const Recommendation& advice = own.recommendation;
    switch (advice.no_serverless) {
        case NoServerless::none:
            if (database.platform->elastic != nullptr) return "its capacity follows the load today";
            return advice.verdict == Verdict::idle ? "stays on its class until it is deleted" : std::string();
        case NoServerless::provider:
            if (database.platform->elastic != nullptr) return "its capacity follows the load today";
            return fmt::format("{} has no serverless capacity in the catalog", database.platform->names.full);
        case NoServerless::pools_first:
            return "not considered while the pools change: what connections need is known after that, so plan again";
        case NoServerless::trouble:
            return "not considered while the class is over a limit or cannot be judged: that comes first";
        case NoServerless::committed:
            return "stays on a class: after commitments, serverless capacity saves too little";
        case NoServerless::no_price:
            return fmt::format("stays on a class: the catalog lacks a price, of the class or of capacity, in {}",
                               *database.region);
        case NoServerless::no_load:
            return "stays on a class: observed.cpu_peak is not set, so the capacity it would take is not known";
        case NoServerless::support:
            return "stays on a class: what Extended Support of serverless capacity would cost is not known";
        case NoServerless::too_large:
            return "stays on a class: its load or its connections need more than the most capacity there is, or than "
                   "its cluster's range has";
        case NoServerless::takes_over: {
            const Elastic& elastic = *platform::elastic_of(*database.platform)->elastic;
            return fmt::format(
                "stays on a class: it is kept to take over from {}, and serverless capacity in {} is never smaller "
                "than the writer; in {} it would start at its minimum",
                *report.fleet->databases[*database.replica_of].name, elastic.writer_tiers, elastic.own_tiers);
        }
        case NoServerless::saves_less:
            break;
    }
    const std::string cost = own.capacity && own.capacity->cost ? money_range(own.capacity->cost->value) : "its cost";
    return fmt::format(
        "stays on a class: {} for serverless capacity, against {}/mo for {}, saves too little at the high end", cost,
        advice.cost ? unit::print(advice.cost->value) : "an unknown price", advice.cls->name);
}

}  // namespace poolfit::render
