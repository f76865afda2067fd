// The four ways to go, on the plan document's system and on small ones.
#include <algorithm>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/plan/strategy.hpp>

#include "../../../src/plan/strategy_parts.hpp"
#include "../../../src/render/strategy_words.hpp"
#include "../../support/fleet.hpp"
#include "../../support/random_fleet.hpp"
#include "../../support/sanitized.hpp"

using namespace poolfit;
using test::Planned;

namespace {

using Kind = Point::Kind;

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
    /// What the words are made of: a report without views, findings and dates.
    Report report() const {
        Report report;
        report.fleet = &planned.fleet;
        report.plan = planned.plan;
        report.strategies = all;
        return report;
    }
    std::vector<std::string> texts(std::string_view name, std::vector<Point> Strategy::*part) const {
        const Strategy& strategy = (*this)[name];
        return render::point_texts(report(), strategy, strategy.*part);
    }
    std::string why(std::string_view name) const { return render::why_text(report(), (*this)[name]); }
};

Ways ways(Planned planned) {
    Ways made{std::move(planned), {}};
    made.all = plan::strategies(made.planned.fleet, made.planned.plan, Recorder(made.planned.figures.get()));
    CHECK(made.planned.figures->conflicts().empty());
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

const Point* find(const std::vector<Point>& points, Kind kind) {
    const auto at = std::find_if(points.begin(), points.end(), [&](const Point& p) { return p.kind == kind; });
    return at == points.end() ? nullptr : &*at;
}
bool has(const std::vector<Point>& points, Kind kind) { return find(points, kind) != nullptr; }
bool has(const std::vector<std::string>& texts, std::string_view text) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
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
    REQUIRE(has(s.pros, Kind::own_use_on_replica));
    CHECK(find(s.pros, Kind::own_use_on_replica)->pools == std::vector<Index>{1, 4});
    CHECK(has(agora().texts("conservative", &Strategy::pros),
              "replica rule: api.replica and math-updater.replica sized by their own observed use, not copied from the "
              "primary"));
    CHECK(s.saves_per_year->value.value == 0);
    CHECK(agora().recommended() == "conservative");
}

TEST_CASE("agora: aggressive is 3 + 13 on the primary, 3 + 5 on the replica") {
    const Strategy& s = agora()["aggressive"];
    CHECK(after(s, 0) == 16);
    CHECK(after(s, 1) == 8);
    CHECK((16.0 - 31) / 31 == doctest::Approx(-0.484).epsilon(0.001));
    CHECK(has(s.pros, Kind::scaled_on_replica));
    const Point* foreign = find(s.cons, Kind::foreign_driver);
    REQUIRE(foreign != nullptr);
    CHECK(foreign->driver->id == "postgres-js");
    CHECK(foreign->other->id == "pg-boss");
    CHECK(foreign->base->id == "pg");
    const std::string text = render::point_text(agora().report(), s, *foreign);
    CHECK(text.find("pg-boss would have to run on postgres.js instead of pg; it ") != std::string::npos);
    CHECK(text.find("executeSql") != std::string::npos);
    CHECK(s.risk == Risk::medium);
    const auto merged =
        std::find_if(s.pools.begin(), s.pools.end(), [](const StrategyPool& p) { return !p.merged.empty(); });
    REQUIRE(merged != s.pools.end());
    CHECK(merged->size->value.value == 13);
    CHECK(merged->reason.kind == SizeReason::Kind::merged_max);
}

TEST_CASE("agora: monitor changes nothing, and names where each driver's use is read") {
    const Strategy& s = agora()["monitor"];
    CHECK(s.before->value == s.after->value);
    CHECK(s.after->value.value == 51);
    REQUIRE(has(s.changes, Kind::log));
    CHECK(find(s.changes, Kind::log)->driver->id == "postgres-js");
    REQUIRE(has(s.changes, Kind::watch_long));
    CHECK(find(s.changes, Kind::watch_long)->days.value == 14);
    CHECK(has(s.decides, Kind::holds_recommended));
    const Point* mean = find(s.decides, Kind::mean_over_baseline);
    REQUIRE(mean != nullptr);
    CHECK(mean->database == 1);  // the replica's mean CPU
    CHECK(mean->cls->name == "db.t3.large");
}

TEST_CASE("agora: the pooler is below its thresholds, and the distance is shown") {
    const Strategy& s = agora()["pooler"];
    CHECK_FALSE(s.recommended);
    CHECK(after(s, 0) == 20);                   // max(⌈2.5 × 8⌉, 11 + 1)
    CHECK_FALSE(s.saves_per_year.has_value());  // hosts have no price in eu-central-1
    REQUIRE(s.thresholds.size() == 3);
    const Threshold& in_all = s.thresholds[0];
    CHECK(in_all.at == 200);
    CHECK(in_all.now == 51.0);
    CHECK(in_all.left == 149);
    CHECK(in_all.right_sized->value == 31);
    const Fleet& fleet = agora().planned.fleet;
    CHECK(render::threshold_text(fleet, in_all) == "200 connections in total: 51 today (31 right-sized), 149 to go");
    CHECK(render::threshold_text(fleet, s.thresholds[2]) == "10 services: 2 today, 8 to go");
    const auto texts = agora().texts("pooler", &Strategy::cons);
    CHECK(std::any_of(texts.begin(), texts.end(),
                      [](const std::string& text) { return text.find("prepare: false") != std::string::npos; }));
    const Threshold& cpu = agora()["aggressive"].thresholds[1];
    CHECK(cpu.left == doctest::Approx(0.55));
    CHECK(cpu.database == Index(1));
    CHECK(render::threshold_brief(cpu) == "70 % CPU (55 points to go)");
}

TEST_CASE("figures of strategies are named, and lead to leaves") {
    const Planned& planned = agora().planned;
    CHECK(planned.node("strategy.conservative.database.primary.connections").value.high == 21);
    CHECK(planned.node("strategy.aggressive.connections").value.high == 24);
    CHECK(planned.node("strategy.pooler.database.primary.server_side").value.high == 20);
    CHECK(planned.node("strategy.aggressive.service.math-updater.pool.drizzle.size").value.high == 13);
    CHECK(planned.node("threshold.connections.distance").value.high == 149);
    for (const Node& node : planned.figures->all())
        if (node.kind == Node::Kind::computed) CHECK_MESSAGE(node.inputs > 0, assess::name(node.key, planned.fleet));
}

TEST_CASE("merged_max is the service's own figure: no size rests on another's leaf") {
    // Two groups of one service: on db, and on its replica, where more vCPUs make the same formula 17.
    const Ways made = of_text("[[database]]\nname = \"r\"\nreplica_of = \"db\"\nclass = \"db.m5.4xlarge\"\n" +
                              service("api", "merged_max = \"DB_VCPUS + 1\"\n",
                                      "[[service.pool]]\nname = \"a\"\ndatabase = \"db\"\nmax = 10\ndriver = \"pg\"\n"
                                      "[[service.pool]]\nname = \"b\"\ndatabase = \"db\"\nmax = 10\ndriver = \"pg\"\n"
                                      "[[service.pool]]\nname = \"c\"\ndatabase = \"r\"\nmax = 10\ndriver = \"pg\"\n"
                                      "[[service.pool]]\nname = \"d\"\ndatabase = \"r\"\nmax = 10\ndriver = \"pg\"\n"));
    const auto& figures = *made.planned.figures;
    const auto leaf = [&](std::string_view pool) {
        const Node& size = made.planned.node("strategy.aggressive.service.api.pool." + std::string(pool) + ".size");
        REQUIRE(size.inputs == 1);
        const Node& merged = figures[figures.inputs(*figures.find(size.key)).front()];
        CHECK(merged.key.subject == Subject{Subject::Kind::service, 0});
        CHECK(merged.key.name == Name::merged_max);
        CHECK(merged.value == size.value);
        return merged.value.high;
    };
    CHECK(leaf("a") == 3);
    CHECK(leaf("c") == 17);
}

TEST_CASE("nothing measured: monitor first") {
    const Ways made = of_text(service("api", "", "[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = 20\n"));
    CHECK(made.recommended() == "monitor");
    CHECK(made["monitor"].thresholds[0].reached);
    CHECK_FALSE(made["aggressive"].applicable);
    CHECK(has(made["pooler"].cons, Kind::server_side_unknown));
    CHECK(made["monitor"].why.kind == Why::Kind::nothing_known);
    CHECK(made.why("monitor") == "the pool's use is unknown: any new size would be a guess");
}

TEST_CASE("no pools, no strategies") { CHECK(of_text("").all.empty()); }

TEST_CASE("an unlimited pool leaves the sums open") {
    const Ways made =
        of_text(service("api", "", "[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\ndriver = \"database-sql\"\n"));
    CHECK_FALSE(made["conservative"].before.has_value());
    CHECK_FALSE(made["conservative"].after.has_value());
    CHECK(has(made["conservative"].cons, Kind::without_limit));
    CHECK(made.recommended() == "monitor");
}

TEST_CASE("many connections after right-sizing: a pooler takes over where it takes enough away") {
    // Four services of 30 processes, each with a peak of 0.9 in use: 2 a process are 240.
    const auto fleet = [](std::string_view use) {
        std::string text;
        for (int i = 0; i < 4; ++i)
            text += service("s" + std::to_string(i), "instances = 30\n",
                            fmt::format("[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = 10\n"
                                        "in_use = \"{}\"\ndriver = \"pgx\"\n",
                                        use));
        return of_text(text);
    };
    const Ways made = fleet("0.2-0.9");
    const Strategy& pooler = made["pooler"];
    CHECK(pooler.thresholds[0].reached);
    CHECK(after(made["conservative"], 0) == 240);
    CHECK(after(pooler, 0) == 109);  // max(⌈2.5 × 24⌉, 108 + 1)
    CHECK(made.recommended() == "pooler");
    CHECK(pooler.why.kind == Why::Kind::over);
    CHECK(made.why("pooler") ==
          "even right-sized, the services open 240 connections in total: we suggest a pooler at 200 or more");
    REQUIRE(pooler.saves_per_year.has_value());
    CHECK(pooler.saves_per_year->value.value < 0);
    // 241 of 360 are neither below 200 nor half.
    const Ways few = fleet("0.5-2");
    CHECK(few.recommended() == "conservative");
    CHECK(few["pooler"].why.kind == Why::Kind::gains_little);
    CHECK(few.why("pooler") ==
          "200 connections in total: reached, 1,200 today (360 right-sized); but conservative fits, and this saves "
          "little (241 instead of 360 connections)");
}

TEST_CASE("a pooler that is there already is said, and its database left alone") {
    const Ways made = ways(test::plan_file("multi-az/poolfit.toml"));
    const Strategy& pooler = made["pooler"];
    CHECK(has(pooler.cons, Kind::pooler_exists));
    CHECK(has(made.texts("pooler", &Strategy::cons), "orders already has one: bouncer (PgBouncer)"));
    CHECK(after(pooler, 0) == after(made["conservative"], 0));
    CHECK(made.recommended() == "conservative");  // 9 fewer of 358 are not worth it
}

TEST_CASE("no pooler: it is said why, and what could stand there") {
    const auto with = [](std::string_view database) {
        std::string text = "schema = \"poolfit-inventory/1\"\n[[database]]\nname = \"db\"\n";
        text.append(database).append("\n");
        text += service("api", "", "[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = 10\n");
        return ways(test::plan_text(text));
    };
    const std::string machine = "vcpus = 4\nmemory = \"16 GiB\"\nmax_connections = 200";
    const Ways managed = with("engine = \"mysql\"\nclass = \"db.m5.large\"\nregion = \"eu-central-1\"");
    CHECK_FALSE(managed["pooler"].applicable);
    CHECK(managed["pooler"].work.kind == Work::Kind::impossible);
    CHECK(has(managed["pooler"].cons, Kind::pooler_refused));
    CHECK(managed.why("pooler") == "db: PgBouncer does not work with RDS for MySQL; poolers that do: RDS Proxy");
    const Ways own = with("engine = \"mariadb\"\n" + machine);
    CHECK(own.why("pooler") == "db: PgBouncer does not work with MariaDB; poolers that do: none");
    const Ways able = with("engine = \"postgresql\"\n" + machine);
    CHECK(able["pooler"].applicable);
    CHECK_FALSE(has(able["pooler"].cons, Kind::pooler_refused));
    CHECK(has(able["pooler"].cons, Kind::own_host));  // no region whose price could be missing
    CHECK_FALSE(has(able["pooler"].cons, Kind::host_price_unknown));
}

TEST_CASE("a change that leaves as many connections is not called no change") {
    // The pooler's server side is the smaller one, whatever its clients' pool is.
    const std::string pooler =
        "[[pooler]]\nname = \"bouncer\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\nmode = \"transaction\"\n"
        "default_pool_size = 2\n";
    const Ways made = of_text(pooler + service("api", "",
                                               "[[service.pool]]\nname = \"p\"\ndatabase = \"bouncer\"\nmax = 10\n"
                                               "in_use = \"1-2\"\nmonitored = true\n"));
    CHECK(made["conservative"].change->value.value == 0);
    CHECK(made.recommended() == "conservative");
    CHECK(made.why("conservative") ==
          "2 connections in total, as today; effort: 1 setting, 1 service to deploy; no limit requires "
          "more");
    const Ways limited = of_text(service("api", "",
                                         "[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\ndriver = "
                                         "\"database-sql\"\nin_use = \"1-2\"\n"));
    CHECK(limited.why("conservative") ==
          "a limit on every pool, 3 connections in total; effort: 1 setting, 1 service to deploy; no limit requires "
          "more");
}

TEST_CASE("listeners and sessions stay direct behind a pooler") {
    const Ways made = of_text(service(
        "api", "instances = 3\n",
        "[[service.pool]]\nname = \"l\"\ndatabase = \"db\"\nmax = 10\nin_use = \"1-2\"\nfeatures = [\"listen\"]\n"
        "[[service.pool]]\nname = \"s\"\ndatabase = \"db\"\nmax = 4\nin_use = \"1-2\"\nfeatures = [\"session\"]\n"));
    const Strategy& s = made["pooler"];
    // Server side max(⌈2.5 × 3⌉, 6 + 1) = 8, three listeners, three times the session pool's 3.
    CHECK(after(s, 0) == 8 + 3 + 9);
    REQUIRE(has(s.changes, Kind::stay_direct));
    CHECK(find(s.changes, Kind::stay_direct)->pools == std::vector<Index>{1});
    CHECK(s.risk == Risk::high);
}

TEST_CASE("pools merged without a formula are the sum of the recommended; never less than the peaks") {
    const std::string pools =
        "[[service.pool]]\nname = \"a\"\ndatabase = \"db\"\nmax = 10\nin_use = \"2-3\"\ndriver = \"pg\"\n"
        "[[service.pool]]\nname = \"b\"\ndatabase = \"db\"\nmax = 10\nin_use = \"2-3\"\ndriver = \"pg\"\n";
    const Ways sum = of_text(service("api", "", pools));
    CHECK(after(sum["aggressive"], 0) == 10);
    CHECK(has(sum["aggressive"].pros, Kind::share_driver));
    CHECK(sum["aggressive"].pools.front().reason.kind == SizeReason::Kind::merged_sum);
    CHECK(sum["aggressive"].risk == Risk::low);
    const Ways raised = of_text(service("api", "merged_max = 4\n", pools));
    CHECK(after(raised["aggressive"], 0) == 6);
    CHECK(raised["aggressive"].pools.front().reason.raised_to->value == 6);
}

TEST_CASE("pools against vCPUs: by vcpu_max, by a formula in max, or fixed") {
    Planned planned = test::plan_file("agora/poolfit.toml");
    const auto rows = plan::vcpu_table(planned.fleet, planned.plan, Recorder(planned.figures.get()));
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
    CHECK(planned.node("service.math-updater.pool.drizzle.at_8_vcpus").value.high == 16);
    CHECK(planned.figures->conflicts().empty());
}

namespace {

bool alike(const std::optional<Figure<Connections>>& a, const std::optional<Figure<Connections>>& b) {
    return a.has_value() == b.has_value() && (!a || a->value == b->value);
}

}  // namespace

TEST_CASE("strategies: what they are chosen by is there without their points, of which there are few then") {
    std::size_t points = 0, all_points = 0;
    for (std::uint64_t seed = 0; seed < test::sampled(200); ++seed) {
        test::Generator generator(seed * 1'000'003 + 22);
        const std::string text = test::toml(test::rich_fleet(generator));
        INFO("seed " << seed << "\n" << text);
        const Planned planned = test::plan_text(text);
        auto told = plan::made({planned.fleet, planned.plan, {}});
        auto chosen_by = plan::made({planned.fleet, planned.plan, {}, 1, false});
        REQUIRE(chosen_by.size() == told.size());
        const auto recommended = [&](std::vector<Strategy>& all) {
            if (planned.plan.joint) plan::lay_over(*planned.plan.joint, all);
            if (!all.empty()) plan::choose({planned.fleet, planned.plan, {}}, all);
            return std::ranges::find_if(all, &Strategy::recommended) - all.begin();
        };
        CHECK(recommended(chosen_by) == recommended(told));
        for (std::size_t i = 0; i < told.size(); ++i) {
            const Strategy &one = told[i], &other = chosen_by[i];
            INFO(one.name);
            CHECK(other.unmeasured == one.unmeasured);
            CHECK(other.host == one.host);
            CHECK(alike(other.after, one.after));
            if (one.role == Strategy::Role::base) CHECK(other.changes.empty() == one.changes.empty());
            if (one.role != Strategy::Role::measures) CHECK(other.applicable == one.applicable);
            REQUIRE((other.demand != nullptr) == (one.demand != nullptr));
            for (std::size_t k = 0; one.demand && k < one.demand->size(); ++k) {
                CHECK(alike((*other.demand)[k].allocated, (*one.demand)[k].allocated));
                CHECK(alike((*other.demand)[k].deploy_peak, (*one.demand)[k].deploy_peak));
                CHECK(alike((*other.demand)[k].failover_peak, (*one.demand)[k].failover_peak));
            }
            all_points += one.changes.size() + one.pros.size() + one.cons.size() + one.decides.size();
            points += other.changes.size() + other.pros.size() + other.cons.size() + other.decides.size();
        }
    }
    CHECK(all_points > 4 * points);
}
