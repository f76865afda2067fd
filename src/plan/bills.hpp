// The bill of a fleet at both ends of what capacity that follows the load takes.
#pragma once

#include <algorithm>
#include <vector>

#include "bill.hpp"

namespace poolfit::plan {

class Bills {
public:
    Bills(const Fleet& fleet, const Plan& plan, const Terms& terms, Recorder recorder, bool today = true)
        : least_(fleet, plan, terms, recorder, today), most_(fleet, plan, terms, recorder, today) {
        most_.take_most();
    }
    std::vector<Paid> of(const std::vector<Line>& lines, Phase phase, bool named) {
        wide_ = std::ranges::any_of(lines, [](const Line& line) { return line.item.more > 0; });
        if (!wide_) return least_.of(lines, phase, named, nullptr);
        const std::vector<Paid> most = most_.of(lines, phase, named, nullptr);
        return least_.of(lines, phase, named, &most);
    }
    /// At the low end.
    Bill& least() { return least_; }
    /// What savings plans pay that had a use in the last `of`.
    struct Spent {
        Figure<MicroUsdPerMonth> least, most;
    };
    Spent spent() const { return {least_.spent(), (wide_ ? most_ : least_).spent()}; }

private:
    Bill least_, most_;
    bool wide_ = false;
};

/// Records the share of a commitment that is used, and what is paid for the rest.
void derive_use(const Fleet& fleet, const Committed& committed, Index commitment, const Bill& bill,
                const Bills::Spent& now, const Bills::Spent& after, Recorder recorder);
/// Records what all commitments cost, where that is known of each.
void derive_total(const Fleet& fleet, Date today, Recorder recorder);

}  // namespace poolfit::plan
