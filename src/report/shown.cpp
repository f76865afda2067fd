// Which databases a report shows.
#include <algorithm>

#include <poolfit/report/report.hpp>

namespace poolfit::report {

const DatabaseView& view_of(const Report& report, Index database) {
    const auto at = std::lower_bound(report.shown.begin(), report.shown.end(), database);
    return report.views.at(static_cast<std::size_t>(at - report.shown.begin()));
}

bool is_shown(const Report& report, Index database) {
    return std::binary_search(report.shown.begin(), report.shown.end(), database);
}

}  // namespace poolfit::report
