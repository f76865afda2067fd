// PF017: it fits until it scales.
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "../connections.hpp"
#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::autoscaling_over_usable{
    "PF017",
    "autoscaling-over-usable",
    Severity::error,
    "0.1.0",
    "The pools fit with the minimum number of instances, but not with the maximum that autoscaling may start.",
    "Autoscaling responds to load with more instances, and each brings its own pools. Connections run out exactly "
    "when the load is highest, and the instances started to help are the ones refused. The maximum number of "
    "instances has to fit.",
    "Make the pool smaller (the finding has the size), lower instances.max, or add a pooler.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        if (!holds(input, i, Trouble::scaled_over_usable)) continue;
        const DatabaseFacts& known = facts(input, i);
        for (const Consumer& consumer : consumers(input, i, Moment::steady)) {
            if (!consumer.pool) continue;
            const Service& service = input.fleet.services[input.fleet.pools[*consumer.pool].service];
            if (service.instances->is_point()) continue;
            Finding finding = over(input, table::autoscaling_over_usable, i,
                                   fmt::format("with {} of {}, its pools can open {} connections; only {} are usable",
                                               count(service.instances->high, "instance", "instances"), *service.name,
                                               unit::print(known.allocated), unit::print(known.usable)),
                                   {.moment = Moment::steady, .named = true}, consumer);
            finding.place = service.instances.place;
            note(finding, "fits", fmt::format("with {}, not with {}", service.instances->low, service.instances->high));
            findings.push_back(std::move(finding));
            break;
        }
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
