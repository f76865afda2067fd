// The formulas of models, in words.
#include "model_words.hpp"

namespace poolfit::render {

std::string_view model_text(Model model) {
    switch (model) {
        case Model::none:
            break;
        case Model::engine_memory:
            return "{0} − memory kept by the OS and {m} (a range fitted to real servers)";
        case Model::buffers:
            return "{m}";
        case Model::mean_of_law:
            return "mean of the distribution fitted to the percentiles, lognormal between two of them";
        case Model::smallest_in_time:
            return "smallest n whose p99 of W is at most {1} at {0} by {m}";
        case Model::largest_that_fits:
            return "the largest size within the limits given by {1}, instead of {0}";
        case Model::smallest_size:
            return "smallest n with P(W > {1}) ≤ {2} at {0} by {m}";
        case Model::smallest_together:
            return "smallest n that meets the policy's wait goal for all of these loads combined, by {m}";
        case Model::beside_pinned:
            return "one connection per pinned session, plus the smallest n that meets the policy's wait goal for all "
                   "other loads combined, by {m}";
        case Model::carries_together:
            return "smallest n that can serve all of these loads, however long they wait: no size is known to meet the "
                   "policy's wait goal";
        case Model::each_client:
            return "smallest n that opens one connection per client, even in a deploy";
        case Model::safe_together:
            return "smallest n that nested checkouts cannot lock up: requests in flight in all processes, spread "
                   "evenly over the pooler's processes, times the further connections each may ask for, plus one";
        case Model::utilization:
            return "share of {1} busy at {0}, by {m}";
        case Model::wait_mean:
            return "E[W] at {0} on {1} by {m}";
        case Model::wait_p99:
            return "p99 of W at {0} on {1} by {m}";
        case Model::p_wait_over:
            return "P(W > {2}) at {0} on {1} by {m}";
        case Model::poisson_in_flight:
            return "exceeded one time in a million: Poisson({0})";
        case Model::poisson_active:
            return "exceeded at most 1 % of the time: Poisson({0}), capped at the pool sizes";
        case Model::cpu_stretch:
            return "CPU time including the wait for CPU, over CPU time alone: 1 + C(m, a)/(m − a), m vCPUs, a of them "
                   "busy with all workloads; C is Erlang's; with users (closed load), the fixed point";
        case Model::offered_closed:
            return "{0} × {2} / ({1} + {2})";
        case Model::capacity_share:
            return "2/{2} × (min(u, ½) + ({2} − 1) × max(0, u − ½)), u = {0}";
        case Model::busy_at:
            return "u where 2/{2} × (min(u, ½) + ({2} − 1) × max(0, u − ½)) = {0}";
        case Model::month_over_limit:
            return "first month over the limit";
        case Model::share_of_worlds:
            return "share of {0}, drawn by {1}, that keep to the limits";
        case Model::mean_of_worlds:
            return "mean over {0}, drawn by {1}, of {2}";
        case Model::regret_of_worlds:
            return "mean over {0}, drawn by {1}, of {2}, and {3} where the class is outside, less those of the best "
                   "class of each";
        case Model::credits_lowest:
            return "lowest balance of credits over the CPU series, repeated, at mean {0}: earns {1}, keeps {2}";
        case Model::credits_short:
            return "credits of a month beyond what is earned and kept, over the CPU series, repeated, at mean {0}: "
                   "earns {1}, keeps {2}";
        case Model::credits_short_hours:
            return "hours of a month without credits, over the CPU series, repeated, at mean {0}: earns {1}, "
                   "keeps {2}";
    }
    return {};
}

}  // namespace poolfit::render
