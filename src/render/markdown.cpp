// The whole plan as a document that a team can review and commit.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <poolfit/model/command.hpp>
#include <poolfit/render/render.hpp>
#include <poolfit/unit/print.hpp>

#include "beside_words.hpp"
#include "block.hpp"
#include "commitments.hpp"
#include "listing.hpp"
#include "markdown_parts.hpp"
#include "outage_words.hpp"
#include "overview.hpp"
#include "phase_words.hpp"
#include "phrase.hpp"
#include "storage_words.hpp"
#include "total_words.hpp"
#include "unpriced.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

struct Part {
    void (*write)(Markdown& page, const Report& report);
    std::string_view name;
    int importance;  ///< of a fleet's document, 0 comes first
};
constexpr int importances = 4;
constexpr std::array parts{Part{markdown_infrastructure, "infrastructure", 2},
                           Part{markdown_budgets, "connection budgets", 1},
                           Part{markdown_pools, "pools", 2},
                           Part{markdown_findings, "findings", 1},
                           Part{markdown_strategies, "strategies", 0},
                           Part{markdown_matrix, "the recommendation matrix", 3},
                           Part{markdown_vcpus, "pools by vCPUs", 3},
                           Part{markdown_projections, "projections", 3},
                           Part{markdown_worlds, "worlds", 1},
                           Part{markdown_phases, "phases in full", 2},
                           Part{markdown_runway, "the runway", 2},
                           Part{markdown_sources, "sources", 2}};

/// GitHub takes 65,536 characters in a comment or a description.
constexpr std::size_t most_bytes = 65'000, room_for_note = 600;
constexpr std::size_t most_rows = 250;  // of the databases' table
constexpr std::size_t most_phases = 60, most_missing = 40, most_outages = 10;

std::string written(const Part& part, const Report& report) {
    Markdown page;
    part.write(page, report);
    return page.take();
}

std::string with_blank(const std::string& text) { return text.empty() ? text : "\n" + text; }

void title(Markdown& page, const Report& report) {
    const std::string& name = *report.fleet->name;
    page.heading(1, name.empty() ? "Connections, pools and instances"
                                 : fmt::format("{}: connections, pools and instances", name));
    const std::size_t most = report.shown.size() < fleet_from ? report.over.size() : most_outages;
    for (std::size_t k = 0; k < std::min(most, report.over.size()); ++k)
        page.paragraph(fmt::format("**{}**", escaped(outages_text(report, report.over[k]))));
    if (report.over.size() > most)
        page.paragraph(fmt::format("**{} more over their limits: OVER in the table.**",
                                   counted(report.over.size() - most, "database")));
    std::vector<std::string> facts{fmt::format("poolfit {}", report::version()),
                                   fmt::format("inventory {}", inputs_in(*report.fleet, code))};
    if (!report.catalog_as_of.empty()) facts.push_back(fmt::format("catalog of {}", report.catalog_as_of));
    if (const std::string dates = price_dates_text(report.price_dates); !dates.empty())
        facts.push_back(fmt::format("prices: {}", dates));
    facts.emplace_back(in_words(report.plan.term));
    if (!report.support.empty()) facts.push_back("versions as of " + unit::print(report.plan.market->today()));
    page.paragraph(
        fmt::format("Made by {}. Every number comes from the inventory or the catalog; `poolfit explain` shows how.",
                    joined(facts)));
}

/// A line for each database, as the text has it; as many as `room` bytes hold.
void overview(Markdown& page, const Report& report) {
    page.heading(2, "Databases");
    std::vector<std::vector<std::string>> rows;
    for (const Index i : report.overview.databases) {
        if (rows.size() == most_rows) break;
        const Database& database = report.fleet->databases[i];
        const DatabasePlan& plan = report.plan.databases[i];
        rows.push_back({*database.name, verdict_text(plan.recommendation.verdict),
                        class_change(database, plan.recommendation), connections_cell(report, i),
                        saving_cell(report, i), std::string(plan::name(plan.recommendation.risk)),
                        tightest_cell(report, i)});
    }
    page.table(
        {{"database"}, {"verdict"}, {"class"}, {"connections", true}, {"saves/mo", true}, {"risk"}, {"tightest limit"}},
        rows);
    const std::size_t left_out = report.shown.size() - rows.size();
    if (left_out > 0)
        page.paragraph(fmt::format("{} more: {} has them all.", counted(left_out, "database"),
                                   code(model::command(*report.fleet, "plan", "--format csv"))));
    rows.clear();
    for (const Overview::OfVerdict& of : report.overview.verdicts) {
        rows.push_back({verdict_text(of.verdict)});
        for (std::string& cell : verdict_cells(of)) rows.back().push_back(std::move(cell));
    }
    page.table({{"by verdict"},
                {"databases", true},
                {"today/mo", true},
                {"after/mo", true},
                {"saves/mo", true},
                {"no price", true}},
               rows);
    if (const auto text = maximum_text(report, [](const Database& database) { return escaped(*database.name); });
        !text.empty())
        page.paragraph(text);
}

std::string escaped_name(const std::string& name) { return escaped(name); }

void summary(Markdown& page, const Report& report) {
    page.heading(2, "Summary");
    page.paragraph(total_sentence(report, {escaped_name, code, "**"}));
    if (const std::string paid = paid_total_text(report); !paid.empty())
        page.paragraph(fmt::format("Instances after commitments: {}.", paid));
    std::vector<std::string> commitments = commitment_texts(report);
    for (std::string& text : commitments) text = escaped(text);
    page.list(commitments);
    std::vector<std::vector<std::string>> rows;
    std::size_t before = 0;
    for (const Action& action : report.phases) {
        if (rows.size() == most_phases) break;
        rows.push_back({action.phase == before ? std::string() : std::to_string(action.phase),
                        render::title(report, action), gain_text(report, action), work_text(report, action),
                        std::string(plan::name(action.risk))});
        before = action.phase;
    }
    page.table({{"phase", true}, {"what"}, {"gain"}, {"effort"}, {"risk"}}, rows);
    if (report.phases.size() > rows.size())
        page.paragraph(fmt::format("{} more: {} has them all.", counted(report.phases.size() - rows.size(), "action"),
                                   code(model::command(*report.fleet, "plan", "--json"))));
    if (rows.empty()) page.paragraph(std::string(nothing_to_do(report)));
    std::size_t lacking = 0;
    for (const Index i : report.shown) {
        const std::vector<std::string> missing = missing_texts(*report.fleet, report.plan, i);
        if (missing.empty() || ++lacking > most_missing) continue;
        page.paragraph(
            fmt::format("**{}** lacks {}.", escaped(*report.fleet->databases[i].name), escaped(joined(missing, ", "))));
    }
    if (lacking > most_missing)
        page.paragraph(fmt::format("{} more lack an input.", counted(lacking - most_missing, "database")));
    if (const std::vector<Unpriced> all = report::unpriced(report); !all.empty()) {
        const std::vector<std::string> commands = price_commands(*report.fleet, unpriced_named(all));
        page.paragraph(fmt::format("{}: {}.", unpriced_text(all),
                                   commands.empty() ? "write " + code("[[price]]") + " in a catalog of your own"
                                                    : code(joined(commands, " && "))));
    }
    page.list(note_texts(report.notes));
}

}  // namespace

std::string markdown(const Report& report, bool alone) {
    Markdown head;
    title(head, report);
    summary(head, report);
    if (alone || report.shown.size() >= fleet_from) overview(head, report);
    std::string document = head.take();
    if (alone) return document;
    if (report.shown.size() < fleet_from) {
        for (const Part& each : parts) document += with_blank(written(each, report));
        return document;
    }
    // What fits, the most useful first, in the order of the document.
    std::vector<std::string> texts(parts.size());
    std::vector<std::string_view> left_out;
    std::size_t size = document.size() + room_for_note;
    for (int importance = 0; importance < importances; ++importance)
        for (std::size_t k = 0; k < parts.size(); ++k) {
            if (parts[k].importance != importance) continue;
            if (report.brief && parts[k].write == markdown_sources) {  // no figure was recorded
                left_out.push_back(parts[k].name);
                continue;
            }
            std::string text = with_blank(written(parts[k], report));
            if (size + text.size() > most_bytes) {
                left_out.push_back(parts[k].name);
                continue;
            }
            size += text.size();
            texts[k] = std::move(text);
        }
    // Said before them, where a reader still expects them.
    if (!left_out.empty())
        document += with_blank(fmt::format(
            "Left out, since the document would be longer than GitHub takes: {}. {} has them; with names of databases, "
            "{} has those in full.\n",
            joined({left_out.begin(), left_out.end()}, ", "), code(model::command(*report.fleet, "plan", "--json")),
            code(model::command(*report.fleet, "plan", "DB… --format markdown"))));
    for (const std::string& text : texts) document += text;
    return document;
}

}  // namespace poolfit::render
