// Chances of classes in many worlds: those that can be worked out by hand, and what must not change them.
#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/assess/cpu.hpp>
#include <poolfit/assess/world.hpp>
#include <poolfit/plan/worlds.hpp>
#include <poolfit/simulate/generator.hpp>

#include "../../support/fleet.hpp"
#include "inventory.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

std::string observed(std::string_view cls, std::string_view measured, std::string_view policy = "",
                     std::string_view rest = "") {
    return one_database(cls, fmt::format("[database.observed]\n{}\nwindow = \"30 d\"", measured),
                        fmt::format("[policy]\n{}\n{}", policy, rest));
}

Worlds drawn(const Planned& planned, std::int64_t count = 20'000, std::uint64_t seed = 1, int threads = 1) {
    const std::vector<Index> all{0};
    return plan::worlds(planned.fleet, planned.plan, {count, seed, all, threads, nullptr}).front();
}

const Worlds::OfClass& on(const Worlds& worlds, std::string_view cls) {
    const auto at = std::ranges::find(worlds.classes, cls, [](const Worlds::OfClass& of) { return of.cls->name; });
    REQUIRE(at != worlds.classes.end());
    return *at;
}

double inside(const Worlds& worlds, std::string_view cls) { return on(worlds, cls).today.inside.value().share(); }

double inside(const Worlds::Moment& moment, Dimension dimension) {
    const auto at = std::ranges::find(moment.dimensions, dimension, &Worlds::OfDimension::dimension);
    REQUIRE(at != moment.dimensions.end());
    return at->inside.value().share();
}

/// Four standard deviations of a share of 20,000.
doctest::Approx about(double share) {
    return doctest::Approx(share).epsilon(0).scale(1).epsilon(4 * std::sqrt(0.25 / 20'000));
}

}  // namespace

TEST_CASE("a peak of 20 to 60 % is inside a limit of 50 % on today's class in three worlds of four") {
    const Planned planned =
        plan_text(observed("db.m5.large", "cpu_mean = \"5%\"\ncpu_peak = \"20-60%\"\nfreeable_memory = \"4 GiB\"",
                           "cpu_peak_max = \"50%\""));
    const Worlds worlds = drawn(planned);
    CHECK(inside(worlds, "db.m5.large") == about(0.75));
    CHECK_FALSE(on(worlds, "db.m5.large").fits);
    const Worlds::Moment& today = on(worlds, "db.m5.large").today;
    CHECK(inside(today, Dimension::cpu_peak) == about(0.75));
    CHECK(inside(today, Dimension::memory) == 1);
}

TEST_CASE("a limit that today's class exceeds is exceeded in a world, too") {
    // db.r6i.xlarge always lets through 6,000 IOPS.
    const auto with = [](std::string_view iops) {
        return drawn(plan_text(observed("db.r6i.xlarge", fmt::format("cpu_mean = \"20%\"\ncpu_peak = \"50%\"\n"
                                                                     "freeable_memory = \"10 GiB\"\niops = {}",
                                                                     iops))));
    };
    CHECK(inside(with("12000"), "db.r6i.xlarge") == 0);
    CHECK(inside(on(with("12000"), "db.r6i.xlarge").today, Dimension::iops) == 0);
    CHECK(inside(with("\"2500-12000\""), "db.r6i.xlarge") == about(3500.0 / 9500));
    CHECK(inside(with("5000"), "db.r6i.xlarge") == 1);
}

TEST_CASE("surplus credits are a price in a world as in the plan, and outside in neither") {
    // db.t3.large costs $105.85 and has 30 % of two vCPUs; above that a vCPU-hour costs $0.075. A mean of 20 to 60 % is
    // over it in three worlds of four, by 15 points on average: 0.15 × 2 × 730 × 0.075 × 3/4.
    const Planned planned =
        plan_text(observed("db.t3.large", "cpu_mean = \"20-60%\"\ncpu_peak = \"60%\"\nfreeable_memory = \"3 GiB\""));
    const Candidate& today =
        *std::ranges::find(planned.plan.databases[0].candidates, planned.fleet.databases[0].type, &Candidate::cls);
    CHECK(today.fits);
    const Worlds worlds = drawn(planned);
    CHECK(inside(worlds, "db.t3.large") == 1);
    CHECK(on(worlds, "db.t3.large").today.surplus);
    const double cost = static_cast<double>(on(worlds, "db.t3.large").today.cost->value) / 1e6;
    CHECK(cost == doctest::Approx(105.85 + 0.15 * 2 * 730 * 0.075 * 0.75).epsilon(0.005));
}

TEST_CASE("a replica that does not start is outside in every world") {
    const Planned planned = plan_text(
        observed("db.m5.2xlarge", "cpu_mean = \"5%\"\ncpu_peak = \"40%\"\nfreeable_memory = \"15 GiB\"", "",
                 "[[database]]\nname = \"replica\"\nreplica_of = \"db\"\nclass = \"db.m5.large\"\n[database.observed]\n"
                 "cpu_mean = \"5%\"\ncpu_peak = \"20%\"\nfreeable_memory = \"4 GiB\"\nwindow = \"30 d\""));
    const std::vector<Index> replica{1};
    const Worlds worlds = plan::worlds(planned.fleet, planned.plan, {100, 1, replica, 1, nullptr}).front();
    CHECK(inside(worlds, "db.m5.large") == 0);
}

TEST_CASE("two limits that depend on different lines are kept independently") {
    // Of 8 GiB 85 % may be used, so 1.2 GiB have to be free: 0.8 of 2.
    const Planned planned =
        plan_text(observed("db.m5.large", "cpu_mean = \"5%\"\ncpu_peak = \"20-60%\"\nfreeable_memory = \"0-2 GiB\"",
                           "cpu_peak_max = \"50%\""));
    const Worlds worlds = drawn(planned);
    CHECK(inside(on(worlds, "db.m5.large").today, Dimension::memory) == about(0.4));
    CHECK(inside(worlds, "db.m5.large") == about(0.75 * 0.4));
}

TEST_CASE("mean and peak of one server rise together") {
    // db.t2.large is held at 30 % of its two vCPUs. The mean is under that in the lower half of its range, and in the
    // same worlds the peak is under 50 %.
    const Planned planned =
        plan_text(observed("db.t2.large", "cpu_mean = \"20-40%\"\ncpu_peak = \"40-60%\"\nfreeable_memory = \"4 GiB\"",
                           "cpu_peak_max = \"50%\""));
    const Worlds worlds = drawn(planned);
    CHECK(inside(on(worlds, "db.t2.large").today, Dimension::credits) == about(0.5));
    CHECK(inside(on(worlds, "db.t2.large").today, Dimension::cpu_peak) == about(0.5));
    CHECK(inside(worlds, "db.t2.large") == about(0.5));
}

TEST_CASE("CPU on another size is the law's times the band's own law") {
    // 25 % of four vCPUs are 50 % of two, by the law; the band is 0.85 to 1.4, its middle their geometric mean, and its
    // ends are the 5 % and 95 % points of a lognormal law of which the rest is cut off. Within 60 % the factor is 1.2:
    //   z = (ln 1.2 − ln √(0.85 × 1.4)) / (ln(1.4 / 0.85) / (2 × 1.64485)) = 0.6286, Φ(z) = 0.7352
    //   P = (0.7352 − 0.05) / 0.9 = 0.7613
    const Planned planned =
        plan_text(observed("db.m5.xlarge", "cpu_mean = \"10%\"\ncpu_peak = \"25%\"\nfreeable_memory = \"13 GiB\""));
    const Worlds worlds = drawn(planned);
    CHECK(inside(on(worlds, "db.m5.large").today, Dimension::cpu_peak) == about(0.7613));
    CHECK(inside(worlds, "db.m5.xlarge") == 1);
}

TEST_CASE("the band's law begins and ends at the band, and its middle is the geometric mean") {
    for (const CpuMove move : {CpuMove::same_cpu, CpuMove::x86_to_arm, CpuMove::by_count}) {
        const Interval<double> band = assess::cpu_band(move);
        CHECK(assess::cpu_band_at(move, assess::cpu_band_share(1e-12)) == doctest::Approx(band.low));
        CHECK(assess::cpu_band_at(move, assess::cpu_band_share(1 - 1e-12)) == doctest::Approx(band.high));
        CHECK(assess::cpu_band_at(move, assess::cpu_band_share(0.5)) ==
              doctest::Approx(std::sqrt(band.low * band.high)));
    }
    CHECK(assess::cpu_band_at(CpuMove::none, 0.9) == 1);
}

TEST_CASE("a value at a position of a range: uniform in the range, and whole where the quantity is") {
    simulate::Generator chance(7, simulate::Purpose::world, 3, 1);
    double sum = 0, squares = 0;
    constexpr int count = 100'000;
    for (int i = 0; i < count; ++i) {
        const double value = assess::value_at(10.0, 22.0, chance.uniform());
        sum += value;
        squares += value * value;
    }
    const double mean = sum / count, variance = squares / count - mean * mean;
    CHECK(mean == doctest::Approx(16).epsilon(0.002));
    CHECK(variance == doctest::Approx(12).epsilon(0.02));  // 12² / 12
    CHECK(assess::value_at(Connections(10), Connections(13), 0.5).value == 12);
    CHECK(assess::value_at(Connections(10), Connections(10), 0.7).value == 10);
    CHECK(assess::value_at(Fraction(0.1), Fraction(0.3), 1.0).value == doctest::Approx(0.3));
}

TEST_CASE("growth is lognormal: its median is the stated rate, and 95 % lie between none and twice as much") {
    const double year = std::pow(1.1, 12);
    CHECK(plan::growth_factor(0.1, 0.5) == doctest::Approx(year));
    CHECK(plan::growth_factor(0.1, 0.02275) == doctest::Approx(1).epsilon(1e-4));
    CHECK(plan::growth_factor(0.1, 0.97725) == doctest::Approx(year * year).epsilon(1e-4));
    CHECK(plan::growth_factor(0, 0.9) == 1);
}

TEST_CASE("after a year of growth an exact load is inside where the growth that it allows is not passed") {
    // 30 % may become 60 %: a factor of 2. ln 2 / (12 ln 1.05) = 1.1839, so z = 2 × 0.1839 = 0.3678, Φ = 0.6435.
    const Planned planned =
        plan_text(observed("db.m5.large", "cpu_mean = \"5%\"\ncpu_peak = \"30%\"\nfreeable_memory = \"4 GiB\"", "",
                           "[growth]\nload = \"5% / month\""));
    const Worlds worlds = drawn(planned);
    const Worlds::OfClass& today = on(worlds, "db.m5.large");
    CHECK(today.today.inside->worlds == 20'000);
    REQUIRE(today.grown);
    CHECK(today.grown->inside->share() == about(0.6435));
    CHECK(worlds.grown);
    CHECK_FALSE(drawn(plan_text(observed("db.m5.large", "cpu_peak = \"30%\""))).grown);
}

TEST_CASE("a limit that is known as a range is drawn too") {
    // Any steady limit from that of the low end to that of the high one: half of them carry what the middle one is.
    const auto text = [](std::int64_t connections) {
        return observed("db.m5.large", "cpu_mean = \"5%\"\ncpu_peak = \"10%\"\nfreeable_memory = \"5 GiB\"", "",
                        one_pool("s", fmt::format("max = {}", connections)));
    };
    const Planned first = plan_text(text(1));
    const Limits& limits = first.plan.databases[0].budget.limits;
    const auto [low, high] = limits.max_expected->value;
    REQUIRE(low < high);
    const double middle =
        static_cast<double>(low.value + high.value) / 2 - static_cast<double>(limits.reserved.value.value);
    const Planned planned = plan_text(text(static_cast<std::int64_t>(0.8 * middle)));
    // What the plan would make of it is another size; what is asked here is what this many connections do.
    Plan plan = planned.plan;
    plan.databases[0].after = plan.databases[0].demand;
    const std::vector<Index> all{0};
    const Worlds worlds = plan::worlds(planned.fleet, plan, {20'000, 1, all, 1, nullptr}).front();
    CHECK(inside(on(worlds, "db.m5.large").today, Dimension::connections_steady) == doctest::Approx(0.5).epsilon(0.05));
    CHECK(inside(on(worlds, "db.m5.large").today, Dimension::connections_deploy) == 1);
}

TEST_CASE("CPU that workloads ask for is drawn from rates and times") {
    // 10 to 30 a second × 40 ms are 0.4 to 1.2 of 2 vCPUs; 60 % are 1.2, and 40 % are 0.8, the middle.
    const std::string pool =
        "max = 5\n[service.pool.workload]\nrate = \"10-30/s\"\nhold = \"50 ms\"\ncpu = \"40 ms\"\n";
    const Planned planned =
        plan_text(observed("db.m5.large", "cpu_mean = \"5%\"\ncpu_peak = \"10%\"\nfreeable_memory = \"4 GiB\"",
                           "cpu_peak_max = \"40%\"", one_pool("s", pool)));
    const Worlds worlds = drawn(planned);
    CHECK(inside(on(worlds, "db.m5.large").today, Dimension::cpu_demand) == about(0.5));
}

TEST_CASE("exact inputs leave nothing open on today's class: it is inside in all worlds, or in none") {
    for (const std::string_view peak : {"40%", "70%"}) {
        const Planned planned = plan_text(observed(
            "db.m5.large", fmt::format("cpu_mean = \"5%\"\ncpu_peak = \"{}\"\nfreeable_memory = \"4 GiB\"", peak)));
        const Worlds worlds = drawn(planned, 100);
        const bool fits = on(worlds, "db.m5.large").fits;
        CHECK(fits == (peak == "40%"));
        CHECK(on(worlds, "db.m5.large").today.inside->worlds == (fits ? 100 : 0));
    }
}

TEST_CASE("what is not given is unknown, not inside") {
    const Worlds worlds = drawn(plan_text(observed("db.m5.large", "cpu_mean = \"5%\"")), 100);
    const Worlds::Moment& today = on(worlds, "db.m5.large").today;
    CHECK_FALSE(today.inside);
    for (const Worlds::OfDimension& each : today.dimensions)
        CHECK(each.inside.has_value() ==
              (each.dimension != Dimension::cpu_peak && each.dimension != Dimension::memory));
    CHECK(worlds.today.by_trouble.empty());
}

TEST_CASE("regret is what a class costs, with trouble, more than the best of each world") {
    const std::string_view seen = "cpu_mean = \"10%\"\ncpu_peak = \"25%\"\nfreeable_memory = \"13 GiB\"";
    const std::string_view policy = "allow = [\"db.m5.*\"]\ncost_of_trouble = {}";
    // db.m5.large at half the price of db.m5.xlarge, $129.94, is outside in 23.9 % of the worlds: it is the best while
    // trouble costs less than 129.94 / 0.239.
    for (const int trouble : {100, 5000}) {
        const Worlds worlds =
            drawn(plan_text(observed("db.m5.xlarge", seen, fmt::format(fmt::runtime(policy), trouble))));
        const Worlds::OfClass &small = on(worlds, "db.m5.large"), &large = on(worlds, "db.m5.xlarge");
        REQUIRE(worlds.classes.size() == 2);
        const double p = small.today.inside->share(), cheap = usd(*small.today.cost), dear = usd(*large.today.cost);
        // In a world where the small class is inside it is the best; elsewhere trouble is paid, or the larger class.
        const double best = p * cheap + (1 - p) * std::min(cheap + trouble, dear);
        CHECK(usd(*small.today.regret) == doctest::Approx(cheap + (1 - p) * trouble - best).epsilon(1e-4));
        CHECK(usd(*large.today.regret) == doctest::Approx(dear - best).epsilon(1e-4));
        CHECK(worlds.today.least_regret->name == (trouble == 100 ? "db.m5.large" : "db.m5.xlarge"));
        REQUIRE(worlds.today.by_trouble.size() == 2);
        CHECK(usd(*worlds.today.by_trouble[0].to) == doctest::Approx((dear - cheap) / (1 - p)).epsilon(1e-4));
    }
    CHECK_FALSE(drawn(plan_text(observed("db.m5.xlarge", seen)), 100).today.least_regret);
}

TEST_CASE("a class that is outside in most worlds is no choice, however little trouble costs") {
    const Worlds worlds = drawn(
        plan_text(observed("db.m5.xlarge", "cpu_mean = \"10%\"\ncpu_peak = \"25-60%\"\nfreeable_memory = \"13 GiB\"",
                           "allow = [\"db.m5.*\"]\ncost_of_trouble = 0")));
    const double small = inside(worlds, "db.m5.large");
    CHECK(small > 0);
    CHECK(small < 0.5);
    REQUIRE(worlds.today.least_regret != nullptr);
    CHECK(worlds.today.least_regret->name == "db.m5.xlarge");
    // Nor is it what regret is against: the only choice is never regretted.
    CHECK_FALSE(on(worlds, "db.m5.large").today.regret);
    CHECK(on(worlds, "db.m5.xlarge").today.regret == MicroUsdPerMonth(0));
}

TEST_CASE("of few worlds, and where commitments decide, there are chances only") {
    const std::string_view seen = "cpu_mean = \"10%\"\ncpu_peak = \"25%\"\nfreeable_memory = \"13 GiB\"";
    const std::string_view policy = "allow = [\"db.m5.*\"]\ncost_of_trouble = 100";
    const auto chances_only = [](const Worlds& worlds, Worlds::NoRegret why) {
        CHECK(worlds.no_regret == why);
        CHECK(worlds.today.least_regret == nullptr);
        CHECK(worlds.today.by_trouble.empty());
        for (const Worlds::OfClass& of : worlds.classes) {
            CHECK(of.today.inside);
            CHECK_FALSE(of.today.regret);
        }
    };
    const Planned planned = plan_text(observed("db.m5.xlarge", seen, policy));
    chances_only(drawn(planned, Worlds::fewest_for_regret - 1), Worlds::NoRegret::few_worlds);
    CHECK(drawn(planned, Worlds::fewest_for_regret).today.least_regret != nullptr);
    const std::string_view reserved =
        "[[commitment]]\nkind = \"reserved\"\nengine = \"postgresql\"\nclass = \"db.m5.xlarge\"\n"
        "count = 1\nends = \"2030-01-01\"\n";
    chances_only(drawn(plan_text(observed("db.m5.xlarge", seen, policy, reserved)), 1000),
                 Worlds::NoRegret::commitments);
}

TEST_CASE("a mean never passes the peak of the same world") {
    // Both at one position of their ranges, 10-70 % and 10-80 %: at u they are 10 + 60 u and 10 + 70 u. db.t2.large is
    // held at 30 %: u < 1/3; the peak is within 50 % where u < 4/7. So the smaller third is inside both.
    const Planned planned =
        plan_text(observed("db.t2.large", "cpu_mean = \"10-70%\"\ncpu_peak = \"10-80%\"\nfreeable_memory = \"4 GiB\"",
                           "cpu_peak_max = \"50%\""));
    const Worlds worlds = drawn(planned);
    CHECK(inside(on(worlds, "db.t2.large").today, Dimension::credits) == about(1.0 / 3));
    CHECK(inside(on(worlds, "db.t2.large").today, Dimension::cpu_peak) == about(4.0 / 7));
    CHECK(inside(worlds, "db.t2.large") == about(1.0 / 3));
}

TEST_CASE("worlds are the same for any number of threads, and for any order of the inventory") {
    const std::string text =
        observed("db.m5.xlarge", "cpu_mean = \"5-9%\"\ncpu_peak = \"20-40%\"\nfreeable_memory = \"8-12 GiB\"",
                 "cost_of_trouble = 150",
                 "[[database]]\nname = \"other\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n"
                 "[database.observed]\ncpu_peak = \"30-70%\"\n");
    const Planned planned = plan_text(text);
    const auto alike = [](const Worlds& a, const Worlds& b) {
        REQUIRE(a.classes.size() == b.classes.size());
        for (std::size_t k = 0; k < a.classes.size(); ++k) {
            CHECK(a.classes[k].today.inside->worlds == b.classes[k].today.inside->worlds);
            CHECK(a.classes[k].today.cost == b.classes[k].today.cost);
            CHECK(a.classes[k].today.regret == b.classes[k].today.regret);
        }
    };
    const Worlds one = drawn(planned, 2'000);
    alike(one, drawn(planned, 2'000, 1, 7));
    const std::vector<Index> both{1, 0};
    alike(one, plan::worlds(planned.fleet, planned.plan, {2'000, 1, both, 3, nullptr}).back());
    const Worlds other = drawn(planned, 2'000, 2);
    CHECK(std::ranges::any_of(one.classes, [&](const Worlds::OfClass& of) {
        return of.today.inside->worlds != on(other, of.cls->name).today.inside->worlds;
    }));
}

TEST_CASE("Wilson's interval") {
    // 10 of 100: (0.1 + 0.019207) / 1.038415 ± 1.96 / 1.038415 × √(0.0009 + 0.00009604) = 0.1148 ± 0.0596.
    const Chance some = plan::chance(10, 100);
    CHECK(some.low == doctest::Approx(0.05523).epsilon(1e-3));
    CHECK(some.high == doctest::Approx(0.17437).epsilon(1e-3));
    const Chance all = plan::chance(1000, 1000);
    CHECK(all.low == doctest::Approx(0.99617).epsilon(1e-4));
    CHECK(all.high == 1);
    CHECK(plan::chance(0, 1000).low == 0);
    CHECK(plan::chance(0, 1000).high == doctest::Approx(1 - 0.99617).epsilon(1e-2));
}

TEST_CASE("what is drawn is named with its law and its line") {
    const Planned planned =
        plan_text(observed("db.m5.xlarge", "cpu_mean = \"5%\"\ncpu_peak = \"20-40%\"\nfreeable_memory = \"8-12 GiB\"",
                           "", "[growth]\nload = \"3% / month\""));
    const Worlds worlds = drawn(planned, 10);
    const auto of = [&](std::string_view name) {
        const auto at = std::ranges::find(
            worlds.draws, name, [&](const Worlds::Draw& draw) { return assess::name(draw.key, planned.fleet); });
        return at == worlds.draws.end() ? nullptr : &*at;
    };
    REQUIRE(of("database.db.cpu.peak") != nullptr);
    CHECK(of("database.db.cpu.peak")->law == Worlds::Law::uniform);
    CHECK(of("database.db.cpu.peak")->place);
    CHECK(of("database.db.cpu.mean") == nullptr);  // no range
    CHECK(of("database.db.memory.freeable") != nullptr);
    REQUIRE(of("cpu_band_same_family") != nullptr);
    CHECK(of("cpu_band_same_family")->law == Worlds::Law::in_band);
    REQUIRE(of("growth.load_per_month") != nullptr);
    CHECK(of("growth.load_per_month")->law == Worlds::Law::lognormal);
}
