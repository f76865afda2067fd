#include "worlds_words.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "derivation.hpp"
#include "gauges.hpp"
#include "markdown_parts.hpp"
#include "table.hpp"

namespace poolfit::render {
namespace {

std::string number_text(std::int64_t n) { return unit::print(Connections(n)); }

/// "58–64 %", with a decimal near the ends.
std::string interval_text(const Chance& chance) {
    const bool near_end = chance.low > 0.95 || chance.high < 0.05;
    const auto text = [&](double share) {
        const double percent = share * 100;
        return near_end && percent > 0 && percent < 100 ? fmt::format("{:.1f}", percent)
                                                        : fmt::format("{:.0f}", percent);
    };
    const std::string low = text(chance.low), high = text(chance.high);
    return low == high ? high + "\u00A0%" : fmt::format("{}–{}\u00A0%", low, high);
}

std::string label_of(const Database& database, Dimension dimension) {
    const std::string_view label = gauge_label(dimension, false);
    return label.empty() ? in_words(database, dimension) : std::string(label);
}

std::string money(MicroUsdPerMonth amount) { return unit::print(amount) + "/mo"; }

/// A cost of trouble: it is as sure as the chances, so to a dollar.
std::string dollars(MicroUsdPerMonth amount) {
    return fmt::format("${}/mo", number_text(std::llround(static_cast<double>(amount.value) / 1e6)));
}

std::string regret_text(const Worlds::Moment& moment) {
    return moment.regret ? fmt::format("regret {}", money(*moment.regret)) : std::string();
}

/// Capacity that follows the load costs a range in every world.
std::string cost_text(const DatabasePlan& plan, const Worlds::Moment& moment) {
    return moment.cost ? money(*moment.cost) : capacity_cost(plan);
}

std::string_view law_text(Worlds::Law law) {
    switch (law) {
        case Worlds::Law::uniform:
            return "uniform";
        case Worlds::Law::in_band:
            return "lognormal, in the band";
        case Worlds::Law::lognormal:
            break;
    }
    return "lognormal, median";
}

std::string head_text(const Worlds& worlds) {
    const bool surplus =
        std::ranges::any_of(worlds.classes, [](const Worlds::OfClass& each) { return each.today.surplus; });
    return fmt::format("{}, seed {}: share inside every policy limit{}", counted(worlds.count, "world", "worlds"),
                       worlds.seed, surplus ? "; surplus credits are in the price" : "");
}

/// Why there is no choice; empty where there is one, or where it needs no words.
std::string no_regret_text(const Worlds& worlds) {
    return worlds.no_regret == Worlds::NoRegret::commitments ? "costs follow commitments: chances only" : "";
}

/// Is a class no choice because it is too small, today or after growth?
bool leaves_out(const Worlds& worlds) {
    const auto few = [](const Worlds::Moment& at) { return at.inside && at.inside->share() < Worlds::fewest_inside; };
    const auto leaves = [&](const Worlds::Choice& choice, const auto& moment) {
        if (choice.by_trouble.empty()) return false;
        const auto first = std::ranges::find(worlds.classes, choice.by_trouble.front().cls, &Worlds::OfClass::cls);
        // Where all are inside in few worlds, none is left out for that.
        return !few(moment(*first)) &&
               std::ranges::any_of(worlds.classes, [&](const Worlds::OfClass& of) { return few(moment(of)); });
    };
    return leaves(worlds.today, [](const Worlds::OfClass& of) -> const Worlds::Moment& { return of.today; }) ||
           (worlds.grown &&
            leaves(*worlds.grown, [](const Worlds::OfClass& of) -> const Worlds::Moment& { return *of.grown; }));
}
constexpr std::string_view left_out_text = "classes inside in fewer than half of the worlds are left out";

}  // namespace

std::string chance_text(const std::optional<Chance>& chance, bool certain) {
    if (!chance) return "unknown";
    const std::string count = fmt::format("{} of {}", number_text(chance->worlds), number_text(chance->of));
    return certain && chance->worlds == chance->of ? count : fmt::format("{} ({})", count, interval_text(*chance));
}

std::string outside_text(const Database& database, const Worlds::Moment& moment) {
    std::vector<std::string> over, unknown;
    for (const Worlds::OfDimension& each : moment.dimensions) {
        const std::string label = label_of(database, each.dimension);
        if (!each.inside)
            unknown.push_back(label);
        else if (each.inside->worlds < each.inside->of)
            over.push_back(fmt::format("{} in {}", label, number_text(each.inside->of - each.inside->worlds)));
    }
    std::string text = over.empty() ? std::string() : "over " + joined(over, ", ");
    if (!unknown.empty()) text += fmt::format("{}not known: {}", text.empty() ? "" : "; ", joined(unknown, ", "));
    return text;
}

std::string least_regret_text(const Worlds& worlds, const Worlds::Choice& choice) {
    const auto& all = choice.by_trouble;
    std::string text;
    if (choice.least_regret != nullptr)
        text = fmt::format("{} at {} of trouble; ", choice.least_regret->name, dollars(*worlds.cost_of_trouble));
    if (all.size() == 1) return fmt::format("{}{}, whatever trouble costs", text, all.front().cls->name);
    for (std::size_t k = 0; k < all.size(); ++k) {
        if (!all[k].to)
            text += fmt::format("then {}", all[k].cls->name);
        else if (k == 0)
            text += fmt::format("{} while trouble costs under {}, ", all[k].cls->name, dollars(*all[k].to));
        else
            text += fmt::format("{} under {}, ", all[k].cls->name, dollars(*all[k].to));
    }
    if (text.ends_with(", ")) text.resize(text.size() - 2);
    return text;
}

void print_worlds(Page& page, const Report& report, Index index) {
    const WorldsView* view = report::worlds_of(report, index);
    if (view == nullptr) return;
    const Database& database = report.fleet->databases[index];
    const Worlds& worlds = view->worlds;
    print_fact(page, "worlds", {head_text(worlds)});
    int names = 0, chances = 0;
    for (const std::size_t k : view->shown) {
        const Worlds::OfClass& of = worlds.classes[k];
        names = std::max(names, page.columns(of.cls->name));
        chances = std::max(chances, page.columns(chance_text(of.today.inside, of.fits)));
    }
    const int margin = label_column(page);
    std::vector<std::string> later;
    for (const std::size_t k : view->shown) {
        const Worlds::OfClass& of = worlds.classes[k];
        std::vector<std::string> facts;
        for (std::string fact : {cost_text(report.plan.databases[index], of.today), regret_text(of.today),
                                 outside_text(database, of.today)})
            if (!fact.empty()) facts.push_back(std::move(fact));
        page.write({page.left("", margin) + page.left(of.cls->name, names + 2) +
                    page.left(chance_text(of.today.inside, of.fits), chances + 2) + joined(facts)},
                   margin + names + 2);
        if (of.grown) later.push_back(fmt::format("{} {}", of.cls->name, chance_text(of.grown->inside, false)));
    }
    if (view->left_out > 0)
        print_fact(page, "",
                   {fmt::format("{} more {}: see --json", number_text(view->left_out),
                                view->left_out == 1 ? "class" : "classes")});
    if (worlds.grown) print_fact(page, "", {fmt::format("in {} months: {}", Worlds::months, joined(later))});
    if (!worlds.today.by_trouble.empty())
        print_fact(page, "regret", {"least: " + least_regret_text(worlds, worlds.today)});
    if (worlds.grown && !worlds.grown->by_trouble.empty())
        print_fact(page, worlds.today.by_trouble.empty() ? "regret" : "",
                   {fmt::format("in {} months: {}", Worlds::months, least_regret_text(worlds, *worlds.grown))});
    if (leaves_out(worlds)) print_fact(page, "", {std::string(left_out_text)});
    if (const std::string why = no_regret_text(worlds); !why.empty()) print_fact(page, "regret", {why});
}

void print_draws(Page& page, const Report& report, Index index) {
    const WorldsView* view = report::worlds_of(report, index);
    if (view == nullptr) return;
    print_worlds(page, report, index);
    page.blank();
    page.write({"drawn in each world, the same for all classes"}, 0);
    Table table(
        {{"what", false, 0, false}, {"law", false, 0, false}, {"range", true, 0, false}, {"from", false, 0, true}});
    for (const Worlds::Draw& draw : view->worlds.draws) {
        std::string from(source_words(draw.grounds, draw.source));
        if (const auto& [source, span] = draw.place; source != nullptr)
            from = fmt::format("{}:{}", source->name(), source->position(span.begin).line);
        const std::string range =
            draw.law == Worlds::Law::lognormal ? assess::print(draw.range) + " a month" : assess::print(draw.range);
        table.add({assess::name(draw.key, *report.fleet), std::string(law_text(draw.law)), range, from});
    }
    if (table.empty()) page.write({"nothing: no input is a range, and no class other than today's is judged"}, 2);
    table.print(page);
    page.blank();
}

void markdown_worlds(Markdown& page, const Report& report) {
    if (report.worlds.empty()) return;
    page.heading(2, "Worlds");
    std::vector<std::vector<std::string>> rows;
    bool grows = false, costs = false;
    for (const WorldsView& view : report.worlds) {
        grows = grows || view.worlds.grown;
        costs = costs || view.worlds.cost_of_trouble;
    }
    const Worlds& first = report.worlds.front().worlds;
    page.paragraph(fmt::format(
        "What is known only as a range was drawn {} times (seed {}), for all classes alike. A class counts where it is "
        "inside every limit of the policy.",
        number_text(first.count), first.seed));
    for (const WorldsView& view : report.worlds) {
        const Database& database = report.fleet->databases[view.worlds.database];
        for (const std::size_t k : view.shown) {
            const Worlds::OfClass& of = view.worlds.classes[k];
            std::vector<std::string> row{*database.name, std::string(of.cls->name),
                                         chance_text(of.today.inside, of.fits),
                                         cost_text(report.plan.databases[view.worlds.database], of.today)};
            if (costs) row.push_back(of.today.regret ? money(*of.today.regret) : std::string());
            if (grows) row.push_back(of.grown ? chance_text(of.grown->inside, false) : std::string());
            row.push_back(outside_text(database, of.today));
            rows.push_back(std::move(row));
        }
    }
    const std::string later = fmt::format("in {} months", Worlds::months);
    std::vector<Markdown::Head> heads{{"database"}, {"class"}, {"worlds inside", true}, {"expected cost", true}};
    if (costs) heads.push_back({"expected regret", true});
    if (grows) heads.push_back({later, true});
    heads.push_back({"in the other worlds"});
    page.table(heads, rows);
    std::vector<std::string> least;
    for (const WorldsView& view : report.worlds) {
        const std::string name = escaped(*report.fleet->databases[view.worlds.database].name);
        if (!view.worlds.today.by_trouble.empty())
            least.push_back(
                fmt::format("{}: least regret {}", name, least_regret_text(view.worlds, view.worlds.today)));
        if (const std::string why = no_regret_text(view.worlds); !why.empty())
            least.push_back(fmt::format("{}: {}", name, why));
        if (leaves_out(view.worlds)) least.push_back(fmt::format("{}: {}", name, left_out_text));
        if (view.worlds.grown && !view.worlds.grown->by_trouble.empty())
            least.push_back(fmt::format("{}, in {} months: {}", name, Worlds::months,
                                        least_regret_text(view.worlds, *view.worlds.grown)));
    }
    page.list(least);
}

namespace {

void write(JsonWriter& json, std::string_view key, const std::optional<MicroUsdPerMonth>& amount) {
    amount ? json.usd(key, *amount) : json.null(key);
}

void write_chance(JsonWriter& json, const std::optional<Chance>& chance) {
    if (!chance) return json.null("inside");
    json.open_object("inside", JsonWriter::Layout::line);
    json.whole("worlds", chance->worlds);
    json.number("probability", chance->share());
    json.number("low", chance->low);
    json.number("high", chance->high);
    json.close();
}

/// Members of the object that is open.
void write_moment(JsonWriter& json, const Worlds::Moment& moment) {
    write_chance(json, moment.inside);
    json.open_array("dimensions");
    for (const Worlds::OfDimension& each : moment.dimensions) {
        json.open_object(JsonWriter::Layout::line);
        json.text("dimension", assess::name(each.dimension));
        write_chance(json, each.inside);
        json.close();
    }
    json.close();
    write(json, "usd_per_month", moment.cost);
    write(json, "expected_regret_usd_per_month", moment.regret);
}

void write_choice(JsonWriter& json, std::string_view least, std::string_view by_trouble,
                  const std::optional<Worlds::Choice>& choice) {
    json.text_or_null(least,
                      choice && choice->least_regret != nullptr ? choice->least_regret->name : std::string_view());
    if (!choice) return json.null(by_trouble);
    json.open_array(by_trouble);
    for (const Worlds::Stretch& stretch : choice->by_trouble) {
        json.open_object(JsonWriter::Layout::line);
        json.text("class", stretch.cls->name);
        json.usd("from_usd_per_month", stretch.from);
        write(json, "to_usd_per_month", stretch.to);
        json.close();
    }
    json.close();
}

void write_draw(JsonWriter& json, const Fleet& fleet, const Worlds::Draw& draw) {
    json.open_object(JsonWriter::Layout::line);
    json.text("figure", assess::name(draw.key, fleet));
    json.text("law", plan::name(draw.law));
    json.range("range", Interval<double>{assess::raw(draw.range.measure, draw.range.value.low),
                                         assess::raw(draw.range.measure, draw.range.value.high)});
    json.text("unit", assess::unit_name(draw.range.measure));
    if (const auto& [source, span] = draw.place; source != nullptr) {
        json.text("file", source->name());
        json.whole("line", source->position(span.begin).line);
    } else {
        json.null("file");
        json.null("line");
    }
    json.text_or_null("source", source_words(draw.grounds, draw.source));
    json.close();
}

}  // namespace

void write_worlds(JsonWriter& json, const Report& report, Index index) {
    const WorldsView* view = report::worlds_of(report, index);
    if (view == nullptr) return json.null("worlds");
    const Worlds& worlds = view->worlds;
    json.open_object("worlds");
    json.whole("count", worlds.count);
    json.whole("seed", static_cast<std::int64_t>(worlds.seed));
    write(json, "cost_of_trouble_usd_per_month", worlds.cost_of_trouble);
    json.open_array("classes");
    for (const Worlds::OfClass& of : worlds.classes) {
        json.open_object();
        json.text("class", of.cls->name);
        json.truth("fits", of.fits);
        write_moment(json, of.today);
        if (of.grown) {
            json.open_object("in_12_months");
            write_moment(json, *of.grown);
            json.close();
        } else {
            json.null("in_12_months");
        }
        json.close();
    }
    json.close();
    write_choice(json, "least_regret", "least_regret_by_trouble", worlds.today);
    write_choice(json, "least_regret_in_12_months", "least_regret_by_trouble_in_12_months", worlds.grown);
    json.open_array("drawn");
    for (const Worlds::Draw& draw : worlds.draws) write_draw(json, *report.fleet, draw);
    json.close();
    json.close();
}

}  // namespace poolfit::render
