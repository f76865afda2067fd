#include "overview.hpp"

#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "listing.hpp"
#include "table.hpp"

namespace poolfit::render {
namespace {

/// "$1,234": where a table has no room for cents.
std::string whole_dollars(MicroUsdPerMonth amount) {
    const double dollars = std::round(static_cast<double>(amount.value) / 1e6);
    return fmt::format("{}${}", dollars < 0 ? "−" : "",
                       unit::print(Connections(static_cast<std::int64_t>(std::abs(dollars)))));
}

std::string_view without_prefix(const Database& database, std::string_view cls) {
    const std::string_view prefix = database.platform->class_prefix;
    return cls.starts_with(prefix) ? cls.substr(prefix.size()) : cls;
}

/// "m5.xlarge→t3.large".
std::string short_change(const Database& database, const Recommendation& advice) {
    const std::string today(without_prefix(database, *database.cls));
    if (advice.verdict == Verdict::idle) return today + "→delete";
    if (advice.verdict == Verdict::serverless) return today + "→serverless";
    if (!advice.cls || advice.cls == database.type) return today;
    return fmt::format("{}→{}", today, without_prefix(database, advice.cls->name));
}

/// " +$712": what an upgrade saves besides.
std::string upgrade_part(const Recommendation& advice, bool brief) {
    if (!advice.upgrade || !advice.upgrade->saves) return {};
    const MicroUsdPerMonth saves = advice.upgrade->saves->value;
    return " +" + (brief ? whole_dollars(saves) : unit::print(saves));
}

struct Heads {
    std::string connections, saves, tightest;
};

/// The beginning and the end of a name that is wider than the column.
std::string cut(const Page& page, const std::string& name, int width) {
    if (page.columns(name) <= width || name.size() != static_cast<std::size_t>(page.columns(name))) return name;
    const auto kept = static_cast<std::size_t>(width - 1), end = kept / 2;
    return name.substr(0, kept - end) + "…" + name.substr(name.size() - end);
}

/// One line for each database. `brief`: for a narrow page, where the columns go first that a database's block has too.
Table table_of(const Page& page, const Report& report, bool brief, int widest_name) {
    const Heads heads =
        brief ? Heads{"conns", "saves", "tightest"} : Heads{"connections", "saves/mo", "tightest limit"};
    Table table({{"database", false, 0, false},
                 {"verdict", false, 0, false},
                 {"class", false, 0, false},
                 {heads.connections, true, brief ? 2 : 0, false},
                 {heads.saves, true, 0, false},
                 {"risk", false, brief ? 1 : 0, false},
                 {heads.tightest, false, brief ? 3 : 0, false}},
                0);
    for (const Index i : report.overview.databases) {
        const Database& database = report.fleet->databases[i];
        const DatabasePlan& plan = report.plan.databases[i];
        const Recommendation& advice = plan.recommendation;
        const bool rounded = brief && has_list_price(database) && advice.saves;
        table.add_coloured(
            {cut(page, *database.name, widest_name), Piece(verdict_text(advice.verdict), paint_of(advice.verdict)),
             brief ? short_change(database, advice) : class_change(database, advice),
             connections_cell(report, i, brief),
             Piece(rounded ? whole_dollars(advice.saves->value) + upgrade_part(advice, true) : saving_cell(report, i),
                   paint_of(advice.saves)),
             Piece(std::string(brief && advice.risk == Risk::medium ? "med" : plan::name(advice.risk)),
                   paint_of(advice.risk)),
             tightest_cell(report, i, brief)});
    }
    return table;
}

void print_verdicts(Page& page, const Report& report) {
    Table table({{"by verdict", false, 0, false},
                 {"databases", true, 0, false},
                 {"today/mo", true, 0, false},
                 {"after/mo", true, 0, false},
                 {"saves/mo", true, 0, false},
                 {"no price", true, 0, false}},
                0);
    for (const Overview::OfVerdict& of : report.overview.verdicts) {
        Pieces row{Piece(verdict_text(of.verdict), paint_of(of.verdict))};
        for (std::string& cell : verdict_cells(of)) row.emplace_back(std::move(cell));
        table.add_coloured(std::move(row));
    }
    table.print(page);
}

}  // namespace

std::string verdict_text(Verdict verdict) {
    std::string text(plan::name(verdict));
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

Paint paint_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::resize:
        case Verdict::idle:
        case Verdict::serverless:
        case Verdict::stop:
            return Paint::good_mark;
        case Verdict::repool:
        case Verdict::upsize:
        case Verdict::upgrade:
            return Paint::warn_mark;
        case Verdict::over:
            return Paint::bad_mark;
        case Verdict::keep:
        case Verdict::unknown:
            break;
    }
    return Paint::plain;
}

Paint paint_of(Risk risk) {
    return risk == Risk::high ? Paint::bad_mark : risk == Risk::medium ? Paint::warn_mark : Paint::plain;
}

std::string connections_cell(const Report& report, Index database, bool brief) {
    const DatabasePlan& plan = report.plan.databases[database];
    const auto number = [&](Connections n) { return brief ? std::to_string(n.value) : unit::print(n); };
    const auto open = report::connections_today(report, database);
    const Limits& limits = plan.budget.limits;
    return fmt::format("{}/{}", open ? number(*open) : std::string("?"),
                       limits.known ? number(limits.usable.value) : std::string("?"));
}

std::string saving_cell(const Report& report, Index index) {
    if (!has_list_price(report.fleet->databases[index])) return "–";
    const DatabasePlan& plan = report.plan.databases[index];
    if (report.fleet->databases[index].type->unknown) return "?";
    if (!plan.now.cost || !plan.recommendation.cost) return "no price";
    const auto& saves = plan.recommendation.saves;
    if (!saves || saves->value.value == 0)
        return unit::print(MicroUsdPerMonth(0)) + upgrade_part(plan.recommendation, false);
    return unit::print(saves->value) + upgrade_part(plan.recommendation, false);
}

std::string tightest_cell(const Report& report, Index index, bool brief) {
    const auto& binding = report::view_of(report, index).binding;
    if (!binding || binding->share <= 0) return {};
    const std::string_view label = gauge_label(binding->dimension, brief);
    return fmt::format(
        "{} {}", label.empty() ? in_words(report.fleet->databases[index], binding->dimension) : std::string(label),
        percent(binding->share));
}

std::vector<std::string> verdict_cells(const Overview::OfVerdict& of) {
    const auto cost = [&](MicroUsdPerMonth amount) { return of.priced > 0 ? unit::print(amount) : std::string("–"); };
    const std::size_t unpriced = of.databases - of.priced - of.own;
    return {std::to_string(of.databases), cost(of.now), cost(of.after), cost(of.now - of.after),
            unpriced > 0 ? std::to_string(unpriced) : std::string()};
}

std::string maximum_text(const Report& report, std::string (*name)(const Database&)) {
    const std::vector<Index>& all = report.overview.by_maximum;
    if (all.empty()) return {};
    return fmt::format("A single CPU maximum decides for a dearer class: {}. If it was short, give observed.cpu_p95.",
                       listed(all, [&](Index i) { return name(report.fleet->databases[i]); }));
}

void print_overview(Page& page, const Report& report) {
    constexpr int any = 1000;
    Table table = table_of(page, report, false, any);
    for (const int widest : {any, 24, 16, 12})
        if (!table.fits(page)) table = table_of(page, report, true, widest);
    table.print(page);
    if (const auto heads = table.dropped(page); !heads.empty())
        page.write({fmt::format("not shown at this width: {}", joined(heads, ", "))}, 0);
    if (report.overview.left_out > 0)
        page.write({fmt::format("and {} more, which --top leaves out", report.overview.left_out)}, 0);
    page.blank();
    print_verdicts(page, report);
    if (const auto text = maximum_text(report, [](const Database& database) { return *database.name; }); !text.empty())
        page.write({text}, 0);
}

}  // namespace poolfit::render
