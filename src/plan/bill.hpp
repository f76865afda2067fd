// What each database pays beside the commitments of a day, with its derivation.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "cover.hpp"

namespace poolfit::plan {

/// One database on a class; on none, deleted or with capacity that follows the load.
struct Line {
    Item item;
    const Projection* on = nullptr;
    const Serverless* serverless = nullptr;
    /// What capacity that follows the load takes.
    enum class End : std::uint8_t { as_bill, least, most } end = End::as_bill;
};

/// Terms of databases as one sum. Without one of them it is made anew of the others, so that nothing cancels: from
/// halves, and halves of those, whose sums stay.
class Parts {
public:
    using Term = assess::Term;
    Parts() = default;
    /// In order of their databases.
    Parts(const std::vector<std::pair<Index, Term>>& terms, Figures* figures)
        : top_(halved(terms, 0, terms.size(), figures)), figures_(figures) {}

    bool empty() const { return top_ == nullptr; }
    Term sum() const;
    Parts with(Index database, const Term& term) const;
    Parts without(Index database) const;

private:
    struct Half {
        Index first = 0, last = 0;  ///< databases
        Term sum;
        std::shared_ptr<const Half> left, right;
    };
    using Pointer = std::shared_ptr<const Half>;
    static Pointer halved(const std::vector<std::pair<Index, Term>>& terms, std::size_t from, std::size_t to,
                          Figures* figures);
    static Pointer joined(const Pointer& left, const Pointer& right);
    static Pointer without(const Pointer& all, Index database);

    Pointer top_;
    Figures* figures_ = nullptr;
};

/// What all of a fleet comes to: by pool of units, and by rate of savings plans.
struct Sums {
    using Term = assess::Term;
    std::vector<Parts> units, list;          ///< as Terms::pools
    std::vector<Parts> at_rate;              ///< list price, as Terms::rates
    std::vector<std::optional<Term>> ratio;  ///< of a rate to that
    std::vector<int> pool;                   ///< whose units come before the rate
};

class Bill {
public:
    /// `today`: the terms are those of the day of the run, and what they own has names.
    Bill(const Fleet& fleet, const Plan& plan, const Terms& terms, Recorder recorder, bool today = true)
        : fleet_(fleet), plan_(plan), terms_(terms), r_(recorder), today_(today) {}
    /// Capacity that follows the load is taken at the high end of its range.
    void take_most() { at_most_ = true; }

    /// `lines` as Fleet::databases; a figure has a name where `named`. `most`: the same lines by a bill that takes the
    /// most; null where that is no other.
    std::vector<Paid> of(const std::vector<Line>& lines, Phase phase, bool named, const std::vector<Paid>* most);
    /// Normalized units that a pool owns, and that were used in the last `of`.
    assess::Term owned(std::size_t pool) const;
    const std::vector<Figure<double>>& used() const { return used_; }
    /// What savings plans pay in all, and what of it had a use in the last `of`; 0 without any.
    assess::Term plan_money() const;
    const Figure<MicroUsdPerMonth>& spent() const { return spent_; }

    Sums sums(const std::vector<Line>& lines);
    /// The same with a database on a line, or without it.
    Sums with(Sums sums, Index database, const Line& line);
    Sums without(Sums sums, Index database, const Line& line);
    /// What all pay more with a database on a line: from sums alone, whatever the number of databases.
    assess::Term adds(const Sums& others, Index database, const Line& line);

private:
    using Term = assess::Term;
    Key key(Index database, Name name) const;
    Name by_end(Name least, Name most) const { return at_most_ ? most : least; }
    template <class T>
    Figure<T> keep(const Key& key, const Term& term) const;
    bool takes_most(const Line& line) const {
        return line.end == Line::End::most || (at_most_ && line.end == Line::End::as_bill);
    }
    double list(const Line& line) const { return line.item.list + (takes_most(line) ? line.item.more : 0); }
    Term list_price(Index database, const Line& line) const;
    std::optional<Term> left(Index database, const Line& line, const Paid& paid) const;
    void keep_left(Index database, const Line& line, Paid& paid, const Paid* most) const;
    Term class_units(const Platform& platform, const InstanceClass& cls, bool multi_az) const;
    Term units_on(Index database, const InstanceClass& cls) const;
    Term units(Index commitment) const;
    Term rate(Index database, const Terms::Rate& rate) const;
    Term ratio(Index database, const Line& line) const;
    Term of_pool(const Sums& sums, std::size_t pool) const;
    Term share_of(const Sums& sums, std::size_t pool) const;
    Term by_plans(const Sums& sums) const;
    void by_units(const std::vector<Line>& lines, const PaidFleet& world, std::vector<Paid>& all);
    void by_plans(const std::vector<Line>& lines, const PaidFleet& world, std::vector<Paid>& all);

    const Fleet& fleet_;
    const Plan& plan_;
    const Terms& terms_;
    Recorder r_;
    Phase phase_ = Phase::now;
    bool named_ = true, today_ = true, at_most_ = false;
    std::vector<Term> rest_;  ///< of the list price, as far as nothing covers it
    std::vector<Figure<double>> used_;
    Figure<MicroUsdPerMonth> spent_;
};

}  // namespace poolfit::plan
