// `[database.observed] series`: what a file of points gives, and credits over it.
#include <functional>
#include <memory>
#include <string>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/import/series.hpp>
#include <poolfit/load/load.hpp>
#include <poolfit/model/scale.hpp>

#include "../../support/fleet.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

struct Attached {
    Planned planned;
    Diagnostics diagnostics;
    bool good = false;

    std::string said() const {
        std::string text;
        for (const Diagnostic& each : diagnostics.all()) text += diag::print(each, {});
        return text;
    }
    const Observed& observed() const { return planned.fleet.databases[0].observed; }
};

/// An inventory whose database names "cpu.csv", with further lines under its [database.observed].
Attached attach(const std::string& cls, const std::string& series, const std::string& keys = {}, double scale = 1) {
    Attached out;
    out.planned.sources = std::make_unique<Sources>();
    Sources& sources = *out.planned.sources;
    const SourceText& inventory = sources.add(
        "poolfit.toml", fmt::format("schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = "
                                    "\"orders\"\nengine = \"postgresql\"\nversion = \"16.4\"\nclass = \"{}\"\n"
                                    "[database.observed]\nseries = \"cpu.csv\"\n{}",
                                    cls, keys));
    Diagnostics load;
    auto fleet = load::inventory(inventory, {}, test::catalog(), sources, load);
    REQUIRE(fleet.has_value());
    out.planned.fleet = std::move(*fleet);
    const SourceText& file = sources.add("cpu.csv", series);
    out.good = imports::attach_series(
        out.planned.fleet, [&](const Located<std::string>&) { return &file; }, out.diagnostics);
    if (!out.good) return out;
    if (scale != 1) model::scale_load(out.planned.fleet, scale);
    out.planned.figures = std::make_unique<Figures>();
    out.planned.plan = plan::make(out.planned.fleet, test::catalog(),
                                  {PriceTerm::list, {0}, plan::Depth::all, out.planned.figures.get()});
    return out;
}

/// Hours from 2026-05-04 on.
std::string hours(int count, const std::function<double(int)>& cpu) {
    std::string text = "time,cpu\n";
    for (int i = 0; i < count; ++i) text += fmt::format("{},{:g}\n", 1'777'852'800 + i * 3'600, cpu(i));
    return text;
}

}  // namespace

TEST_CASE("a series gives the observed values, each at its line") {
    const Attached got = attach("db.t3.large",
                                "time,cpu,cpu_maximum,connections,freeable_memory\n"
                                "2026-05-04T00:00:00Z,10,12,30,4000000000\n"
                                "2026-05-04T12:00:00Z,30,55,40,3000000000\n"
                                "2026-05-05T00:00:00Z,20,21,35,5000000000\n");
    INFO(got.said());
    REQUIRE(got.good);
    const Observed& seen = got.observed();
    CHECK(seen.cpu_mean->value.high.value == doctest::Approx(0.20));
    CHECK(seen.cpu_peak->value.high.value == doctest::Approx(0.55));
    CHECK(diag::print(seen.cpu_peak->place) == "cpu.csv:3:25");
    CHECK_FALSE(seen.cpu_p95);  // a day and a half is too short for that
    CHECK(seen.connections->value == Interval<Connections>(Connections(35), Connections(40)));
    CHECK(seen.freeable_memory->value == Interval<Bytes>(Bytes(3'000'000'000), Bytes(4'000'000'000)));
    CHECK(seen.window->value.value == doctest::Approx(1.5));
    const Node& mean = got.planned.node("database.orders.cpu.mean");
    CHECK(diag::print(mean.origin.place) == "cpu.csv:2:22");
    CHECK(mean.remark.text == "mean of 3 points, 2026-05-04 00:00 to 2026-05-05 12:00 UTC");
}

TEST_CASE("a key goes before the series, and what differs is said") {
    const std::string series = hours(24 * 7, [](int i) { return i % 24 == 9 ? 60.0 : 10.0; });
    const Attached same = attach("db.t3.large", series, "cpu_peak = \"60%\"\n");
    CHECK(same.good);
    CHECK(same.said().empty());
    const Attached other = attach("db.t3.large", series, "cpu_peak = \"80%\"\n");
    REQUIRE(other.good);
    CHECK(other.observed().cpu_peak->value.high == Fraction(0.8));
    CHECK(other.observed().cpu_p95.has_value());
    CHECK(other.said().find("cpu_peak: 80% here, 60% in cpu.csv; what is here counts") != std::string::npos);
    const Attached wrong = attach("db.t3.large", series, "cpu_peak = \"5%\"\n");
    CHECK_FALSE(wrong.good);
    CHECK(wrong.said().find("cpu_peak: cpu_mean is above cpu_peak with what cpu.csv gives") != std::string::npos);
}

TEST_CASE("a steady load over a series costs what its mean costs") {
    const Attached series = attach("db.t3.large", hours(24 * 14, [](int) { return 40.0; }));
    REQUIRE(series.good);
    const Planned mean = plan_text(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"orders\"\nengine = "
        "\"postgresql\"\nversion = \"16.4\"\nclass = \"db.t3.large\"\n[database.observed]\ncpu_mean = "
        "\"40%\"\ncpu_peak = "
        "\"40%\"\nwindow = \"14 d\"\n");
    const auto& over = series.planned.plan.databases[0].now.credits;
    const auto& by_mean = mean.plan.databases[0].now.credits;
    REQUIRE(over);
    REQUIRE(over->balance);
    REQUIRE(by_mean->surplus);
    CHECK(over->surplus->value.value == doctest::Approx(static_cast<double>(by_mean->surplus->value.value)));
    CHECK(over->balance->short_hours.value == doctest::Approx(730));
    CHECK_FALSE(by_mean->balance);
}

TEST_CASE("bursts below the baseline in the mean: charged on t3, an outage on t2, and neither where the credits last") {
    // db.t3.large: 2 vCPUs, 36 an hour, 864 kept, 30 %. 20 of 100 hours at 100 % take 84 net each: 1,680, of which 864
    // are kept and 864 borrowed at most: none is short. 24 hours take 2,016: 288 are, in 100 hours.
    const auto burst = [](int length) { return hours(100, [length](int i) { return i < length ? 100.0 : 0.0; }); };
    const Attached carried = attach("db.t3.large", burst(20));
    REQUIRE(carried.good);
    const auto& fits = carried.planned.plan.databases[0].now.credits;
    CHECK(fits->balance->short_credits.value == doctest::Approx(0));
    CHECK(fits->balance->lowest.value == doctest::Approx(864 - 1680));
    CHECK_FALSE(fits->lives_on_credits);
    CHECK_FALSE(fits->surplus);
    const Attached charged = attach("db.t3.large", burst(24));
    const auto& pays = charged.planned.plan.databases[0].now.credits;
    CHECK(pays->balance->short_credits.value == doctest::Approx(288 * 7.3));
    // 288 × 7.3 ÷ 60 vCPU-hours at $0.075 each.
    CHECK(pays->surplus->value.value == doctest::Approx(288 * 7.3 / 60 * 75'000).epsilon(1e-4));
    // db.t2.large: the same credits, and no surplus: 864 last 10.29 of the hours.
    const Attached held = attach("db.t2.large", burst(24));
    const Projection& now = held.planned.plan.databases[0].now;
    REQUIRE(now.credits);
    CHECK(now.credits->throttled);
    CHECK(now.credits->balance->short_hours.value == doctest::Approx((24 - 864 / 84.0) * 7.3));
    CHECK(now.find(Dimension::credits)->standing == Standing::over);
}

TEST_CASE("--scale multiplies what grows with the load") {
    const Attached got = attach("db.t3.large", hours(24 * 14, [](int i) { return i % 24 == 9 ? 40.0 : 10.0; }), {}, 2);
    REQUIRE(got.good);
    CHECK(got.observed().cpu_mean->value.high.value == doctest::Approx(0.225));
    CHECK(got.observed().cpu_peak->value.high.value == doctest::Approx(0.80));
    CHECK(got.planned.node("database.orders.cpu.peak").remark.text.find("--scale") != std::string_view::npos);
}

TEST_CASE("what is wrong in a series is said at its place") {
    const auto said = [](const std::string& series) {
        const Attached got = attach("db.t3.large", series);
        CHECK_FALSE(got.good);
        return got.said();
    };
    CHECK(said("time,cpu\nyesterday,1\n").find("cpu.csv:2:1") != std::string::npos);
    CHECK(said("time,cpu\n1777852800,ten\n").find("cpu.csv:2:12") != std::string::npos);
    CHECK(said("a,b\n1,2\n").find("no column time or timestamp") != std::string::npos);
    CHECK(said("time,database,cpu\n1777852800,billing,3\n").find("cpu.csv has no series of orders") !=
          std::string::npos);
    CHECK(said("{\"MetricDataResults\": [").find("the file ends inside a list") != std::string::npos);
    CHECK(said("").find("there is nothing in this file") != std::string::npos);
    CHECK(said("time,cpu\n").find("cpu.csv has no points") != std::string::npos);
    CHECK(said("time,cpu\n1777852800,nan\n").find("cpu.csv:2:12") != std::string::npos);
    CHECK(said("time,cpu\n1777852800,-1\n").find("cpu: -1 is out of range") != std::string::npos);
    CHECK(said("time,cpu\n1777852800,1e308\n").find("cpu: 1e+308 is out of range") != std::string::npos);
    CHECK(said("time,connections\n1777852800,1e308\n").find("cpu.csv:2:12") != std::string::npos);
    CHECK(said("time,cpu\n9999-12-31T00:00:00Z,1\n").find("not a time between 1990 and 2100") != std::string::npos);
    CHECK(said("time,cpu\n0000-01-01T00:00:00Z,1\n").find("cpu.csv:2:1") != std::string::npos);
    CHECK(said(std::string("\xFF\xFEt\0", 4)).find("this is UTF-16") != std::string::npos);
    CHECK(said("{\"MetricDataResults\": [{\"Label\": \"CPUUtilization\", \"Timestamps\": [1777852800], \"Values\": [\n"
               "1e308]}]}")
              .find("cpu.csv:2:1") != std::string::npos);
    CHECK(attach("db.t3.large", "\xEF\xBB\xBFtime,cpu\r\n1777852800000,3\r\n").good);
    CHECK(attach("db.t3.large", "time,cpu,conections\n1777852800,3,4\n").said().find("did you mean connections?") !=
          std::string::npos);
}

TEST_CASE("what no server can have is an error at the point, as it is in a key") {
    const Attached over = attach("db.t3.large", "time,cpu\n1777852800,20\n1777856400,150\n");
    CHECK_FALSE(over.good);
    CHECK(over.said().find("cpu: 150 is out of range") != std::string::npos);
    CHECK(over.said().find("cpu.csv:3:12") != std::string::npos);
    CHECK(attach("db.t3.large", "time,cpu\n1777852800,20\n1777856400,100.4\n").good);  // metrics round
    // db.t3.large has 8 GiB.
    const Attached free =
        attach("db.t3.large", "time,freeable_memory\n1777852800,4000000000\n1777856400,20000000000\n");
    CHECK_FALSE(free.good);
    CHECK(free.said().find("freeable_memory: 18.6 GiB is more than the 8 GiB of db.t3.large") != std::string::npos);
    CHECK(free.said().find("cpu.csv:3:12") != std::string::npos);
    const Attached below = attach("db.t3.large", "time,cpu\n1777852800,20\n1777856400,-5\n1777860000,30\n");
    CHECK_FALSE(below.good);
    CHECK(below.said().find("cpu: -5 is out of range") != std::string::npos);
    CHECK(below.said().find("cpu.csv:3:12") != std::string::npos);
}

TEST_CASE("shares of 1 in place of percent are asked about") {
    const Attached shares = attach("db.t3.large", "time,cpu\n1777852800,0.55\n1777856400,0.8\n");
    CHECK(shares.good);
    CHECK(shares.said().find("cpu: at most 0.8 %: is it a share of 1?") != std::string::npos);
    CHECK(attach("db.t3.large", "time,cpu\n1777852800,0.55%\n1777856400,0.8%\n").said().empty());
    CHECK(attach("db.t3.large", "time,cpu\n1777852800,0.55\n1777856400,1.2\n").said().empty());
    CHECK(attach("db.t3.large", "time,cpu\n1777852800,0\n1777856400,0\n").said().empty());
}

TEST_CASE("a day or two moves no database to a smaller class, and does to a larger one") {
    const std::string memory = "freeable_memory = \"4 GiB\"\n";
    const auto verdict = [&](int count, double cpu) {
        const Attached got = attach("db.m6g.large", hours(count, [&](int) { return cpu; }), memory);
        REQUIRE(got.good);
        return got.planned.plan.databases[0].recommendation;
    };
    const auto brief = verdict(24, 2);
    CHECK(brief.verdict == Verdict::unknown);
    REQUIRE(brief.missing.size() == 1);
    CHECK(brief.missing[0].kind == MissingInput::Kind::days);
    CHECK(verdict(24 * 3, 2).verdict == Verdict::resize);
    CHECK(verdict(24, 95).verdict == Verdict::upsize);
}

TEST_CASE("a load that --scale takes over 100 % waits: credits and the mean agree") {
    // 4 hours a day at 90 %, the rest at 2.5 %: the mean is 17.08 %, twice that 34.17 %, over the baseline of 30 %.
    const auto twice = [](double scale) {
        return attach("db.t3.large", hours(24 * 14, [](int i) { return i % 24 < 4 ? 90.0 : 2.5; }), {}, scale);
    };
    const Attached got = twice(2);
    REQUIRE(got.good);
    const auto& credits = got.planned.plan.databases[0].now.credits;
    REQUIRE(credits);
    REQUIRE(credits->balance);
    CHECK(credits->burned_per_hour.value.high == doctest::Approx(41).epsilon(1e-6));
    CHECK(credits->balance->short_credits.value == doctest::Approx((41.0 - 36) * 730).epsilon(1e-4));
    CHECK(credits->lives_on_credits);
    CHECK_FALSE(twice(1).planned.plan.databases[0].now.credits->lives_on_credits);
}
