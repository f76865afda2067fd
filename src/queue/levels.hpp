// Markov chains whose states lie on levels 0..n, with moves inside a level and to the next one up or down: a number
// of users in a system, and where they are.
#pragma once

#include <cstddef>
#include <vector>

#include "matrix.hpp"

namespace poolfit::queue {

struct Move {
    std::size_t from = 0;
    std::size_t to = 0;
    double rate = 0.0;
};

struct Level {
    std::size_t states = 0;
    std::vector<Move> inside, up, down;
};

/// The stationary law, level by level, sum 1. `beyond` holds further rates inside the last level (returns from what
/// lies above it), or is empty. Source: block elimination from level 0 up (Neuts 1981), the last level by
/// Grassmann, Taksar and Heyman; positive terms only, apart from the diagonals. Cost: sum of states^3.
std::vector<std::vector<double>> stationary(const std::vector<Level>& levels, const Matrix& beyond);

}  // namespace poolfit::queue
