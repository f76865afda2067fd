// Azure: limits that stay, SKUs and prices, against the rows of the sources and values worked out by hand.
#include <algorithm>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "../../support/fleet.hpp"
#include "unit/catalog/csv.hpp"

using namespace poolfit;

namespace {

const Platform& flexible = *platform::by_id("azure-postgresql");

const InstanceClass& named(std::string_view name) {
    const InstanceClass* found = test::catalog().find_class(flexible, name);
    REQUIRE(found != nullptr);
    return *found;
}

std::optional<MicroUsdPerMonth> price(std::string_view name, std::string_view region, bool standby = false) {
    const auto found = test::catalog().price(flexible, named(name), region, standby, PriceTerm::list);
    return found ? std::optional(found->amount) : std::nullopt;
}

std::string inventory(std::string_view cls, std::string_view more = "", std::string_view observed = "") {
    return fmt::format(
        "schema = \"poolfit-inventory/1\"\nprovider = \"azure\"\nregion = \"westeurope\"\n[[database]]\nname = \"db\"\n"
        "engine = \"postgresql\"\nversion = \"16\"\nclass = \"{}\"\n{}\n[database.observed]\ncpu_peak = \"8%\"\n"
        "cpu_mean = \"3%\"\nwindow = \"14 d\"\n{}\n[[service]]\nname = \"s\"\ndeploy = \"recreate\"\n[[service.pool]]\n"
        "name = \"p\"\ndatabase = \"db\"\nmax = 10\n",
        cls, more, observed);
}

}  // namespace

TEST_CASE("Azure: every documented limit of a SKU, and none for others") {
    const auto rows = csv::read("platforms/azure-postgresql/class_limits.csv");
    CHECK(rows.size() == 71);
    for (const auto& row : rows) {
        CAPTURE(row.at("class"));
        CHECK(named(row.at("class")).limit->range ==
              Interval(Connections(std::stoll(row.at("default_max_connections")))));
    }
    CHECK(named("Standard_B1ms").limit->range.low == Connections(50));
    CHECK(named("Standard_B2s").limit->range.low == Connections(429));
    CHECK(named("Standard_D2ds_v5").limit->range.low == Connections(859));
    CHECK(named("Standard_E4ds_v5").limit->range.low == Connections(3437));
    CHECK(named("Standard_D96ads_v5").limit->range.low == Connections(5000));
    CHECK(!named("Standard_D4ds_v6").limit);
    CHECK(test::catalog().classes(flexible).size() == 109);
}

TEST_CASE("Azure: fifteen slots are kept") {
    const auto planned = test::plan_text(inventory("Standard_D4ds_v4"));
    const Limits& limits = planned.plan.databases[0].budget.limits;
    CHECK(limits.max_planned.value == Connections(1718));
    CHECK(limits.reserved.value == Connections(15));
    CHECK(limits.usable.value == Connections(1703));
}

TEST_CASE("Azure: the limit stays when the SKU changes") {
    // 1,718 of Standard_D4ds_v4, not the 859 of the one that it moves to.
    const auto planned = test::plan_text(inventory("Standard_D4ds_v4", "", "freeable_memory = \"13 GiB\""));
    const DatabasePlan& plan = planned.plan.databases[0];
    REQUIRE(plan.recommendation.cls != nullptr);
    CHECK(plan.recommendation.cls->name == "Standard_D2ds_v4");
    CHECK(plan.chosen.limits.max_planned.value == Connections(1718));
    CHECK(plan.chosen.limits.max_expected->value == Interval(Connections(859)));
    CHECK(planned.on(0, "Standard_D2ds_v4").limits.usable.value == Connections(1703));
    const auto given =
        test::plan_text(inventory("Standard_D4ds_v4", "max_connections = 300", "freeable_memory = \"13 GiB\""));
    CHECK(given.plan.databases[0].chosen.limits.max_planned.value == Connections(300));
}

TEST_CASE("Azure: prices by SKU, by vCore, and twice as much with high availability") {
    CHECK(price("Standard_D2ds_v5", "westus") == MicroUsdPerMonth(203'000LL * 730));
    CHECK(price("Standard_E4s_v3", "westus") == MicroUsdPerMonth(524'400LL * 730));
    CHECK(price("Standard_B1ms", "eastus") == MicroUsdPerMonth(17'000LL * 730));
    // 4 × 0.122 an hour.
    CHECK(price("Standard_D4ds_v4", "australiaeast") == MicroUsdPerMonth(488'000LL * 730));
    CHECK(price("Standard_D64ds_v4", "canadacentral") == MicroUsdPerMonth(6'323'200LL * 730));
    CHECK(!price("Standard_D4ds_v5", "australiaeast"));
    CHECK(price("Standard_D2ds_v5", "westus", true) == MicroUsdPerMonth(2 * 203'000LL * 730));
    for (const auto& row : csv::read("platforms/azure-postgresql/prices.csv")) {
        CAPTURE(row.at("class"));
        CAPTURE(row.at("region"));
        const auto micro = static_cast<std::int64_t>(std::stod(row.at("ondemand")) * 1e6 + 0.5);
        CHECK(price(row.at("class"), row.at("region")) == MicroUsdPerMonth(micro * 730));
    }
}

TEST_CASE("Azure: no class of the Burstable tier for a database with high availability") {
    const auto alone = test::plan_text(inventory("Standard_D2ds_v4", "", "freeable_memory = \"6 GiB\"") +
                                       "[policy]\nallow_burstable = true\nallow = [\"Standard_*\"]\n");
    const auto of = [](const test::Planned& planned, std::string_view cls) -> const Candidate& {
        const auto& all = planned.plan.databases[0].candidates;
        const auto at = std::ranges::find_if(all, [&](const Candidate& each) { return each.cls->name == cls; });
        REQUIRE(at != all.end());
        return *at;
    };
    const auto is_standby = [](const Reason& reason) { return reason.kind == Reason::Kind::no_standby; };
    CHECK(std::ranges::none_of(of(alone, "Standard_B1ms").reasons, is_standby));
    const auto both = test::plan_text(inventory("Standard_D2ds_v4", "multi_az = true", "freeable_memory = \"6 GiB\"") +
                                      "[policy]\nallow_burstable = true\nallow = [\"Standard_*\"]\n");
    CHECK(std::ranges::any_of(of(both, "Standard_B1ms").reasons, is_standby));
    CHECK(!of(both, "Standard_B1ms").fits);
    CHECK(both.plan.databases[0].now.cost->value == MicroUsdPerMonth(2 * 212'000LL * 730));
}

TEST_CASE("Azure: disks, by size, and twice with high availability") {
    const auto stored = [](std::string_view storage, std::string_view more = "") {
        return test::plan_text(inventory("Standard_D4ds_v4", more) + fmt::format("[[database]]\nname = \"d\"\nengine = "
                                                                                 "\"postgresql\"\nclass = "
                                                                                 "\"Standard_D4ds_v4\"\n{}\n"
                                                                                 "[database.storage]\n{}\n",
                                                                                 more, storage));
    };
    const auto use = [](const test::Planned& planned) { return *planned.plan.databases[1].storage; };
    // $0.1369 for each GiB in westeurope.
    const auto one = use(stored("size = \"512 GiB\""));
    CHECK(one.volume.kind->name == "premium-ssd");
    CHECK(usd(one.cost.cost->value.high) == doctest::Approx(512 * 0.1369));
    CHECK(one.iops->value == 2300);
    CHECK(one.burst == 3500);
    CHECK(usd(use(stored("size = \"512 GiB\"", "multi_az = true")).cost.cost->value.high) ==
          doctest::Approx(1024 * 0.1369));
    struct Case {
        std::string_view storage;
        double iops;
    };
    for (const Case& c :
         {Case{"size = \"32 GiB\"", 120}, Case{"size = \"64 GiB\"", 240}, Case{"size = \"128 GiB\"", 500},
          Case{"size = \"256 GiB\"", 1100}, Case{"size = \"1 TiB\"", 5000}, Case{"size = \"4095 GiB\"", 7500},
          Case{"size = \"4 TiB\"", 7500}, Case{"size = \"8 TiB\"", 16000}, Case{"size = \"16 TiB\"", 18000},
          Case{"size = \"32767 GiB\"", 20000}, Case{"type = \"premium-ssd-v2\"\nsize = \"399 GiB\"", 3000},
          Case{"type = \"premium-ssd-v2\"\nsize = \"400 GiB\"", 12000},
          Case{"type = \"premium-ssd-v2\"\nsize = \"32 GiB\"\niops = 17179", 17179}}) {
        CAPTURE(c.storage);
        CHECK(use(stored(c.storage)).iops->value == c.iops);
    }
    // More IOPS of premium-ssd are those of a larger disk: 1,500 ask for 1,900, and 512 GiB have 2,300.
    const auto more =
        use(test::plan_text(inventory("Standard_D4ds_v4") +
                            "[[database]]\nname = \"d\"\nengine = \"postgresql\"\nclass = \"Standard_D4ds_v4\"\n"
                            "[database.observed]\niops = \"100-1500\"\n[database.storage]\nsize = \"128 GiB\"\n"));
    REQUIRE(more.advice);
    CHECK(more.advice->kind == StorageAdvice::Kind::more_iops);
    CHECK(more.advice->gib == 512);
    CHECK(!more.advice->provisioned);
    CHECK(usd(more.advice->saves->value.high) == doctest::Approx(-384 * 0.1369));
    CHECK(!use(stored("type = \"premium-ssd-v2\"\nsize = \"100 GiB\"")).cost.cost);  // uksouth only
}

TEST_CASE("Azure: the built-in PgBouncer, its defaults, and where it is") {
    const auto with = [](std::string_view cls, std::string_view keys) {
        return inventory(cls) + fmt::format(
                                    "[[pooler]]\nname = \"b\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\n"
                                    "built_in = true\n{}\n",
                                    keys);
    };
    const auto planned = test::plan_text(with("Standard_D4ds_v4", ""));
    const Pooler& pooler = planned.fleet.poolers[0];
    CHECK(*pooler.default_pool_size == 50);
    CHECK(*pooler.max_client_conn == 5000);
    CHECK(pooler.mode == Pooler::Mode::transaction);
    const auto own = test::plan_text(with("Standard_D4ds_v4", "default_pool_size = 20\nmode = \"session\""));
    CHECK(*own.fleet.poolers[0].default_pool_size == 20);
    CHECK(own.fleet.poolers[0].mode == Pooler::Mode::session);
    CHECK(!flexible.built_in_pooler->on(named("Standard_B2s")));
    CHECK(flexible.built_in_pooler->on(named("Standard_E2ds_v5")));
}
