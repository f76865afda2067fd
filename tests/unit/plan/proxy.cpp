// RDS Proxy: its bill by the vCPUs of its target, and which clients it pins.
#include <string>

#include <doctest/doctest.h>

#include <poolfit/assess/pinned.hpp>
#include <poolfit/plan/strategy.hpp>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::Planned;

namespace {

std::string fleet(std::string_view region, std::string_view engine, std::string_view cls, std::string_view pool,
                  std::string_view more = "") {
    return "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"" + std::string(region) +
           "\"\n[[database]]\nname = \"db\"\nengine = \"" + std::string(engine) + "\"\nclass = \"" + std::string(cls) +
           "\"\n" + std::string(more) +
           "[[pooler]]\nname = \"proxy\"\nkind = \"rds-proxy\"\ndatabase = \"db\"\n"
           "[[service]]\nname = \"api\"\ninstances = 4\n[[service.pool]]\nname = \"p\"\ndatabase = \"proxy\"\n" +
           std::string(pool);
}

double dollars(MicroUsdPerMonth amount) { return static_cast<double>(amount.value) / 1e6; }

constexpr std::string_view plain = "max = 5\nfeatures = []\n";

Pinned kind(std::string_view engine, std::string_view pool) {
    const Planned made = test::plan_text(fleet("us-east-1", engine, "db.m5.large", pool));
    return assess::pinned(made.fleet, made.fleet.pools[0]);
}

}  // namespace

TEST_CASE("RDS Proxy: so much for each vCPU-hour of its target, in the totals") {
    const Planned made = test::plan_text(fleet("us-east-1", "postgresql", "db.m5.xlarge", plain));
    const auto& bill = made.plan.poolers[0].bill;
    REQUIRE(bill);
    REQUIRE(bill->now);
    CHECK(dollars(bill->now->value.high) == doctest::Approx(4 * 0.015 * 730));  // $43.80
    CHECK(dollars(made.plan.totals.poolers_now->value) == doctest::Approx(43.80));
    CHECK(dollars(made.plan.totals.now->value) == doctest::Approx(0.356 * 730 + 43.80));
    CHECK(made.plan.totals.saves->value == made.plan.totals.now->value - made.plan.totals.after->value);
}

TEST_CASE("RDS Proxy: a smaller class costs it less too, and a region without a price is said") {
    const std::string light =
        "[database.observed]\ncpu_mean = \"2%\"\ncpu_peak = \"4%\"\nfreeable_memory = \"28 GiB\"\nwindow = \"14 d\"\n";
    const Planned smaller = test::plan_text(fleet("us-east-1", "postgresql", "db.m5.2xlarge", plain, light));
    const auto& bill = smaller.plan.poolers[0].bill;
    CHECK(dollars(bill->now->value.high) == doctest::Approx(8 * 0.015 * 730));
    CHECK(dollars(bill->after->value.high) ==
          doctest::Approx(smaller.plan.databases[0].recommendation.cls->vcpus * 0.015 * 730));
    const Planned elsewhere = test::plan_text(fleet("eu-central-1", "postgresql", "db.m5.xlarge", plain));
    CHECK(!elsewhere.plan.poolers[0].bill->price);
    CHECK(!elsewhere.plan.totals.poolers_now);
    CHECK(elsewhere.plan.totals.unpriced_poolers == std::vector<Index>{0});
}

TEST_CASE("RDS Proxy: in front of an Aurora cluster for all its instances") {
    const Planned made =
        test::plan_text(fleet("us-east-1", "aurora-postgresql", "db.r6g.xlarge", plain) +
                        "[[database]]\nname = \"ro\"\nreplica_of = \"db\"\nclass = \"db.r6g.large\"\n");
    CHECK(dollars(made.plan.poolers[0].bill->now->value.high) == doctest::Approx((4 + 2) * 0.015 * 730));
}

TEST_CASE("pinned: by features, driver and engine") {
    CHECK(kind("postgresql", "max = 5\nfeatures = [\"session\"]\n") == Pinned::yes);
    CHECK(kind("postgresql", "max = 5\nfeatures = [\"listen\"]\n") == Pinned::yes);
    CHECK(kind("postgresql", "max = 5\nfeatures = []\n") == Pinned::no);
    // SQL's PREPARE pins; the protocol's does not, since November 2023.
    CHECK(kind("postgresql", "max = 5\nfeatures = [\"prepared\"]\n") == Pinned::may);
    CHECK(kind("postgresql", "max = 5\ndriver = \"postgres.js\"\nfeatures = [\"prepared\"]\n") == Pinned::no);
    CHECK(kind("postgresql", "driver = \"postgres.js\"\n") == Pinned::no);
    CHECK(kind("postgresql", "driver = \"HikariCP\"\n") == Pinned::may);
    CHECK(kind("mysql", "max = 5\nfeatures = [\"prepared\"]\n") == Pinned::yes);
    CHECK(kind("mysql", "driver = \"sqlx\"\nmax = 5\n") == Pinned::may);
}

TEST_CASE("pinned: a server connection for each, from those that surely are to all that may") {
    const auto range = [](std::string_view pool) {
        const Planned made = test::plan_text(fleet("us-east-1", "postgresql", "db.m5.large", pool));
        return made.plan.poolers[0].pinned->value;
    };
    CHECK(range("max = 5\nfeatures = [\"session\"]\n") == Interval<Connections>{Connections(20), Connections(20)});
    CHECK(range("driver = \"HikariCP\"\nmax = 5\n") == Interval<Connections>{Connections(0), Connections(20)});
    CHECK(range(plain) == Interval<Connections>{Connections(0), Connections(0)});
}

TEST_CASE("RDS Proxy: one that nothing connects to goes with its idle database") {
    const Planned made = test::plan_text(
        "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n[[database]]\nname = \"old\"\n"
        "engine = \"postgresql\"\nclass = \"db.m5.xlarge\"\n[database.observed]\nconnections = 0\nwindow = \"30 d\"\n"
        "[[pooler]]\nname = \"px\"\nkind = \"rds-proxy\"\ndatabase = \"old\"\n");
    CHECK(made.plan.databases[0].recommendation.verdict == Verdict::idle);
    CHECK(dollars(made.plan.poolers[0].bill->now->value.high) == doctest::Approx(43.80));
    CHECK(made.plan.poolers[0].bill->after->value.high.value == 0);
    CHECK(made.plan.totals.after->value.value == 0);
}

TEST_CASE("RDS Proxy: of serverless by capacity, 8 ACU at least, in the totals") {
    const std::string serverless =
        "[[database]]\nname = \"s\"\nengine = \"aurora-postgresql\"\nclass = \"db.serverless\"\nacu_min = 1\n"
        "acu_max = 8\n[database.observed]\ncpu_mean = \"20%\"\ncpu_p95 = \"40%\"\n"
        "[[pooler]]\nname = \"px\"\nkind = \"rds-proxy\"\ndatabase = \"s\"\n";
    const auto in = [&](const std::string& region) {
        return test::plan_text("schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"" + region + "\"\n" +
                               serverless);
    };
    const Planned seoul = in("ap-northeast-2");
    REQUIRE(seoul.plan.totals.elastic_poolers);
    CHECK(dollars(seoul.plan.totals.elastic_poolers->value.high) == doctest::Approx(8 * 0.025 * 730));
    const Planned virginia = in("us-east-1");  // no price of an ACU there
    CHECK(!virginia.plan.totals.elastic_poolers);
    CHECK(virginia.plan.totals.unpriced_poolers == std::vector<Index>{0});
}

TEST_CASE("RDS Proxy: in front of a database that moves to serverless it is charged by capacity") {
    const std::string light =
        "[database.observed]\ncpu_mean = \"3%\"\ncpu_peak = \"10%\"\nfreeable_memory = \"30 GiB\"\nwindow = \"14 d\"\n";
    const Planned made = test::plan_text(fleet("us-east-1", "aurora-postgresql", "db.r6g.xlarge", plain, light) +
                                         "[policy]\nallow = [\"db.r6g.*\"]\n");
    REQUIRE(made.plan.databases[0].recommendation.verdict == Verdict::serverless);
    CHECK(made.plan.poolers[0].bill->now);
    CHECK(!made.plan.poolers[0].bill->after);  // the price of an ACU is not known in us-east-1
    CHECK(made.plan.totals.unpriced_poolers == std::vector<Index>{0});
}

TEST_CASE("RDS Proxy: it needs a connection for each pinned session, and for other clients what they have busy") {
    const auto in_need = [](std::string_view pool) {
        return test::plan_text(fleet("us-east-1", "postgresql", "db.m5.large", pool)).plan.poolers[0].in_need;
    };
    // Four instances with 5 each, of which 1 to 2 are in use.
    const auto shares = in_need("max = 5\nfeatures = []\nin_use = \"1-2\"\n");
    REQUIRE(shares);
    CHECK(shares->value.low == Connections(4));
    CHECK(shares->value.high == Connections(8));
    const auto pinned = in_need("max = 5\nfeatures = [\"session\"]\n");
    REQUIRE(pinned);
    CHECK(pinned->value.low == Connections(20));
    CHECK(pinned->value.high == Connections(20));
    // What the driver may pin is between the two.
    const auto may = in_need("max = 5\ndriver = \"hikaricp\"\nin_use = \"1-2\"\n");
    REQUIRE(may);
    CHECK(may->value.low == Connections(4));
    CHECK(may->value.high == Connections(20));
    CHECK_FALSE(in_need("max = 5\nfeatures = []\n"));
    const Planned both =
        test::plan_text(fleet("us-east-1", "postgresql", "db.m5.large", "max = 5\nfeatures = []\nin_use = \"1-2\"\n") +
                        "[[service.pool]]\nname = \"q\"\ndatabase = \"proxy\"\nmax = 2\nfeatures = [\"listen\"]\n");
    REQUIRE(both.plan.poolers[0].in_need);
    CHECK(both.plan.poolers[0].in_need->value.low == Connections(4 + 8));
    CHECK(both.plan.poolers[0].in_need->value.high == Connections(8 + 8));
    CHECK(both.figures->conflicts().empty());
}
