#include <poolfit/queue/erlang.hpp>

#include <cmath>

#include "checks.hpp"
#include "erlang.hpp"
#include "tails.hpp"

namespace poolfit::queue {

Probability blocking(double servers, double load) {
    if (servers <= 64.0) {  // 1/B as the plain sum: fewer operations than the logarithms below
        const double sum = sum_below(servers, load);
        if (sum < 1e300) return {1.0 / sum, -std::log(sum)};
    }
    const double ln = ln_blocking(servers, load);
    return {std::exp(ln), ln};
}

Probability waiting(double servers, double load) {
    const Probability b = blocking(servers, load);
    const double share = servers / (servers - load + load * b.value);
    return {b.value * share, b.ln + std::log(share)};
}

Answer<Probability> erlang_b(Erlangs load, Connections servers) {
    if (const auto bad = check_load(load)) return *bad;
    if (const auto bad = check_servers(servers, 0)) return *bad;
    return blocking(number(servers), load.value);
}

Answer<Probability> erlang_c(Erlangs load, Connections servers) {
    if (const auto bad = check_load(load)) return *bad;
    if (const auto bad = check_servers(servers)) return *bad;
    if (load.value >= number(servers)) return unstable(load, servers);
    return waiting(number(servers), load.value);
}

}  // namespace poolfit::queue
