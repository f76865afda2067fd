#include <poolfit/sizing/pool.hpp>

namespace poolfit::sizing {
namespace {

struct Row {
    Method method;
    std::string_view name, formula;
};

constexpr Row rows[] = {
    {Method::erlang_c, "erlang-c", "M/M/c: P(wait > t) = C e^(-(c - a) t/S), C by Erlang (1917)"},
    {Method::batch, "mgc-batch", "M^X/M/c with geometric batches: balance across cuts (Chaudhry and Templeton 1983)"},
    {Method::timeout, "mgc-timeout", "M/M/c+D: arrivals leave after the timeout (Baccelli and Hebuterne 1981)"},
    {Method::constant, "mgc-constant", "M/D/c: Spitzer's identity (1956), the wait by Franx (2001)"},
    {Method::phases, "mgc-phases", "M/PH/c: quasi-birth-death process (Neuts 1981; Latouche and Ramaswami 1993)"},
    {Method::finite_source, "finite-source", "M/M/c//N: machine repair (Palm 1947), as an arriving user sees it"},
    {Method::closed_network, "closed-network", "Markov chain of users, pool and shared CPU, solved exactly"},
    {Method::closed_network_fast, "closed-network-fes",
     "users, pool and shared CPU by a flow-equivalent server (Chandy, Herzog and Woo 1975)"},
    {Method::single, "mg1", "M/G/1: mean wait λ E[S²]/(2 (1 - ρ)) by Pollaczek (1930) and Khinchine (1932)"},
    {Method::nobody_waits, "nobody-waits", "one connection per user, so no waits: throughput N/(Z + S)"},
    {Method::shared_cpu, "shared-cpu",
     "a birth-death process whose rates are those of a CPU shared with others (Chandy, Herzog and Woo 1975)"},
    {Method::simulation, "simulation", "discrete-event simulation, 64 replications with fixed seeds"},
};

const Row& row(Method method) { return rows[static_cast<std::size_t>(method)]; }

}  // namespace

std::string_view name(Method method) { return row(method).name; }
std::string_view formula(Method method) { return row(method).formula; }

}  // namespace poolfit::sizing
