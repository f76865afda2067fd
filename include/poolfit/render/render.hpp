// Report in, text out: one file per format. No renderer computes; none prints.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/report/catalog.hpp>
#include <poolfit/report/gate.hpp>
#include <poolfit/report/platforms.hpp>
#include <poolfit/report/report.hpp>

namespace poolfit::render {

using Style = diag::Style;
/// Takes a document piece by piece, in order, while the rest of it is made: on standard output a long one is never
/// whole in memory. It may throw, to end that; it is called on the thread that renders.
using Sink = std::function<void(std::string_view)>;

/// How much of a plan the terminal gets.
struct TextOptions {
    bool details = false;  ///< limits, use, the CPU band, every rejection shown: -v
    bool summary = false;  ///< the overview and the totals only
};
/// `plan` for the terminal (docs/contract.md: the text is for people, and may change). From fleet_from databases on, or
/// as a summary, it opens with a line for each.
std::string text(const Report& report, const Style& style, TextOptions options = {});
/// `plan --json`: one document, the published schema, a newline at the end. With a gate, `check --json`: the same
/// document, with the gate's answer and its findings. With a sink, the part that the sink has not received by then.
std::string json(const Report& report, const Gate* gate = nullptr, const Sink& sink = {});
/// `plan --format markdown`: the plan as a document to review and commit, GitHub-flavoured. As a summary, it ends after
/// the phases and a line for each database.
std::string markdown(const Report& report, bool summary = false);
/// `plan --format csv`: databases and pools in one table, distinguished by its `record` column; as a summary, databases
/// alone.
std::string csv(const Report& report, bool summary = false);

/// `plan --format html`: one page, which needs no other file and no network. Of many databases, those that come first
/// in the overview have all of it, and the others a line of the table.
std::string html(const Report& report, bool summary = false);

/// `explain`: numbered lines for a database or service, the derivation's tree for a figure.
std::string explain_text(const Report& report, const std::vector<report::Target>& targets, const Style& style);
std::string explain_json(const Report& report, const std::vector<report::Target>& targets);

/// Which findings the terminal gets.
struct CheckOptions {
    bool only_failing = false;  ///< those that do not fail are left out
    bool each = false;          ///< each in full; else a warning or an info of many records is one, with a list of them
};
/// `check`: each finding with its source, then one line of counts. Many are written on as many `threads`.
std::string check_text(const Gate& gate, const Style& style, CheckOptions options, int threads = 1);
std::string check_github(const Gate& gate);
std::string check_sarif(const Gate& gate);
std::string check_junit(const Report& report, const Gate& gate);
std::string check_gitlab(const Gate& gate);
std::string check_rdjson(const Gate& gate);
std::string check_azure(const Gate& gate);
std::string check_checkstyle(const Gate& gate);
std::string check_concise(const Gate& gate);
/// A comment on a pull request, which begins with a mark of its inventory, or a job's summary: under 65,000 characters.
std::string check_markdown(const Gate& gate);
/// A line for each finding, whatever its state.
std::string check_csv(const Gate& gate);
/// The findings of today, for --baseline.
std::string baseline_json(const Gate& gate);

/// `validate`: what the inventory holds.
std::string valid_text(const Fleet& fleet, const Style& style);
std::string valid_json(const Fleet& fleet);

/// `explain RULE`: what it catches, why it matters, how to fix it.
std::string rule_text(const Rule& rule, const Style& style);
std::string rule_json(const Rule& rule);

/// `catalog list` and `catalog show`; rows in the order to print.
struct CatalogList {
    const Platform* platform = nullptr;
    std::vector<catalog::Row> rows;
    std::string region;
    std::size_t total = 0;  ///< classes in the catalog
    std::size_t cut = 0;    ///< classes that pass, left out of `rows` by `--top`
};
std::string catalog_list_text(const CatalogList& list, const Style& style);
std::string catalog_list_json(const CatalogList& list);
std::string catalog_list_csv(const CatalogList& list);
std::string catalog_show_text(const ShownClass& shown, const Style& style);
std::string catalog_show_json(const ShownClass& shown);

/// `catalog platforms`: what the catalog knows of each.
std::string platforms_text(const std::vector<KnownPlatform>& platforms, const Style& style);
std::string platforms_markdown(const std::vector<KnownPlatform>& platforms);
std::string platforms_json(const std::vector<KnownPlatform>& platforms);

/// `catalog check`: how many rows a file of the user's has.
std::string catalog_check_text(std::size_t classes, std::size_t prices);
std::string catalog_check_json(std::string_view file, std::size_t classes, std::size_t prices);

struct Versioned;
std::string version_text(const Versioned& versioned);
/// The same in one line.
std::string version_line(const Versioned& versioned);
std::string version_json(const Versioned& versioned);

/// Errors of a run that fails, as annotations at their places.
std::string failure_github(const Diagnostics& diagnostics);
std::string failure_azure(const Diagnostics& diagnostics);

/// "1 error · 2 infos · 3 databases, 4 services": how many findings of what, and what was looked at.
std::string found_text(const Gate& gate);
/// "exit 1 (≥ error)".
std::string exit_text(const Gate& gate);

/// `{"error":{…}}` for failures under --json (docs/contract.md, "JSON").
std::string error_json(std::string_view kind, std::string_view message, int exit_code, const Diagnostics& diagnostics);

/// The published JSON schemas: "report", "inventory", "catalog", "pool", "simulation"; empty for another name.
std::string_view schema(std::string_view name);

}  // namespace poolfit::render
