// Volumes: what they give and cost, worked out by hand from the sources, and what is better.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/plan/action.hpp>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::Planned;

namespace {

Planned planned(std::string_view engine, std::string_view cls, std::string_view storage, std::string_view more = "",
                std::string_view region = "us-east-1") {
    return test::plan_text(
        fmt::format("schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"{}\"\n"
                    "[[database]]\nname = \"db\"\nengine = \"{}\"\nclass = \"{}\"\n{}\n"
                    "[database.storage]\n{}\n",
                    region, engine, cls, more, storage));
}

Planned rds(std::string_view storage, std::string_view more = "", std::string_view region = "us-east-1") {
    return planned("postgresql", "db.m5.xlarge", storage, more, region);
}

const StorageUse& use(const Planned& made) {
    REQUIRE(made.plan.databases[0].storage);
    return *made.plan.databases[0].storage;
}

double dollars(const std::optional<Figure<Interval<MicroUsdPerMonth>>>& amount) {
    REQUIRE(amount);
    CHECK(amount->value.is_point());
    return usd(amount->value.high);
}

}  // namespace

TEST_CASE("storage: prices of a month") {
    struct Case {
        std::string_view storage, more;
        double cost;
    };
    // infracost's golden file and the price list: $0.115 per GiB of gp2 and gp3, $0.125 of io1 with $0.10 an IOPS,
    // $0.02 for each IOPS of gp3 above 12,000.
    for (const Case& c :
         {Case{"type = \"gp3\"\nsize = \"20 GiB\"", "", 2.30}, Case{"type = \"gp2\"\nsize = \"20 GiB\"", "", 2.30},
          Case{"type = \"gp3\"\nsize = \"20 GiB\"", "multi_az = true", 4.60},
          Case{"type = \"io1\"\nsize = \"500 GiB\"\niops = 10000", "", 62.5 + 1000},
          Case{"type = \"io1\"\nsize = \"500 GiB\"\niops = 10000", "multi_az = true", 2125},
          Case{"type = \"gp3\"\nsize = \"500 GiB\"\niops = 20000", "", 57.5 + 8000 * 0.02}}) {
        CAPTURE(c.storage);
        const Planned made = rds(c.storage, c.more);
        CHECK(dollars(use(made).cost.cost) == doctest::Approx(c.cost));
        CHECK(!use(made).cost.at_least);
    }
    CHECK(!use(rds("type = \"gp3\"\nsize = \"20 GiB\"", "", "eu-west-1")).cost.cost);
    CHECK(!use(rds("type = \"io2\"\nsize = \"100 GiB\"\niops = 1000")).cost.cost);
    CHECK(!use(planned("mariadb", "db.m5.large", "type = \"gp3\"\nsize = \"20 GiB\"")).cost.cost);
    const Planned fast = rds("type = \"gp3\"\nsize = \"500 GiB\"\nthroughput = \"1000 MiB/s\"");
    CHECK(use(fast).cost.at_least);  // the price of throughput is known in ap-northeast-2 only
    CHECK(dollars(use(fast).cost.cost) == doctest::Approx(57.5));
    const Planned seoul =
        rds("type = \"gp3\"\nsize = \"500 GiB\"\niops = 13000\nthroughput = \"600 MiB/s\"", "", "ap-northeast-2");
    CHECK(dollars(use(seoul).cost.cost) == doctest::Approx(500 * 0.131 + 1000 * 0.023 + 100 * 0.091));
}

TEST_CASE("storage: what a volume always gives, and what a class lets through") {
    struct Case {
        std::string_view storage;
        double iops, mibps, burst;
    };
    for (const Case& c : {Case{"type = \"gp2\"\nsize = \"20 GiB\"", 100, 128, 3000},
                          Case{"type = \"gp2\"\nsize = \"399 GiB\"", 1197, 128, 3000},
                          Case{"type = \"gp2\"\nsize = \"400 GiB\"", 1200, 512, 12000},
                          Case{"type = \"gp2\"\nsize = \"30000 GiB\"", 64000, 1000, 0},
                          Case{"type = \"gp3\"\nsize = \"399 GiB\"", 3000, 125, 0},
                          Case{"type = \"gp3\"\nsize = \"400 GiB\"", 12000, 500, 0},
                          Case{"type = \"gp3\"\nsize = \"400 GiB\"\niops = 20000", 20000, 500, 0}}) {
        CAPTURE(c.storage);
        const Planned made = rds(c.storage);
        CHECK(use(made).iops->value == c.iops);
        CHECK(use(made).mibps->value == c.mibps);
        CHECK(use(made).burst == c.burst);
        CHECK(use(made).usable_now->value == std::min(c.iops, 6000.0));  // db.m5.xlarge
    }
    CHECK(!use(rds("type = \"magnetic\"\nsize = \"100 GiB\"")).iops);
}

TEST_CASE("storage: io1 to gp3 at the same IOPS, where gp3 has them") {
    const Planned made = rds("type = \"io1\"\nsize = \"500 GiB\"\niops = 10000");
    const auto& advice = use(made).advice;
    REQUIRE(advice);
    CHECK(advice->kind == StorageAdvice::Kind::cheaper);
    CHECK(advice->to->name == "gp3");
    CHECK(!advice->provisioned);
    CHECK(advice->iops->value == 12000);
    CHECK(dollars(advice->cost) == doctest::Approx(57.5));
    CHECK(dollars(advice->saves) == doctest::Approx(1005));
    CHECK(dollars(made.plan.totals.storage_saves) == doctest::Approx(1005));
    const auto phases = plan::phases(made.fleet, made.plan, {});
    CHECK(std::ranges::count(phases, Action::Kind::storage, &Action::kind) == 1);

    const Planned more = rds("type = \"io1\"\nsize = \"500 GiB\"\niops = 20000");
    CHECK(use(more).advice->provisioned == 20000);
    CHECK(dollars(use(more).advice->saves) == doctest::Approx(62.5 + 2000 - 57.5 - 160));
    // Under 400 GiB gp3 has 3,000 IOPS and no more.
    CHECK(!use(rds("type = \"io1\"\nsize = \"300 GiB\"\niops = 5000")).advice);
    CHECK(use(rds("type = \"io1\"\nsize = \"300 GiB\"\niops = 3000")).advice);
    // Nor does it have the throughput that was seen.
    CHECK(!use(rds("type = \"io1\"\nsize = \"300 GiB\"\niops = 3000",
                   "[database.observed]\nebs_throughput = \"200 MiB/s\""))
               .advice);
    // gp2 to gp3 is no saving.
    CHECK(!use(rds("type = \"gp2\"\nsize = \"500 GiB\"")).advice);
}

TEST_CASE("storage: gp2 to gp3 for IOPS alone, at the same price") {
    const Planned made = rds("type = \"gp2\"\nsize = \"200 GiB\"", "[database.observed]\niops = \"500-1600\"");
    const auto& advice = use(made).advice;
    REQUIRE(advice);
    CHECK(advice->kind == StorageAdvice::Kind::more_iops);
    CHECK(advice->iops->value == 3000);
    CHECK(dollars(advice->saves) == doctest::Approx(0));
    CHECK(!made.plan.totals.storage_saves);
    CHECK(!use(rds("type = \"gp2\"\nsize = \"200 GiB\"", "[database.observed]\niops = 600")).advice);
}

TEST_CASE("storage: fewer provisioned IOPS, with a quarter more than was seen") {
    const Planned made =
        rds("type = \"io1\"\nsize = \"300 GiB\"\niops = 10000", "[database.observed]\niops = \"1000-4000\"");
    const auto& advice = use(made).advice;
    REQUIRE(advice);
    CHECK(advice->kind == StorageAdvice::Kind::fewer_iops);
    CHECK(advice->provisioned == 5000);  // 4,000 ÷ 0.8
    CHECK(dollars(advice->saves) == doctest::Approx(500));
}

TEST_CASE("storage: Aurora Standard and I/O-Optimized cost the same at a number of requests") {
    // db.r6g.large: $189.80. 0.30 × 189.80 + 500 × (0.225 − 0.10) = 56.94 + 62.50 = $119.44: 597.2 million at $0.20.
    const auto aurora = [](std::string_view more, std::string_view observed = "") {
        return planned("aurora-postgresql", "db.r6g.large", "size = \"500 GiB\"\n" + std::string(more), observed);
    };
    const Planned open = aurora("");
    CHECK(dollars(use(open).break_even) == doctest::Approx(119.44));
    CHECK(use(open).break_even_requests->value.high == doctest::Approx(597.2e6));
    CHECK(use(open).cost.at_least);
    CHECK(!use(open).advice);

    const Planned busy = aurora("io_requests = \"900M/month\"");
    CHECK(dollars(use(busy).cost.cost) == doctest::Approx(50 + 180));
    REQUIRE(use(busy).advice);
    CHECK(use(busy).advice->to->name == "io-optimized");
    CHECK(dollars(use(busy).advice->saves) == doctest::Approx(180 - 119.44));
    CHECK(dollars(use(busy).advice->cost) == doctest::Approx(112.5));
    CHECK(!use(aurora("io_requests = \"597M/month\"")).advice);

    // Instances cost 30 % more, and so does every class.
    const Planned flat = aurora("type = \"io-optimized\"\nio_requests = \"100M/month\"");
    CHECK(usd(flat.plan.databases[0].now.list->value) == doctest::Approx(189.80 * 1.3));
    CHECK(dollars(use(flat).break_even) == doctest::Approx(119.44));
    REQUIRE(use(flat).advice);
    CHECK(use(flat).advice->to->name == "standard");
    CHECK(dollars(use(flat).advice->saves) == doctest::Approx(119.44 - 20));

    // 100 to 300 IOPS for 730 hours: 262.8 to 788.4 million, on both sides of it.
    const Planned seen = aurora("", "[database.observed]\nread_iops = \"50-200\"\nwrite_iops = \"50-100\"");
    CHECK(use(seen).requests->value.low == doctest::Approx(262.8e6));
    CHECK(use(seen).requests->value.high == doctest::Approx(788.4e6));
    CHECK(use(seen).requests_observed);
    CHECK(!use(seen).advice);
}

TEST_CASE("storage: the bill has it, and no class's saving does") {
    const Planned made = rds("type = \"gp3\"\nsize = \"20 GiB\"");
    const Totals& totals = made.plan.totals;
    CHECK(dollars(totals.storage) == doctest::Approx(2.30));
    CHECK(dollars(totals.bill_now) == doctest::Approx(usd(totals.now->value) + 2.30));
    CHECK(dollars(totals.bill_after) == doctest::Approx(usd(totals.after->value) + 2.30));
    const Planned unknown = rds("type = \"gp3\"\nsize = \"20 GiB\"", "", "eu-west-1");
    CHECK(!unknown.plan.totals.storage);
    CHECK(unknown.plan.totals.without_storage == std::vector<Index>{0});
}

TEST_CASE("storage: a class that lets through less than the volume gives says so where nothing was observed") {
    constexpr std::string_view seen =
        "[database.observed]\ncpu_mean = \"5%\"\ncpu_peak = \"10%\"\nfreeable_memory = \"12 GiB\"\nwindow = \"14 d\"";
    const Planned made = rds("type = \"gp3\"\nsize = \"500 GiB\"", seen);
    const Projection small = made.on(0, "db.t3.medium");
    const Check* check = small.find(Dimension::iops);
    REQUIRE(check != nullptr);
    CHECK(check->caveat == Caveat::volume_over_class);
    CHECK(check->of == 6000);
    CHECK(*check->limit == 2000);
    CHECK(made.on(0, "db.m5.2xlarge").find(Dimension::iops) == nullptr);
    CHECK(rds("type = \"gp2\"\nsize = \"200 GiB\"", seen).on(0, "db.t3.medium").find(Dimension::iops) == nullptr);
}
