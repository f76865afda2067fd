// A database: its figures in numbered lines, all of them or the parts that were asked for.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/sizes.hpp>
#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "explain_parts.hpp"
#include "steps.hpp"
#include "table.hpp"
#include "words.hpp"
#include "worlds_words.hpp"

namespace poolfit::render {
namespace {

using report::Section;

class DatabaseAccount {
public:
    DatabaseAccount(const Report& report, Index index, const std::vector<Section>& only)
        : only_(only),
          report_(report),
          fleet_(*report.fleet),
          plan_(report.plan),
          index_(index),
          own_(report.plan.databases[index]),
          then_(own_.chosen),
          steps_(report) {
        const std::pair<Section, void (DatabaseAccount::*)()> parts[] = {
            {Section::demand, &DatabaseAccount::demand}, {Section::workload, &DatabaseAccount::workloads},
            {Section::pool, &DatabaseAccount::pools},    {Section::total, &DatabaseAccount::total},
            {Section::limit, &DatabaseAccount::limit},   {Section::use, &DatabaseAccount::use},
            {Section::cpu, &DatabaseAccount::cpu},       {Section::credits, &DatabaseAccount::credits},
            {Section::memory, &DatabaseAccount::memory}, {Section::failover, &DatabaseAccount::losses},
            {Section::price, &DatabaseAccount::price},   {Section::savings, &DatabaseAccount::savings},
        };
        for (const auto& [section, part] : parts)
            if (wants(section)) (this->*part)();
        for (const Section section : {Section::support, Section::commitments, Section::storage, Section::proxy,
                                      Section::stop, Section::serverless})
            if (wants(section)) add_section(steps_, report, index, section, !only.empty());
    }

    void print(Page& page) const {
        const Database& database = fleet_.databases[index_];
        const Recommendation& advice = own_.recommendation;
        Pieces title{fmt::format("{}  {}", *database.name, class_change(database, advice))};
        if (advice.saves && advice.saves->value.value != 0) {
            const bool less = advice.saves->value.value > 0;
            const MicroUsdPerMonth amount = less ? advice.saves->value : MicroUsdPerMonth(-advice.saves->value.value);
            title.emplace_back("  ");
            title.emplace_back(fmt::format("{} {}/mo", less ? "saves" : "extra cost", unit::print(amount)),
                               paint_of(advice.saves));
        }
        title.emplace_back(fmt::format("  risk {}", plan::name(advice.risk)));
        page.write(title, 2);
        page.write({summary_text(fleet_, plan_, index_)}, 2);
        page.blank();
        steps_.print(page);
        if (steps_.empty() && !only_.empty() && !only_these(Section::rejected, Section::worlds))
            page.write({"no figures of this kind"}, 2);
        page.blank();
        if (wants(Section::rejected)) print_candidates(page);
        if (wants(Section::worlds)) print_draws(page, report_, index_);
        if (!only_.empty() && wants(Section::worlds) && report::worlds_of(report_, index_) == nullptr) {
            page.write({"worlds: none drawn; --worlds 1000 draws them"}, 2);
            page.blank();
        }
        print_sources(page, steps_.derivations(), steps_.sources());
    }

    std::set<FigureId> figures() const { return steps_.figures(); }

private:
    bool wants(Section section) const { return only_.empty() || std::ranges::find(only_, section) != only_.end(); }
    /// Is nothing else asked for than these, which have no numbered lines?
    bool only_these(Section one, Section other) const {
        return std::ranges::all_of(only_, [&](Section section) { return section == one || section == other; });
    }

    template <class Visit>
    void each_pool(Visit visit) {
        for (const Index i : plan_.topology.pools[index_]) visit(i, pool_label(fleet_, i));
    }

    void demand() {
        steps_.section("demand");
        each_pool([&](Index i, const std::string& label) { steps_.add(label, plan_.pools[i].now.allocated); });
        steps_.section("in use");
        each_pool([&](Index i, const std::string& label) { steps_.add(label, plan_.pools[i].use.in_use); });
    }

    void workloads() {
        steps_.section("workload");
        each_pool([&](Index i, const std::string& label) {
            if (plan_.pools[i].load) add_load(steps_, label, *plan_.pools[i].load);
        });
        const auto& load = own_.load;
        if (!load) return;
        steps_.section("active");
        steps_.add("on average", load->active_mean.id);
        steps_.add("1 % of the time", load->active_high.id);
        steps_.add("cpu demand", load->cpu_demand.id);
        steps_.add("knee", load->knee.id);
    }

    void pools() {
        steps_.section("pool");
        each_pool([&](Index i, const std::string& label) {
            const PoolSize size = plan_.pools[i].recommended();
            if (size) steps_.add(label, recommended_text(fleet_, plan_, i), size->id);
        });
    }

    void deploy(std::string name, const DatabaseDemand& demand) {
        if (demand.deploys.empty() || !demand.deploy_peak) return steps_.add(std::move(name), demand.deploy_peak);
        const OneDeploy& worst = *std::ranges::find(demand.deploys, demand.deploy_peak->value,
                                                    [](const OneDeploy& one) { return one.connections.value; });
        const FigureId id = worst.connections.id;
        steps_.add(std::move(name),
                   fmt::format("{} while {} is deployed", with_numbers(steps_.derivations(), id),
                               *fleet_.services[worst.service].name),
                   id);
    }

    void total() {
        const auto all = [&](std::string_view when, const DatabaseDemand& demand) {
            steps_.add(fmt::format("steady{}", when), demand.allocated);
            deploy(fmt::format("deploy{}", when), demand);
            if (!demand.failover_peak || !demand.failover_sum) return;
            const Derivations& all = steps_.derivations();
            steps_.add(fmt::format("failover{}", when),
                       fmt::format("{} of {}", with_numbers(all, demand.failover_sum),
                                   all.figures[demand.failover_sum].remark.text),
                       demand.failover_sum);
        };
        steps_.section("total");
        all(" now", own_.demand);
        all(" after", own_.after);
    }

    void limits(std::string label, const Projection& projection, const Limits& limits) {
        steps_.section(std::move(label));
        if (limits.max_expected) steps_.add_inputs(limits.max_expected->id);
        steps_.add("max_nominal", limits.max_nominal);
        steps_.add("max_expected", limits.max_expected);
        steps_.add("max_observed", limits.max_observed);
        if (limits.known) steps_.add("max_planned", limits.max_planned.id);
        steps_.add("reserved", limits.reserved.id);
        if (limits.known) steps_.add("usable", limits.usable.id);
        for (const Check& check : projection.checks) {
            if (check.dimension > Dimension::connections_failover || !check.limit) continue;
            const std::string_view when = check.dimension == Dimension::connections_steady   ? "steady"
                                          : check.dimension == Dimension::connections_deploy ? "deploy"
                                                                                             : "failover";
            steps_.add(fmt::format("{} at most", when), check.figure);
        }
    }

    void limit() {
        if (then_.cls != own_.now.cls) limits("limit now", own_.now, own_.budget.limits);
        limits("limit", then_, then_.limits);
        const auto& ways = own_.recommendation.ways;
        const auto other = std::ranges::find_if(ways, [](const WayOut& way) { return bool(way.figure); });
        if (other != ways.end()) {
            steps_.section("instead");
            steps_.add("max_connections", other->figure);
        }
    }

    void use() {
        steps_.section("use");
        steps_.add("today", own_.budget.utilization);
        steps_.add("of nominal", own_.budget.utilization_nominal);
        steps_.add("headroom", own_.budget.headroom);
        steps_.add("copies", own_.budget.copies);
        steps_.add("after", then_.utilization);
    }

    void cpu() {
        steps_.section("cpu");
        if (then_.cpu_p95) steps_.add_chain("p95", then_.cpu_p95->id);
        if (then_.cpu_p99) steps_.add_chain("p99", then_.cpu_p99->id);
        if (then_.cpu_peak) steps_.add_chain("peak", then_.cpu_peak->id);
        if (then_.cpu_mean) steps_.add_chain("mean", then_.cpu_mean->id);
    }

    void credits() {
        const bool today = then_.cls != own_.now.cls && own_.now.credits && own_.now.credits->lives_on_credits;
        if (today) credits_of("credits now", own_.now.credits);
        credits_of("credits", then_.credits);
    }
    void credits_of(std::string label, const std::optional<Credits>& credits) {
        if (!credits) return;
        steps_.section(std::move(label));
        steps_.add("baseline", credits->baseline.id);
        steps_.add("earned", credits->earned_per_hour.id);
        steps_.add("burned", credits->burned_per_hour.id);
        steps_.add("run out in", credits->hours_to_empty);
        if (const auto& balance = credits->balance) {
            steps_.add("lowest", balance->lowest.id);
            steps_.add("short", balance->short_credits.id);
            steps_.add("hours", balance->short_hours.id);
        }
        steps_.add("surplus", credits->surplus);
    }

    void memory() {
        steps_.section("memory");
        if (then_.memory_used) steps_.add_with_inputs("used", then_.memory_used->id);
        steps_.add("freeable", then_.freeable);
    }

    /// The list price, and what of it and of surplus credits is paid.
    void priced(std::string_view when, const Projection& on) {
        const bool parts = on.cost && on.list && on.cost->value != on.list->value;
        if (parts) steps_.add(fmt::format("{}, list", when), on.list);
        steps_.add(std::string(when), parts ? on.cost : on.list);
    }

    /// Each server whose load comes here when it is lost.
    void losses() {
        if (then_.losses.empty()) return;
        steps_.section("failover");
        for (const Survival& loss : then_.losses) {
            const std::string& name = *fleet_.databases[loss.from].name;
            if (loss.cpu) steps_.add_chain(fmt::format("cpu, {} lost", name), loss.cpu->id);
            steps_.add(fmt::format("memory, {} lost", name), loss.memory);
            steps_.add(fmt::format("credits, {} lost", name), loss.hours_to_empty);
            if (loss.balance) {
                steps_.add(fmt::format("lowest balance, {} lost", name), loss.balance->lowest.id);
                steps_.add(fmt::format("without credits, {} lost", name), loss.balance->short_hours.id);
            }
            if (loss.series_apart)
                steps_.note(fmt::format("credits, {} lost: unknown, since its CPU series is of other times", name));
            steps_.add(fmt::format("surplus, {} lost", name), loss.surplus);
        }
    }

    void price() {
        const Recommendation& advice = own_.recommendation;
        steps_.section("price");
        priced("today", own_.now);
        if (advice.cost && advice.cls != own_.now.cls) priced("after", then_);
    }

    void savings() {
        const Recommendation& advice = own_.recommendation;
        steps_.section("savings");
        if (advice.saves && own_.now.cost && advice.cost)
            steps_.add("per month",
                       fmt::format("{} − {}", unit::print(own_.now.cost->value), unit::print(advice.cost->value)),
                       advice.saves->id);
        steps_.add("per year", advice.saves_per_year);
        if (advice.idle) steps_.add("with what goes", advice.idle->saves);
        steps_.add("if CPU at peak", advice.peak_per_year);
    }

    void print_candidates(Page& page) const {
        const DatabaseView& view = report::view_of(report_, index_);
        Table table({{"class", false, 0, false}, {"per month", true, 0, false}, {"why not", false, 0, true}});
        for (const std::size_t i : view.cheaper) {
            const Candidate& candidate = own_.candidates[i];
            table.add({std::string(candidate.cls->name), unit::print(*candidate.paid),
                       rejection_text(fleet_, plan_, index_, candidate)});
        }
        if (!table.empty()) {
            page.write({"cheaper, but not chosen"}, 0);
            table.print(page);
            page.blank();
        }
        const Offers& offers = plan_.market->offers(index_);
        if (!platform::is_of_class(fleet_.databases[index_]) || offers.offered == offers.all.size()) return;
        page.write(
            {fmt::format("{} of {} classes are not offered or have no price in {}, so they are not compared",
                         offers.all.size() - offers.offered, offers.all.size(), *fleet_.databases[index_].region)},
            0);
        page.blank();
    }

    std::vector<Section> only_;  ///< empty: all
    const Report& report_;
    const Fleet& fleet_;
    const Plan& plan_;
    Index index_;
    const DatabasePlan& own_;
    const Projection& then_;
    Steps steps_;
};

}  // namespace

void explain_database(Page& page, const Report& report, Index index, const std::vector<Section>& only) {
    DatabaseAccount(report, index, only).print(page);
}

std::set<FigureId> figures_of_section(const Report& report, Index index, Section section) {
    std::set<FigureId> ids = DatabaseAccount(report, index, {section}).figures();
    if (section != Section::worlds) return ids;
    const auto all = report.figures.all();
    for (std::uint32_t i = 0; i < all.size(); ++i) {
        const Key& key = all[i].key;
        const bool of_worlds = key.name >= Name::worlds_inside && key.name <= Name::worlds_regret;
        if (!all[i].inner && of_worlds && key.subject == Subject{Subject::Kind::database, index})
            ids.insert(FigureId{i});
    }
    return ids;
}

}  // namespace poolfit::render
