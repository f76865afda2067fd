// An inventory of several files, and what an environment changes.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "support.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

constexpr std::string_view head = R"(schema = "poolfit-inventory/1"
region = "us-east-1"
include = ["teams/*.toml"]
[policy]
cpu_peak_max = "50%"
[[database]]
name = "main"
engine = "postgresql"
class = "db.m5.large"
[database.observed]
cpu_peak = "20%"
[[service]]
name = "api"
instances = 4
[[service.pool]]
name = "main"
database = "main"
max = 5
[service.pool.workload]
rate = "20/s"
hold = "5 ms"
)";
constexpr std::string_view team = R"([[service]]
name = "billing"
[[service.pool]]
name = "main"
database = "main"
max = 7  # poolfit: ignore[PF019] reason="x"
)";

Loaded load_files(std::vector<std::pair<std::string, std::string>> texts, std::string environment = "",
                  const std::vector<std::string>& settings = {}) {
    Loaded loaded;
    load::Files files{nullptr, {}, std::move(environment)};
    for (auto& [name, text] : texts) {
        const SourceText& source = loaded.sources.add(name, text);
        if (files.first == nullptr)
            files.first = &source;
        else
            files.more.push_back(&source);
    }
    std::vector<load::Setting> set;
    for (const std::string& setting : settings) set.push_back({setting});
    loaded.fleet = load::inventory(files, set, built_in(), loaded.sources, loaded.diagnostics);
    return loaded;
}

Loaded with_environment(std::string_view environment, std::string name = "staging") {
    return load_files({{"poolfit.toml", fmt::format("{}{}", head, environment)}}, std::move(name));
}

}  // namespace

TEST_CASE("load: records of several files are one inventory, and keep their places") {
    const auto loaded = load_files({{"poolfit.toml", std::string(head)}, {"teams/billing.toml", std::string(team)}});
    CAPTURE(loaded.list());
    REQUIRE(loaded.fleet.has_value());
    REQUIRE(loaded.fleet->services.size() == 2);
    CHECK(diag::print(loaded.fleet->services[0].place) == "poolfit.toml:12:1");
    CHECK(diag::print(loaded.fleet->services[1].place) == "teams/billing.toml:1:1");
    CHECK(loaded.fleet->path == "poolfit.toml");
    REQUIRE(loaded.fleet->ignores.size() == 1);
    CHECK(loaded.fleet->ignores[0].place.source->name() == "teams/billing.toml");
    // JSON beside TOML.
    const auto json =
        load_files({{"poolfit.toml", std::string(head)},
                    {"b.json", R"({"host": [{"name": "app", "vcpus": 2}], "schema": "poolfit-inventory/1"})"}});
    CAPTURE(json.list());
    REQUIRE(json.fleet.has_value());
    CHECK(json.fleet->hosts.size() == 1);
}

TEST_CASE("load: what two files cannot both say is an error at the second place") {
    const auto list = [](std::string_view more) {
        return load_files({{"poolfit.toml", std::string(head)}, {"b.toml", std::string(more)}}).list();
    };
    CHECK(list("region = \"eu-west-1\"\n") == "1:1 region is given in two files\n");
    CHECK(list("[policy]\nallow_arm = true\n") == "1:2 policy is given in two files\n");
    CHECK(list("include = [\"c.toml\"]\n") == "1:1 include: b.toml is itself included or one of several\n");
    CHECK(list("schema = \"poolfit-inventory/1\"\n") == "");
    CHECK(list("[[service]]\nname = \"api\"\n").find("'api' is given twice") != std::string::npos);
    CHECK(list("[[servise]]\nname = \"x\"\n").find("unknown key 'servise'") != std::string::npos);
    CHECK(list("[growth]\nservices_per_year = 2\n") == "");
}

TEST_CASE("load: the patterns of include are those of the file") {
    Sources sources;
    const auto patterns = load::includes(sources.add("poolfit.toml", std::string(head)));
    REQUIRE(patterns.size() == 1);
    CHECK(*patterns[0] == "teams/*.toml");
    CHECK(diag::print(patterns[0].place) == "poolfit.toml:3:12");
    CHECK(load::includes(sources.add("b.toml", "include = 3")).empty());
    CHECK(load::includes(sources.add("c.toml", "include = [")).empty());
    CHECK(load::includes(sources.add("d.json", R"({"include": ["x.toml", ""]})")).size() == 1);
}

TEST_CASE("load: an environment's keys win, record by record") {
    constexpr std::string_view staging = R"([env.staging]
region = "eu-central-1"
[env.staging.policy]
allow_arm = true
[env.staging.database.main]
class = "db.t3.medium"
observed = { cpu_peak = "40%" }
[env.staging.service.api]
instances = { min = 1, max = 2 }
pool.main.max = 3
pool.main.workload.rate = "2/s"
[[env.staging.host]]
name = "small"
vcpus = 2
[env.other]
region = "nowhere"
)";
    const auto loaded = with_environment(staging);
    CAPTURE(loaded.list());
    REQUIRE(loaded.fleet.has_value());
    const Fleet& fleet = *loaded.fleet;
    CHECK(*fleet.databases[0].region == "eu-central-1");
    CHECK(fleet.databases[0].type->name == "db.t3.medium");
    CHECK(fleet.databases[0].observed.cpu_peak->value == Interval<Fraction>(Fraction(0.4)));
    CHECK(*fleet.policy.allow_arm);
    CHECK(*fleet.policy.cpu_peak_max == Fraction(0.5));
    CHECK(fleet.services[0].instances.value == Interval<std::int64_t>(1, 2));
    CHECK(fleet.pools[0].max->formula.text() == "3");
    CHECK(fleet.pools[0].workload->rate->value == Interval<PerSecond>(PerSecond(2)));
    CHECK(fleet.pools[0].workload->hold->value == Interval<Millis>(Millis(5)));
    CHECK(fleet.hosts.size() == 1);
    CHECK(diag::print(fleet.databases[0].cls.place) == "poolfit.toml:27:9");
    const auto without = with_environment(staging, "");
    REQUIRE(without.fleet.has_value());
    CHECK(*without.fleet->databases[0].region == "us-east-1");
    CHECK(without.fleet->services[0].instances.value == Interval<std::int64_t>(4));
    // What --set says comes last.
    const auto set =
        load_files({{"poolfit.toml", fmt::format("{}{}", head, staging)}}, "staging", {"service.api.instances=9"});
    CHECK(set.fleet->services[0].instances.value == Interval<std::int64_t>(9));
}

TEST_CASE("load: environments stand in any file") {
    const auto loaded = load_files({{"poolfit.toml", fmt::format("{}[env.staging]\nregion = \"eu-west-1\"\n", head)},
                                    {"b.toml", fmt::format("{}[env.staging.service.billing]\ninstances = 3\n", team)}},
                                   "staging");
    CAPTURE(loaded.list());
    REQUIRE(loaded.fleet.has_value());
    CHECK(*loaded.fleet->databases[0].region == "eu-west-1");
    CHECK(loaded.fleet->services[1].instances.value == Interval<std::int64_t>(3));
}

TEST_CASE("load: what an environment changes has to be there") {
    CHECK(with_environment("[env.staging.service.apo]\ninstances = 3\n").list() == "22:22 there is no service 'apo'\n");
    CHECK(with_environment("[env.staging.service]\napi = 3\n").list() ==
          "23:7 api: expected a table of keys, found the number 3\n");
    CHECK(with_environment("[env.staging.service.api]\ninstanses = 3\n").list() ==
          "23:1 unknown key 'instanses' in [[service]]\n");
    const auto unknown = with_environment("[env.staging]\nregion = \"eu-west-1\"\n", "stagin");
    REQUIRE(unknown.diagnostics.all().size() == 1);
    CHECK(unknown.diagnostics.all()[0].message == "--env: there is no environment 'stagin'");
    CHECK(unknown.diagnostics.all()[0].fix == "--env staging");
    CHECK(load_text(fmt::format("env = 3\n{}", head)).list() == "1:7 env: expected one table, found the number 3\n");
}

TEST_CASE("load: an environment that is not asked for is checked, as far as it can be by itself") {
    const auto list = [](std::string_view environment) { return with_environment(environment, "").list(); };
    CHECK(list("[env.staging]\nregoin = \"eu-west-1\"\n") == "23:1 unknown key 'regoin' in [env.staging]\n");
    CHECK(list("[env.staging.policy]\ncpu_peak_mx = \"50%\"\n") == "23:1 unknown key 'cpu_peak_mx' in [policy]\n");
    CHECK(list("[env.staging.service.api]\ninstanses = 3\n") == "23:1 unknown key 'instanses' in [[service]]\n");
    CHECK(list("[env.staging.service.api]\ninstances = \"many\"\n").starts_with("23:13 instances: "));
    CHECK(list("[env.staging.service.api]\npool.main.max = \"2 *\"\n").starts_with("23:"));
    CHECK(list("[env.staging.service.api]\npool.main.workload.hold = \"5\"\n").starts_with("23:"));
    CHECK(list("[env.staging.service.api]\npool.main.workload.hold_p = \"5 ms\"\n") ==
          "23:20 unknown key 'hold_p' in [service.pool.workload]\n");
    CHECK(list("[env.staging.service.api]\npool.main.driver = \"postgress.js\"\n") ==
          "23:20 driver: 'postgress.js' is not in the catalog\n");
    CHECK(list("[env.staging.database.main]\nclass = \"db.m5.lagre\"\n").starts_with("23:9 class: "));
    CHECK(list("[env.staging.database.main]\nengine = \"postgres\"\n").starts_with("23:10 engine: "));
    CHECK(list("[env.staging.database.main.observed]\ncpu_peek = \"5%\"\n") ==
          "23:1 unknown key 'cpu_peek' in [database.observed]\n");
    CHECK(list("[env.staging.service]\napi = 3\n") == "23:7 api: expected a table of keys, found the number 3\n");
    CHECK(list("[env]\nstaging = 3\n") == "23:11 env: expected a table, found the number 3\n");
    // What only the environment has is whole.
    CHECK(list("[[env.staging.host]]\nname = \"x\"\n") == "22:1 a host needs class or vcpus\n");
    CHECK(list("[[env.staging.service.api.pool]]\nname = \"x\"\nmax = 3\n") ==
          "22:1 [[service.pool]] 'x' has no database\n");
    // What a record has need not be said again, and what it refers to may be in a file of the environment.
    CHECK(list("[env.staging.service.api]\npool.main.workload.think = \"2 s\"\npool.main.database = \"own\"\n"
               "[env.staging.service.theirs]\ninstances = 2\n[env.staging.price.\"db.m5.large\"]\nterm = \"ri1\"\n") ==
          "");
    const auto near = with_environment("[env.staging.service.apo]\ninstances = 3\n", "");
    CHECK(near.list() == "22:22 there is no service 'apo'\n");
    CHECK(near.fleet.has_value());  // a warning: a further file may have it
    CHECK(near.diagnostics.all()[0].fix == "write api");
    // Of two environments, each is checked once.
    CHECK(with_environment("[env.staging]\nname = \"s\"\n[env.live.policy]\ncpu = 3\n").list() ==
          "25:1 unknown key 'cpu' in [policy]\n");
}

TEST_CASE("load: an environment neither includes files nor holds another") {
    for (const auto* name : {"", "staging"}) {
        const auto includes = with_environment("[env.staging]\ninclude = [\"b.toml\"]\n", name);
        CHECK(includes.list() == "23:1 include: [env.staging] can't include files\n");
        CHECK(includes.diagnostics.all()[0].fix ==
              "write include at the top of the inventory; or name the file: --config FILE");
        CHECK(with_environment("[env.staging.env.live]\nregion = \"eu-west-1\"\n", name).list() ==
              "22:14 env: [env.staging] can't hold another environment\n");
        CHECK(with_environment("[env.staging]\nschema = \"poolfit-inventory/1\"\n", name).list() ==
              "23:1 schema: [env.staging] is no inventory of its own\n");
        CHECK(with_environment("[env.staging]\nregoin = \"x\"\n", name).list() ==
              "23:1 unknown key 'regoin' in [env.staging]\n");
    }
}

TEST_CASE("load: which files a fleet is of, and which environment") {
    const auto loaded = load_files({{"poolfit.toml", fmt::format("{}[env.staging]\nname = \"s\"\n", head)},
                                    {"teams/billing.toml", std::string(team)}},
                                   "staging");
    REQUIRE(loaded.fleet.has_value());
    CHECK(loaded.fleet->path == "poolfit.toml");
    CHECK(loaded.fleet->more == std::vector<std::string>{"teams/billing.toml"});
    CHECK(loaded.fleet->environment == "staging");
    CHECK(with_environment("[env.staging]\nname = \"s\"\n", "").fleet->environment.empty());
}

TEST_CASE("load: suppressions in an environment are idle without it, and cover the record that they stand at") {
    constexpr std::string_view staging = R"([env.staging.database.main] # poolfit: ignore[PF302] reason="x"
[env.staging.service.api]
# poolfit: ignore[PF001] reason="x"
pool.main.max = 3
)";
    const auto without = with_environment(staging, "");
    REQUIRE(without.fleet->ignores.size() == 2);
    CHECK(without.fleet->ignores[0].idle);
    CHECK(without.fleet->ignores[1].idle);
    CHECK(!without.fleet->ignores[0].changed);
    const auto with = with_environment(staging);
    REQUIRE(with.fleet->ignores.size() == 2);
    CHECK(!with.fleet->ignores[0].idle);
    CHECK(!with.fleet->ignores[1].idle);
    CHECK(diag::print(with.fleet->ignores[0].changed) == "poolfit.toml:6:1");
    CHECK(with.fleet->ignores[1].line == 25);
    // What the environment replaces has a comment of its own.
    const auto replaced =
        load_files({{"poolfit.toml", fmt::format("{}[env.staging.service.billing.pool.main]\nmax = 3\n", head)},
                    {"b.toml", std::string(team)}},
                   "staging");
    CAPTURE(replaced.list());
    REQUIRE(replaced.fleet->ignores.size() == 1);
    CHECK(replaced.fleet->ignores[0].idle);
}
