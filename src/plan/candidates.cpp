#include "candidates.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

namespace poolfit::plan {

namespace {

class Judge {
public:
    Judge(const Question& question, Ledger& ledger)
        : q_(question), database_(question.fleet.databases[question.database]), ledger_(ledger) {}

    Candidate judge(const InstanceClass& cls) const {
        Candidate candidate;
        candidate.cls = &cls;
        const bool current = &cls == database_.type;
        if (!current && !has_class(candidate)) return candidate;
        candidate.projection =
            assess::project(q_.fleet, q_.catalog, q_.database, cls, q_.term, q_.now, q_.after, ledger_);
        if (candidate.projection->cost) {
            candidate.cost = candidate.projection->cost->value;
            candidate.ranked_by = candidate.cost;
            const auto& credits = candidate.projection->credits;
            if (credits && credits->surplus) *candidate.ranked_by += credits->surplus->value;
        }
        load_reasons(candidate, current);
        demand_reason(candidate);
        if (database_.replica_of && database_.platform->standby_needs_limit) replica_reason(candidate);
        const bool fits_load = fits(candidate);
        if (!current) policy_reasons(candidate);
        candidate.fits = fits(candidate);
        candidate.fits_but_for_policy = fits_load && !candidate.fits;
        return candidate;
    }

private:
    static bool fits(const Candidate& candidate) {
        return std::none_of(candidate.reasons.begin(), candidate.reasons.end(),
                            [](const Reason& reason) { return reason.blocking; });
    }

    static void say(Candidate& candidate, Dimension dimension, std::string text, bool blocking = true) {
        candidate.reasons.push_back({dimension, {}, {}, Measure::count, std::move(text), blocking});
    }

    std::string_view engine() const { return database_.platform->names.engine; }

    /// Do engine, version and region have the class? If not, nothing is projected.
    bool has_class(Candidate& candidate) const {
        const InstanceClass& cls = *candidate.cls;
        if (cls.cluster_only) {
            say(candidate, Dimension::engine, "only in Multi-AZ DB clusters");
            return false;
        }
        const std::optional<EngineVersion> version =
            database_.version ? std::optional(database_.version->value) : std::nullopt;
        const auto supported = catalog::supports(*database_.platform, cls, version);
        if (supported == catalog::Supported::no) {
            say(candidate, Dimension::engine,
                version ? fmt::format("does not run {} {}", engine(), database_.version_text)
                        : fmt::format("does not run {}", engine()));
            return false;
        }
        if (supported == catalog::Supported::unknown &&
            (cls.support == InstanceClass::Support::not_stated || version)) {
            say(candidate, Dimension::engine,
                version ? fmt::format("not documented to run {} {}", engine(), database_.version_text)
                        : fmt::format("not documented to run {}", engine()));
            return false;
        }
        if (!assess::cost(q_.fleet, q_.catalog, database_, cls, q_.term, ledger_).figure) {
            const bool listed =
                q_.catalog.price(*database_.platform, cls, *database_.region, *database_.multi_az, PriceTerm::list)
                    .has_value();
            say(candidate, listed ? Dimension::price : Dimension::region,
                listed ? fmt::format("no reserved price in {} in the catalog", *database_.region)
                       : fmt::format("no price in {} in the catalog", *database_.region));
            return false;
        }
        if (supported == catalog::Supported::unknown)
            say(candidate, Dimension::engine, "the version is not given: not every version runs on it", false);
        return true;
    }

    static void load_reasons(Candidate& candidate, bool current) {
        for (const Check& check : candidate.projection->checks) {
            const bool blocks = check.standing == Standing::over || (check.standing == Standing::unknown && !current);
            if (blocks || check.caveat)
                candidate.reasons.push_back(
                    {check.dimension, check.value, check.limit, check.measure, check.text, blocks});
        }
    }

    /// The CPU that workloads ask for, on this class's vCPUs, within the policy's peak.
    void demand_reason(Candidate& candidate) const {
        if (q_.load == nullptr) return;
        const double demand =
            q_.load->cpu_demand.value.value * database_.type->vcpus / static_cast<double>(candidate.cls->vcpus);
        const double limit = q_.fleet.policy.cpu_peak_max->value;
        if (demand <= limit) return;
        candidate.reasons.push_back({Dimension::cpu_demand, Interval<double>(demand), limit, Measure::fraction,
                                     fmt::format("CPU of the workloads {} of {}", unit::print(Fraction(demand)),
                                                 unit::print(Fraction(limit)))});
    }

    /// max_connections of a server on a class: what it says, what has been set by hand, or the formula's range.
    static Interval<Connections> max_of(const Database& database, const Limits& limits) {
        if (limits.max_observed) return Interval<Connections>(limits.max_observed->value);
        if (limits.set_by_hand) return Interval<Connections>(**database.max_connections);
        return limits.max_expected.value;
    }

    /// A standby whose max_connections is under its primary's does not start.
    void replica_reason(Candidate& candidate) const {
        const Database& primary = q_.fleet.databases[*database_.replica_of];
        const Recommendation& chosen = q_.primary->recommendation;
        const InstanceClass& primary_class = *chosen.cls;
        const Limits& own = candidate.projection->limits;
        const Limits& theirs = q_.primary->candidates[chosen.candidate].projection->limits;
        const Interval<Connections> mine = max_of(database_, own), need = max_of(primary, theirs);
        const bool by_formula = !own.set_by_hand && !theirs.set_by_hand;
        // One class, one formula: equal, whatever the range is. And today's replica runs: it is no smaller than
        // today's primary, and so than any smaller one.
        if (by_formula && candidate.cls == &primary_class) return;
        if (by_formula && candidate.cls == database_.type && primary_class.memory <= primary.type->memory &&
            !(own.max_observed && theirs.max_observed))
            return;
        if (mine.low >= need.high) return;
        candidate.reasons.push_back(
            {Dimension::replica,
             Interval<double>{static_cast<double>(mine.low.value), static_cast<double>(mine.high.value)},
             static_cast<double>(need.high.value), Measure::connections,
             fmt::format("max_connections {} {} under the {} of its primary on {}: a standby would not start",
                         unit::print(mine), mine.high < need.low ? "is" : "may be", unit::print(need),
                         primary_class.name),
             true});
    }

    void policy_reasons(Candidate& candidate) const {
        const Policy& policy = q_.fleet.policy;
        const InstanceClass &cls = *candidate.cls, &today = *database_.type;
        // Who runs on arm or on credits already has decided; the switches are for the move there.
        if (cls.arch == Arch::arm64 && today.arch != Arch::arm64 && !*policy.allow_arm)
            say(candidate, Dimension::policy, "needs allow_arm = true");
        if (cls.burst && !*policy.allow_burstable) say(candidate, Dimension::policy, "needs allow_burstable = true");
        const auto matches = [&](const Located<std::string>& glob) {
            return catalog::matches(*database_.platform, *glob, cls.name);
        };
        if (!policy.allow.empty() && std::none_of(policy.allow.begin(), policy.allow.end(), matches))
            say(candidate, Dimension::policy, "not in the policy's allow list");
        const auto denied = std::find_if(policy.deny.begin(), policy.deny.end(), matches);
        if (denied != policy.deny.end())
            say(candidate, Dimension::policy, fmt::format("denied by the policy: \"{}\"", **denied));
    }

    const Question& q_;
    const Database& database_;
    Ledger& ledger_;
};

}  // namespace

std::vector<Candidate> candidates(const Question& question, Ledger& ledger) {
    const Judge judge(question, ledger);
    std::vector<Candidate> all;
    const Database& database = question.fleet.databases[question.database];
    const InstanceClass* const own[] = {database.type};
    auto classes = question.catalog.classes(*database.platform);
    if (classes.empty()) classes = own;  // of no class: nothing to choose from
    all.reserve(classes.size());
    for (const InstanceClass* cls : classes) all.push_back(judge.judge(*cls));
    std::stable_sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) {
        if (a.ranked_by.has_value() != b.ranked_by.has_value()) return a.ranked_by.has_value();
        if (a.ranked_by && *a.ranked_by != *b.ranked_by) return *a.ranked_by < *b.ranked_by;
        return a.cls->name < b.cls->name;
    });
    return all;
}

}  // namespace poolfit::plan
