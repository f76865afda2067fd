// Versions that cost money: the verdict, what an upgrade saves besides the class, its phase, and what comes next.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include <poolfit/plan/action.hpp>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::Planned;

namespace {

std::string server(std::string_view name, std::string_view engine, std::string_view version,
                   std::string_view more = "") {
    return "[[database]]\nname = \"" + std::string(name) + "\"\nengine = \"" + std::string(engine) +
           "\"\nversion = \"" + std::string(version) + "\"\nclass = \"db.m5.xlarge\"\n" + std::string(more) +
           "[database.observed]\ncpu_mean = \"10%\"\ncpu_peak = \"20%\"\nfreeable_memory = \"10 GiB\"\n"
           "window = \"14 d\"\n";
}

Planned planned(const std::string& databases, std::string_view policy = "") {
    return test::plan_text("schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n" +
                           std::string(policy) + databases);
}

double dollars(const std::optional<Figure<MicroUsdPerMonth>>& amount) {
    REQUIRE(amount);
    return static_cast<double>(amount->value.value) / 1e6;
}

constexpr std::string_view only_today = "[policy]\nallow = [\"db.m5.xlarge\"]\n";
constexpr double of_four = 4 * 0.100 * 730;

const Action* upgrade_of(const std::vector<Action>& phases) {
    const auto at = std::ranges::find(phases, Action::Kind::upgrade, &Action::kind);
    return at == phases.end() ? nullptr : &*at;
}

}  // namespace

TEST_CASE("upgrade: class and pools stay, and the version costs money") {
    const Planned made = planned(server("db", "postgresql", "12.22"), only_today);
    const Recommendation& advice = made.plan.databases[0].recommendation;
    CHECK(plan::name(advice.verdict) == "upgrade");
    REQUIRE(advice.upgrade);
    REQUIRE(advice.upgrade->to);
    CHECK(advice.upgrade->to->text == "15");  // 14 is charged from 2027-03-01 on, in four months
    CHECK(dollars(advice.upgrade->saves) == doctest::Approx(of_four));
    CHECK(dollars(made.plan.totals.upgrades_save) == doctest::Approx(of_four));
    CHECK(dollars(made.plan.databases[0].now.cost) ==
          doctest::Approx(dollars(made.plan.databases[0].now.list) + of_four));
    CHECK(advice.saves->value.value == 0);  // the class's own
}

TEST_CASE("upgrade: a version in standard support has none, and neither has one whose life cycle is unknown") {
    for (const char* version : {"16.8", "15.4"}) {
        const Planned made = planned(server("db", "postgresql", version), only_today);
        CHECK(!made.plan.databases[0].recommendation.upgrade);
        CHECK(plan::name(made.plan.databases[0].recommendation.verdict) == "keep");
        CHECK(!made.plan.totals.upgrades_save);
    }
}

TEST_CASE("upgrade: support that has ended is an upgrade without a saving") {
    const Planned made = planned(server("db", "mariadb", "10.5.20"), only_today);
    const Recommendation& advice = made.plan.databases[0].recommendation;
    CHECK(plan::name(advice.verdict) == "upgrade");
    REQUIRE(advice.upgrade);
    CHECK(!advice.upgrade->saves);
    CHECK(advice.upgrade->to->text == "10.11");
}

TEST_CASE("Extended Support: fewer vCPUs save it, beside the list price") {
    const Planned old = planned(server("db", "postgresql", "12.22")),
                  current = planned(server("db", "postgresql", "16.8"));
    const Recommendation& advice = old.plan.databases[0].recommendation;
    REQUIRE(advice.cls == current.plan.databases[0].recommendation.cls);
    CHECK(plan::name(advice.verdict) == "resize");
    const double halved = of_four / 4 * (4 - advice.cls->vcpus);
    REQUIRE(halved > 0);
    CHECK(dollars(advice.saves) == doctest::Approx(dollars(current.plan.databases[0].recommendation.saves) + halved));
    // And the upgrade saves the rest, on the new class.
    CHECK(dollars(advice.upgrade->saves) == doctest::Approx(of_four - halved));
}

TEST_CASE("upgrade: a phase for a primary and its replicas, in the engine's order") {
    const std::string replica = "replica_of = \"db\"\n";
    struct Order {
        std::string_view engine, version;
        bool first;  // replicas
    };
    for (const Order& each :
         {Order{"postgresql", "12.22", false}, {"mysql", "8.0.40", true}, {"aurora-postgresql", "12.22", false}}) {
        CAPTURE(each.engine);
        const Planned made = planned(
            server("db", each.engine, each.version) + server("copy", each.engine, each.version, replica), only_today);
        const auto phases = plan::phases(made.fleet, made.plan, {});
        const Action* action = upgrade_of(phases);
        REQUIRE(action != nullptr);
        CHECK(std::ranges::count(phases, Action::Kind::upgrade, &Action::kind) == 1);
        CHECK(action->databases == std::vector<Index>{0, 1});
        REQUIRE(action->saves_per_month);
        CHECK(static_cast<double>(action->saves_per_month->value) / 1e6 == doctest::Approx(2 * of_four));
        std::vector<Index> order;
        for (const Step& step : action->steps)
            if (step.kind == Step::Kind::upgrade || step.kind == Step::Kind::upgrade_first)
                order.push_back(step.database);
        CHECK(std::ranges::count(action->steps, Step::Kind::snapshot, &Step::kind) == 1);
        CHECK(order == (each.first ? std::vector<Index>{1, 0} : std::vector<Index>{0}));
        CHECK(action->rollback.size() == 1);
    }
}

TEST_CASE("life cycles: what comes next, the next first") {
    const Planned made = planned(server("new", "postgresql", "17.2") + server("old", "postgresql", "12.22") +
                                 server("last", "mysql", "5.7.44") + server("soon", "postgresql", "14.9"));
    const auto events = plan::support_events(made.fleet, made.plan, {});  // on 2026-11-01
    REQUIRE(events.size() == 4);
    const auto is = [&](std::size_t k, Index database, Life::Event::Kind kind, Date on, int months) {
        CAPTURE(k);
        CHECK(events[k].database == database);
        CHECK(events[k].event.kind == kind);
        CHECK(events[k].event.on == on);
        CHECK(events[k].months == months);
    };
    is(0, 2, Life::Event::Kind::ends, {2027, 2, 28}, 3);
    is(1, 1, Life::Event::Kind::rises, {2027, 3, 1}, 4);
    is(2, 3, Life::Event::Kind::starts, {2027, 3, 1}, 4);
    is(3, 0, Life::Event::Kind::starts, {2030, 3, 1}, 40);
    CHECK(!events[0].cost);
    const double vcpus = made.plan.databases[3].recommendation.cls->vcpus;
    CHECK(dollars(events[2].cost) == doctest::Approx(vcpus * 0.100 * 730));
}

TEST_CASE("upgrade: whether the class runs the new version is said, or not known") {
    const auto runs = [](std::string_view cls) {
        std::string old = server("db", "mysql", "8.0.40");
        old.replace(old.find("db.m5.xlarge"), 12, cls);
        old.replace(old.find("10 GiB"), 6, "5 GiB");
        const Planned made = planned(old, "[policy]\nallow = [\"" + std::string(cls) + "\"]\n");
        REQUIRE(made.plan.databases[0].recommendation.cls->name == cls);
        return made.plan.databases[0].recommendation.upgrade->on_class;
    };
    CHECK(runs("db.m5.xlarge") == true);
    CHECK(!runs("db.m7i.large"));  // AWS's list of its versions ends at 8.0
}

TEST_CASE("upgrade: RDS for MySQL goes one series at a time") {
    const Planned made = planned(server("db", "mysql", "5.7.44"), only_today);
    const Upgrade& upgrade = *made.plan.databases[0].recommendation.upgrade;
    CHECK(upgrade.to->text == "8.4");
    REQUIRE(upgrade.through.size() == 1);
    CHECK(upgrade.through[0].text == "8.0");
    const Planned post = planned(server("db", "postgresql", "11.22"), only_today);
    CHECK(post.plan.databases[0].recommendation.upgrade->through.empty());
}

TEST_CASE("Extended Support: a class that costs more at list is no saving, since an upgrade ends the support") {
    // Without the rule db.m3.medium (1 vCPU, $65.70) would replace db.t2.medium (2 vCPUs, $49.64).
    std::string old = server("db", "mysql", "5.7.44");
    old.replace(old.find("db.m5.xlarge"), 12, "db.t2.medium");
    old.replace(old.find("10 GiB"), 6, "2 GiB");
    const Planned made = planned(old);
    const DatabasePlan& db = made.plan.databases[0];
    REQUIRE(db.now.checks.any_over() == false);
    CHECK(dollars(db.chosen.list) <= dollars(db.now.list));
}

TEST_CASE("upgrade: Extended Support that is charged by capacity is a range, in every place the same") {
    const Planned made = planned(
        "[[database]]\nname = \"db\"\nengine = \"aurora-postgresql\"\nversion = \"13.15\"\n"
        "class = \"db.serverless\"\nacu_min = 2\nacu_max = 16\n[database.observed]\ncpu_mean = \"5-6%\"\n"
        "cpu_peak = \"25%\"\nfreeable_memory = \"20 GiB\"\nwindow = \"30 d\"\nconnections = \"100-200\"\n");
    // 2 to 6 ACU at $0.085 an hour.
    const auto& saves = made.plan.totals.upgrades_save_capacity;
    REQUIRE(saves);
    CHECK(static_cast<double>(saves->value.low.value) / 1e6 == doctest::Approx(2 * 0.085 * 730));
    CHECK(static_cast<double>(saves->value.high.value) / 1e6 == doctest::Approx(6 * 0.085 * 730));
    CHECK(saves->value == made.plan.databases[0].capacity->support->value);
    CHECK(!made.plan.totals.upgrades_save);
    const auto phases = plan::phases(made.fleet, made.plan, {});
    REQUIRE(upgrade_of(phases));
    CHECK(upgrade_of(phases)->saves_capacity == saves->value);
    CHECK(!upgrade_of(phases)->saves_per_month);
}
