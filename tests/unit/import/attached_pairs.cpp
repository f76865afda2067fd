// Series of a primary and its replica: credits when one is lost, and credits of worlds over a thinned series.
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/assess/cpu.hpp>
#include <poolfit/import/series.hpp>
#include <poolfit/load/load.hpp>
#include <poolfit/plan/worlds.hpp>

#include "../../../src/render/derivation.hpp"
#include "../../support/fleet.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

constexpr int monday = 1'777'852'800;  // 2026-05-04 00:00 UTC

std::string hours(int count, const std::function<double(int)>& cpu, int from = monday) {
    std::string text = "time,cpu\n";
    for (int i = 0; i < count; ++i) text += fmt::format("{},{:g}\n", from + i * 3'600, cpu(i));
    return text;
}

/// A primary whose file is "a.csv", and a replica whose file is "b.csv" or that has the keys given.
Planned pair(const std::string& cls, const std::string& mine, const std::string& theirs) {
    Planned out;
    out.sources = std::make_unique<Sources>();
    const bool keys = theirs.starts_with("cpu_");
    std::string text = "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n";
    for (const char* name : {"a", "b"}) {
        text += fmt::format(
            "[[database]]\nname = \"{}\"\nengine = \"postgresql\"\nversion = \"16.4\"\nclass = \"{}\"\n", name, cls);
        if (*name == 'b') text += "replica_of = \"a\"\n";
        text += "[database.observed]\n";
        text += *name == 'b' && keys ? theirs : fmt::format("series = \"{}.csv\"\n", name);
    }
    const SourceText& inventory = out.sources->add("poolfit.toml", text);
    Diagnostics said;
    auto fleet = load::inventory(inventory, {}, test::catalog(), *out.sources, said);
    REQUIRE(fleet.has_value());
    out.fleet = std::move(*fleet);
    const SourceText& first = out.sources->add("a.csv", mine);
    const SourceText& second = out.sources->add("b.csv", theirs);
    const auto open = [&](const Located<std::string>& path) { return *path == "a.csv" ? &first : &second; };
    REQUIRE(imports::attach_series(out.fleet, open, said));
    out.figures = std::make_unique<Figures>();
    out.plan = plan::make(out.fleet, test::catalog(), {PriceTerm::list, {0, 1}, plan::Depth::all, out.figures.get()});
    return out;
}

const Survival& loss(const Planned& planned) {
    REQUIRE(planned.plan.databases[0].now.losses.size() == 1);
    return planned.plan.databases[0].now.losses[0];
}

double none(int) { return 0; }

std::string words(const Planned& planned, const Node& node) {
    return render::note_text({*planned.figures, planned.fleet}, *planned.figures->find(node.key));
}

}  // namespace

TEST_CASE("a loss: the balance over both series, added point by point") {
    // db.t3.large: 2 vCPUs, 36 an hour, 864 kept and as many borrowed. Bursts at different hours: 12 of a's 100 hours
    // at 100 %, then 12 of b's. Together 24 hours at 100 % take 84 net each: 2,016, of which 1,728 are there.
    const auto burst = [](int from) {
        return hours(100, [from](int i) { return i >= from && i < from + 12 ? 100.0 : 0.0; });
    };
    const Planned both = pair("db.t3.large", burst(0), burst(12));
    const Survival& lost = loss(both);
    REQUIRE(lost.balance);
    CHECK(lost.balance->short_credits.value == doctest::Approx(288 * 7.3));
    CHECK(lost.balance->lowest.value == doctest::Approx(-864));
    REQUIRE(lost.surplus);
    CHECK(lost.surplus->value.value == doctest::Approx(288 * 7.3 / 60 * 75'000).epsilon(1e-4));
    CHECK_FALSE(lost.series_apart);
    const Node& hours = both.node("database.a.credits.failover_short_hours_per_month.from.b");
    CHECK(words(both, hours) == "a.csv of a and b.csv of b");
    // Neither is short alone.
    CHECK_FALSE(both.plan.databases[0].now.credits->lives_on_credits);
    CHECK_FALSE(both.plan.databases[1].now.credits->lives_on_credits);
}

TEST_CASE("a loss: series of other times are not judged, a mean without a series is added to each point") {
    const Planned apart = pair("db.t3.large", hours(100, none),
                               hours(
                                   100, [](int) { return 50.0; }, monday + 365 * 86'400));
    CHECK(loss(apart).series_apart);
    CHECK_FALSE(loss(apart).balance);
    CHECK_FALSE(loss(apart).hours_to_empty);
    CHECK_FALSE(loss(apart).surplus);
    // 20 % of the replica, always, on an idle primary: inside the baseline of 30 %; 40 % is 12 credits an hour over it.
    const Planned idle = pair("db.t3.large", hours(100, none), "cpu_mean = \"20%\"\ncpu_peak = \"20%\"\n");
    REQUIRE(loss(idle).balance);
    CHECK_FALSE(loss(idle).runs_short());
    CHECK_FALSE(loss(idle).hours_to_empty);
    const Planned busy = pair("db.t3.large", hours(100, none), "cpu_mean = \"40%\"\ncpu_peak = \"40%\"\n");
    REQUIRE(loss(busy).balance);
    CHECK(loss(busy).balance->short_credits.value == doctest::Approx(12 * 730));
    CHECK(words(busy, busy.node("database.a.credits.failover_lowest_balance.from.b")) ==
          "a.csv of a and the mean of b");
}

TEST_CASE("a loss on a throttled class that bursts over its credits is a risk, by its hours") {
    const auto burst = hours(100, [](int i) { return i < 6 ? 100.0 : 0.0; });
    const Planned held = pair("db.t2.large", burst, hours(100, [](int i) { return i >= 6 && i < 12 ? 100.0 : 0.0; }));
    REQUIRE(loss(held).balance);
    // 864 last 10.29 of the 12 hours.
    CHECK(loss(held).balance->short_hours.value == doctest::Approx((12 - 864 / 84.0) * 7.3));
    CHECK_FALSE(loss(held).surplus);
}

TEST_CASE("two loads in numbers are the two loads in figures") {
    const Planned any = pair("db.t3.large", hours(24, none), hours(24, none));
    for (const char* to : {"db.t3.large", "db.t3.medium", "db.t4g.large", "db.m5.large", "db.m6g.large"}) {
        const InstanceClass& there = *any.on(0, to).cls;
        const InstanceClass &one = *any.on(0, "db.t3.large").cls, &other = *any.on(0, "db.r6g.large").cls;
        const assess::CpuTogether numbers(there, one, other);
        for (int a = 0; a <= 20; ++a)
            for (int b = 0; b <= 20; ++b) {
                const Interval<Fraction> first{Fraction(a * 0.05)}, second{Fraction(b * 0.05)};
                const assess::CpuLoad loads[] = {{&one, {first, {}}, {}}, {&other, {second, {}}, {}}};
                const auto figure = assess::cpu_together(Key{}, Key{}, there, loads, Recorder());
                CAPTURE(to);
                CAPTURE(a);
                CAPTURE(b);
                CHECK(numbers(a * 0.05, b * 0.05) == doctest::Approx(figure.value.high.value));
            }
    }
}

TEST_CASE("worlds: a thinned series gives the plan's verdict where nothing is drawn") {
    // Today's class moves nowhere, so each world is the plan.
    for (const int length : {16, 20, 21, 24, 30}) {
        CAPTURE(length);
        const std::string mine = hours(100, [length](int i) { return i < length ? 80.0 + i % 20 : i % 7 * 1.0; });
        const Planned made = pair("db.t3.large", mine, hours(100, none));
        const auto& credits = made.plan.databases[0].now.credits;
        REQUIRE(credits);
        REQUIRE(credits->balance);
        const std::vector<Index> all{0};
        const Worlds worlds = plan::worlds(made.fleet, made.plan, {64, 1, all, 1, nullptr}).front();
        bool found = false;
        for (const Worlds::OfClass& each : worlds.classes) {
            if (each.cls->name != "db.t3.large") continue;
            found = true;
            CHECK(each.today.surplus == credits->lives_on_credits);
            if (made.plan.databases[0].now.cost && each.today.cost)
                CHECK(static_cast<double>(each.today.cost->value) ==
                      doctest::Approx(static_cast<double>(made.plan.databases[0].now.cost->value.value)).epsilon(1e-6));
        }
        CHECK(found);
    }
}
