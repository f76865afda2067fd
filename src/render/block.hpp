// The part of `plan` that is about one database.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <poolfit/report/report.hpp>

#include "gauges.hpp"
#include "layout.hpp"
#include "words.hpp"

namespace poolfit::render {

/// What the text of one database leaves out, one after the other, until it keeps to its lines.
enum class Cut : std::uint8_t {
    nothing,
    prices,      ///< how to get prices that are missing
    instances,   ///< the table of instances is a line
    strategies,  ///< only the recommended one
    reasons,     ///< three risks, one rejected class, one finding in code
    waits,       ///< of a pool's wait only the figures, not how they were found
    pools,       ///< only some, those that change first
    rest,        ///< what is neither in the first sentences nor in the phases; one risk
    all_pools,   ///< what is in the list of pools is a line; connections that no pool explains, what is in the total,
                 ///< what else is over a limit today
};

/// How much a plan's text says.
struct Extent {
    bool details = false;  ///< -v: all of it
    Cut cut = Cut::nothing;
    std::size_t pools = std::numeric_limits<std::size_t>::max();  ///< of a database, at most

    bool leaves_out(Cut part) const { return cut >= part; }
};

/// Where the text after a line's label starts.
int label_column(const Page& page);

/// "db.t3.large" or "db.m5.xlarge → db.t3.large".
std::string class_change(const Database& database, const Recommendation& recommendation);
/// "−60 %", "+20 %" or nothing: what a month costs more or less than `now`.
std::string cost_change(std::optional<Figure<MicroUsdPerMonth>> now, std::optional<Figure<MicroUsdPerMonth>> saves);
/// Money saved is good, money spent is worth a look.
Paint paint_of(std::optional<Figure<MicroUsdPerMonth>> saves);
/// What is missing from the total where a price is: empty where none is.
std::string price_gap(const Report& report, Index database);
/// ", without Extended Support of old: no price": what the prices of the databases that are shown lack of it; empty
/// where nothing.
std::string support_gap(const Report& report);
/// "; upgrades would save $712.48/mo more"; empty where none would.
std::string upgrades_text(const Report& report);
/// "list price", "list price, Extended Support and surplus credits": what is in the prices of these databases.
std::string paid_text(const Report& report, const std::vector<Index>& databases);
/// "$188.34 + $2.19 surplus credits", with Extended Support in between: what a class costs in its parts; empty where
/// its price is all.
std::string parts_text(const Projection& projection);
/// "survives the loss of replica: peak CPU 70 % today, 74–90 % after"; empty where nothing comes here.
std::string loss_text(const Report& report, Index index);
/// ", without …": the host of a pooler that the recommended strategy adds is in no total of servers.
std::string new_host_text(const Report& report);
/// "; up to $203.52/yr less if CPU stayed at its peak", after what is saved; empty where that changes nothing.
std::string peak_text(const std::optional<Figure<MicroUsdPerMonth>>& peak_per_year);
/// The credits of the recommended class, in a line; where the class changes, those of today's class in a line before it
/// if that lives on them. Empty where neither has any.
std::vector<std::string> credits_texts(const DatabasePlan& plan);
/// Does one of the two live on credits?
bool lives_on_credits(const DatabasePlan& plan);
/// "▁▂▃▅▂▁ cpu 4–55 %; cpu.csv: 14 d from 2026-05-04 00:00 UTC, every 5 min: good"; empty without a series.
std::string series_text(const Report& report, Index index);
/// The same without the line of signs.
std::string series_words(const Report& report, Index index);
/// "2–9.6 ACU on average: $175.20–$841.00/mo …"; empty where no capacity follows the load, or could.
std::string capacity_text(const Database& database, const DatabasePlan& plan);
/// "$112.13–$700.80/mo".
std::string money_range(const Interval<MicroUsdPerMonth>& cost);
/// Its part with money, of a database without a class.
std::string capacity_cost(const DatabasePlan& plan);
/// Of all of them, before and after the plan.
std::string capacity_sum(const Totals& totals);

/// What is wrong or right, what to do, what it saves, how sure: "Change db.m5.large to db.t3.medium: the cheapest class
/// that passes every limit. Saves $811.22/yr. Risk medium."
std::string opening_text(const Report& report, Index database);

/// "postgresql 16.8 · single-AZ · eu-central-1".
std::string kind_of_server(const Fleet& fleet, const Database& database);
/// Verdict, class, price; then what kind of server it is, and the risk.
void print_head(Page& page, const Report& report, Index database, int name_column);
/// What its connections exceed today; with details their limits, use and headroom.
void print_connections(Page& page, const Report& report, Index database, const Extent& extent);
/// The pools that end on the database.
void print_pools(Page& page, const Report& report, Index database, const Extent& extent);
/// Instances of a large service against what is usable, as a table where that fits; else, or `brief`, as a line.
void print_instances(Page& page, const Report& report, Index database, bool brief);
/// "648 usable: fits up to 17 instances, 14 in a deploy".
std::string fits_text(const InstancesView& view);
/// What decides, what else was considered, what is unknown; with details at full length. `marked`: the gauges show
/// which limit is the tightest.
void print_reasons(Page& page, const Report& report, Index database, bool marked, const Extent& extent);

/// "tightest" and so on at the left, and the text.
void print_fact(Page& page, std::string_view label, Pieces text);

}  // namespace poolfit::render
