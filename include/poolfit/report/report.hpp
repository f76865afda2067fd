// The results of a run, as one value. Renderers read it and compute nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/lint/rule.hpp>
#include <poolfit/model/fleet.hpp>
#include <poolfit/plan/action.hpp>
#include <poolfit/plan/plan.hpp>
#include <poolfit/plan/strategy.hpp>
#include <poolfit/plan/worlds.hpp>
#include <poolfit/report/overview.hpp>
#include <poolfit/report/view.hpp>
#include <poolfit/unit/date.hpp>

namespace poolfit {

/// Of the prices that a report counts.
struct PriceDates {
    std::string_view oldest, newest;  ///< "2023-03-10", "2026-09-24"; empty: none is the catalog's
    bool own = false;                 ///< one without a date is the inventory's
};

/// What a reader has to know about the whole run.
enum class ReportNote : std::uint8_t {
    commitments_left_out,  ///< they count only with list prices
};

struct Report {
    static constexpr std::string_view schema = "poolfit-report/1";
    const Fleet* fleet = nullptr;      ///< outlives the report
    const Catalog* catalog = nullptr;  ///< outlives the report
    Plan plan;
    Figures figures;                        ///< how its figures are derived; empty where that was not asked for
    std::vector<Strategy> strategies;       ///< none without pools, or where not all databases are shown
    std::vector<VcpuRow> vcpus;             ///< of the pools on databases that are shown
    std::vector<Action> phases;             ///< in the order to take them
    std::vector<Runway> runway;             ///< none without [growth]
    std::vector<SupportEvent> support;      ///< what life cycles bring next, the next first
    std::vector<Finding> findings;          ///< of all rules, about what is shown; suppressed ones marked
    std::vector<std::string> fingerprints;  ///< of each, as lint::fingerprints
    std::vector<const Rule*> rules;         ///< that looked for them, as lint::looking
    std::vector<Finding> in_code;           ///< those that no plan fixes, as lint::in_code
    std::vector<Index> shown;         ///< databases asked for (`plan DB…`), in inventory order; totals count these
    std::vector<DatabaseView> views;  ///< as `shown`
    std::vector<WorldsView> worlds;   ///< as `shown`; empty where they were not asked for
    Overview overview;                ///< of `shown`
    /// Of many databases, and derivations are not asked for: complete lists leave out what others have (is_listed).
    bool brief = false;
    /// Figures are kept of the databases alone that the words name, and of what they are computed from.
    bool partial = false;
    std::vector<Index> over;  ///< of those shown, with an outage today, in inventory order
    PriceDates price_dates;
    std::string catalog_as_of;
    std::vector<ReportNote> notes;
    int threads = 1;  ///< to print many databases on
};

namespace report {

/// The tool's version.
std::string_view version();

struct Composing {
    PriceTerm term = PriceTerm::list;
    std::vector<Index> only{};    ///< databases; empty for all
    std::optional<Date> today{};  ///< without it, rules don't judge dates
    plan::Depth depth = plan::Depth::decide;
    bool derive = false;               ///< record how figures are derived
    std::vector<std::string> words{};  ///< derive: figures asked for; a class that one names is recorded too
    bool whole = false;                ///< derive: all figures, whatever the words name
    // Parts that no requested format shows may be left out.
    bool findings = true;
    bool ways = true;   ///< strategies, actions, the runway
    bool vcpus = true;  ///< and pools against vCPUs
    /// Worlds to draw, and by which seed.
    struct Worlds {
        std::int64_t count = 0;
        std::uint64_t seed = 1;
    };
    std::optional<Worlds> worlds{};
    bool views = true;
    std::optional<Order> order{};      ///< of the overview
    std::optional<std::size_t> top{};  ///< databases of the overview; all without
    int threads = 1;                   ///< for many databases; they affect only the run time
};
/// Plans the fleet and puts the report together.
Report compose(const Fleet& fleet, const Catalog& catalog, Composing composing);

/// A part of what `explain` says of a database, in order.
enum class Section : std::uint8_t {
    demand,
    workload,
    pool,
    total,
    limit,
    use,
    cpu,
    credits,
    memory,
    failover,
    price,
    savings,
    support,
    commitments,
    storage,
    proxy,
    stop,
    serverless,
    rejected,
    worlds,
};
inline constexpr Section last_section = Section::worlds;
std::string_view name(Section section);
std::optional<Section> section(std::string_view name);

/// What `explain TARGET` is about: all figures of a record, a part of a database, a class for each database, a
/// strategy, what a rule finds, or one figure.
struct Target {
    enum class Kind { database, service, pool, pooler, commitment, cls, strategy, rule, figure } kind = Kind::figure;
    Index index = 0;  ///< into the Fleet's vector of that kind; a strategy: into Report::strategies
    FigureId figure{};
    const Rule* rule = nullptr;
    const InstanceClass* cls = nullptr;
    std::optional<Section> section{};  ///< of a database; nothing: all of them
};
/// Targets that the text names: records and a strategy by name (all that share it), "primary" or "database.primary"; a
/// pool as "api/primary" or "api.primary"; a commitment without a name by its number, "commitment.2"; a rule by id or
/// name; a class that a database may have; else figures by their full name or any tail of it ("connections.usable"; the
/// kind may be left out); else by a tail of their brief name.
std::vector<Target> find(const Report& report, std::string_view text);
/// The figures of a record with those of its parts, of a class on all platforms, or of a strategy.
std::vector<FigureId> figures_of(const Report& report, const Target& target);
/// All that `find` takes, for did-you-mean.
std::vector<std::string> names(const Report& report);

}  // namespace report
}  // namespace poolfit
