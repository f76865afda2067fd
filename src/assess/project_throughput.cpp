#include <poolfit/unit/print.hpp>

#include "scope.hpp"

namespace poolfit::assess {

namespace {

struct Path {
    Dimension dimension;
    Measure measure;
    std::string_view key;   ///< of the inventory
    std::string_view word;  ///< in text
    std::string_view row;   ///< of the class
};

/// Checked against what holds always; bursts above it are allowed but not counted on.
void check(const Scope& scope, const Path& path, const Interval<double>& use, const Place& place,
           std::optional<double> baseline, std::optional<double> today, Projection& projection) {
    Check check{path.dimension, Standing::inside, use, baseline, path.measure, 0, false, {}, {}, 0};
    check.figure =
        scope.ledger.input(scope.today(fmt::format("observed.{}", path.key)), measured(path.measure, use), place);
    const std::string value = print(measured(path.measure, use));
    if (!baseline) {
        check.standing = Scope::unknown(scope.same());
        check.text = fmt::format("{} {}: the catalog has no limit of {}", path.word, value, scope.cls.name);
        check.missing = fmt::format("the catalog's {} of {}", path.row, scope.cls.name);
        // More vCPUs of a class without figures prove nothing, so only today's class is no worse.
    } else {
        scope.ledger.catalog(fmt::format("{}.{}", class_name(scope.cls), path.row), measured(path.measure, *baseline),
                             scope.cls.row, "baseline: holds always");
        check.share = *baseline > 0 ? use.high / *baseline : 1e9;
        check.standing = over(use.high, *baseline) ? Standing::over : Standing::inside;
        check.text = fmt::format("{} {} of {} baseline", path.word, value, print(measured(path.measure, *baseline)));
        if (check.standing == Standing::over && today && *today <= *baseline) {
            // Today's class bursts as well and no more is known: not worse than today.
            check.standing = Standing::no_worse;
            check.text += ", as today's class or better";
        }
    }
    projection.checks.push_back(std::move(check));
}

template <class Q>
std::optional<double> number(const std::optional<Q>& q) {
    if constexpr (std::is_same_v<Q, double>)
        return q;
    else
        return q ? std::optional<double>(q->value) : std::nullopt;
}

}  // namespace

void project_throughput(const Scope& scope, Projection& projection) {
    const Observed& observed = scope.database.observed;
    const Throughput &now = scope.now.throughput, &then = scope.cls.throughput;
    if (const auto& use = observed.ebs_throughput)
        check(scope, {Dimension::ebs_throughput, Measure::mbps, "ebs_throughput", "EBS", "ebs_baseline"},
              {(*use)->low.value, (*use)->high.value}, use->place, number(then.ebs_baseline), number(now.ebs_baseline),
              projection);
    if (const auto& use = observed.iops)
        check(scope, {Dimension::iops, Measure::iops, "iops", "IOPS", "ebs_baseline_iops"}, **use, use->place,
              number(then.ebs_baseline_iops), number(now.ebs_baseline_iops), projection);
    if (const auto& use = observed.network)
        check(scope, {Dimension::network, Measure::mbps, "network", "network", "network_baseline"},
              {(*use)->low.value, (*use)->high.value}, use->place, number(then.network_baseline),
              number(now.network_baseline), projection);
}

}  // namespace poolfit::assess
