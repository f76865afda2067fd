// The rules on the shipped examples, and that what they suggest is enough.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "../../../src/render/phrase.hpp"
#include "../../support/fleet.hpp"
#include "../../support/inventories.hpp"
#include "../../support/random_fleet.hpp"
#include "../../support/sanitized.hpp"

using namespace poolfit;

namespace {

std::string line_of(const Finding& finding) {
    return std::string(finding.place.source->line(finding.place.source->position(finding.place.span.begin).line));
}

const Finding& only(const std::vector<Finding>& findings, std::string_view rule, std::string_view target) {
    const auto matches = [&](const Finding& f) { return f.rule->id == rule && f.target == target; };
    CAPTURE(test::list(findings));
    CAPTURE(rule);
    REQUIRE(std::ranges::count_if(findings, matches) == 1);
    return *std::ranges::find_if(findings, matches);
}

std::size_t errors(const std::vector<Finding>& findings) { return lint::count(findings).errors; }

/// The number of "max = 4  →  …", or 0.
int suggested(const Finding& finding) {
    constexpr std::string_view key = "max = ";
    if (!finding.fix.starts_with(key) || finding.fix[key.size()] == '"') return 0;
    return std::stoi(finding.fix.substr(key.size()));
}

/// "max = 3 for api.main and 2 for jobs.queue  →  …" as settings.
std::vector<std::string> settings(std::string_view fix) {
    std::vector<std::string> result;
    for (auto at = fix.find(" for "); at != fix.npos; at = fix.find(" for ", at + 1)) {
        const auto number = fix.find_last_of(' ', at - 1) + 1;
        const std::string_view pool = fix.substr(at + 5, fix.find_first_of(", ", at + 5) - at - 5);
        const auto dot = pool.find('.');
        result.push_back(fmt::format("service.{}.pool.{}.max={}", pool.substr(0, dot), pool.substr(dot + 1),
                                     fix.substr(number, at - number)));
    }
    return result;
}

bool about_connections(const Finding& finding) {
    static constexpr std::string_view ids[] = {"PF001", "PF002", "PF003", "PF004", "PF007", "PF009", "PF017"};
    return std::ranges::find(ids, finding.rule->id) != std::end(ids);
}

}  // namespace

TEST_CASE("agora: the four complaints of the document are findings on their lines") {
    const auto planned = test::plan_file("agora/poolfit.toml");
    const auto findings = test::lint(planned);

    const Finding& api = only(findings, "PF102", "api.primary");
    CHECK(line_of(api).starts_with("driver    = \"postgres.js\"           # no max is set"));
    CHECK(api.message == "10 per process (the default), but its use needs 5");
    CHECK(render::in_full(planned.fleet, planned.plan, api.label) == "max(⌈2.5 × 2⌉, 3 + 1) = 5");
    CHECK(api.fix == "max = 5  →  5 connections instead of 10");

    const Finding& twice = only(findings, "PF018", "math-updater");
    CHECK(diag::print(twice.place) == "data/examples/agora/poolfit.toml:87:13");
    CHECK(twice.message == "2 pools on primary: drizzle and pg-boss");
    CHECK(twice.label == "drizzle 10 + pg-boss 11 = 21 per process");
    CHECK(twice.fix == "one pool of BATCH_SIZE + TOTAL_VCPUS + 5 = 13");

    const Finding& fixed = only(findings, "PF022", "api");
    CHECK(line_of(fixed).starts_with("driver    = \"postgres.js\""));
    CHECK(fixed.label == "10 on 2 vCPUs, and the same on any other host");
    CHECK(fixed.fix == "max = \"max(5, max(3, ceil(TOTAL_VCPUS * 1.5)))\" = 5");
    CHECK(only(findings, "PF022", "math-updater").message ==
          "3 pools have the same size on any host: drizzle, pg-boss and replica");

    const Finding& unseen = only(findings, "PF023", "api");
    CHECK(line_of(unseen).starts_with("monitored = false"));
    only(findings, "PF023", "math-updater");
}

TEST_CASE("agora: nothing breaks, nothing is reported twice") {
    const auto planned = test::plan_file("agora/poolfit.toml");
    CHECK(test::list(test::lint(planned)) ==
          "PF101 warning primary 26:10 db.t3.large handles the load and saves $183.00/mo\n"
          "PF101 warning replica 36:14 db.t3.large handles the load and saves $183.00/mo\n"
          "PF102 warning api.primary 52:13 10 per process (the default), but its use needs 5\n"
          "PF102 warning api.replica 60:13 10 per process (the default), but its use needs 5\n"
          "PF102 warning math-updater.drizzle 80:13 10 per process (the default), but its use needs 5\n"
          "PF018 warning math-updater 87:13 2 pools on primary: drizzle and pg-boss\n"
          "PF102 warning math-updater.replica 96:13 10 per process (the default), but its use needs 5\n"
          "PF104 info primary 26:10 db.t4g.large would save $14.23/mo more, on ARM\n"
          "PF301 info primary 26:10 max_connections is not set: 1,667–1,717 expected, 1,802 by the class label\n"
          "PF306 info primary 26:10 version not set: the cost of Extended Support is unknown\n"
          "PF302 info primary 28:1 observation window not set\n"
          "PF302 info replica 38:1 observation window not set\n"
          "PF022 info api 52:13 2 pools have the same size on any host: primary and replica\n"
          "PF023 info api 55:13 2 pools are not monitored: primary and replica\n"
          "PF022 info math-updater 80:13 3 pools have the same size on any host: drizzle, pg-boss and replica\n"
          "PF023 info math-updater 83:13 3 pools are not monitored: drizzle, pg-boss and replica\n");
}

TEST_CASE("rolling: the deploy is an error on the pool's max, with the arithmetic; its fix is enough") {
    const auto planned = test::plan_file("rolling/poolfit.toml");
    const auto findings = test::lint(planned);
    const Finding& deploy = only(findings, "PF001", "auth-db");
    CHECK(&deploy == &findings.front());
    CHECK(findings.size() == 2);
    only(findings, "PF303", "auth-db");  // of a price
    CHECK(deploy.severity == Severity::error);
    CHECK(line_of(deploy).starts_with("max       = 5"));
    CHECK(diag::print(deploy.place) == "data/examples/rolling/poolfit.toml:40:13");
    CHECK(deploy.message == "a deploy needs 200 connections; only 176 are usable");
    CHECK(deploy.label == "10 pods × 4 procs × 5 = 200 while old and new pods overlap");
    CHECK(render::notes_of(planned.fleet, planned.plan, deploy) ==
          std::vector<std::pair<std::string, std::string>>{
              {"limit", "181 max_connections (observed) − 5 reserved = 176"},
              {"steady", "160 of 176 (91 %): fits today, fails on the next rollout"},
              {"use", "needs max(⌈2.5 × 1⌉, 2 + 1) = 3"}});
    CHECK(deploy.fix == "max = 3  →  120 of 176 (68 %): what its use needs, up to 4 fits");

    const auto after = test::plan_file("rolling/poolfit.toml", {"service.auth-api.pool.main.max=4"});
    CHECK(errors(test::lint(after)) == 0);
    CHECK(lint::count(test::lint(after)).warnings == 0);
    const auto larger = test::plan_file("rolling/poolfit.toml", {"service.auth-api.pool.main.max=5"});
    CHECK(errors(test::lint(larger)) == 1);
}

TEST_CASE("examples: what is over a limit today is reported where it was observed") {
    const auto planned = test::plan_file("undersized/poolfit.toml");
    const auto findings = test::lint(planned);
    CHECK(line_of(only(findings, "PF021", "shop")).starts_with("cpu_mean"));
    CHECK(line_of(only(findings, "PF020", "shop")).starts_with("cpu_peak"));
    CHECK(line_of(only(findings, "PF008", "shop")).starts_with("freeable_memory"));
    CHECK(only(findings, "PF020", "shop").fix ==
          "class = \"db.m6g.xlarge\", $172.65/mo more; or, if the maximum was short, give cpu_p95 in "
          "[database.observed]");
    CHECK(errors(test::lint(test::plan_file("multi-az/poolfit.toml"))) == 0);
}

TEST_CASE("fixes: the size that is suggested ends the finding, and one more does not") {
    test::Generator generator(20261124);
    int tried = 0, together = 0;
    for (int i = 0; i < test::sampled(600); ++i) {
        const int instances = test::uniform(generator, 1, 12), processes = test::uniform(generator, 1, 4);
        const int size = test::uniform(generator, 2, 40), other = test::uniform(generator, 0, 20);
        const int peak = test::uniform(generator, 0, 3);
        const std::string text = fmt::format(
            R"(schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name = "main"
engine = "postgresql"
version = "16.8"
class = "db.m5.large"
max_connections = {}
reserved_connections = 5
other_connections = {}
[[service]]
name = "api"
instances = {{ min = 1, max = {} }}
processes = {}
deploy = "{}"
[[service.pool]]
name = "main"
database = "main"
max = {}
{}
[[service]]
name = "jobs"
deploy = "recreate"
[[service.pool]]
name = "queue"
database = "main"
max = {}
)",
            test::uniform(generator, 60, 400), other, instances, processes,
            i % 3 == 0   ? "recreate"
            : i % 3 == 1 ? "rolling"
                         : "blue-green",
            size, peak == 0 ? std::string() : fmt::format("in_use = \"1-{}\"", peak), test::uniform(generator, 1, 10));
        const auto planned = test::plan_text(text);
        const auto findings = test::lint(planned);
        const auto found = std::ranges::find_if(findings, about_connections);
        if (found == findings.end()) continue;
        CAPTURE(text);
        CAPTURE(test::list(findings));
        CHECK(std::ranges::count_if(findings, about_connections) == 1);
        std::string fix = found->fix;
        std::string_view pool = "api.pool.main";
        if (found->label.before.find("queue") != std::string::npos) continue;
        if (fix.starts_with("api.main: ")) fix = fix.substr(10);
        if (found->place.source->position(found->place.span.begin).line > 22) pool = "jobs.pool.queue";
        if (const auto several = settings(fix); !several.empty()) {
            if (other == 0) continue;
            ++together;
            const auto changed = test::plan_text(text, several);
            CAPTURE(fix);
            CHECK(std::ranges::count_if(test::lint(changed), about_connections) == 0);
            continue;
        }
        Finding plain = *found;
        plain.fix = fix;
        const int named = suggested(plain);
        if (named == 0) continue;
        // What its use needs, with the largest that fits beside it.
        constexpr std::string_view up_to = "up to ";
        const auto larger = fix.find(up_to);
        const int most = larger == fix.npos ? named : std::stoi(fix.substr(larger + up_to.size()));
        const bool by_use = fix.find("use needs") != fix.npos;
        ++tried;
        CHECK(named > peak * (pool == "api.pool.main"));
        const auto connections = [&](int n) {
            const auto changed = test::plan_text(text, {fmt::format("service.{}.max={}", pool, n)});
            return std::ranges::count_if(test::lint(changed), about_connections);
        };
        CAPTURE(fix);
        // Without anything set aside, a little room for operators is another rule's.
        if (other > 0) {
            CHECK(connections(named) == 0);
            CHECK(connections(most) == 0);
            if (!by_use || most > named) CHECK(connections(most + 1) == 1);
        }
    }
    CHECK(tried > test::sampled(100));
    if (!test::sanitized) CHECK(together > 0);
}

TEST_CASE("rules: on any fleet each finding is whole, in order, and one for a cause") {
    test::Generator generator(7);
    for (int i = 0; i < test::sampled(300); ++i) {
        const std::string text = test::toml(test::random_fleet(generator));
        CAPTURE(text);
        const auto planned = test::plan_text(text);
        const auto findings = test::lint(planned, Date{2026, 11, 24});
        CHECK(test::list(findings) == test::list(test::lint(planned, Date{2026, 11, 24})));
        for (const Finding& finding : findings) {
            CAPTURE(finding.message);
            CHECK(finding.place);
            CHECK(finding.target != "");
            CHECK(finding.fix != "");
            CHECK(finding.message.find('\n') == std::string::npos);
            CHECK(!finding.databases.empty());
            const auto alike = [&](const Finding& other) {
                return other.target == finding.target && about_connections(other) && about_connections(finding);
            };
            CHECK(std::ranges::count_if(findings, alike) <= 1);
        }
        CHECK(std::ranges::is_sorted(findings, std::ranges::greater(), &Finding::severity));
    }
}

TEST_CASE("fixes: in JSON they are JSON") {
    const auto planned = test::plan_text(R"({"schema": "poolfit-inventory/1", "region": "us-east-1",
 "database": [{"name": "main", "engine": "postgresql", "class": "db.m5.large", "max_connections": 105}],
 "service": [{"name": "api", "instances": 12, "pool": [{"name": "main", "database": "main", "max": 10}]}]})");
    const auto findings = test::lint(planned);
    CHECK(only(findings, "PF002", "main").fix == "\"max\": 6  →  72 of 96 (75 %)");
}

TEST_CASE("fixes: with two readers each of which is too many, both are made smaller") {
    const std::string text = R"(schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name = "a"
engine = "postgresql"
class = "db.t3.medium"
max_connections = 387
reserved_connections = 9
other_connections = 3
)" + test::reader("r0", "a", 387, 9) +
                             test::reader("r1", "a", 387, 9) + test::recreated("s") + test::pool("w", "a", 200) +
                             test::pool("x", "r0", 250) + test::pool("y", "r1", 220);
    const auto planned = test::plan_text(text);
    const auto findings = test::lint(planned);
    const std::string fix = only(findings, "PF004", "a").fix;
    // 203 of its own, so 175 of either, and no more of any.
    CHECK(fix == "max = 175 for s.x and 175 for s.y  →  378 of 378 (100 %)");
    CHECK(std::ranges::none_of(test::lint(test::plan_text(text, settings(fix))), about_connections));
    CHECK(std::ranges::any_of(test::lint(test::plan_text(text, {"service.s.pool.x.max=175"})), about_connections));
}

TEST_CASE("fixes: what changes nothing is none") {
    constexpr std::string_view head = R"(schema = "poolfit-inventory/1"
region = "us-east-1"
[[host]]
name = "h"
vcpus = 4
[[database]]
name = "a"
engine = "postgresql"
class = "db.m5.large"
max_connections = 20
[[service]]
name = "s"
host = "h"
)";
    const auto fix = [&](std::string_view rule, std::string_view target, std::string_view service) {
        const auto planned = test::plan_text(fmt::format("{}{}", head, service));
        return only(test::lint(planned, {}, {{std::string(rule)}, {}, {}}), rule, target).fix;
    };
    constexpr std::string_view pool = "[[service.pool]]\nname = \"w\"\ndatabase = \"a\"\n";
    // A vcpu_max of 13 is the same on any host; the limit of 20 leaves the pool 5.
    CHECK(fix("PF022", "s", fmt::format("{}max = 10\nvcpu_max = 13\n", pool)) == "max = \"ceil(5 * TOTAL_VCPUS / 4)\"");
    CHECK(fix("PF022", "s", fmt::format("{}max = 10\nvcpu_max = \"TOTAL_VCPUS + 1\"\n", pool)) ==
          "max = \"TOTAL_VCPUS + 1\" = 5");
    // One connection of a process cannot be shared out.
    CHECK(fix("PF016", "s.w", fmt::format("processes = 9\n{}max = 1\n", pool)) == "fewer processes, or a pooler");
    CHECK(fix("PF016", "s.w", fmt::format("processes = 9\n{}max = 2\n", pool)) ==
          "max = \"max(1, floor(2 / PROCESSES))\", if 2 was meant for all processes of a pod");
    // One request at a time, with the one that it nests, has enough in two; any number of threads never has.
    constexpr std::string_view nested = "[service.pool.workload]\nrate = \"20/s\"\nhold = \"100 ms\"\nnested = 1\n";
    const auto of = [&](std::string_view runtime) {
        return fmt::format("runtime = \"{}\"\n{}max = 2\n{}", runtime, pool, nested);
    };
    CHECK(fix("PF011", "s.w", of("threads")).starts_with("use one connection per transaction"));
    const auto planned = test::plan_text(fmt::format("{}{}", head, of("processes")));
    CHECK(test::lint(planned, {}, {{"PF011"}, {}, {}}).empty());
}
