#include "regret.hpp"

#include <algorithm>

namespace poolfit::plan {

std::vector<BestFrom> best_by_trouble(std::span<const Outlook> choices) {
    std::vector<BestFrom> best;
    if (choices.empty()) return best;
    // Straight lines over the cost of trouble: the lower envelope.
    std::size_t at = 0;
    for (std::size_t i = 1; i < choices.size(); ++i) {
        const Outlook &a = choices[i], &b = choices[at];
        if (a.cost < b.cost || (a.cost == b.cost && a.trouble < b.trouble)) at = i;
    }
    best.push_back({at, 0, {}});
    for (;;) {
        const Outlook& now = choices[at];
        std::optional<std::size_t> next;
        double crosses = 0;
        for (std::size_t i = 0; i < choices.size(); ++i) {
            const Outlook& other = choices[i];
            if (other.trouble >= now.trouble) continue;
            const double t = (other.cost - now.cost) / (now.trouble - other.trouble);
            if (next && (t > crosses || (t == crosses && other.trouble >= choices[*next].trouble))) continue;
            next = i;
            crosses = t;
        }
        if (!next) return best;
        best.back().to = crosses;
        best.push_back({*next, crosses, {}});
        at = *next;
    }
}

}  // namespace poolfit::plan
