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
    // db.m5.xlarge lets 18,750 of them through at the most, in a burst.
    CHECK(use(more).advice->provisioned == 18750);
    CHECK(dollars(use(more).advice->saves) == doctest::Approx(62.5 + 2000 - 57.5 - 135));
    CHECK(!use(rds("type = \"io1\"\nsize = \"300 GiB\"\niops = 3000")).advice->gib);
    // gp2 to gp3 is no saving.
    CHECK(!use(rds("type = \"gp2\"\nsize = \"500 GiB\"")).advice);
}

TEST_CASE("storage: under 400 GiB gp3 has 3,000 IOPS and no more, so a volume that needs more grows, for good") {
    const auto io1 = [](std::string_view iops, std::string_view observed = "") {
        return rds("type = \"io1\"\nsize = \"300 GiB\"\niops = " + std::string(iops),
                   observed.empty() ? "" : "[database.observed]\n" + std::string(observed));
    };
    // 300 x 0.125 + 5,000 x 0.10 = $537.50; 400 x 0.115 = $46.
    const Planned made = io1("5000");
    const auto& advice = use(made).advice;
    REQUIRE(advice);
    CHECK(advice->kind == StorageAdvice::Kind::cheaper);
    CHECK(advice->gib == 400);
    CHECK(!advice->provisioned);
    CHECK(advice->iops->value == 12000);
    CHECK(dollars(advice->cost) == doctest::Approx(46));
    CHECK(dollars(advice->saves) == doctest::Approx(491.5));
    // A little more than 12,000: 1,000 of them at $0.02.
    const Planned above = io1("13000");
    CHECK(use(above).advice->provisioned == 13000);
    CHECK(dollars(use(above).advice->cost) == doctest::Approx(66));
    // What was seen fits 3,000 IOPS with a quarter more: at its size, $34.50.
    const Planned small = io1("5000", "iops = \"100-2400\"");
    CHECK(use(small).advice->kind == StorageAdvice::Kind::fewer_iops);
    CHECK(!use(small).advice->gib);
    CHECK(dollars(use(small).advice->cost) == doctest::Approx(34.5));
    const Planned seen = io1("5000", "iops = \"100-2401\"");
    CHECK(use(seen).advice->gib == 400);
    // 200 MiB/s were seen, and 125 are there: 400 GiB have 500.
    const Planned fast = io1("3000", "ebs_throughput = \"200 MiB/s\"");
    REQUIRE(use(fast).advice);
    CHECK(use(fast).advice->gib == 400);
    CHECK(dollars(use(fast).advice->saves) == doctest::Approx(37.5 + 300 - 46));
    // 600 MiB/s take 750 provisioned ones, at a price not known here.
    const Planned faster = io1("3000", "ebs_throughput = \"600 MiB/s\"");
    REQUIRE(use(faster).advice);
    CHECK(use(faster).advice->provisioned_mibps == 750);
    CHECK(!use(faster).advice->saves);
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
        rds("type = \"gp3\"\nsize = \"500 GiB\"\niops = 20000", "[database.observed]\niops = \"1000-12000\"");
    const auto& advice = use(made).advice;
    REQUIRE(advice);
    CHECK(advice->kind == StorageAdvice::Kind::fewer_iops);
    CHECK(advice->provisioned == 15000);  // 12,000 ÷ 0.8
    CHECK(dollars(advice->saves) == doctest::Approx(100));
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

namespace {

constexpr std::string_view silent = "[database.observed]\nconnections = 0\nwindow = \"30 d\"\n";

std::string idle_and_live(std::string_view storage) {
    return fmt::format(
        "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n"
        "[[database]]\nname = \"old\"\nengine = \"postgresql\"\nclass = \"db.m5.xlarge\"\nmulti_az = true\n{}"
        "[database.storage]\n{}"
        "[[database]]\nname = \"live\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n"
        "[database.storage]\ntype = \"gp3\"\nsize = \"100 GiB\"\n",
        silent, storage);
}

}  // namespace

TEST_CASE("storage: what is deleted takes its volume out of the bill, and gets no advice") {
    // 500 GiB on Multi-AZ: 500 x 0.23 = $115; 100 GiB on one: $11.50.
    const Planned made = test::plan_text(idle_and_live("type = \"gp3\"\nsize = \"500 GiB\"\n"));
    const Totals& totals = made.plan.totals;
    CHECK(dollars(totals.storage) == doctest::Approx(126.50));
    CHECK(dollars(totals.storage_after) == doctest::Approx(11.50));
    CHECK(dollars(totals.bill_now) == doctest::Approx(usd(totals.now->value) + 126.50));
    CHECK(dollars(totals.bill_after) == doctest::Approx(usd(totals.after->value) + 11.50));
    // The instance, db.m5.xlarge on Multi-AZ, and its volume.
    CHECK(dollars(totals.bill_saves) == doctest::Approx(usd(totals.saves->value) + 115));
    REQUIRE(made.plan.databases[0].recommendation.idle->saves);
    CHECK(dollars(made.plan.databases[0].recommendation.idle->saves) ==
          doctest::Approx(usd(made.plan.databases[0].now.cost->value) + 115));
    CHECK(dollars(use(made).cost_after) == 0);

    // $2,010 a month less on gp3, if it stayed.
    const Planned dear = test::plan_text(idle_and_live("type = \"io1\"\nsize = \"500 GiB\"\niops = 10000\n"));
    CHECK(!use(dear).kept);
    CHECK(!use(dear).advice);
    CHECK(!dear.plan.totals.storage_saves);
    CHECK(dollars(dear.plan.totals.storage) == doctest::Approx(2136.50));
    CHECK(dollars(dear.plan.totals.storage_after) == doctest::Approx(11.50));
    const auto phases = plan::phases(dear.fleet, dear.plan, {});
    CHECK(std::ranges::count(phases, Action::Kind::storage, &Action::kind) == 0);
}

TEST_CASE("storage: volumes that the inventory does not have are listed") {
    const Planned made = rds("type = \"gp3\"\nsize = \"20 GiB\"");
    CHECK(made.plan.totals.storage_not_given.empty());
    const Planned replica = test::plan_text(
        "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n[[database]]\nname = \"a\"\n"
        "engine = \"postgresql\"\nclass = \"db.m5.large\"\n[database.storage]\ntype = \"gp3\"\nsize = \"20 GiB\"\n"
        "[[database]]\nname = \"b\"\nreplica_of = \"a\"\n");
    CHECK(replica.plan.totals.storage_not_given == std::vector<Index>{1});
    // A cluster has one volume.
    const Planned cluster = test::plan_text(
        "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n[[database]]\nname = \"a\"\n"
        "engine = \"aurora-postgresql\"\nclass = \"db.r6g.large\"\n[database.storage]\nsize = \"20 GiB\"\n"
        "[[database]]\nname = \"b\"\nreplica_of = \"a\"\n");
    CHECK(cluster.plan.totals.storage_not_given.empty());
}

TEST_CASE("storage: no more IOPS are advised than the class lets through") {
    // 15,000 observed ask for 18,800; db.m5.large lets 3,600 through, and gp3 of 500 GiB has 12,000.
    constexpr std::string_view seen = "[database.observed]\nread_iops = \"100-10000\"\nwrite_iops = \"100-5000\"";
    const Planned limited = planned("postgresql", "db.m5.large", "type = \"gp3\"\nsize = \"500 GiB\"", seen);
    CHECK(*limited.plan.databases[0].chosen.cls->throughput.ebs_baseline_iops < 15000);
    CHECK(!use(limited).advice);
    // 30,000 ask for 37,500; db.m5.8xlarge lets 30,000 through, and no more are provisioned.
    const Planned capped = test::plan_text(
        "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n[policy]\nallow = "
        "[\"db.m5.8xlarge\"]\n"
        "[[database]]\nname = \"a\"\nengine = \"postgresql\"\nclass = \"db.m5.8xlarge\"\n"
        "[database.observed]\niops = \"100-30000\"\n[database.storage]\ntype = \"gp3\"\nsize = \"500 GiB\"\n");
    REQUIRE(use(capped).advice);
    CHECK(use(capped).advice->kind == StorageAdvice::Kind::more_iops);
    CHECK(use(capped).advice->provisioned == 30000);
}

TEST_CASE("storage: Aurora versions without I/O-Optimized get no advice to take it") {
    // 4,000 million requests cost $800; db.r6g.large at 30 % more and the dearer GiB are far below.
    constexpr std::string_view volume = "type = \"standard\"\nsize = \"500 GiB\"\nio_requests = \"4000M/month\"";
    const auto at = [&](std::string_view engine, std::string_view version) {
        return planned(engine, "db.r6g.large", volume, fmt::format("version = \"{}\"", version));
    };
    for (const std::string_view old : {"14.5", "13.9", "15.1"}) CHECK(!use(at("aurora-postgresql", old)).advice);
    for (const std::string_view since : {"14.7", "13.10", "15.2", "16.8", "17.4"})
        CHECK(use(at("aurora-postgresql", since)).advice);
    CHECK(!use(at("aurora-mysql", "3.03.0")).advice);
    CHECK(use(at("aurora-mysql", "3.03.1")).advice);
}

TEST_CASE("storage: the break-even has the instances that the plan keeps, whether or not they stop") {
    constexpr std::string_view light =
        "[database.observed]\ncpu_mean = \"3%\"\ncpu_peak = \"10%\"\nfreeable_memory = \"30 GiB\"\nwindow = \"14 d\"\n";
    const auto inventory = [&](std::string_view keys, std::string_view allow, std::string_view observed,
                               std::string_view volume, std::string_view more = "") {
        return test::plan_text(fmt::format(
            "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n[policy]\nallow = [\"{}\"]\n"
            "[[database]]\nname = \"db\"\nengine = \"aurora-postgresql\"\nclass = \"db.r6g.xlarge\"\n{}{}"
            "[database.storage]\n{}{}",
            allow, keys, observed, volume, more));
    };
    constexpr std::string_view flat = "type = \"io-optimized\"\nsize = \"500 GiB\"\nio_requests = \"600M/month\"\n";
    // Serverless: 0.5 to 1.6 ACU at $0.12 are $43.80 to $140.16, of which 30 %, and 500 x 0.125 = $62.50 for the GiB.
    // 600 million requests cost $120, more than that; of db.r6g.xlarge 30 % would be $113.66.
    const Planned elastic = inventory("", "db.r6g.*", light, flat);
    REQUIRE(elastic.plan.databases[0].recommendation.serverless);
    CHECK(usd(use(elastic).break_even->value.low) == doctest::Approx(0.3 * 43.80 + 62.5));
    CHECK(usd(use(elastic).break_even->value.high) == doctest::Approx(0.3 * 140.16 + 62.5));
    CHECK(!use(elastic).advice);
    // Stopped but for 60 of 168 hours a week it runs for 378.87 x 60 / 168 = $135.31. All week, 30 % of 378.87 and
    // $62.50 are $176.16, more than $120 for I/O; with the schedule $103.09, which is less: no advice.
    constexpr std::string_view busy =
        "[database.observed]\ncpu_mean = \"40%\"\ncpu_peak = \"55%\"\nfreeable_memory = \"10 GiB\"\nwindow = \"14 "
        "d\"\n";
    const Planned stopped = inventory("environment = \"staging\"\n", "db.r6g.xlarge", busy, flat);
    REQUIRE(stopped.plan.databases[0].recommendation.stop);
    CHECK(usd(use(stopped).break_even->value.high) == doctest::Approx(0.3 * 0.519 * 730 + 62.5));
    CHECK(!use(stopped).advice);
    REQUIRE(use(stopped).rejected.size() == 1);
    const StorageRejected& held = use(stopped).rejected[0];
    CHECK(held.why == StorageRejected::Why::schedule);
    CHECK(usd(held.saves->low) == doctest::Approx(56.16).epsilon(0.001));
    CHECK(usd(held.saves_stopped->high) == doctest::Approx(-16.91).epsilon(0.001));
    // A reader to delete is in no sum.
    constexpr std::string_view charged = "type = \"standard\"\nsize = \"500 GiB\"\nio_requests = \"600M/month\"\n";
    const Planned readers = inventory(
        "", "db.r6g.xlarge", busy, charged,
        fmt::format(
            "[[database]]\nname = \"r1\"\nreplica_of = \"db\"\n{}[[database]]\nname = \"r2\"\nreplica_of = \"db\"\n{}",
            silent, busy));
    REQUIRE(readers.plan.databases[1].recommendation.verdict == Verdict::idle);
    CHECK(usd(use(readers).break_even->value.high) == doctest::Approx(2 * 0.3 * 0.519 * 730 + 62.5));
}

TEST_CASE("storage: IOPS over what the class always lets through are a risk, and bind a class to change to") {
    const auto with = [](std::string_view memory) {
        return planned("postgresql", "db.m5.large", "type = \"gp3\"\nsize = \"500 GiB\"",
                       fmt::format("[database.observed]\ncpu_mean = \"20%\"\ncpu_peak = \"50%\"\nwindow = \"30 d\"\n"
                                   "freeable_memory = \"{}\"\nread_iops = \"100-4000\"\nwrite_iops = \"100-3000\"",
                                   memory));
    };
    const auto tight = [](const Planned& made) {
        const auto& reasons = made.plan.databases[0].recommendation.risk_reasons;
        return std::ranges::count_if(reasons, [](const RiskReason& reason) {
            return reason.kind == RiskReason::Kind::tight && reason.reason.check.dimension == Dimension::iops;
        });
    };
    // 7,000 of the 3,600 of db.m5.large.
    const Planned stays = with("3 GiB");
    REQUIRE(stays.plan.databases[0].recommendation.cls->name == "db.m5.large");
    CHECK(stays.plan.databases[0].chosen.find(Dimension::iops)->share == doctest::Approx(7000.0 / 3600));
    CHECK(stays.plan.databases[0].recommendation.binding == Dimension::iops);
    CHECK(stays.plan.databases[0].recommendation.risk == Risk::medium);
    CHECK(tight(stays) == 1);
    // Of the 4,000 of db.t3.xlarge.
    const Planned moves = with("1 GiB");
    REQUIRE(moves.plan.databases[0].recommendation.cls->name == "db.t3.xlarge");
    CHECK(moves.plan.databases[0].chosen.find(Dimension::iops)->share == doctest::Approx(1.75));
    CHECK(moves.plan.databases[0].recommendation.binding == Dimension::iops);
    CHECK(moves.plan.databases[0].recommendation.risk == Risk::high);
    CHECK(tight(moves) == 1);
}

TEST_CASE("storage: fewer IOPS keep the throughput that is paid for, and the IOPS that it takes") {
    constexpr std::string_view fast = "type = \"gp3\"\nsize = \"1000 GiB\"\niops = 20000\nthroughput = \"4000 MiB/s\"";
    const auto seoul = [&](std::string_view observed) {
        return planned("postgresql", "db.m5.large", fast, "[database.observed]\n" + std::string(observed),
                       "ap-northeast-2");
    };
    // 4,000 MiB/s at 0.25 for each IOPS take 16,000 of 20,000: 4,000 less at $0.023.
    const Planned made = seoul("iops = \"100-5000\"");
    REQUIRE(use(made).advice);
    CHECK(use(made).advice->kind == StorageAdvice::Kind::fewer_iops);
    CHECK(use(made).advice->provisioned == 16000);
    CHECK(use(made).advice->provisioned_mibps == doctest::Approx(4000));
    CHECK(dollars(use(made).advice->saves) == doctest::Approx(92));
    // 800 MiB/s were seen: 1,000 are enough, and so are the 12,000 IOPS that it has anyway. 8,000 x 0.023 and
    // 3,000 x 0.091 less.
    const Planned seen = seoul("iops = \"100-5000\"\nebs_throughput = \"800 MiB/s\"");
    REQUIRE(use(seen).advice);
    CHECK(!use(seen).advice->provisioned);
    CHECK(use(seen).advice->provisioned_mibps == 1000);
    CHECK(dollars(use(seen).advice->saves) == doctest::Approx(184 + 273));
    // 300 MiB/s: less than the 500 that it has anyway. 8,000 x 0.023 and 3,500 x 0.091.
    const Planned slow = seoul("iops = \"100-5000\"\nebs_throughput = \"300 MiB/s\"");
    REQUIRE(use(slow).advice);
    CHECK(!use(slow).advice->provisioned_mibps);
    CHECK(dollars(use(slow).advice->saves) == doctest::Approx(502.5));
}

TEST_CASE("storage: provisioned IOPS end in one step at what their use needs, on a larger gp3 volume too") {
    // 12,000 / 0.8 = 15,000: 400 x 0.131 + 3,000 x 0.023 = $121.40.
    const Planned fewer = planned("postgresql", "db.m5.4xlarge", "type = \"io2\"\nsize = \"100 GiB\"\niops = 50000",
                                  "[database.observed]\niops = \"100-12000\"", "ap-northeast-2");
    REQUIRE(use(fewer).advice);
    CHECK(use(fewer).advice->kind == StorageAdvice::Kind::fewer_iops);
    CHECK(use(fewer).advice->gib == 400);
    CHECK(use(fewer).advice->provisioned == 15000);
    CHECK(dollars(use(fewer).advice->cost) == doctest::Approx(121.40));
    // 18,000 ask for 22,500, and db.r5.4xlarge always lets 18,750 through: 400 x 0.115 + 6,750 x 0.02 = $181. io1 takes
    // no more than 50 for each of 300 GiB.
    constexpr std::string_view large = "db.r5.4xlarge";
    const auto on_large = [&](std::string_view storage, std::string_view observed) {
        return test::plan_text(fmt::format(
            "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n[policy]\nallow = [\"{0}\"]\n"
            "[[database]]\nname = \"db\"\nengine = \"mysql\"\nversion = \"8.4.3\"\nclass = \"{0}\"\n"
            "[database.observed]\n{1}\n[database.storage]\n{2}\n",
            large, observed, storage));
    };
    const Planned io1 = on_large("type = \"io1\"\nsize = \"300 GiB\"\niops = 15000", "iops = \"100-18000\"");
    REQUIRE(use(io1).advice);
    CHECK(use(io1).advice->kind == StorageAdvice::Kind::more_iops);
    CHECK(use(io1).advice->to->name == "gp3");
    CHECK(use(io1).advice->gib == 400);
    CHECK(use(io1).advice->provisioned == 18750);
    CHECK(dollars(use(io1).advice->cost) == doctest::Approx(181));
    // 13,000 ask for 16,250, in hundreds 16,300: 400 x 0.115 + 4,300 x 0.02 = $132.
    const Planned gp3 = on_large("type = \"gp3\"\nsize = \"390 GiB\"", "iops = \"100-13000\"");
    REQUIRE(use(gp3).advice);
    CHECK(use(gp3).advice->gib == 400);
    CHECK(use(gp3).advice->provisioned == 16300);
    CHECK(dollars(use(gp3).advice->cost) == doctest::Approx(132));
    // 9,000 ask for 11,300: gp3 of 400 GiB has 12,000.
    const Planned gp2 = on_large("type = \"gp2\"\nsize = \"390 GiB\"", "iops = \"100-9000\"");
    REQUIRE(use(gp2).advice);
    CHECK(use(gp2).advice->to->name == "gp3");
    CHECK(use(gp2).advice->gib == 400);
    CHECK(!use(gp2).advice->provisioned);
}

TEST_CASE("storage: requests of a reader that is deleted are on today's bill alone") {
    constexpr std::string_view busy =
        "[database.observed]\nconnections = \"3-9\"\ncpu_mean = \"20%\"\ncpu_peak = \"25%\"\nfreeable_memory = \"6 "
        "GiB\"\n"
        "window = \"14 d\"\niops = \"100-300\"\n";
    const Planned made = test::plan_text(fmt::format(
        "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n[[database]]\nname = \"w\"\n"
        "engine = \"aurora-postgresql\"\nversion = \"16.6\"\nclass = \"db.r6g.large\"\n[database.storage]\n"
        "size = \"500 GiB\"\n{0}[[database]]\nname = \"r1\"\nreplica_of = \"w\"\n{0}[[database]]\nname = \"r2\"\n"
        "replica_of = \"w\"\n[database.observed]\nwindow = \"14 d\"\nconnections = 0\niops = \"100-200\"\n",
        busy));
    REQUIRE(made.plan.databases[2].recommendation.verdict == Verdict::idle);
    // 300 to 800 IOPS for 730 hours at $0.20 a million, and 500 x 0.10; then 200 to 600.
    CHECK(usd(use(made).cost.cost->value.low) == doctest::Approx(50 + 157.68));
    CHECK(usd(use(made).cost.cost->value.high) == doctest::Approx(50 + 420.48));
    CHECK(usd(use(made).cost_after->value.low) == doctest::Approx(50 + 105.12));
    CHECK(usd(use(made).cost_after->value.high) == doctest::Approx(50 + 315.36));
    const auto& saves = made.plan.totals.bill_saves;
    CHECK(usd(saves->value.low) == doctest::Approx(189.80 + 52.56));
    CHECK(usd(saves->value.high) == doctest::Approx(189.80 + 105.12));
    // So much leaves with the reader itself.
    const auto& leaves = made.plan.databases[2].recommendation.idle->saves;
    REQUIRE(leaves);
    CHECK(usd(leaves->value.low) == doctest::Approx(189.80 + 52.56));
    CHECK(usd(leaves->value.high) == doctest::Approx(189.80 + 105.12));
}

TEST_CASE("storage: a cluster's configuration is compared at what commitments leave to pay") {
    const auto covered = [](std::string_view type, std::string_view requests, int count) {
        return test::plan_text(fmt::format(
            "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n[policy]\nallow = "
            "[\"db.r6g.large\"]\n[[database]]\nname = \"w\"\nengine = \"aurora-postgresql\"\nversion = \"16.6\"\n"
            "class = \"db.r6g.large\"\n[database.storage]\ntype = \"{}\"\nsize = \"500 GiB\"\nio_requests = \"{}\"\n"
            "[[commitment]]\nname = \"r6g\"\nkind = \"reserved\"\nengine = \"aurora-postgresql\"\n"
            "class = \"db.r6g.large\"\ncount = {}\nends = \"2099-06-30\"\n",
            type, requests, count));
    };
    // List: 56.94 + 62.50 = $119.44 more for I/O-Optimized, against $100 of I/O. With two reserved the instance is paid
    // for either way: 62.50 - 100 = -$37.50.
    const Planned flat = covered("io-optimized", "500M/month", 2);
    CHECK(!use(flat).advice);
    REQUIRE(use(flat).rejected.size() == 1);
    CHECK(use(flat).rejected[0].why == StorageRejected::Why::committed);
    CHECK(usd(use(flat).rejected[0].saves->high) == doctest::Approx(-37.5));
    CHECK(use(flat).rejected[0].until);
    // One of them is not enough for 130 % of its units: the rest is paid by list price, as is what it grows to.
    const Planned charged = covered("standard", "1G/month", 1);
    REQUIRE(use(charged).advice);
    CHECK(dollars(use(charged).advice->saves) == doctest::Approx(200 - 119.44));
    // Two have room for it: 200 - 62.50.
    CHECK(dollars(use(covered("standard", "1G/month", 2)).advice->saves) == doctest::Approx(137.5));
}
