#include <poolfit/queue/mphc.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "checks.hpp"
#include "levels.hpp"
#include "matrix.hpp"
#include "root.hpp"

namespace poolfit::queue {
namespace {

using Spread = std::array<int, most_phases>;  // how many holds are in each phase

/// choose(busy + phases - 1, phases - 1), the ways to spread; may stop counting above the limit.
double ways(int busy, std::size_t phases) {
    double count = 1.0;
    for (std::size_t i = 1; i < phases; ++i) count = count * (busy + static_cast<double>(i)) / static_cast<double>(i);
    return std::round(count);
}

/// The place of a spread among those of the same number of busy connections: smaller first phases come first.
std::size_t place(const Spread& spread, int busy, std::size_t phases) {
    double before = 0.0;
    for (std::size_t i = 0; i + 1 < phases; ++i) {
        for (int v = 0; v < spread[i]; ++v) before += ways(busy - v, phases - 1 - i);
        busy -= spread[i];
    }
    return static_cast<std::size_t>(before);
}

/// The spread that follows in that order; false after the last one.
bool next(Spread& spread, std::size_t phases) {
    std::size_t i = phases - 1;
    const int last = spread[i];
    while (i > 0 && spread[i] == 0) --i;
    if (phases == 1 || (i == 0 && last == 0)) return false;
    const int moved = spread[i];
    spread[i] = 0;
    spread[i - 1] += 1;
    spread[phases - 1] = moved - 1;
    return true;
}

/// The level with `busy` connections held and none waiting.
Level level(const PhaseLaw& law, int busy, double rate) {
    Level made;
    Spread spread{};
    spread[law.count - 1] = busy;
    do {
        const std::size_t from = made.states++;
        for (std::size_t i = 0; i < law.count; ++i) {
            const Phase& phase = law.phase[i];
            Spread other = spread;
            ++other[i];
            if (phase.start > 0.0) made.up.push_back({from, place(other, busy + 1, law.count), rate * phase.start});
            if (spread[i] == 0) continue;
            const double pace = spread[i] * phase.rate;
            other[i] -= 2;
            if (phase.onward < 1.0) {
                made.down.push_back({from, place(other, busy - 1, law.count), pace * (1.0 - phase.onward)});
            }
            if (phase.onward == 0.0) continue;
            ++other[i + 1];
            made.inside.push_back({from, place(other, busy, law.count), pace * phase.onward});
        }
    } while (next(spread, law.count));
    return made;
}

/// The matrix G: in which spread a queue, once begun, is found empty again.
Matrix first_passage(const Matrix& away, const Matrix& back, double rate) {
    // `away`: (lambda I - C0)^-1; `back`: releases, each followed by the next hold's first phase.
    const std::size_t n = away.size;
    Matrix up = away;
    for (double& cell : up.cells) cell *= rate;
    Matrix down = away * back;
    Matrix g = down, reach = up;
    for (int i = 0; i < 60; ++i) {
        Matrix stay = up * down;
        stay += down * up;
        const Matrix two_up = up * up;
        const Matrix two_down = down * down;
        for (std::size_t r = 0; r < n; ++r) {  // 1 - stay; its diagonal is what the row leaves for, as a sum
            double leaving = 0.0;
            for (std::size_t k = 0; k < n; ++k) {
                leaving += two_up[r][k] + two_down[r][k] + (k == r ? 0.0 : stay[r][k]);
                stay[r][k] = -stay[r][k];
            }
            stay[r][r] = leaving;
        }
        const Matrix once = inverse(stay);
        up = once * two_up;
        down = once * two_down;
        g += reach * down;
        reach = reach * up;
        if (*std::max_element(reach.cells.begin(), reach.cells.end()) < 1e-18) break;
    }
    return g;
}

Matrix matrix(const Mphc& system) {
    Matrix step(system.start.size());
    step.cells = system.step;
    return step;
}

/// v e^{T t}: a sum over the number of steps, Poisson with mean speed t; in pieces, so that no weight underflows. Once
/// a whole piece only shrinks v, in every entry by the same factor, the rest of the time does the same.
std::vector<double> after(std::vector<double> v, const Matrix& step, double speed, double t) {
    double left = speed * t;
    while (left > 0.0) {
        const double piece = std::min(left, 256.0);
        left -= piece;
        const std::vector<double> before = v;
        std::vector<double> result(v.size(), 0.0);
        double weight = std::exp(-piece);
        for (double k = 0.0;;) {
            for (std::size_t i = 0; i < v.size(); ++i) result[i] += weight * v[i];
            k += 1.0;
            weight *= piece / k;
            if (k > piece && weight < 1e-18) break;
            v = v * step;
        }
        v = std::move(result);
        double least = 1e300, most = 0.0;
        for (std::size_t i = 0; i < v.size(); ++i) {
            if (before[i] > 0.0) least = std::min(least, v[i] / before[i]);
            if (before[i] > 0.0) most = std::max(most, v[i] / before[i]);
        }
        if (most == 0.0) break;
        if (most - least > 1e-13 * most) continue;
        const double shrinks = std::exp(std::log(most) * left / piece);
        for (double& p : v) p *= shrinks;
        break;
    }
    return v;
}

/// Whether the phases make a law of mean 1 that uses all of them.
Checked check(const PhaseLaw& law) {
    if (const auto bad = check_range("number of phases", static_cast<double>(law.count), 1.0, most_phases)) return bad;
    double starts = 0.0;
    bool reached = false;
    for (std::size_t i = 0; i < law.count; ++i) {
        const Phase& phase = law.phase[i];
        if (const auto bad = check_range("probability of a phase", phase.start, 0.0, 1.0)) return bad;
        if (const auto bad = check_range("rate of a phase", phase.rate, 1e-6, 1e6)) return bad;
        const double most_onward = i + 1 < law.count ? 1.0 : 0.0;
        if (const auto bad = check_range("probability of going on", phase.onward, 0.0, most_onward)) return bad;
        reached = phase.start > 0.0 || (reached && law.phase[i - 1].onward > 0.0);
        if (!reached) return BadInput{"way into a phase", Flaw::nothing_given, 0.0, 0.0};
        starts += phase.start;
    }
    if (const auto bad = check_range("sum of the phases' probabilities", starts, 1.0 - 1e-9, 1.0 + 1e-9)) return bad;
    return check_range("mean of the phases", mean(law), 1.0 - 1e-9, 1.0 + 1e-9);
}

}  // namespace

Answer<Mphc> solve_mphc(Erlangs load, Millis hold, const PhaseLaw& law, Connections servers) {
    if (const auto bad = check_load(load)) return *bad;
    if (const auto bad = check_hold(hold)) return *bad;
    if (const auto bad = check_servers(servers, 1, static_cast<std::int64_t>(most_phase_states) - 1)) return *bad;
    if (const auto bad = check(law)) return *bad;
    const double states = ways(static_cast<int>(servers.value), law.count);
    if (const auto bad = check_range("connections spread over phases", states, 1.0, most_phase_states)) return *bad;
    if (load.value >= number(servers)) return unstable(load, servers);
    const double rho = load.value / number(servers);
    if (const auto bad = check_range("utilization", rho, 0.0, 0.9999)) return *bad;

    const double rate = load.value;  // per mean hold
    const auto c = static_cast<int>(servers.value);
    std::vector<Level> levels;
    for (int busy = 0; busy <= c; ++busy) levels.push_back(level(law, busy, rate));
    const Level& full = levels.back();
    const std::size_t n = full.states;

    // With a queue, a release is followed at once by the first phase of the next hold.
    Matrix back(n), away(n), changes(n);
    for (const Move& release : full.down) {
        for (const Move& begin : levels[levels.size() - 2].up) {
            if (begin.from == release.to) back[release.from][begin.to] += release.rate * (begin.rate / rate);
        }
    }
    for (const Move& move : full.inside) changes[move.from][move.to] += move.rate;
    for (const Move& move : full.inside) changes[move.from][move.from] -= move.rate;
    for (const Move& move : full.down) changes[move.from][move.from] -= move.rate;
    for (std::size_t i = 0; i < away.cells.size(); ++i) away.cells[i] = -changes.cells[i];
    for (std::size_t i = 0; i < n; ++i) away[i][i] += rate;
    Matrix beyond = first_passage(inverse(away), back, rate);
    for (double& cell : beyond.cells) cell *= rate;
    const auto law_of_levels = stationary(levels, beyond);

    Matrix flow = changes;  // T
    flow += beyond;
    Mphc system{load, hold, servers};
    Matrix minus = flow;
    for (double& cell : minus.cells) cell = -cell;
    const Matrix times = inverse(minus);
    for (std::size_t i = 0; i < n; ++i) system.speed = std::max(system.speed, -flow[i][i]);
    const std::vector<double>& at_full = law_of_levels.back();
    const std::vector<double> more = at_full * times;
    system.start = at_full;
    // The levels solved so far hold the whole law but for what lies above c; this is the share that they get.
    double all = 1.0;
    for (std::size_t i = 0; i < n; ++i) {
        system.start[i] += rate * more[i];
        all += rate * more[i];
    }
    for (double& p : system.start) p /= all;
    system.p_wait = sum(system.start);
    system.mean_wait = Millis(sum(system.start * times) * hold.value);
    system.step = flow.cells;
    for (double& cell : system.step) cell /= system.speed;
    for (std::size_t i = 0; i < n; ++i) {
        double& diagonal = system.step[i * n + i];
        diagonal = std::max(0.0, 1.0 + diagonal);
    }
    return system;
}

double p_wait_over(const Mphc& system, Millis t) {
    if (t.value < 0.0) return 1.0;
    return sum(after(system.start, matrix(system), system.speed, t.value / system.hold.value));
}

Millis wait_quantile(const Mphc& system, double p) {
    if (!is_probability(p)) return Millis(std::numeric_limits<double>::quiet_NaN());
    const double share = 1.0 - p;
    if (system.p_wait <= share) return Millis(0.0);
    // Goes ahead in strides, then looks inside the stride that passes the share.
    const Matrix step = matrix(system);
    const double stride = std::max(system.mean_wait.value / system.hold.value / system.p_wait, 1.0 / system.speed);
    std::vector<double> at = system.start, ahead;
    double t = 0.0;
    for (;; t += stride) {
        ahead = after(at, step, system.speed, stride);
        if (!(sum(ahead) > share)) break;
        at = std::move(ahead);
    }
    const auto excess = [&](double u) { return std::log(sum(after(at, step, system.speed, u)) / share); };
    const double inside = root_between(excess, 0.0, stride, std::log(sum(at) / share), std::log(sum(ahead) / share));
    return Millis((t + inside) * system.hold.value);
}

}  // namespace poolfit::queue
