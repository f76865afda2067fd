#include <poolfit/report/pictures.hpp>

#include <algorithm>
#include <cstdlib>

#include <poolfit/model/sizes.hpp>
#include <poolfit/series/watched.hpp>

namespace poolfit::report {
namespace {

CandidatePoint::State state_of(const Candidate& candidate) {
    if (candidate.fits) return CandidatePoint::State::fits;
    if (candidate.fits_but_for_policy) return CandidatePoint::State::against_policy;
    const auto decides = [](const Reason& reason) {
        return reason.blocking && reason.check.standing != Standing::unknown;
    };
    return std::ranges::any_of(candidate.reasons, decides) ? CandidatePoint::State::rejected
                                                           : CandidatePoint::State::not_judged;
}

/// The limit nearest on a class: of its projection, of the CPU that workloads ask for, or the one that rules it out.
std::optional<NearLimit> nearest_on(const Report& report, Index database, const Candidate& candidate) {
    const DatabasePlan& plan = report.plan.databases[database];
    std::optional<NearLimit> nearest;
    const auto see = [&](const Check& check) {
        if (check.value && check.limit && (!nearest || check.share > nearest->share))
            nearest = {check.dimension, check.share};
    };
    const Projection there = plan::project(*report.fleet, report.plan, database, *candidate.cls, Recorder());
    if (const Check* tightest = plan::tightest_judged(there, candidate.cls != plan.now.cls)) see(*tightest);
    const DatabaseLoad* load = plan.load ? &*plan.load : nullptr;
    if (const auto demand = plan::demand_check(*report.fleet, database, load, *candidate.cls)) see(*demand);
    for (const Reason& reason : candidate.reasons)
        if (reason.blocking && reason.check.standing == Standing::over) see(reason.check);
    return nearest;
}

std::optional<CandidatePoint> point_of(const Report& report, Index database, std::size_t index) {
    const DatabasePlan& plan = report.plan.databases[database];
    const Candidate& candidate = plan.candidates[index];
    if (!candidate.cost) return std::nullopt;
    const bool chosen = candidate.cls == plan.recommendation.cls;
    const auto& binding = view_of(report, database).binding;
    const auto nearest = chosen && binding ? binding : nearest_on(report, database, candidate);
    if (!nearest) return std::nullopt;
    return CandidatePoint{index, *candidate.cost, *nearest, state_of(candidate), candidate.cls == plan.now.cls, chosen};
}

/// From 1 on at first, then in growing steps, with these among them.
std::vector<std::int64_t> sizes_to(std::int64_t most, std::int64_t today, std::int64_t chosen) {
    constexpr std::int64_t about = 24;
    const std::int64_t step = std::max<std::int64_t>(1, (most + about - 1) / about);
    std::vector<std::int64_t> sizes{today, chosen};
    for (std::int64_t size = 1; size <= most; size += step) sizes.push_back(size);
    std::ranges::sort(sizes);
    sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
    return sizes;
}

}  // namespace

std::vector<CandidatePoint> candidate_points(const Report& report, Index database, std::size_t most) {
    const DatabasePlan& plan = report.plan.databases[database];
    const auto& cost = plan.recommendation.cost ? plan.recommendation.cost : plan.now.cost;
    if (!cost) return {};
    std::vector<std::size_t> taken, others;
    for (std::size_t i = 0; i < plan.candidates.size(); ++i) {
        const Candidate& candidate = plan.candidates[i];
        if (!candidate.cost) continue;
        const bool named = candidate.cls == plan.now.cls || candidate.cls == plan.recommendation.cls;
        (named ? taken : others).push_back(i);
    }
    const std::int64_t middle = cost->value.value;
    std::ranges::stable_sort(others, {},
                             [&](std::size_t i) { return std::abs(plan.candidates[i].cost->value - middle); });
    others.resize(std::min(others.size(), most));
    // Far more expensive ones would press the rest of the picture into a corner.
    constexpr std::size_t at_least = 8;
    constexpr std::int64_t times = 3;
    std::int64_t highest = middle;
    for (const std::size_t i : taken) highest = std::max(highest, plan.candidates[i].cost->value);
    while (others.size() > at_least && plan.candidates[others.back()].cost->value > times * highest) others.pop_back();
    taken.insert(taken.end(), others.begin(), others.end());
    std::vector<CandidatePoint> points;
    for (const std::size_t i : taken)
        if (auto point = point_of(report, database, i)) points.push_back(*point);
    std::ranges::stable_sort(points, {}, &CandidatePoint::cost);
    return points;
}

WaitCurve wait_curve(const Report& report, Index pool) {
    const PoolPlan& plan = report.plan.pools[pool];
    WaitCurve curve;
    if (plan.load == nullptr || !plan.load->after || plan.load->after->one_for_each) return curve;
    const RatedPool& rated = *plan.load->after;
    if (!sizing::has_formula(rated.load)) return curve;
    const std::int64_t chosen = rated.figures.size.value, today = plan.declared ? plan.declared->value.value : chosen;
    for (const std::int64_t size : sizes_to(std::max(chosen, today) * 3 / 2 + 2, today, chosen)) {
        const auto answer = sizing::evaluate(rated.load, Connections(size), plan.load->question);
        const auto* figures = std::get_if<sizing::Figures>(&answer);
        if (figures == nullptr) continue;
        if (figures->overloaded) {
            curve.overloaded = figures->size;
            continue;
        }
        curve.mean = curve.mean || !figures->wait_p99;
        curve.points.push_back({figures->size, figures->wait_p99.value_or(figures->wait_mean),
                                sizing::meets(*figures, plan.load->question), size == today, size == chosen});
    }
    if (!curve.mean) return curve;
    for (WaitPoint& point : curve.points) {
        const auto answer = sizing::evaluate(rated.load, point.size, plan.load->question);
        point.wait = std::get<sizing::Figures>(answer).wait_mean;
    }
    return curve;
}

namespace {

/// The time in equal parts, and of each the one value that `better` prefers to the others.
template <class Better>
Thinned thinned(const series::TimeSeries& series, const std::vector<double>& values, Better better) {
    constexpr series::Instant most = 280;  // columns of a picture
    Thinned lines;
    if (values.empty()) return lines;
    const series::Instant first = series.points.front().at, last = series.points.back().at;
    const series::Instant part = std::max<series::Instant>((last - first) / most + 1, series.period);
    series::Instant ends = first;  // of the period of the point before
    for (const series::Stretch& stretch : series::stretches(series))
        for (std::size_t i = stretch.begin; i < stretch.end; ++i) {
            const series::Instant at = series.points[i].at, begins = first + (at - first) / part * part;
            if (lines.empty() || at - ends > std::max(stretch.span, part)) lines.emplace_back();
            ends = at + stretch.span;
            auto& line = lines.back();
            if (line.empty() || line.back().first != begins)
                line.emplace_back(begins, values[i]);
            else if (better(values[i], line.back().second))
                line.back().second = values[i];
        }
    return lines;
}

}  // namespace

Thinned thinned(const series::TimeSeries& series) {
    std::vector<double> values;
    for (const series::Point& point : series.points) values.push_back(point.value);
    return thinned(series, values, [](double a, double b) { return a > b; });
}

std::optional<CreditLine> credit_line(const Report& report, Index database) {
    const Projection& chosen = report.plan.databases[database].chosen;
    const auto& watched = report.fleet->databases[database].observed.watched;
    const series::Watched::Kept* cpu = watched ? watched->cpu() : nullptr;
    if (cpu == nullptr || !chosen.credits || !chosen.credits->balance || !chosen.cls->burst) return std::nullopt;
    std::vector<double> balances;
    plan::project(*report.fleet, report.plan, database, *chosen.cls, Recorder(), &balances);
    if (balances.size() != cpu->series.points.size()) return std::nullopt;
    return CreditLine{chosen.cls, thinned(cpu->series, balances, [](double a, double b) { return a < b; }),
                      chosen.cls->burst->max_credits};
}

}  // namespace poolfit::report
