#include "levels.hpp"

#include <utility>

namespace poolfit::queue {
namespace {

/// down x up, where `middle` is (-A)^-1 of the level between: the returns from below, as rates inside the level.
void add_returns(Matrix& to, const std::vector<Move>& down, const Matrix& middle, const std::vector<Move>& up) {
    for (const Move& d : down) {
        for (const Move& u : up) to[d.from][u.to] += d.rate * middle[d.to][u.from] * u.rate;
    }
}

/// (-A)^-1 for the level, given the rates inside it that stand for the levels below. The diagonal of -A is what
/// leaves for other states of the level plus what leaves upwards: returns from below cancel what leaves downwards.
Matrix elimination(const Level& level, Matrix inside) {
    std::vector<double> leaving(level.states, 0.0);
    for (const Move& u : level.up) leaving[u.from] += u.rate;
    for (std::size_t i = 0; i < level.states; ++i) {
        for (std::size_t j = 0; j < level.states; ++j) {
            if (i == j) continue;
            leaving[i] += inside[i][j];
            inside[i][j] = -inside[i][j];
        }
        inside[i][i] = leaving[i];
    }
    return inverse(std::move(inside));
}

}  // namespace

std::vector<std::vector<double>> stationary(const std::vector<Level>& levels, const Matrix& beyond) {
    const std::size_t last = levels.size() - 1;
    std::vector<Matrix> middle(last);
    std::vector<std::vector<double>> law(levels.size());
    for (std::size_t n = 0; n <= last; ++n) {
        Matrix inside(levels[n].states);
        for (const Move& move : levels[n].inside) inside[move.from][move.to] += move.rate;
        if (n > 0) add_returns(inside, levels[n].down, middle[n - 1], levels[n - 1].up);
        if (n < last) {
            middle[n] = elimination(levels[n], std::move(inside));
            continue;
        }
        if (beyond.size > 0) inside += beyond;
        law[n] = stationary(std::move(inside));
    }
    double total = sum(law[last]);
    for (std::size_t n = last; n-- > 0;) {
        std::vector<double> flow(levels[n].states, 0.0);
        for (const Move& d : levels[n + 1].down) flow[d.to] += law[n + 1][d.from] * d.rate;
        law[n] = flow * middle[n];
        total += sum(law[n]);
        if (total < 1e150) continue;
        for (std::size_t above = n; above <= last; ++above) {
            for (double& p : law[above]) p /= total;
        }
        total = 1.0;
    }
    for (std::vector<double>& level : law) {
        for (double& p : level) p /= total;
    }
    return law;
}

}  // namespace poolfit::queue
