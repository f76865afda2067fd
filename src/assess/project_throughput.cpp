#include <algorithm>

#include <poolfit/assess/storage.hpp>

#include "scope.hpp"

namespace poolfit::assess {

namespace {

struct Path {
    Dimension dimension;
    Measure measure;
    Name observed, baseline;
    Doubt doubt;
};

/// Checked against what holds always; bursts above it are allowed but not counted on.
void check(const Scope& scope, const Path& path, const Interval<double>& seen, const Place& place,
           std::optional<double> baseline, std::optional<double> today, Projection& projection) {
    const Interval<double> use = scope.r.drawn(scope.index, path.doubt, seen);
    Check check;
    check.dimension = path.dimension;
    check.measure = path.measure;
    check.value = use;
    check.limit = baseline;
    check.figure = scope.r.input(scope.today_key(path.observed), measured(path.measure, use), place);
    if (!baseline) {
        // More vCPUs of a class without figures prove nothing, so only today's class is no worse.
        // Nor is any class without figures ruled out where no class of the platform has them: it is not judged there.
        const bool none_has = !today && !scope.database.platform->lists_io;
        check.standing = Scope::unknown(scope.same() || none_has);
        check.missing = Missing::class_baseline;
    } else {
        scope.r.row(class_key(scope.cls(), path.baseline), measured(path.measure, *baseline), scope.cls().row,
                    {Note::holds_always});
        check.share = *baseline > 0 ? use.high / *baseline : 1e9;
        check.standing = over(use.high, *baseline) ? Standing::over : Standing::inside;
        if (check.standing == Standing::over && today && *today <= *baseline) {
            // Today's class bursts as well and no more is known: not worse than today.
            check.standing = Standing::no_worse;
            check.caveat = Caveat::bursts_as_today;
        }
    }
    projection.checks.push_back(check);
}

/// How many IOPS are used is not known: a class that lets through less of what the volume gives may be too small.
void check_volume(const Scope& scope, std::optional<double> baseline, std::optional<double> today,
                  Projection& projection) {
    if (scope.same() || !scope.database.storage || !baseline || !today) return;
    const auto gives = volume_iops(volume(scope.fleet, scope.index, {}), {}, {});
    if (!gives) return;
    const double usable = std::min(gives->value, *today);
    if (!over(usable, *baseline)) return;
    Check check;
    check.dimension = Dimension::iops;
    check.measure = Measure::iops;
    check.limit = baseline;
    check.of = usable;
    check.caveat = Caveat::volume_over_class;
    check.figure = scope.r.row(class_key(scope.cls(), Name::ebs_baseline_iops), measured(Measure::iops, *baseline),
                               scope.cls().row, {Note::holds_always});
    projection.checks.push_back(check);
}

std::optional<double> number(const std::optional<MegabitsPerSecond>& q) {
    return q ? std::optional<double>(q->value) : std::nullopt;
}

Interval<double> number(const Interval<MegabitsPerSecond>& range) { return {range.low.value, range.high.value}; }

}  // namespace

void project_throughput(const Scope& scope, Projection& projection) {
    const Observed& observed = scope.database.observed;
    const Throughput &now = scope.today.cls->throughput, &then = scope.cls().throughput;
    if (const auto& use = observed.ebs_throughput)
        check(scope,
              {Dimension::ebs_throughput, Measure::mbps, Name::observed_ebs_throughput, Name::ebs_baseline,
               Doubt::ebs_throughput},
              number(**use), use->place, number(then.ebs_baseline), number(now.ebs_baseline), projection);
    if (const auto& use = observed.iops)
        check(scope, {Dimension::iops, Measure::iops, Name::observed_iops, Name::ebs_baseline_iops, Doubt::iops}, **use,
              use->place, then.ebs_baseline_iops, now.ebs_baseline_iops, projection);
    else
        check_volume(scope, then.ebs_baseline_iops, now.ebs_baseline_iops, projection);
    if (const auto& use = observed.network)
        check(scope,
              {Dimension::network, Measure::mbps, Name::observed_network, Name::network_baseline, Doubt::network},
              number(**use), use->place, number(then.network_baseline), number(now.network_baseline), projection);
}

}  // namespace poolfit::assess
