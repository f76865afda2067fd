#include <fmt/format.h>

#include "document.hpp"
#include "simulated.hpp"

namespace accuracy {

std::string simulated_section() {
    std::string text = fmt::format(
        R"--(Each row of a table is run once, with a seed of its own, and a 99 % interval is made for each figure: how many of them
contain the exact value? Figures that a run of that length cannot see (an event expected fewer than ten times in it, a
quantile that is 0) are separate: there the interval has to reach from nothing to the exact value. Left out are
open pools above a utilization of {} or {} connections, and those that would take more than 10^9 transactions to
forget their start. The difference is |simulated - exact| / exact: chance, which a longer run makes smaller; its mean
is dominated by the few rows with hardly any wait. `mgc_sim.csv` was made by another simulator, and its own
interval is allowed for.

| table | figure | rows | 99 % intervals that cover | | too rare to be seen | difference, mean | median |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
)--",
        whole_extent.most_utilization, whole_extent.most_connections);
    int covered = 0, visible = 0;
    for (const SimulatedTable& table : simulated_tables()) {
        const std::vector<Coverage> found = cover(table, whole_extent);
        covered += found[0].covered;
        visible += found[0].visible;
        const std::size_t all = known::rows(table.file).size();
        for (std::size_t i = 0; i < found.size(); ++i) {
            const Coverage& c = found[i];
            const int rows = found[1].visible + found[1].unseen;
            text += fmt::format("| {} | {} | {} | {} of {} | {:.1f} % | {} of {} | {:.2f} % | {:.2f} % |\n",
                                i == 0 ? fmt::format("`{}`: {}", table.file, table.what) : "", i == 0 ? "all" : c.name,
                                i == 0 ? fmt::format("{} of {}", rows, all) : "", c.covered, c.visible,
                                100.0 * c.covered / c.visible, c.unseen_covered, c.unseen, 100 * c.mean_difference(),
                                100 * c.median_difference());
        }
    }
    text += fmt::format("\nIn total {} of {} intervals cover, {:.2f} %; 99 % is what they promise.\n", covered, visible,
                        100.0 * covered / visible);
    return text;
}

}  // namespace accuracy
