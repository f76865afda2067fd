// What is really paid, today and after the plan, and what a change of class strands: of one run.
#pragma once

#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include <poolfit/unit/date.hpp>

#include "bills.hpp"
#include "periods.hpp"

namespace poolfit::plan {

class Settling {
public:
    Settling(const Fleet& fleet, Plan& plan, const std::vector<Index>& counted, Recorder r);
    Committed settle();

private:
    using Term = assess::Term;
    const Terms& terms() const { return periods_.front().terms; }
    const PaidFleet& world() const { return periods_.front().world; }
    bool leaves(Index i) const { return plan_.databases[i].recommendation.verdict == Verdict::idle; }
    Line planned_line(const Terms& terms, Index i) const;
    Line planned_line(Index i) const { return planned_line(terms(), i); }
    std::vector<Line> lines(const Terms& terms, bool planned) const;
    /// Those that are in the totals by list price.
    bool is_counted(Index i) const { return plan_.databases[i].recommendation.saves.has_value(); }

    // commitment.cpp: the money of all.
    std::optional<Figure<MicroUsdPerMonth>> saves(const Committed& committed, Index i);
    std::optional<Figure<Interval<MicroUsdPerMonth>>> capacity(const std::vector<Paid>& all, bool planned) const;
    struct Used {
        double now, now_most, after, after_most;
    };
    const Used& used();
    Term less(const Term& now, const Term& then) const;
    CommitmentUse use(const Committed& committed, Index c);
    std::optional<Term> left(const Paid& paid) const;
    void totals(Committed& committed);
    CommittedPeriod amounts(const Period& period) const;

    // commitment_days.cpp: what else changes while commitments last.
    std::vector<Date> days() const;
    std::optional<Term> more_support(Index i, bool planned, Date day, std::string_view detail) const;
    const InstanceClass* unpriced(Index i) const;
    std::vector<CommitmentUse::Ask> asks(const Committed& committed, const CommitmentUse& use) const;

    // commitment_beside.cpp: schedules, and capacity that follows the load.
    double stopped() const;
    MicroUsdPerMonth list_of(const std::vector<Index>& databases) const;
    bool knows(const Committed& committed, Index i) const;
    Figure<MicroUsdPerMonth> stop_saves(Bill& bill, Sums& running, const std::vector<Index>& members,
                                        MicroUsdPerMonth saves, Name name);
    void stops(const Committed& committed);
    void hold_stop(const Committed& committed, Index i);
    void hold_serverless(const Committed& committed, Index i);
    std::pair<double, double> gains(Index i, const Item& on) const;

    // commitment_held.cpp: what a change strands, and from when on it pays.
    double unused(int pool, Index i, const Item& on) const;
    Date last_end(int pool) const;
    void explain(const Committed& committed, Index i);
    void hold(Recommendation& advice, Index i);

    const Fleet& fleet_;
    Plan& plan_;
    const std::vector<Index>& counted_;
    Recorder r_;
    std::optional<Used> used_;    ///< of savings plans
    Sums sums_;                   ///< of the plan; only with a recorder
    std::deque<Period> periods_;  ///< each refers to its own terms
};

// commitment_days.cpp
/// Does Extended Support of its version have another price on that day than today?
bool changes_support(const Fleet& fleet, const Plan& plan, Index database, Date day);

inline double micro(const std::optional<Figure<MicroUsdPerMonth>>& figure) {
    return figure ? static_cast<double>(figure->value.value) : 0;
}

}  // namespace poolfit::plan
