// Cloud SQL: limits, tiers of any size and prices, against the rows of the sources and values worked out by hand.
#include <algorithm>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "../../support/fleet.hpp"
#include "unit/catalog/csv.hpp"

using namespace poolfit;

namespace {

const Platform& sql_pg = *platform::by_id("cloud-sql-postgresql");
const Platform& sql_mysql = *platform::by_id("cloud-sql-mysql");

const InstanceClass& named(const Platform& platform, std::string_view name) {
    const InstanceClass* found = test::catalog().find_class(platform, name);
    REQUIRE(found != nullptr);
    return *found;
}

std::int64_t limit(std::string_view name) {
    const auto& listed = named(sql_pg, name).limit;
    REQUIRE(listed);
    CHECK(listed->range.is_point());
    return listed->range.low.value;
}

std::optional<MicroUsdPerMonth> price(const Platform& platform, std::string_view name, std::string_view region,
                                      bool regional = false) {
    const auto found = test::catalog().price(platform, named(platform, name), region, regional, PriceTerm::list);
    return found ? std::optional(found->amount) : std::nullopt;
}

std::string wrong(std::string_view name) {
    const auto parsed = sql_pg.custom->parse(name);
    REQUIRE(parsed);
    const auto* found = std::get_if<CustomClasses::Wrong>(&*parsed);
    REQUIRE(found != nullptr);
    return found->nearest;
}

}  // namespace

TEST_CASE("Cloud SQL for PostgreSQL: the limit of each band of memory, at both ends") {
    // From 3.75 GB 100, from 6 GB 200, 7.5 GB 400, 15 GB 500, 30 GB 600, 60 GB 800, 120 GB 1,000.
    CHECK(limit("db-f1-micro") == 25);
    CHECK(limit("db-g1-small") == 50);
    CHECK(limit("db-custom-1-3840") == 100);
    CHECK(limit("db-custom-1-5888") == 100);
    CHECK(limit("db-custom-1-6144") == 200);
    CHECK(limit("db-custom-2-7424") == 200);
    CHECK(limit("db-custom-2-7680") == 400);
    CHECK(limit("db-custom-4-15104") == 400);
    CHECK(limit("db-custom-4-15360") == 500);
    CHECK(limit("db-custom-8-30464") == 500);
    CHECK(limit("db-custom-8-30720") == 600);
    CHECK(limit("db-custom-10-61184") == 600);
    CHECK(limit("db-custom-16-61440") == 800);
    CHECK(limit("db-custom-32-122624") == 800);
    CHECK(limit("db-custom-32-122880") == 1000);
    CHECK(limit("db-custom-96-638976") == 1000);
    // As listed by tier.
    for (const auto& [name, connections] : {std::pair{"db-perf-optimized-N-2", 500},
                                            {"db-perf-optimized-N-4", 600},
                                            {"db-perf-optimized-N-8", 800},
                                            {"db-perf-optimized-N-16", 1000},
                                            {"db-perf-optimized-N-128", 1000},
                                            {"db-c4a-highmem-2", 500},
                                            {"db-c4a-highmem-4", 600},
                                            {"db-c4a-highmem-32", 1000},
                                            {"db-c4a-highmem-48", 1000},
                                            {"db-n1-standard-1", 100},
                                            {"db-n1-standard-2", 400},
                                            {"db-n1-standard-4", 500},
                                            {"db-n1-standard-8", 600},
                                            {"db-n1-standard-16", 800},
                                            {"db-n1-standard-32", 1000},
                                            {"db-n1-highmem-2", 400},
                                            {"db-n1-highmem-4", 500},
                                            {"db-n1-highmem-8", 600},
                                            {"db-n1-highmem-16", 800}})
        CHECK(limit(name) == connections);
    CHECK(named(sql_pg, "db-custom-2-7680").limit->row.as_of == "2026-10-01");
    CHECK(!named(sql_mysql, "db-custom-2-7680").limit);
}

TEST_CASE("Cloud SQL: three slots of PostgreSQL are kept, and none of MySQL") {
    const auto kept = [](const Platform& platform, EngineVersion version) {
        std::int64_t sum = 0;
        for (const ReservedSlots& row : test::catalog().reserved_slots(platform, version)) sum += row.slots;
        return sum;
    };
    CHECK(kept(sql_pg, {{18}, 1}) == 3);
    CHECK(kept(sql_pg, {{14}, 2}) == 3);
    CHECK(kept(sql_mysql, {{8, 0}, 40}) == 0);
}

TEST_CASE("Cloud SQL: a tier of any size has the size that its name says") {
    const InstanceClass& odd = named(sql_pg, "db-custom-6-17408");
    CHECK(odd.vcpus == 6);
    CHECK(odd.memory == Bytes(17 * bytes_per_gib));
    CHECK(&odd == &named(sql_pg, "db-custom-6-17408"));
    CHECK(odd.limit->range.low.value == 500);
    for (const char* name : {"db-custom-2", "db-custom-x-7680", "db-custom-2-", "db-custom--7680", "db-custom-2-7680-1",
                             "db-standard-2", "db-custom-2-99999999999999999999"})
        CHECK(!sql_pg.custom->parse(name));
}

TEST_CASE("Cloud SQL: a size that can't be made, and the nearest that can") {
    CHECK(wrong("db-custom-3-7680") == "db-custom-4-7680");
    CHECK(wrong("db-custom-0-3840") == "db-custom-1-3840");
    CHECK(wrong("db-custom-98-368640") == "db-custom-96-368640");
    CHECK(wrong("db-custom-2-7700") == "db-custom-2-7936");      // in steps of 256
    CHECK(wrong("db-custom-1-3584") == "db-custom-1-3840");      // 3.75 GiB at least
    CHECK(wrong("db-custom-2-13568") == "db-custom-2-13312");    // 6.5 GiB for each vCPU at most
    CHECK(wrong("db-custom-96-79872") == "db-custom-96-88576");  // 0.9 GiB for each, in whole steps
    CHECK(wrong("db-custom-02-7680") == "db-custom-2-7680");
    for (const InstanceClass* cls : test::catalog().classes(sql_pg))
        if (const auto parsed = sql_pg.custom->parse(cls->name)) {
            CAPTURE(cls->name);
            REQUIRE(std::holds_alternative<CustomClasses::Shape>(*parsed));
            CHECK(std::get<CustomClasses::Shape>(*parsed).vcpus == cls->vcpus);
            CHECK(std::get<CustomClasses::Shape>(*parsed).memory == cls->memory);
        }
}

TEST_CASE("Cloud SQL: prices by vCPU and GiB, and twice with a standby") {
    // 2 × 0.0413 + 7.5 × 0.007 = 0.1351 an hour.
    CHECK(price(sql_pg, "db-custom-2-7680", "us-central1") == MicroUsdPerMonth(135'100LL * 730));
    CHECK(price(sql_pg, "db-custom-2-7680", "us-central1", true) == MicroUsdPerMonth(135'100LL * 730 * 2));
    // 6 × 0.0454 + 17 × 0.0077 = 0.4033.
    CHECK(price(sql_pg, "db-custom-6-17408", "northamerica-northeast1") == MicroUsdPerMonth(403'300LL * 730));
    CHECK(!price(sql_pg, "db-custom-6-17408", "europe-west1"));
    // The machine of db-n1-standard-8, at its price of 2023.
    CHECK(price(sql_pg, "db-custom-8-30720", "europe-west1") == price(sql_pg, "db-n1-standard-8", "europe-west1"));
    CHECK(price(sql_pg, "db-n1-standard-8", "europe-west1") == MicroUsdPerMonth(540'400LL * 730));
    CHECK(price(sql_pg, "db-f1-micro", "us-central1") == MicroUsdPerMonth(10'500LL * 730));
    CHECK(!price(sql_pg, "db-perf-optimized-N-4", "us-central1"));
    CHECK(price(sql_mysql, "db-n1-standard-96", "us-central1") == MicroUsdPerMonth(6'485'900LL * 730));
    CHECK(price(sql_mysql, "db-n1-standard-96", "us-central1", true) == MicroUsdPerMonth(12'971'700LL * 730));
    CHECK(price(sql_mysql, "db-custom-96-368640", "us-central1") == MicroUsdPerMonth(6'484'800LL * 730));
    const auto row =
        test::catalog().price(sql_pg, named(sql_pg, "db-custom-2-7680"), "us-central1", true, PriceTerm::list);
    CHECK(row->doubled);
    CHECK(row->row.as_of == "2024-07-01");
    CHECK(!test::catalog().price(sql_pg, named(sql_pg, "db-custom-2-7680"), "us-central1", false, PriceTerm::one_year));
}

TEST_CASE("Cloud SQL: every row of prices is in the catalog") {
    for (const auto& row : csv::read("platforms/cloud-sql-postgresql/prices.csv")) {
        CAPTURE(row.at("class"));
        CAPTURE(row.at("region"));
        const auto micro = static_cast<std::int64_t>(std::stod(row.at("ondemand")) * 1e6 + 0.5);
        CHECK(price(sql_pg, row.at("class"), row.at("region")) == MicroUsdPerMonth(micro * 730));
    }
}

TEST_CASE("Cloud SQL: a shared core is not recommended unless the policy names it") {
    const std::string tail =
        "\nregion = \"us-central1\"\n[[database]]\nname = \"db\"\nprovider = \"gcp\"\nengine = \"postgresql\"\n"
        "class = \"db-custom-1-3840\"\n[database.observed]\ncpu_peak = \"5%\"\ncpu_mean = \"1%\"\n"
        "freeable_memory = \"3.2 GiB\"\nwindow = \"14 d\"\n[[service]]\nname = \"s\"\ndeploy = \"recreate\"\n"
        "[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = 2\n";
    const auto usual = test::plan_text("schema = \"poolfit-inventory/1\"" + tail);
    CHECK(usual.plan.databases[0].recommendation.verdict == Verdict::keep);
    std::string named =
        "schema = \"poolfit-inventory/1\"" + tail + "[policy]\nallow = [\"db-g1-small\", \"db-custom-*\"]\n";
    const auto planned = test::plan_text(named);
    const auto& allowed = planned.plan.databases[0].recommendation;
    REQUIRE(allowed.cls != nullptr);
    CHECK(allowed.cls->name == "db-g1-small");
}

TEST_CASE("Cloud SQL: IOPS that were measured rule no class out: no class has a limit of them") {
    const auto planned = [](std::string_view iops) {
        return test::plan_text(fmt::format(
            "schema = \"poolfit-inventory/1\"\nprovider = \"gcp\"\nregion = \"us-central1\"\n[[database]]\n"
            "name = \"db\"\nengine = \"postgresql\"\nclass = \"db-custom-8-30720\"\n[database.observed]\n"
            "cpu_peak = \"5%\"\ncpu_mean = \"1%\"\nfreeable_memory = \"25 GiB\"\nwindow = \"14 d\"\n{}"
            "[[service]]\nname = \"s\"\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\n"
            "max = 2\n",
            iops));
    };
    const auto without = planned(""), with = planned("read_iops = 300\nwrite_iops = 100\n");
    REQUIRE(without.plan.databases[0].recommendation.cls != nullptr);
    CHECK(with.plan.databases[0].recommendation.cls->name == without.plan.databases[0].recommendation.cls->name);
    CHECK(without.plan.databases[0].recommendation.verdict != Verdict::keep);
}

TEST_CASE("Cloud SQL for MySQL: the machines of db-n1 cost what their vCPUs and memory do") {
    // As infracost's golden file has it for db-n1-standard-96: 2 × 0.0413 + 7.5 × 0.007 = 0.1351 an hour.
    CHECK(price(sql_mysql, "db-n1-standard-2", "us-central1") == MicroUsdPerMonth(135'100LL * 730));
    CHECK(price(sql_mysql, "db-n1-highmem-4", "us-central1", true) == MicroUsdPerMonth(347'200LL * 730 * 2));
    CHECK(!price(sql_mysql, "db-n1-standard-2", "europe-west1"));
    CHECK(!price(sql_mysql, "db-perf-optimized-N-2", "us-central1"));
}

TEST_CASE("Cloud SQL: disks, and twice with a standby; none is known of Enterprise Plus") {
    const auto stored = [](std::string_view engine, std::string_view cls, std::string_view storage,
                           std::string_view more = "", std::string_view region = "us-central1") {
        const auto planned = test::plan_text(
            fmt::format("schema = \"poolfit-inventory/1\"\nprovider = \"gcp\"\nregion = \"{}\"\n[[database]]\n"
                        "name = \"db\"\nengine = \"{}\"\nclass = \"{}\"\nmax_connections = 400\n{}\n"
                        "[database.storage]\n{}\n[[service]]\nname = \"s\"\n[[service.pool]]\nname = \"p\"\n"
                        "database = \"db\"\nmax = 2\n",
                        region, engine, cls, more, storage));
        return *planned.plan.databases[0].storage;
    };
    // $0.17 for each GiB, $0.34 with a standby: infracost's golden file has 500 GB for $85 and $170.
    const auto ssd = stored("postgresql", "db-custom-2-7680", "size = \"500 GiB\"");
    CHECK(ssd.volume.kind->name == "ssd");
    CHECK(usd(ssd.cost.cost->value.high) == doctest::Approx(85));
    CHECK(!ssd.iops);  // they follow the size and the vCPUs: not published here
    CHECK(usd(stored("mysql", "db-custom-2-7680", "size = \"500 GiB\"", "multi_az = true").cost.cost->value.high) ==
          doctest::Approx(170));
    CHECK(
        usd(stored("postgresql", "db-custom-2-7680", "size = \"100 GiB\"", "multi_az = true", "northamerica-northeast1")
                .cost.cost->value.high) == doctest::Approx(37.4));
    CHECK(!stored("postgresql", "db-custom-2-7680", "size = \"500 GiB\"", "", "europe-west1").cost.cost);
    CHECK(!stored("postgresql", "db-custom-2-7680", "type = \"hdd\"\nsize = \"500 GiB\"").cost.cost);
    const auto plus = stored("postgresql", "db-perf-optimized-N-2", "size = \"500 GiB\"");
    CHECK(!plus.cost.cost);
    CHECK(plus.cost.other_class);
    CHECK(stored("postgresql", "db-c4a-highmem-2", "size = \"500 GiB\"").volume.kind->name == "hyperdisk-balanced");
}

TEST_CASE("Cloud SQL: a move to another edition says what it changes") {
    const auto& changes = sql_pg.move_changes;
    const auto& plus = named(sql_pg, "db-perf-optimized-N-2");
    const auto& enterprise = named(sql_pg, "db-custom-2-7680");
    CHECK(changes(enterprise, named(sql_pg, "db-custom-4-15360")).empty());
    CHECK(changes(plus, enterprise).find("99.95 % instead of 99.99 %") != std::string_view::npos);
    CHECK(changes(enterprise, plus).find("Enterprise Plus") != std::string_view::npos);
    const auto planned = test::plan_text(
        "schema = \"poolfit-inventory/1\"\nprovider = \"gcp\"\nregion = \"us-central1\"\n[[database]]\nname = \"db\"\n"
        "engine = \"postgresql\"\nversion = \"16\"\nclass = \"db-perf-optimized-N-4\"\n[database.observed]\n"
        "cpu_mean = \"2%\"\ncpu_peak = \"5%\"\nfreeable_memory = \"28 GiB\"\nwindow = \"14 d\"\n[[service]]\n"
        "name = \"s\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = 2\n[[price]]\n"
        "class = \"db-perf-optimized-N-4\"\nusd_per_month = 400\n");
    const auto& advice = planned.plan.databases[0].recommendation;
    REQUIRE(advice.cls != nullptr);
    CHECK(advice.cls->category == "enterprise");
    CHECK(std::ranges::any_of(advice.risk_reasons, [](const RiskReason& risk) {
        return risk.kind == RiskReason::Kind::caveat && risk.reason.kind == Reason::Kind::edition;
    }));
}

TEST_CASE("Cloud SQL: versions by edition") {
    const auto runs = [](const Platform& platform, std::string_view cls, std::string_view version) {
        const auto parsed = platform.versions.parse(version);
        return catalog::supports(platform, named(platform, cls), std::get<EngineVersion>(parsed));
    };
    CHECK(runs(sql_pg, "db-perf-optimized-N-2", "16") == catalog::Supported::yes);
    CHECK(runs(sql_pg, "db-perf-optimized-N-2", "11.9") == catalog::Supported::no);
    CHECK(runs(sql_pg, "db-custom-2-7680", "11.9") == catalog::Supported::yes);
    CHECK(runs(sql_mysql, "db-perf-optimized-N-2", "5.7.44") == catalog::Supported::no);
    CHECK(runs(sql_mysql, "db-perf-optimized-N-2", "8.0") == catalog::Supported::yes);
    CHECK(runs(sql_mysql, "db-perf-optimized-N-2", "8.4.3") == catalog::Supported::yes);
    CHECK(runs(sql_mysql, "db-custom-2-7680", "5.7.44") == catalog::Supported::yes);
}
