// Inventories as text, and their reports.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <poolfit/report/report.hpp>

#include "../../support/fleet.hpp"

namespace poolfit::test {

/// A report and what it points into.
struct Reported {
    std::unique_ptr<Planned> planned;
    Report report;
};

/// The report of an inventory as `plan` has it; `only` as in report::compose.
Reported report_text(std::string_view toml, std::vector<Index> only = {});

/// The plan document's fleet, with its own prices.
extern const std::string_view agora;
/// `count` services with a pool each on one database.
std::string many_pools(int count);
/// Names as long as they get, behind a pooler.
std::string long_names();
/// Today's pools are too many for the server; no price, nothing observed.
extern const std::string_view over_limit;

/// Display width of the longest line; escape sequences take none.
int longest_line(std::string_view text);

}  // namespace poolfit::test
