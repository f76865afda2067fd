#include "recommend.hpp"

#include <algorithm>

#include <poolfit/assess/leaves.hpp>
#include <poolfit/model/sizes.hpp>

#include "judge.hpp"
#include "missing.hpp"

namespace poolfit {

Offer::Doubt Candidate::doubt() const {
    const auto at = std::ranges::find(reasons, Reason::Kind::version, &Reason::kind);
    return at == reasons.end() ? Offer::Doubt::none : at->doubt;
}

namespace plan {

namespace {

using assess::Term;

bool doubtful(const Candidate& candidate) { return candidate.doubt() != Offer::Doubt::none; }

}  // namespace

bool better(const Candidate& a, const Candidate& b, const InstanceClass& today) {
    if (a.ranked_by != b.ranked_by) {
        if (!a.ranked_by || !b.ranked_by) return a.ranked_by.has_value();
        return *a.ranked_by < *b.ranked_by;
    }
    if ((a.cls == &today) != (b.cls == &today)) return a.cls == &today;
    if (doubtful(a) != doubtful(b)) return doubtful(b);
    if ((a.cls->arch == today.arch) != (b.cls->arch == today.arch)) return a.cls->arch == today.arch;
    if (a.cls->generation != b.cls->generation) return a.cls->generation > b.cls->generation;
    return a.cls->name < b.cls->name;
}

namespace {

const Check* first_over(const Checks& checks) {
    const Check* at =
        std::find_if(checks.begin(), checks.end(), [](const Check& c) { return c.standing == Standing::over; });
    return at == checks.end() ? nullptr : at;
}

Reason as_reason(const Check& check) {
    Reason reason;
    reason.check = check;
    return reason;
}

class RecommendationChooser {
public:
    RecommendationChooser(const Situation& situation, const DatabasePlan& plan)
        : s_(situation), plan_(plan), database_(situation.fleet.databases[situation.database]) {}

    Recommendation choose() {
        const auto& all = plan_.candidates;
        current_ = &*std::find_if(all.begin(), all.end(), [&](const Candidate& c) { return c.cls == database_.type; });
        for (const Candidate& candidate : all)
            if (candidate.fits && saves_after_upgrade(s_.market.offers(s_.database), *current_, candidate) &&
                (best_ == nullptr || better(candidate, *best_, *database_.type)))
                best_ = &candidate;
        steered_ = steered();
        if (s_.usage == Usage::idle) {
            settle(Verdict::idle, *current_, of(Summary::Kind::idle));
            return std::move(r_);
        }
        was_over_ = plan_.now.checks.any_over();
        if (s_.usage == Usage::contradicted && !was_over_) {
            Summary summary = of(Summary::Kind::contradicted);
            summary.activity = assess::activity(s_.fleet, s_.database);
            r_.missing.push_back({summary.activity ? MissingInput::Kind::activity : MissingInput::Kind::connections,
                                  Missing::nothing, 0, nullptr, s_.database});
            settle(Verdict::unknown, *current_, std::move(summary));
            return std::move(r_);
        }
        if (r_.missing = missing_server(s_.fleet, s_.database); !r_.missing.empty())
            not_known();
        else
            current_->fits ? stay_or_save() : leave();
        return std::move(r_);
    }

private:
    void settle(Verdict verdict, const Candidate& candidate, Summary summary) {
        r_.verdict = verdict;
        r_.cls = candidate.cls;
        r_.ranked_by = candidate.ranked_by;
        r_.summary = std::move(summary);
    }

    /// The class that commitments ask for, where it still passes every limit; else today's, where that does. Null: they
    /// ask for none.
    const Candidate* steered() const {
        if (s_.steer.cls == nullptr) return nullptr;
        const auto at = std::ranges::find(plan_.candidates, s_.steer.cls, &Candidate::cls);
        if (at != plan_.candidates.end() && at->fits) return &*at;
        return current_->fits ? current_ : nullptr;
    }

    /// No class is known to compare with; what can be said of pools and connections is.
    void not_known() {
        if (was_over_ && current_->fits && s_.pools_change) return settle(Verdict::repool, *current_, cured());
        Summary summary = of(Summary::Kind::server_missing);
        if (!current_->fits) summary.trouble = *blocking();
        settle(Verdict::unknown, *current_, std::move(summary));
    }

    const Reason* blocking() const {
        return &*std::find_if(current_->reasons.begin(), current_->reasons.end(),
                              [](const Reason& reason) { return reason.blocking; });
    }

    /// Today's class can't stay: its load is over a limit, or the pools that the plan would give it are.
    void leave() {
        const Reason* const blocking = this->blocking();
        Summary summary;
        const bool by_load = was_over_ || blocking->check.dimension > Dimension::connections_failover;
        summary.kind = by_load ? Summary::Kind::class_fails : Summary::Kind::pools_fail;
        summary.trouble = *blocking;
        if (!database_.platform->has_classes) {
            const Check* memory = current_checks().find(Dimension::memory);
            const bool limit = plan_.budget.limits.set_by_hand && is_of_connections(blocking->check.dimension) &&
                               (memory == nullptr || memory->missing == Missing::freeable_memory);
            summary.no_class = limit ? Summary::NoClass::own_limit : Summary::NoClass::own_server;
            if (limit)
                r_.missing.push_back({MissingInput::Kind::observed, Missing::freeable_memory, 0, nullptr, s_.database});
            return settle(Verdict::unknown, *current_, std::move(summary));
        }
        if (steered_ != nullptr && steered_ != current_) best_ = steered_;
        if (best_ == nullptr) {
            r_.missing = missing_inputs(s_, plan_, *current_, current_checks());
            const Limits& limits = plan_.budget.limits;
            const bool by_hand = limits.set_by_hand && limits.max_expected &&
                                 limits.max_observed->value < limits.max_expected->value.low;
            summary.no_class = by_hand ? Summary::NoClass::limit_by_hand : Summary::NoClass::none_passes;
            return settle(Verdict::unknown, *current_, std::move(summary));
        }
        if (const Candidate* candidate = may_do()) summary.cls = candidate->cls;
        // What costs as much saves nothing.
        const bool cheaper = current_->cost && best_->cost && *best_->cost < *current_->cost;
        settle(cheaper ? Verdict::resize : Verdict::upsize, *best_, std::move(summary));
    }

    /// Where the class that is taken costs more than twice today's: the cheapest below it that only the high end of its
    /// CPU range rules out.
    const Candidate* may_do() const {
        const Candidate* found = nullptr;
        if (!current_->cost || !best_->cost || best_->cost->value <= 2 * current_->cost->value) return nullptr;
        for (const Candidate& candidate : plan_.candidates) {
            if (&candidate == current_ || !candidate.ranked_by || !best_->ranked_by) continue;
            if (*candidate.ranked_by >= *best_->ranked_by) continue;
            bool over = false, other = false;
            for (const Reason& reason : candidate.reasons) {
                if (!reason.blocking) continue;
                const Check& check = reason.check;
                const bool cpu = check.dimension == Dimension::cpu_peak || check.dimension == Dimension::cpu_p95;
                const bool by_range = reason.kind == Reason::Kind::check && cpu && check.value && check.limit &&
                                      check.value->low <= *check.limit;
                (by_range ? over : other) = true;
            }
            if (over && !other && (found == nullptr || *candidate.ranked_by < *found->ranked_by)) found = &candidate;
        }
        return found;
    }

    void stay_or_save() {
        if (!database_.platform->has_classes) return keep_server();
        r_.missing = missing_inputs(s_, plan_, *current_, current_checks());
        if (!r_.missing.empty()) {
            if (was_over_ && s_.pools_change) return settle(Verdict::repool, *current_, cured());
            return settle(Verdict::unknown, *current_, of(Summary::Kind::input_missing));
        }
        if (version_too_new() && !s_.pools_change) {
            r_.missing.push_back({MissingInput::Kind::version_lists, Missing::nothing, 0, nullptr, s_.database});
            return settle(Verdict::unknown, *current_, of(Summary::Kind::version_lists_end));
        }
        Summary kept = of(Summary::Kind::kept);
        if (best_ != nullptr && best_ != current_) {
            // At what is known to be paid, and if the peak lasted: a saving by one of the two alone is none.
            const MicroUsdPerMonth at_list = *current_->cost - *best_->cost;
            const MicroUsdPerMonth at_peak = current_->ranked_by.value_or(*current_->cost) - *best_->ranked_by;
            const Savings savings = worth_it(s_.fleet.policy, *current_->cost,
                                             *current_->cost - std::min(at_list, at_peak), support_of(plan_.now));
            const bool asks = savings.enough && s_.steer.ask_rate;
            if (savings.enough && !asks && !too_short() && (steered_ == nullptr || steered_ == best_))
                return settle(Verdict::resize, *best_, of(Summary::Kind::cheapest));
            if (savings.enough && !asks && too_short()) return more_days();
            kept.kept = asks             ? Summary::Kept::rate_missing
                        : savings.enough ? Summary::Kept::committed
                                         : savings.too_little;
            kept.cls = best_->cls;
            kept.saves = savings.saves;
            kept.saves_share = savings.share;
            if (savings.saves.value < 0)
                kept.kept = at_peak.value > 0 ? Summary::Kept::peak_alone : Summary::Kept::saves_nothing;
        }
        if (steered_ != nullptr && steered_ != current_ && too_short()) return more_days();
        if (steered_ != nullptr && steered_ != current_)
            return settle(Verdict::resize, *steered_, of(Summary::Kind::cheapest_committed));
        if (kept.kept == Summary::Kept::rate_missing) {
            r_.missing.push_back({MissingInput::Kind::plan_rate, Missing::nothing, 0, current_->cls, s_.database});
            if (!s_.pools_change) return settle(Verdict::unknown, *current_, std::move(kept));
        }
        if (!s_.pools_change) return settle(Verdict::keep, *current_, std::move(kept));
        if (was_over_) return settle(Verdict::repool, *current_, cured());
        kept.kind = Summary::Kind::pools_change;
        settle(Verdict::repool, *current_, std::move(kept));
    }

    /// Nothing is taken away by what a day or two showed.
    bool too_short() const {
        const auto& watched = database_.observed.watched;
        const series::Watched::Kept* kept = watched ? watched->first() : nullptr;
        return kept != nullptr && kept->summary.quality == series::Quality::insufficient;
    }
    void more_days() {
        r_.missing.push_back({MissingInput::Kind::days, Missing::nothing, 0, nullptr, s_.database});
        if (was_over_ && s_.pools_change) return settle(Verdict::repool, *current_, cured());
        settle(Verdict::unknown, *current_, of(Summary::Kind::input_missing));
    }

    /// A self-managed server: there is no class to choose, so a plan can change only its pools.
    void keep_server() {
        if (!s_.pools_change) return settle(Verdict::keep, *current_, of(Summary::Kind::outside_catalog));
        settle(Verdict::repool, *current_, was_over_ ? cured() : of(Summary::Kind::outside_catalog));
    }

    static Summary of(Summary::Kind kind) {
        Summary summary;
        summary.kind = kind;
        return summary;
    }

    Summary cured() const {
        Summary summary = of(plan_.by_strategy.empty() ? Summary::Kind::pools_cure : Summary::Kind::strategy_cures);
        summary.trouble = as_reason(*first_over(plan_.now.checks));
        return summary;
    }

    /// Checks of today's class with the recommended pools: what is missing does not depend on the demand.
    const Checks& current_checks() const { return plan_.chosen.checks; }

    /// Cheaper classes ruled out only because the catalog says nothing about the engine's version: a new major version.
    bool version_too_new() const {
        if (!database_.version || r_.verdict == Verdict::resize) return false;
        const auto& all = plan_.candidates;
        return s_.market.offer(s_.database, *database_.type).state == Offer::State::not_documented &&
               std::none_of(all.begin(), all.end(),
                            [&](const Candidate& c) { return c.cls != database_.type && c.fits; });
    }

    const Situation& s_;
    const DatabasePlan& plan_;
    const Database& database_;
    Recommendation r_;
    const Candidate *current_ = nullptr, *best_ = nullptr, *steered_ = nullptr;
    bool was_over_ = false;
};

/// The largest shares, limits that are exceeded among them.
void bind(const Projection& projection, Recommendation& r) {
    const Check *first = nullptr, *second = nullptr;
    for (const Check& check : projection.checks) {
        if (!check.value || !check.limit || check.caveat == Caveat::peak_over_baseline) continue;
        if (check.standing == Standing::no_worse && !check.exceeds()) continue;
        if (!first || check.share > first->share) {
            second = first;
            first = &check;
        } else if (!second || check.share > second->share) {
            second = &check;
        }
    }
    if (first) r.binding = first->dimension;
    if (second) r.next_binding = second->dimension;
}

}  // namespace

const Check* tightest_judged(const Projection& projection, bool moves) {
    const Check* first = nullptr;
    for (const Check& check : projection.checks) {
        // What a burst costs is a price.
        const bool priced = check.caveat == Caveat::surplus || check.caveat == Caveat::peak_over_baseline;
        // A class to change to is at its limit where IOPS burst above its baseline, although today's does as well.
        const bool bursts = moves && check.caveat == Caveat::bursts_as_today && check.dimension == Dimension::iops;
        if (!check.value || !check.limit || priced) continue;
        if (check.standing == Standing::no_worse && !bursts) continue;
        if (first == nullptr || check.share > first->share) first = &check;
    }
    return first;
}

bool saves_after_upgrade(const Offers& offers, const Candidate& today, const Candidate& candidate) {
    const auto& life = offers.life;
    if (!today.fits || !life || life->charged(life->stage) == 0) return true;
    return !today.list || !candidate.list || *candidate.list <= *today.list;
}

Savings worth_it(const Policy& policy, MicroUsdPerMonth now, MicroUsdPerMonth after, MicroUsdPerMonth support) {
    Savings result;
    result.saves = now - after;
    const MicroUsdPerMonth base = now - support;
    result.share =
        Fraction(base.value > 0 ? static_cast<double>(result.saves.value) / static_cast<double>(base.value) : 0);
    if (result.saves < *policy.min_savings_per_month)
        result.too_little = Summary::Kept::saves_less;
    else if (result.share.value + 1e-12 < policy.min_savings->value)
        result.too_little = Summary::Kept::saves_share;
    else
        result.enough = result.saves.value > 0;
    return result;
}

Recommendation choose(const Situation& situation, const DatabasePlan& plan) {
    return RecommendationChooser(situation, plan).choose();
}

void settle(const Fleet&, Index index, DatabasePlan& plan, Recorder r) {
    Recommendation& advice = plan.recommendation;
    bind(plan.chosen, advice);
    advice.cost = plan.chosen.cost;
    const auto& now = plan.now.cost;
    if (!now || !advice.cost) return;
    const auto key = [&](Name name) { return Key{{Subject::Kind::database, index}, name}; };
    if (advice.verdict == Verdict::idle)
        advice.cost = {MicroUsdPerMonth(0), r.constant(key(Name::cost_of_none), assess::measured(MicroUsdPerMonth(0)),
                                                       Grounds::deleted_instance)};
    advice.saves = r.keep<MicroUsdPerMonth>(key(Name::saves_per_month), r(*now) - r(*advice.cost));
    advice.saves_per_year =
        r.keep<MicroUsdPerMonth>(key(Name::saves_per_year), Measure::usd_per_year, r.literal(12) * r(*advice.saves));
    if (advice.verdict == Verdict::idle) return;
    const auto &peak_now = plan.now.at_peak, &peak_then = plan.chosen.at_peak;
    if (!peak_now || !peak_then || *peak_now == *peak_then) return;
    const auto at_peak = [&](const Projection& on) {
        return on.at_peak->value == 0 ? r.literal(0) : r(*on.credits->surplus);
    };
    const Term then = at_peak(plan.chosen);
    const Term today = at_peak(plan.now);
    advice.peak_per_year =
        r.keep<MicroUsdPerMonth>(key(Name::peak_per_year), Measure::usd_per_year, r.literal(12) * (then - today));
}

void settle_idle(const Fleet& fleet, Plan& plan, Index index, Recorder r) {
    DatabasePlan& mine = plan.databases[index];
    Recommendation& advice = mine.recommendation;
    if (!advice.idle) return;
    const auto& use = mine.capacity;
    const bool elastic = use && !use->instead;
    std::vector<Term> parts;
    if (elastic && use->cost) parts.push_back(r(*use->cost));
    if (!elastic && advice.saves) parts.push_back(r(*advice.saves));
    if (parts.empty()) return;
    if (mine.storage && mine.storage->cost.cost) parts.push_back(r(*mine.storage->cost.cost));
    // A volume that stays is no longer asked by it.
    if (const auto& primary = fleet.databases[index].replica_of)
        if (const auto& shared = plan.databases[*primary].storage; shared && shared->kept)
            for (const StorageUse::OfReader& reader : shared->deleted_readers)
                if (reader.database == index) parts.push_back(r(reader.io));
    for (const Index i : plan.topology.poolers[index])
        if (const auto& bill = plan.poolers[i].bill;
            bill && bill->now && bill->after && bill->after->value.high.value == 0)
            parts.push_back(r(*bill->now));
    // Of a class alone the verdict says it.
    if (!elastic && parts.size() == 1) return;
    advice.idle->saves = r.keep<Interval<MicroUsdPerMonth>>(assess::database_key(index, Name::idle_saves),
                                                            assess::sum(parts, r.figures()));
}

std::string_view name(Verdict verdict) {
    constexpr std::string_view names[] = {"resize", "repool",  "upsize", "keep",       "unknown",
                                          "over",   "upgrade", "idle",   "serverless", "stop"};
    return names[static_cast<std::size_t>(verdict)];
}

}  // namespace plan
}  // namespace poolfit
