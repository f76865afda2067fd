// What more instances of a database's largest service would open.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "table.hpp"

namespace poolfit::render {
namespace {

/// Below that its last line would wrap.
constexpr int narrowest_instances = 70;

}  // namespace

std::string fits_text(const InstancesView& view) {
    const std::string usable = fmt::format("{} usable", unit::print(view.usable));
    if (view.fits == 0) return fmt::format("{}: not even one instance fits", usable);
    const std::string deploy = view.fits_deploy == view.fits ? "also"
                               : view.fits_deploy == 0       ? "none"
                                                             : unit::print(Connections(view.fits_deploy));
    const std::string failover =
        view.fits_failover ? fmt::format(", {} after a failover", unit::print(Connections(*view.fits_failover)))
                           : std::string();
    return fmt::format("{}: at these sizes up to {} fit, {} in a deploy{}", usable,
                       counted(view.fits, "instance", "instances"), deploy, failover);
}

void print_instances(Page& page, const Report& report, Index database, bool brief) {
    const auto& view = report::view_of(report, database).instances;
    if (!view) return;
    std::vector<Column> columns{{"instances of " + *report.fleet->services[view->service].name, false, 0, false}};
    std::vector<std::string> steady{"  steady connections"}, deploy{"  in a deploy"};
    for (const InstancesView::Row& row : view->rows) {
        columns.push_back({unit::print(Connections(row.instances)), true, 0, false});
        steady.push_back(unit::print(row.steady));
        deploy.push_back(unit::print(row.deploy));
    }
    Table table(std::move(columns));
    const bool alike = std::ranges::all_of(view->rows, [](const auto& row) { return row.steady == row.deploy; });
    if (alike) steady.front() = "  connections";
    table.add(std::move(steady));
    if (!alike) table.add(std::move(deploy));
    if (brief || !table.fits(page) || page.width() < narrowest_instances)
        return print_fact(page, "instances",
                          {fmt::format("of {}: {}", *report.fleet->services[view->service].name, fits_text(*view))});
    table.print(page);
    page.write({"    " + fits_text(*view)}, 6);
}

}  // namespace poolfit::render
