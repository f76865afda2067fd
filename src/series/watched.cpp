#include <poolfit/series/watched.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

namespace poolfit::series {

const Watched::Kept* Watched::find(Watch watch, Statistic statistic) const {
    const auto found =
        std::ranges::find_if(all, [&](const Kept& each) { return each.watch == watch && each.statistic == statistic; });
    return found == all.end() ? nullptr : &*found;
}

const Watched::Given* Watched::find(std::string_view key) const {
    const auto found = std::ranges::find(given, key, &Given::key);
    return found == given.end() ? nullptr : &*found;
}

const Watched::Kept* Watched::cpu() const {
    const Kept* average = find(Watch::cpu, Statistic::average);
    return average != nullptr ? average : find(Watch::cpu, Statistic::maximum);
}

const Point* Watched::impossible_cpu() const {
    const Point* found = nullptr;
    for (const Kept& kept : all)
        if (kept.watch == Watch::cpu && kept.summary.highest.value > most_cpu &&
            (found == nullptr || kept.summary.highest.value > found->value))
            found = &kept.summary.highest;
    return found;
}

namespace {

using Kept = Watched::Kept;

std::string grouped(std::size_t count) { return unit::print_number(static_cast<double>(count)); }

std::string_view of(Statistic statistic) {
    switch (statistic) {
        case Statistic::average:
            return {};
        case Statistic::maximum:
            return " of maxima";
        case Statistic::minimum:
            return " of minima";
    }
    return {};
}

std::string over_period(const Kept& kept, std::string_view what) {
    const Summary& summary = kept.summary;
    return fmt::format("{} of {} point{}{}, {} to {} UTC", what, grouped(summary.points),
                       summary.points == 1 ? "" : "s", of(kept.statistic), print(summary.first), print(summary.end));
}

std::string at(const Kept& kept, std::string_view what, const Point& point) {
    return fmt::format("{} of {} point{}{}, at {} UTC", what, grouped(kept.summary.points),
                       kept.summary.points == 1 ? "" : "s", of(kept.statistic), print(point.at));
}

class Giver {
public:
    explicit Giver(Watched& watched) : watched_(watched) {}

    void give() {
        cpu();
        usual("connections", {Watch::connections}, 1);
        freeable();
        usual("swap", {Watch::swap}, 1);
        usual("ebs_throughput", {Watch::read_throughput, Watch::write_throughput}, 8e-6);
        usual("iops", {Watch::iops}, 1);
        if (peak(Watch::read_iops) != nullptr && peak(Watch::write_iops) != nullptr) {
            usual("read_iops", {Watch::read_iops}, 1);
            usual("write_iops", {Watch::write_iops}, 1);
        }
        usual("network", {Watch::network_in, Watch::network_out}, 8e-6);
        usual("replica_lag", {Watch::replica_lag}, 1);
        window();
    }

private:
    /// The series that a mean is taken of: the mean of extremes is that of nothing.
    const Kept* mean(Watch watch) const { return watched_.find(watch, Statistic::average); }
    /// The series whose highest value is the peak.
    const Kept* peak(Watch watch) const {
        const Kept* most = watched_.find(watch, Statistic::maximum);
        return most != nullptr ? most : watched_.find(watch, Statistic::average);
    }
    void add(std::string_view key, double low, double high, std::uint32_t offset, std::string said) {
        if (watched_.scale != 1) said += fmt::format(", × {:g} where it grows with the load (--scale)", watched_.scale);
        watched_.given.push_back({key, low, std::max(low, high), offset, std::move(said)});
    }

    void cpu() {
        // Above 1 it is the demand of a load that --scale multiplies.
        const auto share = [&](double value) { return std::clamp(value, 0.0, std::max(1.0, watched_.scale)); };
        const Kept *kept = mean(Watch::cpu), *const highest = peak(Watch::cpu);
        if (highest == nullptr) return;
        const Point& top = highest->summary.highest;
        if (kept == nullptr)
            return add("cpu_peak", share(top.value), share(top.value), top.offset, at(*highest, "highest", top));
        const Summary& summary = kept->summary;
        const std::uint32_t first = kept->series.points.front().offset;
        add("cpu_mean", share(summary.mean), share(summary.mean), first, over_period(*kept, "mean"));
        // A percentile of a day or two is a peak of what happened to be.
        if (summary.quality != Quality::insufficient) {
            add("cpu_p95", share(summary.p95), share(summary.p95), first, over_period(*kept, "p95 (nearest rank)"));
            add("cpu_p99", share(summary.p99), share(summary.p99), first, over_period(*kept, "p99 (nearest rank)"));
        }
        // Maxima may be of fewer points than averages.
        const double high = std::max({share(top.value), share(summary.mean), share(summary.p99)});
        add("cpu_peak", high, high, top.offset, at(*highest, "highest", top));
    }

    /// From the mean to the highest, which stands alone without a mean; of several series their sums, which is more
    /// than came together.
    void usual(std::string_view key, std::vector<Watch> parts, double factor) {
        double low = 0, high = 0;
        const Kept* first = nullptr;
        bool means = true;
        for (const Watch part : parts) {
            const Kept *middle = mean(part), *most = peak(part);
            if (most == nullptr) return;
            if (first == nullptr) first = most;
            means = means && middle != nullptr;
            const double usual = middle == nullptr ? 0 : middle->summary.mean;
            low += std::max(0.0, usual);
            high += std::max({0.0, most->summary.highest.value, usual});
        }
        if (!means) low = high;
        std::string said = at(*first, means ? "mean to highest" : "highest", first->summary.highest);
        if (parts.size() > 1) said += ", both directions";
        add(key, low * factor, high * factor, first->summary.highest.offset, std::move(said));
    }

    void freeable() {
        const Kept* least = watched_.find(Watch::freeable_memory, Statistic::minimum);
        if (least == nullptr) least = watched_.find(Watch::freeable_memory, Statistic::average);
        if (least == nullptr) return;
        const Kept* middle = mean(Watch::freeable_memory);
        std::string said = at(*least, middle == nullptr ? "lowest" : "lowest to mean", least->summary.lowest);
        if (least->statistic == Statistic::average) said += ": averages, so it was lower at times";
        const double lowest = std::max(0.0, std::floor(least->summary.lowest.value));
        add("freeable_memory", lowest, middle == nullptr ? lowest : std::max(0.0, std::floor(middle->summary.mean)),
            least->summary.lowest.offset, std::move(said));
    }

    void window() {
        const Kept* kept = watched_.first();
        if (kept == nullptr || kept->summary.days() <= 0) return;
        add("window", kept->summary.days(), kept->summary.days(), kept->series.points.front().offset,
            over_period(*kept, "days"));
    }

    Watched& watched_;
};

}  // namespace

std::span<const std::string_view> given_keys() {
    constexpr static std::string_view keys[] = {
        "cpu_mean", "cpu_p95", "cpu_p99",   "cpu_peak",   "connections",    "swap",        "freeable_memory",
        "iops",     "network", "read_iops", "write_iops", "ebs_throughput", "replica_lag", "window"};
    return keys;
}

void add_given(Watched& watched) {
    watched.given.clear();
    Giver(watched).give();
    constexpr std::size_t columns = 28;
    const Kept* first = watched.first();
    watched.line.clear();
    if (first == nullptr || first->series.points.size() < 2) return;
    // What hardly changes is no full bar: it is drawn against all there is of CPU, else at half the height.
    const Summary& summary = first->summary;
    const bool flat = summary.lowest.value * 1.25 >= summary.highest.value;
    const double top = !flat ? 0 : first->watch == Watch::cpu ? 1 : 2 * summary.highest.value;
    watched.line = levels(first->series, columns, top);
}

Watched scaled(const Watched& watched, double factor) {
    Watched out = watched;
    out.scale *= factor;
    for (Kept& kept : out.all) {
        if (kept.watch == Watch::connections || kept.watch == Watch::freeable_memory || kept.watch == Watch::swap ||
            kept.watch == Watch::replica_lag)
            continue;
        for (Point& point : kept.series.points) point.value *= factor;
        kept.summary = summarize(kept.series);
    }
    add_given(out);
    return out;
}

std::string_view name(Watch watch) {
    constexpr std::string_view names[all_watches] = {
        "cpu",  "connections",     "freeable_memory",  "swap",       "read_iops",   "write_iops",
        "iops", "read_throughput", "write_throughput", "network_in", "network_out", "replica_lag"};
    return names[static_cast<std::size_t>(watch)];
}

double most(Watch watch) {
    switch (watch) {
        case Watch::cpu:
            return most_cpu;
        case Watch::connections:
            return 1e6;  // PostgreSQL takes 262,143 at most, MySQL 100,000
        case Watch::freeable_memory:
        case Watch::swap:
            return 1e15;
        case Watch::read_iops:
        case Watch::write_iops:
        case Watch::iops:
            return 1e7;
        case Watch::read_throughput:
        case Watch::write_throughput:
        case Watch::network_in:
        case Watch::network_out:
            return 1e12;
        case Watch::replica_lag:
            return 3.2e11;  // ten years
    }
    return 0;
}

std::string_view name(Statistic statistic) {
    constexpr std::string_view names[] = {"average", "maximum", "minimum"};
    return names[static_cast<std::size_t>(statistic)];
}

}  // namespace poolfit::series
