#include <poolfit/simulate/lock_up.hpp>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <poolfit/simulate/generator.hpp>

namespace poolfit::simulate {
namespace {

// Enough of each for a standard error of some 15 %.
constexpr std::size_t trials = 1000;
constexpr std::size_t enough_lock_ups = 200;
constexpr std::int64_t most_events = 8'000'000;
constexpr std::int64_t flux_events = 600'000;
constexpr double negligible = 0.01;
constexpr double longest = 1e12;  // seconds: beyond it the exact number does not matter

/// Transactions by how many connections they have had granted, and those who wait, in order.
struct State {
    std::vector<int> active;             ///< [k]: they hold k + 1 and use them
    std::vector<std::uint16_t> waiting;  ///< each holds so many, and wants one more
    std::size_t head = 0;
    int held = 0, at_work = 0;

    std::size_t queue() const { return waiting.size() - head; }
    /// Transactions that will ask for a connection, or wait for one: what a lock-up is made of.
    std::int64_t level() const { return at_work - active.back() + static_cast<std::int64_t>(queue()); }
};

enum class End : std::uint8_t { locked, fell, rose };

class Chain {
public:
    explicit Chain(const NestedPool& pool)
        : pool_(pool),
          g_(pool.seed, Purpose::nested, 0, 0),
          ends_(1 / pool.hold),
          most_queue_(64 * static_cast<std::size_t>(pool.connections) + 1024) {}

    State idle() const {
        State state;
        state.active.assign(static_cast<std::size_t>(pool_.nested) + 1, 0);
        return state;
    }

    bool locked(const State& s) const { return s.at_work == 0 && s.held == pool_.connections && s.queue() > 0; }

    /// One event; the expected time until it, in seconds.
    double step(State& s) {
        const double all = pool_.rate + s.at_work * ends_;
        ++events;
        double u = g_.uniform() * all;
        if (u < pool_.rate) {
            ask(s, 0);
        } else {
            int which = std::min(static_cast<int>((u - pool_.rate) / ends_), s.at_work - 1);
            std::size_t k = 0;
            while (which >= s.active[k]) which -= s.active[k++];
            --s.active[k];
            --s.at_work;
            if (k + 1 < s.active.size()) {
                ask(s, static_cast<std::uint16_t>(k + 1));
            } else {
                s.held -= static_cast<int>(k) + 1;
                while (s.queue() > 0 && s.held < pool_.connections) grant(s, s.waiting[s.head++]);
                if (s.queue() == 0) {
                    s.waiting.clear();
                    s.head = 0;
                }
            }
        }
        return 1 / all;
    }

    /// Until it locks up, falls to `low` or rises to `high`.
    End run(State& s, std::int64_t low, std::int64_t high) {
        for (;;) {
            step(s);
            // With so many in the queue nothing but newcomers is served between two that hold a connection.
            if (locked(s) || s.queue() > most_queue_) return End::locked;
            if (s.level() >= high) return End::rose;
            if (s.level() <= low) return End::fell;
        }
    }

    std::size_t pick(std::size_t count) {
        return std::min(static_cast<std::size_t>(g_.uniform() * static_cast<double>(count)), count - 1);
    }

    std::int64_t events = 0;

private:
    void grant(State& s, std::uint16_t level) {
        ++s.held;
        ++s.active[level];
        ++s.at_work;
    }
    void ask(State& s, std::uint16_t level) {
        if (s.queue() == 0 && s.held < pool_.connections)
            grant(s, level);
        else
            s.waiting.push_back(level);
    }

    const NestedPool& pool_;
    Generator g_;
    double ends_;
    std::size_t most_queue_;
};

/// What a run from an idle pool shows: the entries into the first step, or already lock-ups.
struct Flux {
    double seconds = 0;
    std::size_t lock_ups = 0, entries = 0;
    std::vector<State> states;
};

Flux flux_of(Chain& chain, std::int64_t base) {
    Flux flux;
    State s = chain.idle();
    bool low = true;
    while (chain.events < flux_events && flux.lock_ups < enough_lock_ups) {
        flux.seconds += chain.step(s);
        if (chain.locked(s)) {
            ++flux.lock_ups;
            s = chain.idle();
            low = true;
        }
        if (s.level() <= base) low = true;
        if (!low || s.level() <= base) continue;
        low = false;
        ++flux.entries;
        if (flux.states.size() < trials)
            flux.states.push_back(s);
        else if (const std::size_t at = chain.pick(flux.entries); at < trials)
            flux.states[at] = s;
        if (flux.lock_ups == 0 && flux.entries >= 8 * trials) break;
    }
    return flux;
}

/// It takes at least so long, on average, until all connections are held for the first time: without a limit those of
/// each level are Poisson and independent, and P(X >= c) <= E[e^(tX)] e^(-tc) for any t (Chernoff).
double least_time(const NestedPool& pool) {
    const double each = pool.rate * pool.hold, c = pool.connections;
    const auto exponent = [&](double t) {
        double sum = -t * c;
        for (int k = 1; k <= pool.nested + 1; ++k) sum += each * std::expm1(k * t);
        return sum;
    };
    const auto slope = [&](double t) {
        double sum = -c;
        for (int k = 1; k <= pool.nested + 1; ++k) sum += each * k * std::exp(k * t);
        return sum;
    };
    if (slope(0) >= 0) return 0;
    double low = 0, high = 1;
    while (slope(high) < 0) high *= 2;
    for (int i = 0; i < 60; ++i) (slope(low + (high - low) / 2) < 0 ? low : high) = low + (high - low) / 2;
    // It is filled by an event, and of those there are no more in a second than this.
    return std::exp(-exponent(low)) / (pool.rate + c / pool.hold);
}

}  // namespace

LockUp time_to_lock_up(const NestedPool& pool) {
    const double least = least_time(pool);
    if (least >= longest) return {least, true, 0};
    Chain chain(pool);
    const double wanted = pool.rate * pool.hold * pool.nested;
    const auto base = static_cast<std::int64_t>(std::min(wanted + 1.5 * std::sqrt(wanted), pool.connections - 1.0));
    Flux flux = flux_of(chain, base);
    if (flux.lock_ups >= enough_lock_ups / 2 || flux.entries == 0) {
        const double seen = static_cast<double>(std::max<std::size_t>(1, flux.lock_ups));
        return {flux.seconds / seen, flux.lock_ups == 0, 1 / std::sqrt(seen)};
    }
    const auto share = [](std::size_t of) { return static_cast<double>(of) / static_cast<double>(trials); };
    double locks = 0;  // a second
    double rate = static_cast<double>(flux.entries) / flux.seconds, variance = 1.0 / static_cast<double>(flux.entries);
    std::vector<State> states = std::move(flux.states);
    for (std::int64_t level = base + 2;; ++level) {
        std::vector<State> next;
        std::size_t locked = 0;
        for (std::size_t i = 0; i < trials; ++i) {
            State s = states[chain.pick(states.size())];
            const End end = s.level() >= level ? End::rose : chain.run(s, base, level);
            if (end == End::locked) ++locked;
            if (end == End::rose) next.push_back(std::move(s));
        }
        const double rose = share(next.size()), gone_on = rose + share(locked);
        locks += rate * share(locked);
        if (gone_on > 0) variance += (1 - gone_on) / (gone_on * static_cast<double>(trials));
        // Hardly any more will come to it.
        if (next.empty() || rate * rose < locks * negligible) {
            if (locks > 0) return {1 / locks, false, std::sqrt(variance)};
            return {std::max(least, 1 / (rate * share(1))), true, 0};
        }
        rate *= rose;
        if (rate + locks < 1 / longest || chain.events > most_events)
            return {std::max(least, 1 / (rate + locks)), true, 0};
        states = std::move(next);
    }
}

}  // namespace poolfit::simulate
