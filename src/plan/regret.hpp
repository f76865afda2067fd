// Which of several choices costs least, by what trouble costs.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace poolfit::plan {

/// A choice costs `cost` + `trouble` × what trouble costs.
struct Outlook {
    double cost = 0, trouble = 0;
};

/// This choice is the best from here on.
struct BestFrom {
    std::size_t choice = 0;
    double from = 0;
    std::optional<double> to;  ///< nothing: always
};

/// The best choice for every cost of trouble from 0 on, in order. Of equals the one with less trouble, then the first.
std::vector<BestFrom> best_by_trouble(std::span<const Outlook> choices);

}  // namespace poolfit::plan
