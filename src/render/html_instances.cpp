// What other numbers of instances would open: a table, which a script turns into a slider.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/report/pictures.hpp>
#include <poolfit/svg/svg.hpp>
#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "html_parts.hpp"

namespace poolfit::render {
namespace {

/// "1:21:21:31;2:37:37:47": instances, steady, in a deploy, after a failover.
std::string rows_of(const report::EachNumber& all) {
    std::string text;
    for (std::size_t i = 0; i < all.rows.size(); ++i) {
        const InstancesView::Row& row = all.rows[i];
        text += fmt::format("{}{}:{}:{}:{}", i == 0 ? "" : ";", row.instances, row.steady.value, row.deploy.value,
                            all.failover[i] ? std::to_string(all.failover[i]->value) : "");
    }
    return text;
}

/// A line of the slider: what is open, and whether it fits.
void gauge(Html& page, std::string_view label, std::string_view key) {
    page.raw(
        fmt::format("<div class=\"gauge\" data-of=\"{}\"><span>{}</span><meter min=\"0\" value=\"0\" "
                    "aria-label=\"{}\"></meter><span class=\"right said\"></span></div>\n",
                    key, html_text(label), html_text(label)));
}

}  // namespace

void html_instances(Html& page, const Report& report, Index database) {
    const auto& view = report::view_of(report, database).instances;
    const auto all = report::each_number(report, database);
    if (!view || !all) return;
    const std::string& service = *report.fleet->services[view->service].name;
    page.heading(3, "Other numbers of instances");
    page.open("div",
              fmt::format("class=\"what-if\" data-rows=\"{}\" data-usable=\"{}\" data-near=\"{}\" data-today=\"{}\"",
                          rows_of(*all), view->usable.value,
                          svg::number(report::near_from * static_cast<double>(view->usable.value)), all->today));
    page.raw("<div class=\"slider\" hidden>\n");
    page.raw(
        fmt::format("<p><label>instances of {} <input type=\"range\" min=\"0\" max=\"{}\" value=\"{}\" step=\"1\">"
                    "</label> <output></output></p>\n",
                    html_name(service), all->rows.size() - 1, all->today));
    gauge(page, "steady", "1");
    gauge(page, "in a deploy", "2");
    if (all->failover[all->today]) gauge(page, "after a failover", "3");
    page.raw("</div>\n");
    std::vector<Html::Head> heads{{"instances"}, {"steady", true}, {"in a deploy", true}};
    const bool fails_over = all->failover[all->today].has_value();
    if (fails_over) heads.push_back({"after a failover", true});
    std::vector<std::vector<Html::Cell>> rows;
    const auto count = [&](Connections n) {
        const bool over = n > view->usable;
        return Html::Cell{html_text(unit::print(n)) + (over ? " " + html_badge("over", "over") : "")};
    };
    for (const InstancesView::Row& row : view->rows) {
        const auto at = std::ranges::find(all->rows, row.instances, &InstancesView::Row::instances);
        const auto& failover = all->failover[static_cast<std::size_t>(at - all->rows.begin())];
        rows.push_back({html_cell(unit::print(Connections(row.instances))), count(row.steady), count(row.deploy)});
        if (fails_over) rows.back().push_back(failover ? count(*failover) : html_cell("–"));
    }
    page.table(fmt::format("Connections by instances of {}", service), heads, rows);
    page.paragraph(fits_text(*view) + ".");
    page.close("div");
}

}  // namespace poolfit::render
