// Connections that no pool explains: what counts as explained, and that the fix ends the finding.
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "../../support/fleet.hpp"

using namespace poolfit;

namespace {

/// 4 pods × 8, 4 others and 5 reserved: 41; a fifth pod in a deploy: 49.
std::string inventory(std::string_view seen, std::string_view more = "") {
    return fmt::format(R"(schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name = "main"
engine = "postgresql"
version = "16.8"
class = "db.m5.large"
max_connections = 105
reserved_connections = 5
other_connections = 4
[database.observed]
connections = {}
{}
[[service]]
name = "api"
instances = {{ min = 2, max = 4 }}
[[service.pool]]
name = "main"
database = "main"
max = 8
)",
                       seen, more);
}

std::int64_t unexplained(const std::string& text, const std::vector<std::string>& settings = {}) {
    const auto planned = test::plan_text(text, settings);
    const auto& found = planned.plan.databases[0].budget.unexplained;
    return found ? found->value.value : -1;
}

std::vector<Finding> findings(const test::Planned& planned) {
    auto all = test::lint(planned);
    std::erase_if(all, [](const Finding& finding) { return finding.rule->id != "PF304"; });
    return all;
}

}  // namespace

TEST_CASE("unexplained connections: the typical against the steady state, the peak against a deploy") {
    CHECK(unexplained(inventory("41")) == 0);
    CHECK(unexplained(inventory("42")) == 1);
    CHECK(unexplained(inventory("\"41-49\"")) == 0);
    CHECK(unexplained(inventory("\"41-50\"")) == 1);
    CHECK(unexplained(inventory("\"44-50\"")) == 3);
    CHECK(unexplained(inventory("\"41.9-49.9\"")) == 0);  // a mean has parts of a connection
    CHECK(unexplained(inventory("1")) == 0);              // pools open lazily
}

TEST_CASE("unexplained connections: a pool without a limit explains any number") {
    CHECK(unexplained(inventory("90",
                                "[[service]]\nname = \"b\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"main\"\n"
                                "driver = \"database/sql\"")) == -1);
}

TEST_CASE("unexplained connections: behind a pooler its server side counts") {
    // 3 + 4 others + 5 reserved, whatever its 40 clients are.
    constexpr std::string_view pooler =
        "[[pooler]]\nname = \"bouncer\"\nkind = \"pgbouncer\"\ndatabase = \"main\"\nmode = \"transaction\"\n"
        "default_pool_size = 3";
    const std::vector<std::string> behind{"service.api.pool.main.database=bouncer"};
    CHECK(unexplained(inventory("12", pooler), behind) == 0);
    CHECK(unexplained(inventory("40", pooler), behind) == 28);
}

TEST_CASE("unexplained connections: a failover in the window explains a peak, not what is typical") {
    constexpr std::string_view replica =
        "[[database]]\nname = \"replica\"\nreplica_of = \"main\"\nmax_connections = 105\nreserved_connections = 5\n"
        "[[service]]\nname = \"reader\"\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\ndatabase = "
        "\"replica\"\n"
        "max = 30";
    CHECK(unexplained(inventory("\"41-71\"", replica)) == 0);
    CHECK(unexplained(inventory("\"41-72\"", replica)) == 1);
    CHECK(unexplained(inventory("\"45-71\"", replica)) == 4);
}

TEST_CASE("unexplained connections: other_connections of the fix end the finding, and one fewer does not") {
    for (const std::string_view seen : {"50", "\"30-60\"", "\"50-60\"", "\"90-100\""}) {
        CAPTURE(seen);
        const auto planned = test::plan_text(inventory(seen));
        const auto found = findings(planned);
        REQUIRE(found.size() == 1);
        constexpr std::string_view key = "other_connections = ";
        const auto at = found[0].fix.find(key);
        REQUIRE(at != std::string::npos);
        const int number = std::stoi(found[0].fix.substr(at + key.size()));
        const auto with = [&](int other) {
            return findings(
                test::plan_text(inventory(seen), {fmt::format("database.main.other_connections={}", other)}));
        };
        CHECK(with(number).empty());
        CHECK(with(number - 1).size() == 1);
    }
}

TEST_CASE("unexplained connections: no number is offered that would not load") {
    // 105 seen of 105: all of them would be others.
    const auto planned = test::plan_text(inventory("105"), {"database.main.reserved_connections=0",
                                                            "service.api.pool.main.max=1", "service.api.instances=1"});
    const auto found = findings(planned);
    REQUIRE(found.size() == 1);
    CHECK(found[0].fix.find("other_connections = 104") != std::string::npos);
    const auto none = test::plan_text(R"(schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name = "main"
engine = "postgresql"
class = "db.m5.large"
max_connections = 100
reserved_connections = 0
observed = { connections = 100 }
[[service]]
name = "other"
)");
    REQUIRE(findings(none).size() == 1);
    CHECK(findings(none)[0].fix == "add the service that opens them");
}

TEST_CASE("unexplained connections: they come to any class, in the plan's own limits too") {
    const auto planned = [](std::string_view seen) {
        return test::plan_text(fmt::format(R"(schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name = "main"
engine = "postgresql"
version = "16.8"
class = "db.m5.2xlarge"
[database.observed]
cpu_mean = "4%"
cpu_peak = "8%"
freeable_memory = "28 GiB"
{}
)",
                                           seen));
    };
    const auto usable = [](const test::Planned& made) { return made.plan.databases[0].chosen.limits.usable.value; };
    const auto without = planned("");
    const auto with = planned("connections = \"1500-2000\"");
    CHECK(usable(without) < Connections(2000));  // a small class is enough for no connections
    CHECK(usable(with) > Connections(2000));
    const Check* steady = with.plan.databases[0].chosen.find(Dimension::connections_steady);
    REQUIRE(steady != nullptr);
    REQUIRE(steady->value);
    CHECK(steady->value->high == static_cast<double>(with.plan.databases[0].budget.unexplained->value.value));
    CHECK(with.plan.databases[0].budget.unexplained->value > Connections(1900));
}

TEST_CASE("unexplained connections: more than the server lets in is a doubt, and no size of other_connections") {
    const auto planned = test::plan_text(inventory("\"20-400\""));
    const auto found = findings(planned);
    REQUIRE(found.size() == 1);
    CHECK(found[0].fix.find("other_connections") == std::string::npos);
    CHECK(found[0].fix.find("more than the server lets in") != std::string::npos);
}
