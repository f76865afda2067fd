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
    CHECK(dollars(advice.upgrade->saves_per_year) == doctest::Approx(12 * of_four));
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
    for (const auto& [engine, version, first] :
         {std::tuple("postgresql", "12.22", false), std::tuple("mysql", "8.0.40", true)}) {
        CAPTURE(engine);
        const Planned made =
            planned(server("db", engine, version) + server("copy", engine, version, replica), only_today);
        const auto phases = plan::phases(made.fleet, made.plan, {});
        const Action* action = upgrade_of(phases);
        REQUIRE(action != nullptr);
        CHECK(std::ranges::count(phases, Action::Kind::upgrade, &Action::kind) == 1);
        CHECK(action->databases == std::vector<Index>{0, 1});
        CHECK(dollars(action->saves_per_year) == doctest::Approx(2 * 12 * of_four));
        std::vector<Index> order;
        for (const Step& step : action->steps)
            if (step.kind == Step::Kind::upgrade || step.kind == Step::Kind::upgrade_first)
                order.push_back(step.database);
        CHECK(order == (first ? std::vector<Index>{1, 0} : std::vector<Index>{0}));
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
