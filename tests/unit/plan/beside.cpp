// Databases that nothing uses, capacity that follows the load, schedules: figures worked out by hand from the prices.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include <poolfit/assess/usage.hpp>
#include <poolfit/plan/action.hpp>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::Planned;

namespace {

std::string head(std::string_view policy = "") {
    return "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n" + std::string(policy);
}

std::string server(std::string_view name, std::string_view keys, std::string_view observed,
                   std::string_view cls = "db.m5.large", std::string_view engine = "postgresql") {
    return "[[database]]\nname = \"" + std::string(name) + "\"\nengine = \"" + std::string(engine) +
           "\"\nversion = \"" + (engine.find("mysql") == engine.npos ? "16.8" : "8.4.5") + "\"\nclass = \"" +
           std::string(cls) + "\"\n" + std::string(keys) + "[database.observed]\n" + std::string(observed);
}

std::string pool(std::string_view on) {
    return "[[service]]\nname = \"api\"\n[[service.pool]]\nname = \"p\"\nmax = 5\ndatabase = \"" + std::string(on) +
           "\"\n";
}

constexpr std::string_view silent = "connections = 0\nwindow = \"14 d\"\n";
constexpr std::string_view busy =
    "connections = \"3-9\"\ncpu_mean = \"20%\"\ncpu_peak = \"50%\"\nfreeable_memory = \"2 GiB\"\nwindow = \"14 d\"\n";

// us-east-1, on demand.
constexpr double m5_large = 0.178 * 730, hours_stopped = 108.0 / 168;

const Recommendation& advice(const Planned& made, Index database = 0) {
    return made.plan.databases[database].recommendation;
}
std::string_view verdict(const Planned& made, Index database = 0) { return plan::name(advice(made, database).verdict); }
template <class Amount>
double dollars(const Amount& amount) {
    return static_cast<double>(amount.value) / 1e6;
}
Usage usage(const Planned& made, Index database = 0) { return assess::usage(made.fleet, made.plan.topology, database); }
std::vector<Action> phases(const Planned& made) {
    return plan::phases(made.fleet, made.plan, plan::strategies(made.fleet, made.plan, {}));
}
std::vector<Action::Kind> kinds(const Planned& made) {
    std::vector<Action::Kind> all;
    for (const Action& action : phases(made)) all.push_back(action.kind);
    return all;
}

}  // namespace

TEST_CASE("idle: nothing connects, and deleting it saves all that it costs") {
    const Planned made = test::plan_text(head() + server("db", "", silent));
    CHECK(verdict(made) == "idle");
    REQUIRE(advice(made).idle);
    CHECK(advice(made).cls == made.fleet.databases[0].type);
    CHECK(advice(made).cost->value.value == 0);
    CHECK(dollars(advice(made).saves->value) == doctest::Approx(m5_large));
    CHECK(made.plan.totals.after->value.value == 0);
    CHECK(dollars(made.plan.totals.saves->value) == doctest::Approx(m5_large));
    CHECK(advice(made).risk == Risk::medium);  // the last copy of its data
    const auto all = phases(made);
    REQUIRE(all.size() == 1);
    CHECK(all[0].kind == Action::Kind::remove);
    CHECK(all[0].steps[1].kind == Step::Kind::last_snapshot);
    CHECK(!all[0].rollback.empty());
}

TEST_CASE("idle: neither a short window, nor a part of a connection, nor a pool, nor other_connections") {
    const auto with = [](std::string_view keys, std::string_view observed, std::string_view more = "") {
        return test::plan_text(head() + server("db", keys, observed) + std::string(more));
    };
    CHECK(usage(with("", "connections = 0\nwindow = \"13 d\"\n")) == Usage::unknown);
    CHECK(usage(with("", "connections = 0\n")) == Usage::unknown);
    CHECK(usage(with("", "cpu_mean = \"1%\"\n")) == Usage::unknown);
    CHECK(usage(with("", "connections = \"0-0.2\"\nwindow = \"14 d\"\n")) == Usage::used);
    CHECK(usage(with("", "connections = \"0-3\"\nwindow = \"14 d\"\n")) == Usage::used);
    CHECK(usage(with("", silent, pool("db"))) == Usage::contradicted);
    CHECK(usage(with("other_connections = 2\n", silent)) == Usage::contradicted);
    CHECK(usage(with("", busy, pool("db"))) == Usage::used);
    // It lags: a replica of a server that the inventory does not have.
    CHECK(usage(with("", "connections = 0\nreplica_lag = \"2 s\"\nwindow = \"14 d\"\n")) == Usage::kept);
    CHECK(usage(with("", "connections = 0\nreplica_lag = \"0 s\"\nwindow = \"14 d\"\n")) == Usage::idle);
}

TEST_CASE("idle: the inventory contradicts what was seen, and the verdict asks") {
    const Planned made = test::plan_text(head() + server("db", "", silent) + pool("db"));
    CHECK(verdict(made) == "unknown");
    REQUIRE(advice(made).missing.size() == 1);
    CHECK(advice(made).missing[0].kind == MissingInput::Kind::connections);
    CHECK(advice(made).summary.kind == Summary::Kind::contradicted);
}

TEST_CASE("idle: load that no connection makes contradicts it, and the verdict says which") {
    const auto with = [](std::string_view more) {
        return test::plan_text(head() + server("db", "", std::string(silent) + std::string(more)));
    };
    const auto key = [&](std::string_view more) {
        const Planned made = with(more);
        const auto& found = advice(made).summary.activity;
        CHECK((usage(made) == Usage::contradicted) == found.has_value());
        CHECK(verdict(made) == (found ? "unknown" : "idle"));
        return found ? found->key : std::string_view();
    };
    CHECK(key("cpu_mean = \"40%\"\n") == "cpu_mean");
    CHECK(key("cpu_mean = \"10%\"\ncpu_peak = \"30%\"\niops = 50\nnetwork = \"8 Mbps\"\n") == "");
    CHECK(key("cpu_mean = \"2%\"\ncpu_peak = \"31%\"\n") == "cpu_peak");
    CHECK(key("cpu_p95 = \"11%\"\ncpu_peak = \"31%\"\n") == "cpu_p95");
    CHECK(key("iops = 500\n") == "iops");
    CHECK(key("read_iops = 20\nwrite_iops = 40\n") == "iops");
    CHECK(key("ebs_throughput = \"9 Mbps\"\n") == "ebs_throughput");
    const Planned made = with("cpu_mean = \"40%\"\n");
    REQUIRE(advice(made).missing.size() == 1);
    CHECK(advice(made).missing[0].kind == MissingInput::Kind::activity);
    CHECK(!advice(made).idle);
    CHECK(made.plan.totals.after->value == made.plan.totals.now->value);
    // Nor does it idle while a service connects, whatever else was seen.
    CHECK(usage(test::plan_text(head() + server("db", "", std::string(silent) + "iops = 500\n") + pool("db"))) ==
          Usage::contradicted);
    // It lags: what it does are another primary's writes.
    CHECK(usage(with("cpu_mean = \"40%\"\nreplica_lag = \"2 s\"\n")) == Usage::kept);
}

TEST_CASE("idle: a replica repeats the writes of its primary, and no more than those") {
    const auto with = [](std::string_view primary, std::string_view replica, std::string_view cls) {
        return test::plan_text(head() + server("main", "", std::string(busy) + std::string(primary)) + pool("main") +
                               "[[database]]\nname = \"ro\"\nreplica_of = \"main\"\nclass = \"" + std::string(cls) +
                               "\"\n[database.observed]\n" + std::string(silent) + std::string(replica));
    };
    // The primary, of 2 vCPUs: 20 % of CPU in the mean.
    CHECK(usage(with("", "cpu_mean = \"20%\"\n", "db.m5.large"), 1) == Usage::idle);
    CHECK(usage(with("", "cpu_mean = \"21%\"\n", "db.m5.large"), 1) == Usage::contradicted);
    // On 4 vCPUs the same load is 10 %.
    CHECK(usage(with("", "cpu_mean = \"15%\"\n", "db.m5.xlarge"), 1) == Usage::contradicted);
    // Nothing is known of the primary's IOPS.
    CHECK(usage(with("", "iops = 300\n", "db.m5.large"), 1) == Usage::contradicted);
    CHECK(usage(with("iops = 400\n", "iops = 300\n", "db.m5.large"), 1) == Usage::idle);
}

TEST_CASE("idle: a replica that nothing reads, unless it is to take over") {
    const std::string primary = server("main", "", busy) + pool("main");
    const auto with = [&](std::string_view keys, std::string_view observed) {
        return test::plan_text(head() + primary + "[[database]]\nname = \"ro\"\nreplica_of = \"main\"\n" +
                               std::string(keys) + "[database.observed]\n" + std::string(observed));
    };
    const Planned made = with("", "connections = 0\nreplica_lag = \"0-2 s\"\nwindow = \"30 d\"\n");
    CHECK(verdict(made, 1) == "idle");
    CHECK(advice(made, 1).idle->last);
    CHECK(advice(made, 1).idle->follows);
    CHECK(advice(made, 1).risk == Risk::medium);
    // It brings nothing to its primary: neither's loss is judged.
    CHECK(made.plan.databases[0].now.losses.empty());
    CHECK(usage(with("failover_target = true\n", silent), 1) == Usage::kept);
    CHECK(usage(with("", "window = \"14 d\"\n"), 1) == Usage::unknown);
}

TEST_CASE("idle: a primary is in use while a replica is, and a whole cluster may be idle") {
    const auto pair = [](std::string_view engine, std::string_view cls, std::string_view replica) {
        return test::plan_text(head() + server("main", "", silent, cls, engine) +
                               "[[database]]\nname = \"ro\"\nreplica_of = \"main\"\n[database.observed]\n" +
                               std::string(replica));
    };
    const Planned read = pair("postgresql", "db.m5.large", busy);
    CHECK(usage(read, 0) == Usage::used);
    CHECK(usage(read, 1) == Usage::used);
    const Planned all = pair("postgresql", "db.m5.large", silent);
    CHECK(verdict(all, 0) == "idle");
    CHECK(verdict(all, 1) == "idle");
    CHECK(phases(all)[0].databases.front() == 1);  // the replica first
    // The only reader of an Aurora cluster is its standby; of an idle cluster it is nothing.
    CHECK(usage(pair("aurora-postgresql", "db.r6g.large", silent), 1) == Usage::idle);
    const Planned used = test::plan_text(head() + server("main", "", busy, "db.r6g.large", "aurora-postgresql") +
                                         "[[database]]\nname = \"ro\"\nreplica_of = \"main\"\n[database.observed]\n" +
                                         std::string(silent));
    CHECK(usage(used, 1) == Usage::kept);
}

TEST_CASE("idle: a replica that would not start says so") {
    const auto with = [](int connections) {
        return test::plan_text(head() + server("db", "max_connections = 500\n", busy) +
                               "[[database]]\nname = \"ro\"\n" + "replica_of = \"db\"\nmax_connections = " +
                               std::to_string(connections) + "\n[database.observed]\n" + std::string(silent));
    };
    const auto not_starting = [](const Planned& made) {
        const auto& reasons = advice(made, 1).risk_reasons;
        return std::ranges::find(reasons, RiskReason::Kind::not_starting, &RiskReason::kind) != reasons.end();
    };
    const Planned low = with(200);
    REQUIRE(verdict(low, 1) == "idle");
    CHECK(not_starting(low));
    const auto limits = plan::not_starting(low.fleet, low.plan, 1);
    REQUIRE(limits);
    CHECK(limits->own == Interval<Connections>(Connections(200)));
    CHECK(limits->primary == Interval<Connections>(Connections(500)));
    CHECK(!plan::not_starting(low.fleet, low.plan, 0));
    const Planned same = with(500);
    REQUIRE(verdict(same, 1) == "idle");
    CHECK(!not_starting(same));
}

TEST_CASE("stop: outside production a schedule saves a share of the recommended class") {
    const auto with = [](std::string_view keys, std::string_view policy = "", PriceTerm term = PriceTerm::list) {
        return test::plan_text(head(policy) + server("db", keys, busy), {}, term);
    };
    constexpr std::string_view only = "[policy]\nallow = [\"db.m5.large\"]\n";
    const Planned made = with("environment = \"staging\"\n", only);
    CHECK(verdict(made) == "stop");
    CHECK(dollars(advice(made).stop->saves.value) == doctest::Approx(m5_large * hours_stopped));
    CHECK(advice(made).saves->value.value == 0);  // the class's own
    CHECK(dollars(made.plan.totals.stops_save->value) == doctest::Approx(m5_large * hours_stopped));
    CHECK(kinds(made) == std::vector{Action::Kind::stop});
    for (const std::string_view none : {"environment = \"production\"\n", ""}) {
        CHECK(!advice(with(none, only)).stop);
        CHECK(verdict(with(none, only)) == "keep");
    }
    // A reserved instance is paid for while it is stopped.
    CHECK(!advice(with("environment = \"test\"\n", only, PriceTerm::one_year)).stop);
    CHECK(!advice(with("environment = \"test\"\n", "[policy]\nnon_production_hours = 168\n")).stop);
    const Planned always = with("environment = \"development\"\n", "[policy]\nnon_production_hours = 84\n");
    CHECK(advice(always).stop->saves.value.value ==
          doctest::Approx(static_cast<double>(always.plan.databases[0].chosen.list->value.value) / 2));
}

TEST_CASE("stop: beside a smaller class, and not of what RDS cannot stop") {
    const std::string idle_cpu =
        "cpu_mean = \"2%\"\ncpu_peak = \"4%\"\nfreeable_memory = \"28 GiB\"\nwindow = \"14 d\"\n";
    const Planned both = test::plan_text(head() + server("db", "environment = \"test\"\n", idle_cpu, "db.m5.2xlarge"));
    CHECK(verdict(both) == "resize");
    REQUIRE(advice(both).stop);
    CHECK(dollars(advice(both).stop->saves.value) ==
          doctest::Approx(dollars(both.plan.databases[0].chosen.list->value) * hours_stopped));
    const Planned replicas = test::plan_text(head() + server("main", "environment = \"test\"\n", busy) +
                                             "[[database]]\nname = \"ro\"\nreplica_of = \"main\"\n");
    CHECK(replicas.fleet.databases[1].environment == Environment::test);
    CHECK(!advice(replicas, 0).stop);
    CHECK(!advice(replicas, 1).stop);
    // A cluster stops as a whole: one phase for all its instances.
    const Planned cluster = test::plan_text(
        head("[policy]\nallow = [\"db.r6g.large\"]\n") +
        server("main", "environment = \"test\"\n", busy, "db.r6g.large", "aurora-postgresql") +
        "[[database]]\nname = \"ro\"\nreplica_of = \"main\"\n[database.observed]\n" + std::string(busy));
    const auto all = phases(cluster);
    const auto stops = std::ranges::count(all, Action::Kind::stop, &Action::kind);
    CHECK(stops == 1);
    const auto at = std::ranges::find(all, Action::Kind::stop, &Action::kind);
    CHECK(dollars(*at->saves_per_month) == doctest::Approx(2 * 0.26 * 730 * hours_stopped));
    CHECK(dollars(advice(cluster).stop->saves.value) == doctest::Approx(2 * 0.26 * 730 * hours_stopped));
    CHECK(!advice(cluster, 1).stop);
    // Where its class stays, its reader stops with it.
    const std::string fits =
        "connections = \"3-9\"\ncpu_mean = \"20%\"\ncpu_peak = \"25%\"\nfreeable_memory = \"6 GiB\"\nwindow = \"14 "
        "d\"\n";
    const Planned kept =
        test::plan_text(head("[policy]\nallow = [\"db.r6g.large\"]\n") +
                        server("main", "environment = \"test\"\n", fits, "db.r6g.large", "aurora-postgresql") +
                        "[[database]]\nname = \"ro\"\nreplica_of = \"main\"\n[database.observed]\n" + fits);
    CHECK(verdict(kept, 0) == "stop");
    CHECK(verdict(kept, 1) == "stop");
    CHECK(advice(kept, 1).no_stop == NoStop::with_primary);
    CHECK(!advice(kept, 1).stop);
    CHECK(dollars(cluster.plan.totals.stops_save->value) == doctest::Approx(2 * 0.26 * 730 * hours_stopped));
    // A reader in production keeps the cluster running.
    const Planned mixed = test::plan_text(
        head("[policy]\nallow = [\"db.r6g.large\"]\n") +
        server("main", "environment = \"test\"\n", busy, "db.r6g.large", "aurora-postgresql") +
        "[[database]]\nname = \"ro\"\nreplica_of = \"main\"\nenvironment = \"production\"\n[database.observed]\n" +
        std::string(busy));
    CHECK(!advice(mixed).stop);
}

TEST_CASE("serverless: even the peak lasting costs less than the best class") {
    // 4 vCPU are 16 ACU: 3 % are under the least, 0.5; 10 % are 1.6. At $0.12 an hour: $43.80 to $140.16.
    const std::string light =
        "cpu_mean = \"3%\"\ncpu_peak = \"10%\"\nfreeable_memory = \"30 GiB\"\nwindow = \"14 d\"\n";
    constexpr std::string_view r6g = "[policy]\nallow = [\"db.r6g.*\"]\n";
    const Planned made = test::plan_text(head(r6g) + server("db", "", light, "db.r6g.xlarge", "aurora-postgresql"));
    CHECK(verdict(made) == "serverless");
    const Serverless& to = *advice(made).serverless;
    CHECK(dollars(to.cost.value.low) == doctest::Approx(0.5 * 0.12 * 730));
    CHECK(dollars(to.cost.value.high) == doctest::Approx(1.6 * 0.12 * 730));
    CHECK(to.min == 0.5);
    CHECK(to.max == 3);                                       // 1.6 of 60 %, in steps of a half
    CHECK(advice(made).cls == made.fleet.databases[0].type);  // one move, not two
    CHECK(advice(made).summary.cls->name == "db.r6g.large");
    CHECK(dollars(to.saves.value.low) == doctest::Approx((0.519 - 1.6 * 0.12) * 730));
    CHECK(kinds(made) == std::vector{Action::Kind::serverless});
    // What it says is typed in: nothing is over, and it says keep.
    const Planned typed = test::plan_text(
        head() +
        "[[database]]\nname = \"db\"\nengine = \"aurora-postgresql\"\nversion = \"16.8\"\nclass = \"db.serverless\"\n"
        "acu_min = 0.5\nacu_max = 3\n");
    CHECK(verdict(typed) == "keep");
}

TEST_CASE("serverless: it carries the load of a server that is lost, and stops with its cluster") {
    const std::string light =
        "connections = \"3-9\"\ncpu_mean = \"1%\"\ncpu_peak = \"3%\"\nfreeable_memory = \"60 "
        "GiB\"\nwindow = \"14 d\"\n";
    const Planned made = test::plan_text(
        head("[policy]\nallow = [\"db.r6g.*\"]\n") +
        server("w", "environment = \"staging\"\n", light, "db.r6g.2xlarge", "aurora-postgresql") +
        "[[database]]\nname = \"r\"\nreplica_of = \"w\"\nclass = \"db.r6g.2xlarge\"\n[database.observed]\n"
        "connections = \"1-2\"\ncpu_mean = \"20%\"\ncpu_peak = \"28%\"\nfreeable_memory = \"16 GiB\"\nwindow = \"14 "
        "d\"\n");
    REQUIRE(advice(made).serverless);
    const Serverless& to = *advice(made).serverless;
    // 31 % of 8 vCPUs are 2.5: more than the 8 ACU of two, though its own peak asks for 3.5 ACU.
    CHECK(to.max > 8);
    REQUIRE(to.losses.size() == 1);
    CHECK(to.losses[0].standing() == Standing::inside);
    CHECK(made.plan.databases[0].chosen.losses[0].cpu->value.high == to.losses[0].cpu->value.high);
    // 0.5 ACU at $0.12, and the reader's class, in 108 of 168 hours.
    REQUIRE(advice(made).stop);
    CHECK(advice(made).stop->at_least);
    CHECK(
        dollars(advice(made).stop->saves.value) ==
        doctest::Approx((0.5 * 0.12 + dollars(made.plan.databases[1].chosen.list->value) / 730) * 730 * hours_stopped));
}

TEST_CASE("stop: a replica that the plan deletes stands in no one's way") {
    const Planned made = test::plan_text(
        head("[policy]\nallow = [\"db.m5.large\"]\n") + server("p", "environment = \"staging\"\n", busy) +
        "[[database]]\nname = \"ro\"\nreplica_of = \"p\"\n[database.observed]\n" + std::string(silent));
    CHECK(verdict(made, 1) == "idle");
    REQUIRE(advice(made).stop);
    CHECK(dollars(advice(made).stop->saves.value) == doctest::Approx(m5_large * hours_stopped));
}

TEST_CASE("serverless: a busy database, one without a mean, and one with a cheaper class stay on a class") {
    const auto with = [](std::string_view observed, std::string_view policy = "") {
        return test::plan_text(head(policy) + server("db", "", observed, "db.r6g.xlarge", "aurora-postgresql"));
    };
    constexpr std::string_view r6g = "[policy]\nallow = [\"db.r6g.*\"]\n";
    CHECK(!advice(with("cpu_mean = \"30%\"\ncpu_peak = \"50%\"\nfreeable_memory = \"20 GiB\"\n", r6g)).serverless);
    CHECK(!advice(with("cpu_peak = \"10%\"\nfreeable_memory = \"30 GiB\"\n", r6g)).serverless);
    CHECK(!advice(with("cpu_mean = \"3%\"\nfreeable_memory = \"30 GiB\"\n", r6g)).serverless);
    // db.t3.medium costs $59.86.
    CHECK(verdict(with("cpu_mean = \"3%\"\ncpu_peak = \"10%\"\nfreeable_memory = \"30 GiB\"\n")) == "resize");
}

TEST_CASE("stop, serverless: what is not advised has a reason") {
    const auto no_stop = [](const Planned& made, Index i = 0) { return plan::name(advice(made, i).no_stop); };
    const auto no_serverless = [](const Planned& made, Index i = 0) {
        return plan::name(advice(made, i).no_serverless);
    };
    const std::string dev = "environment = \"development\"\n";
    CHECK(no_stop(test::plan_text(head() + server("a", "", busy))) == "production");
    CHECK(no_stop(test::plan_text(head() + server("a", dev, busy))).empty());
    CHECK(no_stop(test::plan_text(head("[policy]\nnon_production_hours = 168\n") + server("a", dev, busy))) ==
          "all_week");
    CHECK(no_stop(test::plan_text(head("[policy]\nmin_savings_per_month = 500\n") + server("a", dev, busy))) ==
          "saves_less");
    const Planned replicated =
        test::plan_text(head() + server("a", dev, busy) + "[[database]]\nname = \"b\"\nreplica_of = \"a\"\n" + dev);
    CHECK(no_stop(replicated) == "replica");
    CHECK(no_stop(test::plan_text(head() + server("a", "", silent))).empty());  // it can be deleted
    CHECK(no_serverless(test::plan_text(head() + server("a", "", busy))) == "provider");
    const auto aurora = [](std::string_view observed) {
        return test::plan_text(head() + server("a", "", observed, "db.r6g.large", "aurora-postgresql"));
    };
    const std::string light =
        "connections = \"3-9\"\ncpu_mean = \"20%\"\ncpu_peak = \"50%\"\n"
        "freeable_memory = \"8 GiB\"\nwindow = \"14 d\"\n";
    CHECK(no_serverless(aurora(light)) == "saves_less");
    CHECK(no_serverless(aurora(busy)) == "trouble");  // memory is over its share
    CHECK(no_serverless(aurora("connections = \"3-9\"\nwindow = \"14 d\"\n")) == "trouble");
}

TEST_CASE("a reader that nothing reads is kept where it alone carries its primary's load") {
    // 28 % of 4 vCPUs are 56 % of 2; with 25 % of their own more than the band leaves, with 2 % not.
    const auto cluster = [](std::string_view policy) {
        const std::string of = "engine = \"aurora-postgresql\"\n";
        const auto reader = [](std::string_view name, std::string_view peak, std::string_view more) {
            return "[[database]]\nname = \"" + std::string(name) +
                   "\"\nreplica_of = \"main\"\nclass = \"db.r7g.large\"\n[database.observed]\ncpu_mean = \"1%\"\n"
                   "cpu_peak = \"" +
                   std::string(peak) + "\"\nfreeable_memory = \"8 GiB\"\nwindow = \"30 d\"\n" + std::string(more);
        };
        return test::plan_text(
            head(policy) +
            server("main", "",
                   "cpu_mean = \"12%\"\ncpu_peak = \"28%\"\nfreeable_memory = \"14 GiB\"\nwindow = \"30 d\"\n",
                   "db.r7g.xlarge", "aurora-postgresql") +
            reader("read", "25%", "") + reader("silent", "2%", "connections = 0\n") + pool("main") +
            "[[service]]\nname = \"web\"\n[[service.pool]]\nname = \"p\"\nmax = 5\ndatabase = \"read\"\n");
    };
    const Planned made = cluster("");
    CHECK(made.plan.databases[1].now.losses.at(0).standing() == Standing::over);
    CHECK(usage(made, 2) == Usage::kept);
    CHECK(verdict(made, 2) != "idle");
    CHECK(made.plan.databases[2].chosen.losses.at(0).standing() == Standing::inside);
    CHECK(usage(cluster("[policy]\nsurvive_failover = false\n"), 2) == Usage::idle);
}

TEST_CASE("a capacity that may be 0 pauses only without connections") {
    const auto with = [](std::string_view rest) {
        return test::plan_text(
            head() +
            "[[database]]\nname = \"s\"\nengine = \"aurora-mysql\"\nversion = \"3.08.0\"\n"
            "class = \"db.serverless\"\nacu_min = 0\nacu_max = 8\n[database.observed]\ncpu_mean = \"3%\"\n"
            "cpu_peak = \"20%\"\nwindow = \"14 d\"\n" +
            std::string(rest));
    };
    // 3 % of 8 ACU.
    CHECK(with("").plan.databases[0].capacity->units.value.low == doctest::Approx(0.24));
    CHECK(with(pool("s")).plan.databases[0].capacity->units.value.low == doctest::Approx(0.5));
}
