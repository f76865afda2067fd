#include <algorithm>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>
#include <poolfit/model/command.hpp>
#include <poolfit/render/render.hpp>
#include <poolfit/unit/print.hpp>

#include "beside_words.hpp"
#include "block.hpp"
#include "commitments.hpp"
#include "listing.hpp"
#include "outage_words.hpp"
#include "overview.hpp"
#include "parts.hpp"
#include "phrase.hpp"
#include "storage_words.hpp"
#include "strategies.hpp"
#include "unpriced.hpp"
#include "words.hpp"
#include "worlds_words.hpp"

namespace poolfit::render {
namespace {

constexpr std::size_t bytes_of_one = 3 << 10;  // what a database takes, with its line of the table
constexpr int widest_name = 20;                // a database's name that stands beside its verdict
constexpr std::size_t most_outages = 3;        // in full before a table that has them all
constexpr std::ptrdiff_t lines_of_one = 45;    // at most, of a plan of one database at so many columns
constexpr int columns_of_one = 80;
constexpr std::size_t fewest_pools = 3;  // of one that is too long

/// "load × 10", where --scale has changed it.
std::string scale_text(const Fleet& fleet) {
    return fleet.load_scale == 1 ? "" : fmt::format("load ×\u00A0{}", unit::print_number(fleet.load_scale));
}

void print_title(Page& page, const Report& report) {
    const Fleet& fleet = *report.fleet;
    std::string databases = counted(fleet.databases.size(), "database");
    if (report.shown.size() < fleet.databases.size())
        databases = fmt::format("{} of {}", report.shown.size(), databases);
    std::string prices = price_dates_text(report.price_dates);
    if (!prices.empty()) prices.insert(0, "prices ");
    page.flow("",
              {fmt::format("poolfit {}", report::version()), inputs_text(fleet),
               databases + " · " + counted(fleet.services.size(), "service"), scale_text(fleet), prices},
              "  ", 2);
}

int name_column(const Page& page, const Report& report) {
    int width = 10;
    const int widest = page.width() < 72 ? 12 : widest_name;
    for (const Index i : report.shown) {
        const int name = page.columns(*report.fleet->databases[i].name);
        if (name <= widest) width = std::max(width, name);
    }
    return width + 2;
}

void print_total(Page& page, const Report& report) {
    const Totals& totals = report.plan.totals;
    const int indent = 12;
    const std::string term = paid_text(report, report.shown);
    std::vector<std::string> own, classless, without;
    std::size_t serverless = 0;
    for (const Index i : report.shown) {
        const Database& database = report.fleet->databases[i];
        if (has_list_price(database)) continue;
        if (report.plan.databases[i].capacity)
            ++serverless;
        else
            (is_own(database) ? own : classless).push_back(*database.name);
    }
    for (const Index i : totals.unpriced) without.push_back(*report.fleet->databases[i].name);
    const auto names = [](const std::string& name) { return std::string(name); };
    const bool open =
        std::ranges::any_of(totals.unpriced, [&](Index i) { return report.fleet->databases[i].type->unknown; });
    if (own.size() + classless.size() + serverless == report.shown.size()) {
        std::string text = totals.capacity ? capacity_sum(totals) + ", serverless" : "no list price";
        if (own.size() == report.shown.size()) {
            text += ": self-managed servers";
            own.clear();
        } else if (classless.size() == report.shown.size()) {
            text += ": no class";
            classless.clear();
        }
        text += without_text(report, names);
        if (!classless.empty()) text += fmt::format(", without {}: no class", listed(classless, names));
        if (!own.empty()) text += fmt::format(", without {}: self-managed", listed(own, names));
        text += support_gap(report) + poolers_text(report) + bill_text(report) + upgrades_text(report) +
                storage_savings(report);
        page.labelled("total", {std::move(text)}, indent, 0);
        return;
    }
    if (!totals.now || !totals.after) {
        page.labelled("total",
                      {without.empty() ? std::string("unknown")
                       : open          ? "unknown" + without_text(report, names)
                                       : "unknown: no price for " + listed(without, names)},
                      indent, 0);
        return;
    }
    std::string sum = unit::print(totals.now->value);
    if (totals.now->value != totals.after->value) sum += " → " + unit::print(totals.after->value);
    const Paint paint = paint_of(totals.saves);
    Pieces pieces{Piece(sum + "/mo", paint)};
    if (totals.saves && totals.saves_per_year && totals.saves->value.value != 0) {
        const bool less = totals.saves->value.value > 0;
        const auto amount = [&](MicroUsdPerMonth m) { return unit::print(less ? m : MicroUsdPerMonth(-m.value)); };
        pieces.emplace_back("  ");
        pieces.emplace_back(fmt::format("{} {}/mo · {}/yr", less ? "save" : "extra cost", amount(totals.saves->value),
                                        amount(totals.saves_per_year->value)),
                            paint);
    }
    pieces.emplace_back(", " + term + peak_text(totals.peak_per_year) + new_host_text(report));
    if (totals.capacity) pieces.emplace_back(fmt::format(", and {} serverless", capacity_sum(totals)));
    if (!without.empty()) pieces.emplace_back(without_text(report, names));
    if (!classless.empty()) pieces.emplace_back(fmt::format(", without {}: no class", listed(classless, names)));
    if (!own.empty()) pieces.emplace_back(fmt::format(", without {}: self-managed", listed(own, names)));
    // What the sum is of first, then what is saved besides.
    std::string support = support_gap(report) + poolers_text(report) + bill_text(report);
    support += upgrades_text(report) + beside_total(report) + storage_savings(report);
    if (!support.empty()) pieces.emplace_back(std::move(support));
    page.labelled("total", std::move(pieces), indent, 0);
    if (const std::string paid = paid_total_text(report); !paid.empty())
        page.labelled("", {"instances after commitments " + paid}, indent, 0);
}

/// What is paid for in advance, a line each.
void print_commitments(Page& page, const Report& report) {
    std::string_view label = "committed";
    for (std::string& text : commitment_texts(report)) {
        page.labelled(label, {std::move(text)}, 12, 0);
        label = "";
    }
}

void print_block(Page& page, const Report& report, Index index, int names, const GaugeTable& table,
                 const std::vector<Gauge>& gauges, const Extent& extent) {
    print_head(page, report, index, names);
    // Of a single database its outage is the first sentence of all.
    if (report.shown.size() > 1 || report.over.empty()) page.write({"  " + opening_text(report, index)});
    page.blank();
    const bool marked = table.print(page, gauges);
    page.blank();
    print_pools(page, report, index, extent);
    if (!extent.leaves_out(Cut::rest)) print_instances(page, report, index, extent.leaves_out(Cut::instances));
    print_connections(page, report, index, extent);
    print_reasons(page, report, index, marked, extent);
    print_worlds(page, report, index);
    page.blank();
}

void print_databases(Page& page, const Report& report, const std::vector<Index>& databases, const Style& style,
                     const Extent& extent) {
    const std::size_t count = databases.size();
    std::vector<std::vector<Gauge>> all(count);
    threads::over_databases(count, report.threads, [&](std::size_t first, std::size_t last) {
        for (std::size_t k = first; k < last; ++k) all[k] = gauges(report, databases[k]);
    });
    const GaugeTable table(page, all);
    page.expect(count * bytes_of_one);
    const int names = name_column(page, report);
    const auto print = [&](std::size_t first, std::size_t last) {
        Page part(style);
        part.expect((last - first) * bytes_of_one);
        for (std::size_t k = first; k < last; ++k)
            print_block(part, report, databases[k], names, table, all[k], extent);
        return part;
    };
    in_parts(count, report.threads, print, [&](const Page& part) { page.append(part); });
}

/// The servers that are over a limit today: all, or before a table the first of them.
void print_outages(Page& page, const Report& report, bool opens_with_table) {
    const std::size_t most = opens_with_table ? most_outages : report.over.size();
    for (std::size_t k = 0; k < std::min(most, report.over.size()); ++k)
        page.write({Piece(outages_text(report, report.over[k]), Paint::bad)});
    if (report.over.size() > most)
        page.write({Piece(fmt::format("{} more {} over {} limits: OVER in the table.", report.over.size() - most,
                                      report.over.size() - most == 1 ? "is" : "are",
                                      report.over.size() - most == 1 ? "its" : "their"),
                          Paint::bad)});
    if (!report.over.empty()) page.blank();
}

/// A command in lines of so many columns, broken between its words.
std::vector<std::string> lines_of(const Page& page, const std::string& command, int room) {
    std::vector<std::string> lines{""};
    for (const std::string_view word : diag::shell_words(command)) {
        std::string& line = lines.back();
        if (line.empty())
            line = word;
        else if (page.columns(line) + 1 + page.columns(word) <= room)
            (line += ' ') += word;
        else
            lines.emplace_back(word);
    }
    return lines;
}

/// A word that is longer than a line, in parts that a shell reads as one: behind a backslash the next line begins at
/// once, outside of quotes. Empty where it has quotes of its own, or is no ASCII.
std::vector<std::string> parts_of(const std::string& word, int first, int rest) {
    const bool quoted = word.size() > 2 && word.front() == '\'' && word.back() == '\'';
    std::string left = quoted ? word.substr(1, word.size() - 2) : word;
    const auto is_plain = [](char c) { return c > ' ' - 1 && c <= '~' && c != '\'' && c != '\\'; };
    if (!std::ranges::all_of(left, is_plain)) return {};
    std::vector<std::string> parts;
    for (int room = first; !left.empty(); room = rest) {
        const auto most = static_cast<std::size_t>(std::max(room - 5, 8));  // quotes, and " \\" behind the last
        std::size_t cut = left.size();
        if (cut > most) {
            const std::size_t comma = left.rfind(',', most - 1);
            cut = comma == left.npos || comma == 0 ? most : comma + 1;
        }
        const std::string part = left.substr(0, cut);
        parts.push_back(quoted ? "'" + part + "'" : part);
        left.erase(0, cut);
    }
    return parts;
}

/// One that is longer than a line goes on behind a backslash, as a shell reads it. Where an argument is longer than a
/// line, the command begins further to the left.
void print_commands(Page& page, std::string_view label, const std::vector<std::string>& commands) {
    constexpr int indent = 12;
    const int room = page.width() - indent;
    if (std::ranges::all_of(commands, [&](const std::string& each) { return page.columns(each) <= room; })) {
        page.flow(page.left(label, indent), commands, " · ", indent);
        return;
    }
    for (const std::string& command : commands) {
        const auto split = [&](int columns) {
            return lines_of(page, command, page.columns(command) <= columns ? columns : columns - 2);
        };
        std::vector<std::string> lines = split(room);
        constexpr int outdent = 2;
        const bool fits =
            std::ranges::all_of(lines, [&](const std::string& line) { return page.columns(line) <= room - 2; });
        const bool moves = lines.size() > 1 && !fits && label.empty();
        if (moves) lines = split(page.width() - outdent);
        for (std::size_t k = 0; k < lines.size(); ++k) {
            const std::string_view on = k + 1 < lines.size() ? " \\" : "";
            const int at = moves ? outdent : indent;
            std::vector<std::string> parts{lines[k]};
            if (page.columns(lines[k]) + static_cast<int>(on.size()) > page.width() - at)
                parts = parts_of(lines[k], page.width() - at, page.width());
            if (parts.empty()) {
                page.verbatim(page.left(label, at) + lines[k] + std::string(on), 0);
            } else {
                page.verbatim(page.left(label, at) + parts.front() + (parts.size() > 1 ? "\\" : std::string(on)), 0);
                for (std::size_t n = 1; n < parts.size(); ++n)
                    page.verbatim(parts[n] + (n + 1 < parts.size() ? "\\" : std::string(on)), 0);
            }
            label = {};
        }
    }
}

/// Classes without a price, and what gets it.
void print_unpriced(Page& page, const Report& report, const Extent& extent) {
    const std::vector<Unpriced> all = report::unpriced(report);
    if (all.empty() || extent.leaves_out(Cut::rest)) return;
    if (extent.leaves_out(Cut::prices)) {
        page.labelled("prices", {unpriced_brief(all)}, 12, 0);
        return;
    }
    page.labelled("prices", {unpriced_text(all)}, 12, 0);
    const std::vector<std::string> commands = price_commands(*report.fleet, unpriced_named(all));
    for (const std::string& command : commands) print_commands(page, "", {command});
    if (commands.empty()) page.labelled("", {"write [[price]] in a catalog of your own"}, 12, 0);
}

std::string whole_text(const Report& report, const Style& style, bool summary, const Extent& extent) {
    const Fleet& fleet = *report.fleet;
    const bool opens_with_table = summary || report.shown.size() >= fleet_from;
    // Each part ends with a blank line, so they may be written on pages of their own.
    Page opening(style), page(style), end(style);
    print_title(opening, report);
    opening.blank();
    print_outages(opening, report, opens_with_table);
    if (report.shown.empty()) {
        opening.write({"The inventory has no database: there is nothing to plan."}, 0);
        return opening.take();
    }
    const auto open = [&] {
        if (!opens_with_table) return;
        print_overview(opening, report);
        print_total(opening, report);
        opening.blank();
    };
    const auto go_on = [&] {
        print_strategies(end, report, extent);
        print_phases(end, report, extent);
        print_runway(end, report, extent);
        print_total(end, report);
        if (!extent.leaves_out(Cut::rest)) print_commitments(end, report);
    };
    const bool large = report.shown.size() > threads::databases_at_once;
    threads::in_parallel(summary ? 1 : 3, large ? report.threads : 1, [&](int part) {
        if (part == 0) open();
        if (part == 1) go_on();
        if (part == 2)
            print_databases(page, report,
                            opens_with_table || report.overview.asked ? report.overview.databases : report.shown, style,
                            extent);
    });
    page.prepend(opening);
    page.append(end);
    print_unpriced(page, report, extent);
    for (const ReportNote note : report.notes) page.labelled("note", {std::string(note_text(note))}, 12, 0);
    if (extent.leaves_out(Cut::instances)) page.labelled("note", {"shortened: -v shows more"}, 12, 0);
    print_commands(
        page, "next",
        {opens_with_table ? model::command(fleet, "plan", *fleet.databases[report.overview.databases.front()].name)
                          : model::command(fleet, "explain", *fleet.databases[report.shown.front()].name),
         model::command(fleet, "check", "--fail-on warning")});
    return page.take();
}

/// Lines of the worlds, which were asked for: they leave out nothing else.
std::ptrdiff_t lines_of_worlds(const Report& report, const Style& style) {
    Page page(style);
    print_worlds(page, report, report.shown.front());
    const std::string text = page.take();
    return std::ranges::count(text, '\n');
}

/// What is left out of a plan of one database. That doesn't depend on the terminal: 80 columns decide.
Extent extent_of_one(const Report& report, Style style) {
    style.width = columns_of_one;
    Extent extent;
    const std::ptrdiff_t most = lines_of_one + lines_of_worlds(report, style);
    const auto over = [&] {
        const std::string text = whole_text(report, style, false, extent);
        return std::max(std::ranges::count(text, '\n') - most, std::ptrdiff_t(0));
    };
    std::ptrdiff_t too_many = over();
    for (const Cut cut : {Cut::prices, Cut::instances, Cut::strategies, Cut::reasons, Cut::waits, Cut::pools}) {
        if (too_many == 0) return extent;
        extent.cut = cut;
        if (cut == Cut::pools) break;
        too_many = over();
    }
    const DatabaseView& view = report::view_of(report, report.shown.front());
    for (std::size_t pools = view.pools.size(); too_many > 0 && pools > fewest_pools; too_many = over()) {
        const std::size_t less = static_cast<std::size_t>(too_many) + (pools == view.pools.size() ? 1 : 0);
        extent.pools = pools = pools > fewest_pools + less ? pools - less : fewest_pools;
    }
    for (const Cut cut : {Cut::rest, Cut::all_pools}) {
        if (too_many == 0) return extent;
        extent.cut = cut;
        too_many = over();
    }
    return extent;
}

}  // namespace

std::string text(const Report& report, const Style& style, TextOptions options) {
    Extent extent{options.details};
    if (report.shown.size() == 1 && !options.details && !options.summary) extent = extent_of_one(report, style);
    return whole_text(report, style, options.summary, extent);
}

}  // namespace poolfit::render
