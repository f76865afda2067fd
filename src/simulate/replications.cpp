#include "replications.hpp"

#include <algorithm>
#include <cmath>

#include <poolfit/threads/parallel.hpp>

#include "elementary.hpp"
#include "quantiles.hpp"

namespace poolfit::simulate {
namespace {

/// Rarer in a run than this is not known from it.
constexpr double few = 10;

}  // namespace

template <class T>
Replications::Aligned<T> Replications::aligned(std::size_t size) {
    return Aligned<T>(new (std::align_val_t{64}) T[size]());
}

Replications::Replications(const PoolModel& model, const Options& options, const Kernel& kernel)
    : model_(model),
      options_(options),
      kernel_(kernel),
      gap_(model.gap),
      hold_(model.hold),
      left_(hold_),
      blocks_(blocks) {
    if (model.vcpus > 0) cpu_ = Sampler(exponential(model.cpu_mean));
    hold_mean_ = hold_.mean() + cpu_.mean();
    hold_scv_ = (hold_.scv() * hold_.mean() * hold_.mean() + cpu_.scv() * cpu_.mean() * cpu_.mean()) /
                (hold_mean_ * hold_mean_);
    const auto size = [](int n) { return static_cast<std::size_t>(n + spare) * lanes; };
    const auto fill = [&](Aligned<double>& array, int n) {
        array = aligned<double>(size(n));
        for (std::size_t i = static_cast<std::size_t>(n) * lanes; i < size(n); ++i) array[i] = never;
    };
    for (int b = 0; b < blocks; ++b) {
        Block& block = blocks_[static_cast<std::size_t>(b)];
        fill(block.servers, model.connections);
        fill(block.users, model.users);
        fill(block.cpu, model.vcpus);
        block.bins.assign(static_cast<std::size_t>(Bins::count) * lanes, 0);
        Lanes& l = block.state;
        l.servers = block.servers.get();
        l.users = block.users.get();
        l.cpu = block.cpu.get();
        l.bins = block.bins.data();
        for (int lane = 0; lane < lanes; ++lane) {
            const auto seed = [&](std::uint64_t(&state)[4][lanes], Purpose purpose) {
                const Generator g(options.seed, purpose, 0, static_cast<std::uint64_t>(b * lanes + lane));
                for (std::size_t w = 0; w < 4; ++w) state[w][lane] = g.state()[w];
            };
            seed(l.gaps, Purpose::arrival);
            seed(l.holds, Purpose::hold);
            seed(l.cpus, Purpose::cpu);
            Generator start(options.seed, Purpose::start, 0, static_cast<std::uint64_t>(b * lanes + lane));
            this->start(l, lane, start);
        }
    }
}

void Replications::start(Lanes& l, int lane, Generator& chance) const {
    const auto at = [lane](int i) { return static_cast<std::size_t>(i) * lanes + static_cast<std::size_t>(lane); };
    const auto size = static_cast<std::size_t>(model_.connections);
    std::vector<double> busy, asking;
    if (model_.users > 0) {
        const double held = hold_mean_ / (hold_mean_ + gap_.mean());
        for (int u = 0; u < model_.users; ++u) {
            if (chance.uniform() >= held) {
                asking.push_back(gap_.draw(chance));
            } else if (busy.size() < size) {
                busy.push_back(left_.draw(chance));
                asking.push_back(busy.back() + gap_.draw(chance));
            } else {
                asking.push_back(0);
            }
        }
    } else {
        const double share = std::min(1.0, hold_mean_ / gap_.mean() / model_.connections);
        for (std::size_t i = 0; i < size; ++i)
            if (chance.uniform() < share) busy.push_back(left_.draw(chance));
    }
    busy.resize(size, 0);
    std::sort(busy.begin(), busy.end());
    std::sort(asking.begin(), asking.end());
    for (int u = 0; u < model_.users; ++u) l.users[at(u)] = asking[static_cast<std::size_t>(u)];
    // Sorted, it is a heap too.
    const bool heap = model_.users == 0 && model_.connections > sorted_servers;
    for (int i = 0; i < model_.connections; ++i)
        l.servers[heap ? static_cast<std::size_t>(lane) * size + static_cast<std::size_t>(i) : at(i)] =
            busy[static_cast<std::size_t>(i)];
}

void Replications::run(std::uint64_t transactions, bool counted) {
    const std::uint64_t whole = (transactions + chunk - 1) / chunk * chunk;
    const Job job{Source(gap_), Source(hold_), Source(cpu_),           model_.connections,
                  model_.users, model_.vcpus,  model_.acquire_timeout, hold_mean_,
                  whole,        counted};
    threads::in_parallel(blocks, options_.threads,
                         [&](int b) { kernel_.run(blocks_[static_cast<std::size_t>(b)].state, job); });
    if (counted) taken_ += whole;
}

// What never happened in n trials happens less often than -ln((1 - confidence) / 2) / n (the "rule of three"); what
// only a few replications saw comes in clusters, assumed to be as large as the largest seen, and Student's interval is
// too narrow by about as much. The same for what nearly always is.
double Replications::rare(const PoolRun& r, const PerReplication& events) const {
    double yes = 0, most[2] = {0, 0};
    int seen[2] = {0, 0};
    for (const double here : events) {
        yes += here;
        const double each[2] = {here, static_cast<double>(taken_) - here};
        for (int i = 0; i < 2; ++i) {
            most[i] = std::max(most[i], each[i]);
            seen[i] += each[i] > 0;
        }
    }
    const int rarer = yes * 2 > r.transactions ? 1 : 0;
    if (seen[rarer] > count / 8) return 0;
    return -natural_log((1 - options_.confidence) / 2) / r.transactions * std::max(most[rarer], 1.0);
}

void Replications::report(PoolRun& r) const {
    PerReplication held, seen, waited, mean, late, some_wait, gave, over;
    const double n = static_cast<double>(taken_);
    r.waits = Histogram(hold_mean_);
    const std::size_t watched = r.waits.index(model_.watched_wait);
    const double part = r.waits.above_in_bin(model_.watched_wait);
    for (int i = 0; i < count; ++i) {
        const std::size_t at = static_cast<std::size_t>(i), lane = at % lanes;
        const Block& block = blocks_[at / lanes];
        const Totals& t = block.state.totals;
        const double gave_up = static_cast<double>(t.late[lane]);
        const double served = std::max(1.0, n - gave_up);
        held[at] = t.busy[lane] / served;
        seen[at] = model_.vcpus > 0 ? t.cpu_busy[lane] / served - cpu_.mean() : held[at] - hold_mean_;
        waited[at] = static_cast<double>(t.waited[lane]) / n;
        mean[at] = t.wait[lane] / n;
        late[at] = gave_up / n;
        some_wait[at] = static_cast<double>(t.waited[lane]);
        gave[at] = gave_up;
        over[at] = 0;
        for (std::size_t bin = 0; bin < Bins::count; ++bin)
            if (const std::uint32_t here = block.bins[bin * lanes + lane]; here != 0) {
                r.waits.add_bin(bin, here);
                if (bin >= watched) over[at] += bin == watched ? part * here : here;
            }
    }
    PerReplication over_share;
    std::ranges::transform(over, over_share.begin(), [&](double events) { return events / n; });
    const auto of = [&](const PerReplication& x) { return estimate(x, options_.confidence); };
    // Where the queue holds its own load back, it answers nearly in a line to the holds that were drawn.
    const bool bounded = model_.users > 0 || model_.acquire_timeout < never;
    const auto by_holds = [&](const PerReplication& x) {
        return bounded ? controlled(x, seen, options_.confidence) : of(x);
    };
    r.transactions = n * count;
    r.hold_mean = hold_mean_;
    r.wait_probability = of(waited);
    r.wait_mean = by_holds(mean);
    r.timeout_probability = by_holds(late);
    const std::vector<double> sizes(count, n);
    const auto in_bin = [&](std::size_t i, std::size_t bin) {
        return static_cast<double>(blocks_[i / lanes].bins[bin * lanes + i % lanes]);
    };
    const auto quantile = [&](double level) {
        Estimate e = quantile_of(r.waits, level, sizes, in_bin, [&](const std::vector<double>& shares) {
            return estimate(shares, options_.confidence).half_width;
        });
        e.value = std::min(e.value, model_.acquire_timeout);
        return e;
    };
    r.wait_p50 = quantile(0.5);
    r.wait_p95 = quantile(0.95);
    r.wait_p99 = quantile(0.99);
    r.wait_p999 = quantile(0.999);
    r.wait_over = of(over_share);
    r.wait_over.half_width += rare(r, over);
    const double unseen = rare(r, some_wait);
    r.wait_probability.half_width += unseen;
    r.wait_mean.half_width += unseen * hold_mean_;  // a rare wait: up to a hold
    if (model_.acquire_timeout < never) r.timeout_probability.half_width += rare(r, gave);
    const LongPart rarest = hold_.longest(few / r.transactions), all = hold_.longest(1);
    if (all.first > 0) {
        r.unseen_load = rarest.first / hold_mean_;
        r.unseen_square = rarest.second / all.second;
    }
    r.hold_error = model_.vcpus > 0 ? 0 : std::fabs(of(held).value / hold_mean_ - 1);
    balance(r, model_.vcpus > 0 ? by_holds(held) : Estimate{hold_mean_, 0});
}

void Replications::balance(PoolRun& r, const Estimate& held) const {
    const double connections = model_.connections, timeout = model_.acquire_timeout;
    Estimate& wait = r.wait_mean;
    Estimate& late = r.timeout_probability;
    wait.value = std::clamp(wait.value, 0.0, timeout);
    late.value = std::clamp(late.value, 0.0, 1.0);
    const double users = model_.users, gap = gap_.mean();
    // Transactions that get a connection, per unit of time, if so many give up after such waits.
    const auto served = [&](double w, double given_up, double h) {
        const double share = 1 - std::clamp(given_up, 0.0, 1.0);
        const double asked = users > 0 ? users / (gap + std::max(0.0, w) + share * h) : 1 / gap;
        double most = connections / h;
        if (model_.vcpus > 0) most = std::min(most, model_.vcpus / cpu_.mean());
        return std::min(asked * share, most);
    };
    const double h = held.value, low = std::max(h - held.half_width, hold_mean_), high = h + held.half_width;
    const double value = served(wait.value, late.value, h), least = served(wait.high(), late.high(), high),
                 most = served(wait.low(), late.low(), low);
    r.throughput = {value, std::max(most - value, value - least)};
    const auto share = [&](double time, double longest, double of_many) {
        const double here = std::min(1.0, value * time / of_many);
        const double width = std::max(most * longest / of_many - here, here - least * time / of_many);
        return Estimate{here, std::clamp(width, 0.0, 1.0)};
    };
    r.utilization = share(h, high, connections);
    r.cpu_utilization = model_.vcpus > 0 ? share(cpu_.mean(), cpu_.mean(), model_.vcpus) : Estimate{};
    // A full pool: timeouts and waits are at least what its excess load implies.
    if (users == 0 && timeout < never) late.value = std::max(late.value, 1 - value * gap);
    if (users > 0 && late.value == 0) wait.value = std::max(wait.value, users / value - gap - h);
}

}  // namespace poolfit::simulate
