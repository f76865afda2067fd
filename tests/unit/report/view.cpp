#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <poolfit/report/view.hpp>

#include "../../support/fleet.hpp"

namespace poolfit::test {
namespace {

constexpr std::string_view head = R"(schema = "poolfit-inventory/1"
name = "view"
region = "us-east-1"
)";

std::string database(std::string_view cls, std::string_view peak, std::string_view freeable, std::string_view more) {
    return std::string(head).append(more) +
           "[[database]]\nname = \"main\"\nengine = \"postgresql\"\nversion = \"16.4\"\nclass = \"" + std::string(cls) +
           "\"\n[database.observed]\ncpu_mean = \"10%\"\ncpu_peak = \"" + std::string(peak) +
           "\"\nfreeable_memory = \"" + std::string(freeable) + "\"\nwindow = \"14 d\"\n";
}

const Candidate& at(const Planned& planned, std::size_t index) { return planned.plan.databases[0].candidates[index]; }

double worst(const Candidate& candidate) {
    double worst = 0;
    for (const Reason& reason : candidate.reasons) worst = std::max(worst, reason.check.share);
    return worst;
}

const GaugeView* gauge(const DatabaseView& view, Dimension dimension) {
    const auto found = std::find_if(view.gauges.begin(), view.gauges.end(),
                                    [&](const GaugeView& g) { return g.dimension == dimension; });
    return found == view.gauges.end() ? nullptr : &*found;
}

TEST_CASE("the nearest miss is the first of the classes that are ruled out, whatever it costs") {
    const Planned planned = plan_text(database("db.m5.2xlarge", "63%", "26 GiB", ""));
    const DatabaseView view = report::view(planned.fleet, planned.plan, 0);
    REQUIRE(planned.plan.databases[0].recommendation.verdict == Verdict::upsize);
    REQUIRE(view.ruled_out.size() > 3);
    CHECK(at(planned, view.ruled_out.front()).cls->name == "db.m5.2xlarge");  // at 63 % of 60 %
    double before = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(at(planned, view.ruled_out[i]).cls->name != "db.m5.large");  // 252 % of 60 %
        CHECK(worst(at(planned, view.ruled_out[i])) >= before);
        before = worst(at(planned, view.ruled_out[i]));
    }
    const MicroUsdPerMonth cost = planned.plan.databases[0].recommendation.cost->value;
    for (const std::size_t i : view.ruled_out) CHECK(*at(planned, i).cost < cost);
}

TEST_CASE("where no class passes every limit, misses of any price are shown") {
    const Planned planned = plan_text(database("db.m5.large", "50%", "4 GiB", "[policy]\ncpu_peak_max = \"0.1%\"\n"));
    const DatabasePlan& plan = planned.plan.databases[0];
    REQUIRE(plan.recommendation.summary.no_class == Summary::NoClass::none_passes);
    const DatabaseView view = report::view(planned.fleet, planned.plan, 0);
    REQUIRE(view.ruled_out.size() > 1);
    const Candidate& nearest = at(planned, view.ruled_out.front());
    CHECK(*nearest.cost > plan.now.cost->value);
    for (const std::size_t i : view.ruled_out)
        if (at(planned, i).reasons.size() == 1) CHECK(worst(nearest) <= worst(at(planned, i)));
    CHECK(view.cheaper.empty());
}

TEST_CASE("what an unknown verdict lacks is no reason to show classes") {
    const Planned planned = plan_text(
        std::string(head) + "[[database]]\nname = \"main\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n");
    REQUIRE(planned.plan.databases[0].recommendation.verdict == Verdict::unknown);
    const DatabaseView view = report::view(planned.fleet, planned.plan, 0);
    CHECK(view.ruled_out.empty());
    CHECK(view.against_policy.empty());
}

TEST_CASE("memory has one limit: the share of it, or what the floor leaves where that is less") {
    constexpr double gib = 1024.0 * 1024 * 1024;
    for (const auto& [floor, limit] :
         {std::pair{"0 GiB", 0.85 * 16 * gib}, {"1 GiB", 0.85 * 16 * gib}, {"4 GiB", 12 * gib}}) {
        const Planned planned = plan_text(
            database("db.m5.xlarge", "50%", "5 GiB",
                     std::string("[policy]\nallow = [\"db.m5.xlarge\"]\nfreeable_memory_min = \"") + floor + "\"\n"));
        const DatabaseView view = report::view(planned.fleet, planned.plan, 0);
        CHECK_FALSE(view.moves);
        const GaugeView* memory = gauge(view, Dimension::memory);
        REQUIRE(memory != nullptr);
        CHECK(*memory->limit == doctest::Approx(limit));
        CHECK(*memory->share == doctest::Approx(11 * gib / limit));
        CHECK(gauge(view, Dimension::freeable_memory) == nullptr);
    }
}

TEST_CASE("one gauge binds, and it is the tightest") {
    const Planned planned =
        plan_text(database("db.m5.xlarge", "50%", "5 GiB", "[policy]\nallow = [\"db.m5.xlarge\"]\n"));
    const DatabaseView view = report::view(planned.fleet, planned.plan, 0);
    CHECK(std::count_if(view.gauges.begin(), view.gauges.end(), [](const GaugeView& g) { return g.binding; }) == 1);
    for (const GaugeView& g : view.gauges)
        if (g.share) CHECK(*g.share <= view.binding->share);
    REQUIRE(view.next);
    CHECK(view.next->share <= view.binding->share);
}

TEST_CASE("of many pools those that change are shown, in the inventory's order") {
    std::string toml = database("db.m5.xlarge", "50%", "5 GiB", "");
    for (int i = 0; i < 70; ++i)
        toml += "[[service]]\nname = \"s" + std::to_string(i) +
                "\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"main\"\nmax = 9\n" +
                (i >= 60 ? "in_use = \"1\"\n" : "");
    const Planned planned = plan_text(toml);
    const DatabaseView view = report::view(planned.fleet, planned.plan, 0);
    CHECK(view.pools.size() == 60);
    CHECK(view.pools_left_out == 10);
    CHECK(std::is_sorted(view.pools.begin(), view.pools.end()));
    for (Index i = 60; i < 70; ++i) CHECK(std::count(view.pools.begin(), view.pools.end(), i) == 1);
}

TEST_CASE("a report of many databases lists the class of today, the class to be on and two misses") {
    const Planned planned = plan_text(database("db.m5.2xlarge", "63%", "26 GiB", ""));
    const DatabaseView full = report::view(planned.fleet, planned.plan, 0, true);
    CHECK(full.listed.size() == planned.plan.databases[0].candidates.size());
    const DatabaseView brief = report::view(planned.fleet, planned.plan, 0, false);
    CHECK(brief.listed.size() == 3);  // today's is the nearest miss
    const auto listed = [&](const InstanceClass* cls) {
        return std::any_of(brief.listed.begin(), brief.listed.end(),
                           [&](std::size_t i) { return at(planned, i).cls == cls; });
    };
    CHECK(listed(planned.fleet.databases[0].type));
    CHECK(listed(planned.plan.databases[0].recommendation.cls));
}

std::string with_instances(std::string_view instances, std::string_view deploy, std::string_view pool = "") {
    return std::string(head) +
           "[[database]]\nname = \"main\"\nengine = \"postgresql\"\nversion = \"16.4\"\nclass = \"db.t4g.small\"\n"
           "[[service]]\nname = \"api\"\nprocesses = 2\ninstances = " +
           std::string(instances) + "\n" + std::string(deploy) +
           "\n[[service.pool]]\nname = \"p\"\ndatabase = \"main\"\nmax = 5\n" + std::string(pool) +
           "[[service]]\nname = \"jobs\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"main\"\nmax = 3\n";
}

DatabaseDemand demand_of(const std::string& text) { return plan_text(text).plan.databases[0].demand; }

TEST_CASE("other numbers of instances open what an inventory with that number opens, to the last that fits") {
    for (const std::string_view deploy :
         {"", "deploy = \"recreate\"", "deploy = \"blue-green\"", "deploy = \"cut-over\"", "max_surge = 2"}) {
        CAPTURE(deploy);
        const Planned planned = plan_text(with_instances("{ min = 1, max = 3 }", deploy));
        REQUIRE(planned.plan.pools[0].recommended()->value == Connections(5));
        const DatabaseView view = report::view(planned.fleet, planned.plan, 0);
        REQUIRE(view.instances);
        CHECK(*planned.fleet.services[view.instances->service].name == "api");
        std::vector<std::int64_t> numbers;
        for (const InstancesView::Row& row : view.instances->rows) {
            numbers.push_back(row.instances);
            const DatabaseDemand then =
                demand_of(with_instances(fmt::format("{{ min = 1, max = {} }}", row.instances), deploy));
            CHECK(row.steady == then.allocated->value);
            CHECK(row.deploy == then.deploy_peak->value);
        }
        CHECK(numbers == std::vector<std::int64_t>{1, 3, 5, 6, 9});
        const auto at = [&](std::int64_t n) {
            return demand_of(with_instances(fmt::format("{{ min = 1, max = {} }}", n), deploy));
        };
        const InstancesView& fits = *view.instances;
        REQUIRE(fits.fits_deploy > 1);
        CHECK(at(fits.fits).allocated->value <= fits.usable);
        CHECK(at(fits.fits + 1).allocated->value > fits.usable);
        CHECK(at(fits.fits_deploy).deploy_peak->value <= fits.usable);
        CHECK(at(fits.fits_deploy + 1).deploy_peak->value > fits.usable);
    }
}

TEST_CASE("other numbers of instances: none for a service behind a pooler, and the next largest is shown") {
    std::string text = with_instances("3", "");
    text += "[[pooler]]\nname = \"pgb\"\ndatabase = \"main\"\nkind = \"pgbouncer\"\nmode = \"transaction\"\n";
    const std::string of_api = "database = \"main\"\nmax = 5";
    text.replace(text.find(of_api), of_api.size(), "database = \"pgb\"\nmax = 5");
    const Planned planned = plan_text(text);
    const DatabaseView view = report::view(planned.fleet, planned.plan, 0);
    REQUIRE(view.instances);
    CHECK(*planned.fleet.services[view.instances->service].name == "jobs");
    const Planned bare = plan_text(database("db.m5.large", "20%", "4 GiB", ""));
    CHECK(!report::view(bare.fleet, bare.plan, 0).instances);
}

}  // namespace

TEST_CASE("other numbers of instances are those of a service that scales, unless another opens more than twice that") {
    const auto shown = [](int fixed) {
        const Planned planned = plan_text(
            with_instances("{ min = 1, max = 3 }", "deploy = \"recreate\"") +
            fmt::format("[[service]]\nname = \"fixed\"\ninstances = {}\ndeploy = \"recreate\"\n[[service.pool]]\n"
                        "name = \"p\"\ndatabase = \"main\"\nmax = 5\n",
                        fixed));
        const auto instances = report::view(planned.fleet, planned.plan, 0).instances;
        return instances ? *planned.fleet.services[instances->service].name : std::string();
    };
    CHECK(shown(5) == "api");     // 25 beside 30
    CHECK(shown(12) == "api");    // 60
    CHECK(shown(13) == "fixed");  // 65
}

TEST_CASE("what is over a limit today is said once: not beside the sentence of the outage or of the verdict") {
    const auto besides = [](std::string_view limit, std::string_view observed) {
        const Planned planned = plan_text(
            std::string(head) +
            fmt::format("[[database]]\nname = \"main\"\nengine = \"postgresql\"\nversion = \"16.4\"\nclass = "
                        "\"db.m5.large\"\n{}[database.observed]\n{}\n[[service]]\nname = \"api\"\ninstances = 10\n"
                        "[[service.pool]]\nname = \"p\"\ndatabase = \"main\"\nmax = 10\nin_use = \"1-3\"\n",
                        limit, observed));
        std::vector<Dimension> all;
        for (const Check& check : report::view(planned.fleet, planned.plan, 0).over_besides)
            all.push_back(check.dimension);
        return all;
    };
    // 100 connections of 75 usable: the outage says it, and nothing else is over.
    CHECK(besides("max_connections = 80\nreserved_connections = 5\n", "cpu_peak = \"20%\"").empty());
    // The verdict names the CPU, and leaves the memory to be said.
    CHECK(besides("", "cpu_peak = \"70%\"\nfreeable_memory = \"6 GiB\"").empty());
    CHECK(besides("", "cpu_peak = \"70%\"\nfreeable_memory = \"600 MiB\"") == std::vector{Dimension::memory});
}

}  // namespace poolfit::test
