// The four ways to go, on the plan document's system and on small ones.
#include <algorithm>

#include <doctest/doctest.h>

#include <poolfit/plan/strategy.hpp>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::Planned;

namespace {

struct Ways {
    Planned planned;
    std::vector<Strategy> all;
    const Strategy& operator[](std::string_view name) const {
        const auto at = std::find_if(all.begin(), all.end(), [&](const Strategy& s) { return s.name == name; });
        REQUIRE(at != all.end());
        return *at;
    }
    std::string_view recommended() const {
        const auto at = std::find_if(all.begin(), all.end(), [](const Strategy& s) { return s.recommended; });
        REQUIRE(at != all.end());
        CHECK(std::count_if(all.begin(), all.end(), [](const Strategy& s) { return s.recommended; }) == 1);
        return at->name;
    }
};

Ways ways(Planned planned) {
    Ways made{std::move(planned), {}};
    made.all = plan::strategies(made.planned.fleet, test::catalog(), made.planned.plan);
    return made;
}

Ways of_text(std::string_view rest) {
    std::string text =
        "schema = \"poolfit-inventory/1\"\nname = \"t\"\nprovider = \"aws\"\nregion = \"us-east-1\"\n"
        "[[database]]\nname = \"db\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n";
    text += rest;
    return ways(test::plan_text(text));
}

std::string service(std::string_view name, std::string_view keys, std::string_view pools) {
    std::string text = "[[service]]\nname = \"";
    text.append(name).append("\"\n").append(keys).append(pools);
    return text;
}

std::int64_t after(const Strategy& s, std::size_t server) { return s.databases[server].after->value.value; }
std::int64_t before(const Strategy& s, std::size_t server) { return s.databases[server].before->value.value; }

bool any_has(const std::vector<std::string>& texts, std::string_view part) {
    return std::any_of(texts.begin(), texts.end(),
                       [&](const std::string& t) { return t.find(part) != std::string::npos; });
}

const Ways& agora() {
    static const Ways made = ways(test::plan_file("agora/poolfit.toml"));
    return made;
}

}  // namespace

TEST_CASE("agora: conservative is 51 to 31, 21 of them on the primary, and says its replica rule") {
    const Strategy& s = agora()["conservative"];
    CHECK(s.before->value.value == 51);
    CHECK(s.after->value.value == 31);
    CHECK(s.change->value.value == doctest::Approx(-20.0 / 51));
    CHECK(before(s, 0) == 31);
    CHECK(after(s, 0) == 21);
    CHECK(after(s, 1) == 10);
    CHECK(any_has(s.pros, "replica rule"));
    CHECK(s.saves_per_year->value.value == 0);
    CHECK(agora().recommended() == "conservative");
}

TEST_CASE("agora: aggressive is 3 + 13 on the primary, 3 + 5 on the replica") {
    const Strategy& s = agora()["aggressive"];
    CHECK(after(s, 0) == 16);
    CHECK(after(s, 1) == 8);
    CHECK((16.0 - 31) / 31 == doctest::Approx(-0.484).epsilon(0.001));
    CHECK(any_has(s.pros, "replica rule"));
    CHECK(any_has(s.cons, "pg-boss has to run on postgres.js"));
    CHECK(any_has(s.cons, "executeSql"));
    CHECK(s.risk == Risk::medium);
    const auto merged =
        std::find_if(s.pools.begin(), s.pools.end(), [](const StrategyPool& p) { return !p.merged.empty(); });
    REQUIRE(merged != s.pools.end());
    CHECK(merged->size->value.value == 13);
}

TEST_CASE("agora: monitor changes nothing, and names where each driver's use is read") {
    const Strategy& s = agora()["monitor"];
    CHECK(s.before->value == s.after->value);
    CHECK(s.after->value.value == 51);
    CHECK(any_has(s.changes, "pg_stat_activity"));
    CHECK(any_has(s.changes, "14 d"));
    CHECK(any_has(s.decides, "api/primary"));
    CHECK(any_has(s.decides, "baseline of db.t3.large"));  // the replica's mean CPU
}

TEST_CASE("agora: the pooler is below its thresholds, and the distance is shown") {
    const Strategy& s = agora()["pooler"];
    CHECK_FALSE(s.recommended);
    CHECK(after(s, 0) == 20);                   // max(⌈2.5 × 8⌉, 11 + 1)
    CHECK_FALSE(s.saves_per_year.has_value());  // hosts have no price in eu-central-1
    REQUIRE(s.thresholds.size() == 3);
    CHECK(s.thresholds[0].text == "200 connections in all: 51 today (31 right-sized), 149 to go");
    CHECK(s.thresholds[2].text == "10 services: 2 today, 8 to go");
    CHECK(any_has(s.cons, "prepare: false"));
    const Strategy& aggressive = agora()["aggressive"];
    CHECK(aggressive.thresholds[1].brief == "70 % CPU (55 points to go)");
}

TEST_CASE("figures of strategies are named, and lead to leaves") {
    const Ledger& ledger = agora().planned.plan.ledger;
    const auto id = ledger.find("strategy.conservative.database.primary.connections");
    REQUIRE(id);
    CHECK(ledger[*id].value.value.high == 21);
    CHECK(ledger.find("strategy.aggressive.connections"));
    CHECK(ledger.find("strategy.pooler.database.primary.server_side"));
    for (const Derivation& d : ledger.all())
        if (d.origin.kind == Origin::Kind::computed) CHECK_MESSAGE(!d.inputs.empty(), d.name);
}

TEST_CASE("nothing measured: monitor first") {
    const Ways made = of_text(service("api", "", "[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = 20\n"));
    CHECK(made.recommended() == "monitor");
    CHECK(made["monitor"].thresholds[0].reached);
    CHECK_FALSE(made["aggressive"].applicable);
    CHECK(any_has(made["pooler"].cons, "rule of thumb"));
}

TEST_CASE("no pools, no strategies") { CHECK(of_text("").all.empty()); }

TEST_CASE("an unlimited pool leaves the sums open") {
    const Ways made =
        of_text(service("api", "", "[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\ndriver = \"database-sql\"\n"));
    CHECK_FALSE(made["conservative"].before.has_value());
    CHECK_FALSE(made["conservative"].after.has_value());
    CHECK(any_has(made["conservative"].cons, "without a limit"));
    CHECK(made.recommended() == "monitor");
}

TEST_CASE("many connections after right-sizing: a pooler takes over where it takes enough away") {
    // 40 services of 10 processes, 1 to 2 in use each: 3 a process is 1,200; the server side needs 1,000.
    std::string text;
    for (int i = 0; i < 4; ++i)
        text += service(
            "s" + std::to_string(i), "instances = 100\n",
            "[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = 10\nin_use = \"0.5-2\"\ndriver = \"pgx\"\n");
    const Ways made = of_text(text);
    const Strategy& pooler = made["pooler"];
    CHECK(pooler.thresholds[0].reached);
    CHECK(after(made["conservative"], 0) == 1200);
    CHECK(after(pooler, 0) == 801);  // max(⌈2.5 × 200⌉, 800 + 1)
    CHECK(made.recommended() == "pooler");
    REQUIRE(pooler.saves_per_year.has_value());
    CHECK(pooler.saves_per_year->value.value < 0);
}

TEST_CASE("a pooler that is there already is said, and its database left alone") {
    const Ways made = ways(test::plan_file("multi-az/poolfit.toml"));
    const Strategy& pooler = made["pooler"];
    CHECK(any_has(pooler.cons, "orders already has one: bouncer"));
    CHECK(after(pooler, 0) == after(made["conservative"], 0));
    CHECK(made.recommended() == "conservative");  // 9 fewer of 358 are not worth it
}

TEST_CASE("listeners and sessions stay direct behind a pooler") {
    const Ways made = of_text(service(
        "api", "instances = 3\n",
        "[[service.pool]]\nname = \"l\"\ndatabase = \"db\"\nmax = 10\nin_use = \"1-2\"\nfeatures = [\"listen\"]\n"
        "[[service.pool]]\nname = \"s\"\ndatabase = \"db\"\nmax = 4\nin_use = \"1-2\"\nfeatures = [\"session\"]\n"));
    const Strategy& s = made["pooler"];
    // Server side max(⌈2.5 × 3⌉, 6 + 1) = 8, three listeners, three times the session pool's 3.
    CHECK(after(s, 0) == 8 + 3 + 9);
    CHECK(any_has(s.changes, "api/s stays direct"));
    CHECK(s.risk == Risk::high);
}

TEST_CASE("pools merged without a formula are the sum of the recommended; never less than the peaks") {
    const std::string pools =
        "[[service.pool]]\nname = \"a\"\ndatabase = \"db\"\nmax = 10\nin_use = \"2-3\"\ndriver = \"pg\"\n"
        "[[service.pool]]\nname = \"b\"\ndatabase = \"db\"\nmax = 10\nin_use = \"2-3\"\ndriver = \"pg\"\n";
    const Ways sum = of_text(service("api", "", pools));
    CHECK(after(sum["aggressive"], 0) == 10);
    CHECK(any_has(sum["aggressive"].pros, "both use pg"));
    CHECK(sum["aggressive"].risk == Risk::low);
    const Ways raised = of_text(service("api", "merged_max = 4\n", pools));
    CHECK(after(raised["aggressive"], 0) == 6);
}

TEST_CASE("pools against vCPUs: by vcpu_max, by a formula in max, or fixed") {
    Planned planned = test::plan_file("agora/poolfit.toml");
    const auto rows = plan::vcpu_table(planned.fleet, planned.plan);
    const auto sizes = [&](std::size_t i) {
        std::vector<std::int64_t> values;
        for (const PoolSize& size : rows[i].sizes) values.push_back(size->value.value);
        return values;
    };
    REQUIRE(rows.size() == 5);
    CHECK(sizes(0) == std::vector<std::int64_t>{3, 6, 12, 24});
    CHECK(sizes(2) == std::vector<std::int64_t>{5, 8, 16, 32});
    CHECK(sizes(3) == std::vector<std::int64_t>{11, 11, 11, 11});
    CHECK(rows[0].scales);
    CHECK_FALSE(rows[3].scales);
    CHECK(rows[3].formula == "BATCH_SIZE + 5");
}
