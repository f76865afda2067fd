// Aurora: limits, classes, versions and prices, against the rows of the sources and values worked out by hand.
#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "../../support/fleet.hpp"
#include "unit/catalog/csv.hpp"

using namespace poolfit;
using catalog::Supported;

namespace {

const Platform& aurora_pg = *platform::by_id("aurora-postgresql");
const Platform& aurora_my = *platform::by_id("aurora-mysql");
const Platform& serverless_pg = *platform::by_id("aurora-serverless-postgresql");
const Platform& serverless_mysql = *platform::by_id("aurora-serverless-mysql");

const InstanceClass& named(const Platform& platform, std::string_view name) {
    const InstanceClass* found = test::catalog().find_class(platform, name);
    REQUIRE(found != nullptr);
    return *found;
}

std::string serverless(std::string_view engine, std::string_view least, std::string_view most,
                       std::string_view more = "") {
    return fmt::format(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\nengine = \"{}\"\n"
        "class = \"db.serverless\"\nacu_min = {}\nacu_max = {}\n{}\n"
        "[[service]]\nname = \"s\"\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = "
        "10\n",
        engine, least, most, more);
}

const Limits& limits(const test::Planned& planned, Index index = 0) {
    return planned.plan.databases[index].budget.limits;
}

}  // namespace

TEST_CASE("Aurora MySQL: every documented limit of a class, and none for others") {
    const auto rows = csv::read("platforms/aurora-mysql/class_limits.csv");
    CHECK(rows.size() == 74);
    for (const auto& row : rows) {
        CAPTURE(row.at("class"));
        const InstanceClass& cls = named(aurora_my, row.at("class"));
        const Connections documented(std::stoll(row.at("default_max_connections")));
        CHECK(catalog::max_connections_expected(test::catalog(), aurora_my, cls) == Interval(documented));
        CHECK(catalog::max_connections_nominal(test::catalog(), aurora_my, cls) == documented.value);
        CHECK(cls.limit->row.id == "s56");
    }
    CHECK(!test::catalog().max_connections_formula(aurora_my));
    CHECK(!named(aurora_my, "db.m5.large").limit);
    // db.r6g.large: log2 of its memory would give 1,069; the table is in steps.
    CHECK(catalog::max_connections_expected(test::catalog(), aurora_my, named(aurora_my, "db.r6g.large")).low.value ==
          1000);
}

TEST_CASE("Aurora PostgreSQL: the formula of RDS, of memory that was not measured") {
    CHECK(test::catalog().max_connections_formula(aurora_pg)->text == "LEAST({DBInstanceClassMemory/9531392},5000)");
    const auto& large = named(aurora_pg, "db.r6g.large");
    CHECK(catalog::max_connections_nominal(test::catalog(), aurora_pg, large) ==
          1802);  // 17179869184 / 9531392 = 1802.45
    // 16,384 MiB less 215 MiB and 6.2 % is 15,153 MiB; RDS keeps at least nothing of the 15,771 that the guest OS sees.
    CHECK(catalog::max_connections_expected(test::catalog(), aurora_pg, large) ==
          Interval(Connections(1667), Connections(1735)));
    CHECK(catalog::max_connections_expected(test::catalog(), aurora_pg, named(aurora_pg, "db.r6g.2xlarge")) ==
          Interval(Connections(5000)));
}

TEST_CASE("Aurora Serverless v2: every documented limit by the most ACU") {
    for (const std::string engine : {"postgresql", "mysql"}) {
        const auto rows = csv::read("platforms/aurora-serverless-" + engine + "/capacity_limits.csv");
        CHECK(rows.size() == 9);
        for (const auto& row : rows) {
            CAPTURE(engine);
            CAPTURE(row.at("max_acu"));
            const auto planned = test::plan_text(serverless("aurora-" + engine, "1", row.at("max_acu")));
            const Connections documented(std::stoll(row.at("default_max_connections")));
            CHECK(limits(planned).max_expected->value == Interval(documented));
            CHECK(limits(planned).max_planned.value == documented);
        }
    }
}

TEST_CASE("Aurora Serverless v2: the memory that is fitted contains the documented limits, closely") {
    for (const auto& row : csv::read("platforms/aurora-serverless-postgresql/capacity_limits.csv")) {
        InstanceClass cls;
        cls.memory = Bytes(std::stoll(row.at("max_acu")) * 2 * bytes_per_gib);
        const auto expected = catalog::max_connections_expected(test::catalog(), serverless_pg, cls);
        const std::int64_t documented = std::stoll(row.at("default_max_connections"));
        CAPTURE(documented);
        CHECK(expected.low.value <= documented);
        CHECK(documented <= expected.high.value);
        CHECK(expected.high.value - expected.low.value <= 8);
    }
}

TEST_CASE("Aurora Serverless v2: between two documented limits") {
    // PostgreSQL by memory: 2 ACU are 4,096 MiB, of which 188 MiB + 6.12 % to 215 MiB + 6.2 % are kept.
    CHECK(limits(test::plan_text(serverless("aurora-postgresql", "1", "2"))).max_expected->value ==
          Interval(Connections(399), Connections(402)));
    // MySQL's steps between 4 and 8 ACU are not documented.
    const auto mysql_6 = test::plan_text(serverless("aurora-mysql", "1", "6"));
    CHECK(limits(mysql_6).max_expected->value == Interval(Connections(135), Connections(1000)));
    CHECK(!limits(mysql_6).max_nominal);
    CHECK(limits(mysql_6).max_planned.value == Connections(135));
}

TEST_CASE("Aurora Serverless v2: PostgreSQL is held to 2,000 while the minimum is 0 or 0.5 ACU") {
    for (const char* least : {"0", "0.5"}) {
        CAPTURE(least);
        const auto planned = test::plan_text(serverless("aurora-postgresql", least, "64"));
        CHECK(limits(planned).max_expected->value == Interval(Connections(2000)));
        CHECK(limits(planned).max_nominal->value == Connections(2000));
        CHECK(limits(test::plan_text(serverless("aurora-postgresql", least, "8"))).max_planned.value ==
              Connections(1669));
        CHECK(limits(test::plan_text(serverless("aurora-mysql", least, "64"))).max_planned.value == Connections(4000));
    }
    CHECK(limits(test::plan_text(serverless("aurora-postgresql", "1", "64"))).max_planned.value == Connections(5000));
    const auto planned = test::plan_text(serverless("aurora-postgresql", "0.5", "24"));
    CHECK(limits(planned).max_expected->value == Interval(Connections(2000)));
}

TEST_CASE("Aurora: which classes run which version") {
    const auto runs = [](const Platform& platform, std::string_view cls, std::optional<EngineVersion> version) {
        return catalog::supports(platform, named(platform, cls), version);
    };
    CHECK(runs(aurora_pg, "db.r5.large", EngineVersion{{15}, 4}) == Supported::yes);
    CHECK(runs(aurora_pg, "db.r6g.large", EngineVersion{{15}, 4}) == Supported::yes);
    CHECK(runs(aurora_pg, "db.r6g.large", EngineVersion{{15}, 1}) == Supported::no);
    CHECK(runs(aurora_pg, "db.r8g.large", EngineVersion{{13}, 14}) == Supported::no);     // from 13.15
    CHECK(runs(aurora_pg, "db.r6g.large", EngineVersion{{18}, 1}) == Supported::newer);   // the lists end at 17
    CHECK(runs(aurora_pg, "db.m5.large", EngineVersion{{15}, 4}) == Supported::unknown);  // RDS only
    CHECK(runs(aurora_my, "db.r5.large", EngineVersion{{3}, 800}) == Supported::yes);
    CHECK(runs(aurora_my, "db.r8g.large", EngineVersion{{3}, 800}) == Supported::yes);  // from 3.08.0
    CHECK(runs(aurora_my, "db.r8g.large", EngineVersion{{3}, 704}) == Supported::no);
    CHECK(runs(aurora_my, "db.r7g.large", EngineVersion{{3}, 301}) == Supported::yes);  // from 3.03.1
    CHECK(runs(aurora_my, "db.r7g.large", EngineVersion{{3}, 300}) == Supported::no);
}

TEST_CASE("Aurora: what is kept from applications") {
    const auto kept = [](const Platform& platform, EngineVersion version) {
        std::int64_t sum = 0;
        for (const ReservedSlots& row : test::catalog().reserved_slots(platform, version)) sum += row.slots;
        return sum;
    };
    CHECK(kept(aurora_pg, {{15}, 4}) == 5);  // 3 of superusers, 2 of rds_superuser
    CHECK(kept(aurora_pg, {{16}, 8}) ==
          5);  // the default of reserved_connections is not documented: counted as the 2 before it
    CHECK(kept(serverless_pg, {{16}, 8}) == 5);
    CHECK(kept(aurora_my, {{3}, 800}) == 0);
    const auto rows = test::catalog().reserved_slots(aurora_pg, EngineVersion{{16}, 8});
    CHECK(rows.back().row.source.find("not its default") != std::string_view::npos);
}

TEST_CASE("Aurora: prices are of one instance, and a standby has none") {
    const auto price = [](const Platform& platform, std::string_view cls, std::string_view region,
                          PriceTerm term = PriceTerm::list) {
        return test::catalog().price(platform, named(platform, cls), region, false, term);
    };
    CHECK(price(aurora_pg, "db.r7g.large", "us-east-1")->amount == MicroUsdPerMonth(276'000LL * 730));
    CHECK(price(aurora_my, "db.r5.12xlarge", "af-south-1")->amount == MicroUsdPerMonth(9'139'000LL * 730));
    CHECK(price(aurora_my, "db.r5.12xlarge", "af-south-1")->row.as_of == "2021-08-03");
    CHECK(!price(aurora_pg, "db.r7g.large", "eu-central-1"));
    CHECK(!price(aurora_pg, "db.r5.large", "us-east-1", PriceTerm::three_years));  // its payment option is not known
    CHECK(aurora_pg.deployments.size() == 1);
    CHECK(test::catalog()
              .credit_price(aurora_pg, named(aurora_pg, "db.t3.medium"), "us-east-1")
              ->micro_usd_per_vcpu_hour == 90'000);
    CHECK(test::catalog().capacity_price(serverless_pg, "us-east-1")->amount == MicroUsdPerMonth(120'000LL * 730));
    CHECK(test::catalog().capacity_price(serverless_mysql, "ap-northeast-2")->amount ==
          MicroUsdPerMonth(200'000LL * 730));
    CHECK(!test::catalog().capacity_price(serverless_pg, "eu-central-1"));
}

namespace {

std::optional<LifeCycle> life_cycle(const Platform& platform, Series series) {
    const auto all = test::catalog().life_cycles(platform);
    const auto at = std::ranges::find(all, series, &LifeCycle::series);
    return at == all.end() ? std::nullopt : std::optional(*at);
}

}  // namespace

TEST_CASE("Aurora: life cycles, and Extended Support by vCPU or by ACU") {
    const auto cycle = life_cycle(aurora_my, {2});
    CHECK(unit::print(cycle->standard_until) == "2024-10-31");
    CHECK(unit::print(*cycle->charged_from) == "2024-12-01");
    CHECK(!cycle->dearer_from);  // Aurora MySQL has no price of a third year
    CHECK(unit::print(life_cycle(aurora_pg, {13})->ends) == "2029-02-28");
    CHECK(test::catalog().support_price(aurora_pg, "us-east-1")->at(LifeCycle::Stage::dearer) == 200'000);
    CHECK(!test::catalog().support_price(aurora_my, "us-east-1")->at(LifeCycle::Stage::dearer));
    CHECK(test::catalog().support_price(serverless_pg, "eu-central-1")->at(LifeCycle::Stage::charged) == 104'000);
}

TEST_CASE("Aurora: buffers are most of the memory, and nothing else holds data") {
    const Interval<Bytes> memory(Bytes(16 * bytes_per_gib));
    // ⌊17179869184 / 12038⌋ − 50003 = 1377133 pages of 8 KiB.
    CHECK(aurora_pg.buffers(memory, std::nullopt).range ==
          Interval(Bytes(1'377'133LL * 8192), Bytes(12 * bytes_per_gib)));
    CHECK(aurora_my.buffers(memory, std::nullopt).range.high == Bytes(12 * bytes_per_gib));
    for (const Platform* row : {&aurora_pg, &aurora_my, &serverless_pg, &serverless_mysql}) {
        CHECK(row->reads_past_page_cache);
        CHECK(!row->standby_needs_limit);
    }
    CHECK(aurora_pg.limit_needs_restart);
    CHECK(!aurora_my.limit_needs_restart);
}

TEST_CASE("Aurora Serverless v2: what it takes and costs follows its load") {
    // 10 to 12 % on average and 30 % at the peak of 16 ACU; 32 GiB less 26 in use are 3 ACU.
    const auto planned = test::plan_text(
        serverless("aurora-postgresql", "0.5", "16",
                   "version = \"16.8\"\n[database.observed]\ncpu_mean = \"10-12%\"\ncpu_peak = \"30%\"\n"
                   "freeable_memory = \"26 GiB\"\nwindow = \"14 d\""));
    const auto& use = *planned.plan.databases[0].capacity;
    CHECK(!use.instead);
    CHECK(use.units.value.low == doctest::Approx(1.6));
    CHECK(use.units.value.high == doctest::Approx(4.8));
    // 0.12 × 730 = 87.60 an ACU.
    CHECK(unit::print(use.cost->value.low) == "$140.16");
    CHECK(unit::print(use.cost->value.high) == "$420.48");
    REQUIRE(use.cls != nullptr);
    CHECK(use.cls->name == "db.r5.xlarge");
    CHECK(planned.node("database.db.capacity.cost").value.high == doctest::Approx(420.48e6));
    CHECK(planned.node("database.db.acu_max").origin.kind == Origin::Kind::input);
}

TEST_CASE("Aurora Serverless v2: without a peak it may take all; without a price it costs an unknown amount") {
    const auto planned = test::plan_text(serverless("aurora-mysql", "2", "16"), {"region=eu-central-1"});
    const auto& use = *planned.plan.databases[0].capacity;
    CHECK(use.units.value.low == 2);
    CHECK(use.units.value.high == 16);
    CHECK(!use.cost);
    // In Extended Support at a price by ACU.
    const auto old = test::plan_text(serverless("aurora-postgresql", "1", "1", "version = \"13.9\""));
    CHECK(unit::print(old.plan.databases[0].capacity->support->value.high) == "$62.05");  // 0.085 × 730
    CHECK(unit::print(old.plan.databases[0].capacity->cost->value.high) == "$149.65");
}

TEST_CASE("Aurora: what a class would take and cost without one") {
    const auto planned = test::plan_text(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\n"
        "engine = \"aurora-postgresql\"\nversion = \"16.8\"\nclass = \"db.r5.xlarge\"\n[database.observed]\n"
        "cpu_mean = \"3%\"\ncpu_peak = \"20%\"\nfreeable_memory = \"8 GiB\"\nwindow = \"14 d\"\n");
    const auto& use = *planned.plan.databases[0].capacity;
    CHECK(use.instead);
    // 3 % of 4 vCPUs × 4 ACU is 0.48, and 0.5 the least; 24 GiB in use are 12.
    CHECK(use.units.value.low == doctest::Approx(0.5));
    CHECK(use.units.value.high == doctest::Approx(12));
    CHECK(unit::print(use.cost->value.low) == "$43.80");
    CHECK(use.cls == nullptr);
    CHECK(
        !test::plan_text("schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\n"
                         "engine = \"postgresql\"\nclass = \"db.r5.xlarge\"\n[database.observed]\ncpu_mean = \"3%\"\n")
             .plan.databases[0]
             .capacity);
}

TEST_CASE("Aurora: a reader has the range of its primary, or a class of its own") {
    const std::string text = serverless("aurora-postgresql", "0.5", "8");
    const auto planned = test::plan_text(
        text +
        "[[database]]\nname = \"r\"\nreplica_of = \"db\"\n[[database]]\nname = \"s\"\nreplica_of = \"db\"\n"
        "class = \"db.r5.large\"\n[[database]]\nname = \"t\"\nreplica_of = \"db\"\nclass = \"db.serverless\"\n");
    CHECK(planned.fleet.databases[1].platform == &serverless_pg);
    CHECK(*planned.fleet.databases[1].machine->capacity->max == 8);
    CHECK(planned.fleet.databases[2].platform == &aurora_pg);
    CHECK(*planned.fleet.databases[3].machine->capacity->max == 8);
}

TEST_CASE("Aurora: a writer's connections need the limit of a reader that takes over") {
    // The reader's class lets in 90; 30 of its own and 80 of the writer are too many when it takes over.
    const auto planned = test::plan_text(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"w\"\n"
        "engine = \"aurora-mysql\"\nversion = \"3.08.0\"\nclass = \"db.r5.large\"\n[[database]]\nname = \"r\"\n"
        "replica_of = \"w\"\nclass = \"db.t3.medium\"\n[[service]]\nname = \"s\"\ndeploy = \"recreate\"\n"
        "[[service.pool]]\nname = \"p\"\ndatabase = \"w\"\nmax = 80\n[[service.pool]]\nname = \"q\"\ndatabase = \"r\"\n"
        "max = 30\n");
    CHECK(planned.plan.databases[1].demand.failover_peak->value == Connections(110));
    CHECK(limits(planned, 1).usable.value == Connections(90));
    const std::string found = test::list(test::lint(planned));
    CHECK(found.find("PF004 ") != std::string::npos);
    CHECK(found.find("PF030 ") == std::string::npos);  // it starts all the same
}

TEST_CASE("Aurora: a cluster's only reader is its standby; a second one without reads costs money") {
    const auto finds = [](std::string_view readers) {
        const auto planned = test::plan_text(
            fmt::format("schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"w\"\n"
                        "engine = \"aurora-postgresql\"\nclass = \"db.r5.large\"\n{}\n[[service]]\nname = \"s\"\n"
                        "[[service.pool]]\nname = \"p\"\ndatabase = \"w\"\nmax = 8\n",
                        readers));
        return test::list(test::lint(planned)).find("PF031 ") != std::string::npos;
    };
    const std::string one = "[[database]]\nname = \"r\"\nreplica_of = \"w\"\n";
    CHECK(!finds(one));
    CHECK(finds(one + "[[database]]\nname = \"q\"\nreplica_of = \"w\"\n"));
}

TEST_CASE("Aurora Serverless v2: too many connections ask for more capacity, or for a minimum that lifts the cap") {
    const auto fixes = [](const std::string& text) {
        const auto planned = test::plan_text(text.substr(0, text.find("[[service]]")));
        std::string all;
        for (const Finding& finding : test::lint(planned)) all += finding.fix + '\n';
        return all;
    };
    const std::string most = "other_connections = 2500";
    CHECK(fixes(serverless("aurora-postgresql", "1", "8", most)).find("or a higher acu_max") != std::string::npos);
    CHECK(fixes(serverless("aurora-postgresql", "0.5", "64", most))
              .find("or an acu_min above 0.5, which allows more than 2,000") != std::string::npos);
}

TEST_CASE("Aurora Serverless v2: where the cap binds, what lifts it is recomputed") {
    const auto use = [](std::string_view least, std::string_view more) {
        return *test::plan_text(serverless("aurora-postgresql", least, "32",
                                           "version = \"16.8\"\n" + std::string(more) +
                                               "\n[database.observed]\ncpu_mean = \"2%\"\ncpu_peak = \"30%\"\n"
                                               "freeable_memory = \"60 GiB\"\nwindow = \"14 d\""))
                    .plan.databases[0]
                    .capacity;
    };
    // 2 % of 32 are 0.64 ACU on average, 30 % are 9.6: at least 1 costs 87.60 × 1 to 87.60 × 9.6.
    const CapacityUse held = use("0.5", "other_connections = 1900");
    REQUIRE(held.uncapped);
    CHECK(held.uncapped->min == 1);
    CHECK(held.uncapped->limit.value == Interval<Connections>(Connections(5000)));
    CHECK(unit::print(held.cost->value.low) == "$56.06");
    CHECK(unit::print(held.uncapped->cost->value.low) == "$87.60");
    CHECK(unit::print(held.uncapped->cost->value.high) == "$840.96");
    CHECK(held.cost->value.high == held.uncapped->cost->value.high);
    // Enough room, no cap, and a limit set by hand.
    CHECK(!use("0.5", "other_connections = 100").uncapped);
    CHECK(!use("1", "other_connections = 4900").uncapped);
    CHECK(!use("0.5", "max_connections = 1500\nother_connections = 1450").uncapped);
}
