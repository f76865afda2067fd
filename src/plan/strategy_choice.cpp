// Which strategy now, and at which measured threshold another takes over.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "strategy_parts.hpp"

namespace poolfit::plan {

namespace {

// "Database Connection Pool Analysis & Optimization Plan", the document that these strategies come from.
constexpr double connections_in_all = 200;  // "When to Add PgBouncer": total connections exceed 200
constexpr double services_more = 5;         // "When to Add PgBouncer": adding 5+ new services
constexpr double services_in_all = 10;      // "Recommendation Matrix": scaling to 10+ services
constexpr double share_of_max = 0.5;        // "When to Upgrade RDS Instance": over 50 % of max_connections
constexpr double cpu = 0.7;                 // "When to Upgrade RDS Instance": CPU consistently over 70 %
constexpr double worth_a_pooler = 100;      // "Multiple Services Best Practice": below it, application pooling is fine
constexpr std::string_view document = "Database Connection Pool Analysis & Optimization Plan: rule of thumb";

class Chooser {
public:
    Chooser(const Scene& scene, std::vector<Strategy>& all) : scene_(scene), fleet_(scene.fleet), all_(all) {}

    void choose() {
        Strategy &conservative = find("conservative"), &aggressive = find("aggressive"), &monitor = find("monitor"),
                 &pooler = find("pooler");
        pooler.thresholds = {in_all(), more_services(), services()};
        aggressive.thresholds = {of_max(), peak_cpu()};
        monitor.thresholds = {unmeasured()};

        const std::size_t known = fleet_.pools.size() - count_unmeasured();
        const bool changes = conservative.effort != Effort::minutes;
        const double after = conservative.after ? static_cast<double>(conservative.after->value.value) : 1e18;
        const bool less_with_pooler = worth_it(pooler, conservative);
        const bool less_merged = worth_it(aggressive, conservative);

        if (known == 0) {
            take(monitor, fmt::format("no pool's use is known ({} of {}): every other size would be a guess",
                                      fleet_.pools.size(), fleet_.pools.size()));
        } else if (less_with_pooler && fits(scene_, pooler) && !fits(scene_, conservative) &&
                   !(less_merged && fits(scene_, aggressive))) {
            take(pooler, "right-sized pools do not fit their servers' limits, a pooler's server side does");
        } else if (less_with_pooler && after >= connections_in_all) {
            take(pooler,
                 fmt::format("right-sized, the services still open {} connections in all: at {} a pooler takes over",
                             text(conservative.after), connections_in_all));
        } else if (less_with_pooler && static_cast<double>(fleet_.services.size()) >= services_in_all &&
                   after >= worth_a_pooler) {
            take(pooler,
                 fmt::format("{} services with {} connections after right-sizing: at {} services a pooler takes over",
                             fleet_.services.size(), text(conservative.after), services_in_all));
        } else if (less_merged && fits(scene_, aggressive) && !fits(scene_, conservative)) {
            take(aggressive, "right-sized pools do not fit their servers' limits, merged ones do");
        } else if (less_merged && share_after(conservative) >= share_of_max) {
            take(aggressive, fmt::format("right-sized, the pools are still {} of max_connections",
                                         unit::print(Fraction(share_after(conservative)))));
        } else if (!changes && known < fleet_.pools.size()) {
            take(monitor, fmt::format("the pools whose use is known fit it; of {} it is not known",
                                      counted(fleet_.pools.size() - known, "pool")));
        } else {
            take(conservative, !changes ? std::string("every pool has the size that its use asks for")
                                        : fmt::format("{} connections for {}{}", change_text(conservative),
                                                      conservative.effort_text, cures()));
        }
        explain_rest();
    }

private:
    Strategy& find(std::string_view name) {
        return *std::find_if(all_.begin(), all_.end(), [&](const Strategy& s) { return s.name == name; });
    }
    static std::string text(const std::optional<Figure<Connections>>& figure) {
        return figure ? unit::print(figure->value) : std::string("an unknown number of");
    }
    /// Fewer connections than right-sizing alone leaves, by the share that a change has to save.
    bool worth_it(const Strategy& other, const Strategy& conservative) const {
        if (!other.applicable || !other.after) return false;
        if (!conservative.after) return true;
        const auto left = static_cast<double>(conservative.after->value.value);
        return static_cast<double>(other.after->value.value) <= left * (1 - fleet_.policy.min_savings->value) + 1e-9 &&
               other.after->value < conservative.after->value;
    }
    std::string cures() const {
        for (const DatabasePlan& plan : scene_.plan.databases)
            for (const Check& check : plan.now.checks)
                if (check.standing == Standing::over && check.dimension <= Dimension::connections_failover)
                    return fmt::format("; today {} is over its limit", check.text);
        return ", and no limit asks for more";
    }
    static void take(Strategy& strategy, std::string why) {
        strategy.recommended = true;
        strategy.why = std::move(why);
    }
    std::size_t count_unmeasured() const { return count_unknown(scene_.plan, fleet_); }

    /// Its constant, and the distance to it as a figure.
    Threshold threshold(std::string_view name, std::string quantity, Measure measure, std::optional<double> now,
                        double at, std::vector<FigureId> inputs) {
        Threshold result{name, std::move(quantity), now, at, measure, now && *now >= at, {}, {}, 0};
        Ledger& ledger = scene_.plan.ledger;
        const FigureId limit =
            ledger.constant(fmt::format("threshold.{}.at", name), assess::measured(measure, at), document);
        inputs.insert(inputs.begin(), limit);
        result.figure = now ? ledger.derive(fmt::format("threshold.{}.distance", name),
                                            assess::measured(measure, at - *now), "at − now", std::move(inputs))
                            : limit;
        return result;
    }

    /// "200 connections in all (149 to go)".
    static void be_brief(Threshold& t, std::string_view what, std::string_view unit) {
        const double left = t.now ? t.at - *t.now : 0;
        const std::string go = t.measure == Measure::fraction ? unit::print_number(std::round(left * 1000) / 10)
                                                              : unit::print_number(left);
        t.brief = fmt::format("{} ({})", what,
                              !t.now      ? std::string("not known today")
                              : t.reached ? std::string("reached")
                                          : fmt::format("{}{} to go", go, unit));
    }

    Threshold in_all() {
        const Strategy& s = find("conservative");
        std::optional<double> now;
        std::vector<FigureId> inputs;
        if (s.before) {
            now = static_cast<double>(s.before->value.value);
            inputs.push_back(s.before->id);
        }
        Threshold t =
            threshold("connections", "connections in all", Measure::connections, now, connections_in_all, inputs);
        const std::string after = s.after && s.before && s.after->value != s.before->value
                                      ? fmt::format(" ({} right-sized)", unit::print(s.after->value))
                                      : std::string();
        t.text = !now ? fmt::format("{} connections in all: today's have no limit", connections_in_all)
                 : t.reached
                     ? fmt::format("{} connections in all: reached, {} today{}", connections_in_all,
                                   unit::print(s.before->value), after)
                     : fmt::format("{} connections in all: {} today{}, {} to go", connections_in_all,
                                   unit::print(s.before->value), after, unit::print_number(connections_in_all - *now));
        be_brief(t, fmt::format("{} connections in all", connections_in_all), "");
        return t;
    }

    FigureId service_count() {
        // A count of records has the first of them for its place.
        return scene_.plan.ledger.input("fleet.services",
                                        assess::measured(Measure::count, static_cast<double>(fleet_.services.size())),
                                        fleet_.services.front().place, "[[service]] records");
    }

    Threshold more_services() {
        Threshold t = threshold("new_services", "services added from today on", Measure::count, 0, services_more,
                                {service_count()});
        t.text = fmt::format("{} more services: {} today, so at {}", services_more, fleet_.services.size(),
                             static_cast<double>(fleet_.services.size()) + services_more);
        if (fleet_.growth && fleet_.growth->services_per_year && **fleet_.growth->services_per_year > 0)
            t.text += fmt::format(
                ", in {} months at {} a year",
                unit::print_number(std::ceil(services_more / **fleet_.growth->services_per_year * 12 - 1e-9)),
                unit::print_number(**fleet_.growth->services_per_year));
        be_brief(t, fmt::format("{} more services", services_more), "");
        return t;
    }

    Threshold services() {
        const double now = static_cast<double>(fleet_.services.size());
        Threshold t = threshold("services", "services", Measure::count, now, services_in_all, {service_count()});
        t.text = t.reached
                     ? fmt::format("{} services: reached, {} today", services_in_all, now)
                     : fmt::format("{} services: {} today, {} to go", services_in_all, now, services_in_all - now);
        be_brief(t, fmt::format("{} services", services_in_all), "");
        return t;
    }

    double share_after(const Strategy& strategy) const {
        double worst = 0;
        for (const StrategyDatabase& server : strategy.databases) {
            const auto most = static_cast<double>(limits_after(scene_.plan, server.database).max_planned.value.value);
            if (!server.after) return 1e9;
            if (most > 0) worst = std::max(worst, static_cast<double>(server.after->value.value) / most);
        }
        return worst;
    }

    Threshold of_max() {
        std::optional<double> worst;
        std::string name;
        std::vector<FigureId> inputs;
        for (Index i = 0; i < fleet_.databases.size(); ++i) {
            const Budget& budget = scene_.plan.databases[i].budget;
            const auto& most = budget.limits.max_planned;
            if (!budget.demand.allocated || most.value.value <= 0) continue;
            const double share =
                static_cast<double>(budget.demand.allocated->value.value) / static_cast<double>(most.value.value);
            if (worst && share <= *worst) continue;
            worst = share;
            name = *fleet_.databases[i].name;
            inputs = {budget.demand.allocated->id, most.id};
        }
        Threshold t =
            threshold("max_connections_share",
                      name.empty() ? "share of max_connections" : fmt::format("share of max_connections of {}", name),
                      Measure::fraction, worst, share_of_max, inputs);
        t.text = !worst
                     ? fmt::format("{} of max_connections: today's have no limit", unit::print(Fraction(share_of_max)))
                     : distance("of max_connections", *worst, share_of_max, name, t.reached);
        be_brief(t, fmt::format("{} of max_connections", unit::print(Fraction(share_of_max))), " points");
        return t;
    }

    Threshold peak_cpu() {
        std::optional<double> worst;
        std::string name;
        std::vector<FigureId> inputs;
        for (Index i = 0; i < fleet_.databases.size(); ++i) {
            const auto& peak = scene_.plan.databases[i].now.cpu_peak;
            if (!peak || (worst && peak->value.high.value <= *worst)) continue;
            worst = peak->value.high.value;
            name = *fleet_.databases[i].name;
            inputs = {peak->id};
        }
        Threshold t =
            threshold("cpu_peak", name.empty() ? std::string("peak CPU") : fmt::format("peak CPU of {}", name),
                      Measure::fraction, worst, cpu, inputs);
        t.text = !worst ? fmt::format("{} CPU: no peak is given", unit::print(Fraction(cpu)))
                        : distance("CPU", *worst, cpu, name, t.reached);
        be_brief(t, fmt::format("{} CPU", unit::print(Fraction(cpu))), " points");
        return t;
    }

    static std::string distance(std::string_view what, double now, double at, const std::string& name, bool reached) {
        const std::string where = fmt::format("{} {}: {}{} on {}", unit::print(Fraction(at)), what,
                                              reached ? "reached, " : "", unit::print(Fraction(now)), name);
        if (reached) return where;
        return fmt::format("{}, {} points to go", where, unit::print_number(std::round((at - now) * 1000) / 10));
    }

    Threshold unmeasured() {
        const double all = static_cast<double>(fleet_.pools.size()), now = static_cast<double>(count_unmeasured());
        Threshold t{
            "unmeasured_pools", "pools whose use is not known", now, all, Measure::count, now >= all, {}, {}, 0};
        const FigureId pools = scene_.plan.ledger.input("fleet.pools", assess::measured(Measure::count, all),
                                                        fleet_.pools.front().place, "[[service.pool]] records");
        t.figure = scene_.plan.ledger.derive("threshold.unmeasured_pools.distance",
                                             assess::measured(Measure::count, all - now),
                                             "pools with in_use or a workload", {pools});
        t.text = fmt::format("no pool's use known: it is known of {} of {} today", all - now, all);
        t.brief =
            fmt::format("no pool's use known ({})", t.reached ? "reached" : fmt::format("known of {}", all - now));
        return t;
    }

    static std::string first_far(const Strategy& strategy) {
        std::vector<std::string> texts;
        for (const Threshold& t : strategy.thresholds)
            if (!t.reached) texts.push_back(t.text);
        return texts.empty() ? std::string() : texts.front();
    }

    void explain_rest() {
        const Strategy& chosen =
            *std::find_if(all_.begin(), all_.end(), [](const Strategy& s) { return s.recommended; });
        for (Strategy& s : all_) {
            if (s.recommended) continue;
            const bool any =
                std::any_of(s.thresholds.begin(), s.thresholds.end(), [](const Threshold& t) { return t.reached; });
            if (!s.applicable) {
                s.why = s.cons.empty() ? (s.pros.empty() ? "not possible here" : s.pros.front()) : s.cons.front();
            } else if (s.name == "monitor") {
                s.why = count_unmeasured() == 0
                            ? "every pool's use is given: change first, and measure along"
                            : fmt::format("use of {} is known: enough to begin with",
                                          counted(fleet_.pools.size() - count_unmeasured(), "pool"));
            } else if (s.name == "conservative") {
                s.why = fmt::format("{} opens {} connections in all, this {}", chosen.name, text(chosen.after),
                                    text(s.after));
                if (chosen.name == "monitor") s.why = "its sizes would stand on no measured use";
            } else if (any) {
                s.why = reached_but(s, chosen);
            } else {
                s.why = fmt::format("below its thresholds: {}", first_far(s));
            }
        }
    }

    std::string reached_but(const Strategy& s, const Strategy& chosen) const {
        const Threshold& t =
            *std::find_if(s.thresholds.begin(), s.thresholds.end(), [](const Threshold& each) { return each.reached; });
        if (chosen.name == "monitor") return fmt::format("{}; but without measured use it can't be sized", t.text);
        return fmt::format("{}; but it leaves {} connections in all, {} {}", t.text, text(s.after), chosen.name,
                           text(chosen.after));
    }

    const Scene& scene_;
    const Fleet& fleet_;
    std::vector<Strategy>& all_;
};

}  // namespace

void choose(const Scene& scene, std::vector<Strategy>& strategies) { Chooser(scene, strategies).choose(); }

}  // namespace poolfit::plan
