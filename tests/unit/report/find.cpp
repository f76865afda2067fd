#include <algorithm>

#include <doctest/doctest.h>

#include <poolfit/report/report.hpp>

using namespace poolfit;
using report::Target;

namespace {

struct Sample {
    Fleet fleet;
    Report report;
    InstanceClass large;

    Sample() {
        fleet.databases.resize(2);
        fleet.databases[0].name = {"primary", {}};
        fleet.databases[1].name = {"api", {}};
        fleet.services.resize(1);
        fleet.services[0].name = {"api", {}};
        report.fleet = &fleet;
        const auto add = [&](Subject subject, Name name, std::string_view detail = {},
                             const InstanceClass* cls = nullptr) {
            Recorder(&report.figures)
                .constant({subject, name, Phase::now, cls, detail}, {Interval<double>(1), Measure::count}, "a test");
        };
        large.name = "db.t3.large";
        add({Subject::Kind::database, 0}, Name::connections_usable);
        add({Subject::Kind::database, 1}, Name::connections_usable);
        add({Subject::Kind::database, 0}, Name::connections_max_planned);
        add({Subject::Kind::cls, 0}, Name::vcpus, {}, &large);
        add({Subject::Kind::constant, 0}, Name::hours_per_month);
    }

    std::vector<std::string> figures(std::string_view text) const {
        std::vector<std::string> names;
        for (const Target& target : report::find(report, text))
            if (target.kind == Target::Kind::figure)
                names.push_back(assess::name(report.figures[target.figure].key, fleet));
        return names;
    }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a record is found by its name, with or without its kind") {
    const Sample sample;
    const auto both = report::find(sample.report, "api");
    REQUIRE(both.size() == 2);
    CHECK(both[0].kind == Target::Kind::database);
    CHECK(both[0].index == 1);
    CHECK(both[1].kind == Target::Kind::service);
    const auto service = report::find(sample.report, "service.api");
    REQUIRE(service.size() == 1);
    CHECK(service[0].kind == Target::Kind::service);
    CHECK(report::find(sample.report, "Api").empty());
    CHECK(report::find(sample.report, "service.primary").empty());
}

TEST_CASE("a figure is found by its full name or by a tail of whole parts") {
    const Sample sample;
    CHECK(sample.figures("database.primary.connections.usable") == Names{"database.primary.connections.usable"});
    CHECK(sample.figures("primary.connections.usable") == Names{"database.primary.connections.usable"});
    CHECK(sample.figures("max_planned") == Names{"database.primary.connections.max_planned"});
    CHECK(sample.figures("planned").empty());
    CHECK(sample.figures("t3.large.vcpus") == Names{"class.db.t3.large.vcpus"});
    CHECK(sample.figures("connections.usable").size() == 2);
    CHECK(sample.figures("hours_per_month") == Names{"hours_per_month"});
    CHECK(sample.figures("").empty());
    CHECK(sample.figures(".usable").empty());
}

TEST_CASE("a record has its own figures, and those of its parts: none of a record whose name begins alike") {
    Sample sample;
    sample.fleet.databases[1].name = {"primary.x", {}};
    sample.fleet.services.resize(2);
    sample.fleet.services[1].name = {"api.pool.main", {}};
    sample.fleet.pools.resize(2);
    sample.fleet.pools[0].name = sample.fleet.pools[1].name = {"main", {}};
    sample.fleet.pools[1].service = 1;
    const auto add = [&](const Key& key) {
        Recorder(&sample.report.figures).constant(key, {Interval<double>(1), Measure::count}, "a test");
    };
    add({{Subject::Kind::service, 0}, Name::instances});
    add({{Subject::Kind::pool, 0}, Name::size_max});
    add({{Subject::Kind::pool, 1}, Name::size_max});
    add({{Subject::Kind::pool, 0}, Name::strategy_size, Phase::monitor});
    add({{Subject::Kind::database, 0}, Name::strategy_server_connections, Phase::monitor});
    add({{Subject::Kind::cls, 1}, Name::max_nominal, Phase::now, &sample.large});
    add({{Subject::Kind::runway, 0}, Name::months, Phase::now, nullptr, "memory"});
    sample.report.strategies.resize(1);
    sample.report.strategies[0].phase = Phase::monitor;
    const auto names = [&](const Target& target) {
        std::vector<std::string> all;
        for (const FigureId id : report::figures_of(sample.report, target))
            all.push_back(assess::name(sample.report.figures[id].key, sample.fleet));
        return all;
    };
    using Kind = Target::Kind;
    CHECK(names({Kind::database, 0}) ==
          Names{"database.primary.connections.usable", "database.primary.connections.max_planned"});
    CHECK(names({Kind::database, 1}) == Names{"database.\"primary.x\".connections.usable"});
    CHECK(names({Kind::service, 0}) == Names{"service.api.instances", "service.api.pool.main.max"});
    CHECK(names({Kind::pool, 1}) == Names{"service.\"api.pool.main\".pool.main.max"});
    CHECK(names({Kind::strategy, 0}) ==
          Names{"strategy.monitor.service.api.pool.main.size", "strategy.monitor.database.primary.connections"});
    CHECK(names({Kind::cls, 0, {}, nullptr, &sample.large}) ==
          Names{"class.db.t3.large.vcpus", "class.db.t3.large.max_nominal"});
    CHECK(names({Kind::rule, 0}).empty());
}

TEST_CASE("a brief name is understood where no figure has it in full") {
    Sample sample;
    sample.fleet.databases[1].name = {"primary.x", {}};
    CHECK(sample.figures("database.primary.x.connections.usable") ==
          Names{"database.\"primary.x\".connections.usable"});
    CHECK(sample.figures("primary.x.connections.usable") == Names{"database.\"primary.x\".connections.usable"});
    CHECK(report::find(sample.report, "database.\"primary.x\"").size() == 1);
    CHECK(report::find(sample.report, "database.primary.x").size() == 1);
}

TEST_CASE("names are those of records, rules and figures, and each of them is found") {
    const Sample sample;
    const auto names = report::names(sample.report);
    CHECK(std::ranges::find(names, "class.db.t3.large.vcpus") != names.end());
    CHECK(std::ranges::find(names, "PF017") != names.end());
    for (const std::string& name : names) {
        CAPTURE(name);
        CHECK_FALSE(report::find(sample.report, name).empty());
    }
}

TEST_CASE("a commitment is found by its name, without one by its number; parts of a database by theirs") {
    Sample sample;
    sample.fleet.commitments.resize(2);
    sample.fleet.commitments[0].name = {"m5", {}};
    const auto named = report::find(sample.report, "m5");
    REQUIRE(named.size() == 1);
    CHECK(named[0].kind == Target::Kind::commitment);
    CHECK(report::find(sample.report, "commitment.m5").size() == 1);
    REQUIRE(report::find(sample.report, "commitment.2").size() == 1);
    CHECK(report::find(sample.report, "commitment.2")[0].index == 1);
    CHECK(report::find(sample.report, "commitment.1").empty());
    for (int i = 0; i <= static_cast<int>(report::last_section); ++i) {
        const auto section = static_cast<report::Section>(i);
        CHECK(report::section(report::name(section)) == section);
    }
    CHECK_FALSE(report::section("storge"));
    CHECK_FALSE(report::section(""));
}
