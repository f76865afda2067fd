#include <poolfit/queue/busy.hpp>

#include <cmath>

#include <poolfit/queue/search.hpp>

#include "checks.hpp"
#include "tails.hpp"

namespace poolfit::queue {

Answer<Connections> busy_quantile(Erlangs load, double p) {
    if (const auto bad = check_load(load)) return *bad;
    if (const auto bad = check_range("share of the time", p, 1e-9, 1.0)) return *bad;
    const auto rarely_more = [&](Connections n) { return -std::expm1(ln_poisson_cdf(number(n), load.value)) <= p; };
    const auto first = smallest_size(Connections(0), Connections(20'000'000), rarely_more);
    return first.value_or(Connections(20'000'000));
}

}  // namespace poolfit::queue
