// Loads that share the database's CPU with pools of others, or open ones with themselves.
#pragma once

#include <poolfit/sizing/pool.hpp>

#include "exact.hpp"

namespace poolfit::sizing {

/// Does it? A closed load without others is Method::closed_network, and needs nothing from here.
bool shares_cpu(const Load& load);

/// The hold's law is one that shared_figures knows.
bool is_exponential_there(const Asked& asked);

/// Of exponential holds; nothing where it is too large.
std::optional<Figures> shared_figures(const Asked& asked, Connections size, const Question& question);
/// How far off the formula may be, on top of what the figures have.
void add_error(Figures& figures);
std::optional<Connections> smallest_shared(const Asked& asked, const Question& question);

/// The same load with a CPU of its own: its holds are as long as exponential ones would have to be for the P(wait > t)
/// of the goal to be what the shared CPU makes it, at this size.
struct Alone {
    Load load;
    Shape shape;
    Erlangs offered;
    double busy_mean = 0.0;
    PerSecond throughput{};
};
std::optional<Alone> as_if_alone(const Asked& asked, Connections size, const Question& question);

}  // namespace poolfit::sizing
