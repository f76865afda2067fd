// What each database pays beside the commitments of a day, with its derivation.
#pragma once

#include <vector>

#include "cover.hpp"

namespace poolfit::plan {

/// One database on a class; on none, deleted or with capacity that follows the load.
struct Line {
    Item item;
    const Projection* on = nullptr;
    const Serverless* serverless = nullptr;
};

class Bill {
public:
    Bill(const Fleet& fleet, const Plan& plan, const Terms& terms, Recorder recorder)
        : fleet_(fleet), plan_(plan), terms_(terms), r_(recorder) {}

    /// `lines` as Fleet::databases; a figure has a name where `named`.
    std::vector<Paid> of(const std::vector<Line>& lines, Phase phase, bool named);
    /// Normalized units that a pool owns, and that were used in the last `of`.
    assess::Term owned(std::size_t pool) const;
    const std::vector<Figure<double>>& used() const { return used_; }

private:
    using Term = assess::Term;
    Key key(Index database, Name name) const;
    template <class T>
    Figure<T> keep(const Key& key, const Term& term) const;
    Term list_price(Index database, const Line& line) const;
    Term class_units(const Platform& platform, const InstanceClass& cls, bool multi_az) const;
    Term units_on(Index database, const InstanceClass& cls) const;
    Term units(Index commitment) const;
    Term rate(Index database, const Terms::Rate& rate) const;
    Term ratio(Index database, const Line& line) const;
    void by_units(const std::vector<Line>& lines, const PaidFleet& world, std::vector<Paid>& all);
    void by_plans(const std::vector<Line>& lines, const PaidFleet& world, std::vector<Paid>& all);

    const Fleet& fleet_;
    const Plan& plan_;
    const Terms& terms_;
    Recorder r_;
    Phase phase_ = Phase::now;
    bool named_ = true;
    std::vector<Term> rest_;  ///< of the list price, as far as nothing covers it
    std::vector<Figure<double>> used_;
};

}  // namespace poolfit::plan
