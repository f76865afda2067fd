// A server is lost and its load comes: CPU, memory, connections and credits of the surviving one.
#include <algorithm>

#include "scope.hpp"

namespace poolfit {

Standing Survival::standing() const {
    const auto any = [&](Standing standing) {
        return cpu_standing == standing || memory_standing == standing || connections_standing == standing;
    };
    if (any(Standing::over)) return Standing::over;
    return any(Standing::unknown) ? Standing::unknown : any(Standing::no_worse) ? Standing::no_worse : Standing::inside;
}

namespace assess {

namespace {

class Loss {
public:
    Loss(const Scope& scope, const FailoverCase& one, Phase phase, const Projection& projection)
        : scope_(scope),
          one_(one),
          phase_(phase),
          projection_(projection),
          lost_(scope.fleet.databases[one.from]),
          r_(scope.r) {}

    Survival survival(const DatabaseDemand& now, const DatabaseDemand& after) {
        result_.from = one_.from;
        connections();
        cpu();
        memory(now, after);
        if (scope_.cls().burst) credits();
        return std::move(result_);
    }

private:
    Key key(Name name, Phase phase = Phase::now) const {
        Key named = scope_.key(name, phase);
        named.detail = *lost_.name;
        return named;
    }

    void connections() {
        result_.connections = one_.peak;
        const bool over = one_.peak > projection_.limits.usable.value;
        result_.connections_standing = !projection_.limits.known ? Standing::unknown
                                       : over                    ? Standing::over
                                       : one_.at_least           ? Standing::unknown
                                                                 : Standing::inside;
    }

    static std::optional<Interval<Fraction>> given(const Maybe<Interval<Fraction>>& observed) {
        return observed ? std::optional(observed->value) : std::nullopt;
    }

    CpuLoad load(const Database& database, Index index, Name name, const Located<Interval<Fraction>>& observed) const {
        const Key named = database_key(index, name);
        return {database.type,
                {r_.drawn(index, Doubt::cpu, *observed), r_.input(named, measured(*observed), observed.place)},
                named};
    }

    /// Both loads on the class, where both are known.
    std::optional<Figure<Interval<Fraction>>> together(Name name, Maybe<Interval<Fraction>> Observed::*which,
                                                       Name result, Name law) const {
        const auto& mine = scope_.database.observed.*which;
        const auto& theirs = lost_.observed.*which;
        if (!mine || !theirs || scope_.database.type->unknown || lost_.type->unknown) return std::nullopt;
        const CpuLoad own = load(scope_.database, scope_.index, name, *mine);
        const CpuLoad other = load(lost_, one_.from, name, *theirs);
        const CpuLoad both[] = {own, other};
        return cpu_together(key(result), key(law), scope_.cls(), both, r_);
    }

    void cpu() {
        result_.cpu = together(Name::cpu_peak, &Observed::cpu_peak, Name::cpu_failover, Name::cpu_failover_law);
        result_.cpu_at_least = is_saturated(scope_.database.observed) || is_saturated(lost_.observed);
        if (result_.cpu) {
            // "Under 100 %" is not at it.
            const bool all = result_.cpu->value.high.value >= 1;
            result_.cpu_standing = all ? Standing::over : Standing::inside;
        } else {
            result_.cpu_standing = scope_.cls().unknown
                                       ? Standing::unknown
                                       : Scope::unknown(scope_.same() || as_fast(*scope_.today.cls, scope_.cls()));
        }
    }

    /// More connections than a deploy opens after the plan.
    void memory(const DatabaseDemand& now, const DatabaseDemand& after) {
        const bool as_much = scope_.same() || scope_.cls().memory >= scope_.today.cls->memory;
        result_.memory_standing = scope_.cls().unknown ? Standing::unknown : Scope::unknown(as_much);
        if (!projection_.memory_used || one_.at_least || !now.deploy_peak || !after.deploy_peak) return;
        const Figure<Connections>& counted = *after.deploy_peak;
        Term used = r_(*projection_.memory_used);
        if (one_.peak > counted.value) {
            const Figure<Connections> peak{one_.peak, peak_id(after)};
            const Term each = r_(each_connection(scope_));
            const Term more = r_(peak) - r_(counted);
            used = used + r_.drawn(Doubt::connection_memory, between(r_.literal(0), more * high(each)));
        }
        result_.memory = r_.keep<Interval<Bytes>>(key(Name::memory_failover, phase_), used);
        result_.memory_standing = result_.memory->value.high >= scope_.cls().memory ? Standing::over : Standing::inside;
    }

    FigureId peak_id(const DatabaseDemand& after) const {
        const auto at = std::find_if(after.losses.begin(), after.losses.end(),
                                     [&](const FailoverCase& c) { return c.from == one_.from; });
        return at->figure;
    }

    /// Over the series where there is one; else by the means where both are given: a loss may last; else by the peaks.
    void credits() {
        if (r_.world() != nullptr) return;  // worlds ask whether a loss is carried, not for how long
        auto load =
            together(Name::cpu_mean, &Observed::cpu_mean, Name::credits_failover_load, Name::credits_failover_law);
        if (load) {
            const LossBalance both = credit_balance(scope_, one_.from, *load);
            result_.balance = both.balance;
            result_.series_apart = both.apart;
            if (both.apart || (both.balance && !both.balance->runs_short())) return;
        } else {
            load = result_.cpu;
        }
        if (!load || (!result_.balance && !over(load->value.high.value, scope_.cls().burst->baseline.value))) return;
        result_.hours_to_empty =
            drain(scope_, key(Name::credits_failover_burned), key(Name::credits_failover_hours), r_(*load), {})
                .hours_to_empty;
        const Key paid = key(Name::credits_failover_surplus);
        result_.surplus = result_.balance ? surplus(scope_, paid, *result_.balance) : surplus(scope_, paid, r_(*load));
    }

    const Scope& scope_;
    const FailoverCase& one_;
    Phase phase_;
    const Projection& projection_;
    const Database& lost_;
    Recorder r_;
    Survival result_;
};

}  // namespace

void project_losses(const Scope& scope, const DatabaseDemand& now, const DatabaseDemand& after, Phase phase,
                    Projection& projection) {
    projection.losses.reserve(after.losses.size());
    for (const FailoverCase& one : after.losses)
        projection.losses.push_back(Loss(scope, one, phase, projection).survival(now, after));
}

}  // namespace assess
}  // namespace poolfit
