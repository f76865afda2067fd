#include <algorithm>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/render/render.hpp>

#include "../../../src/render/block.hpp"
#include "fixture.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

const render::Style style{false, true, 80};

void check_has(const std::string& text, std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts) CHECK_MESSAGE(text.find(part) != std::string::npos, part, "\n", text);
}

}  // namespace

TEST_CASE("the plan document's fleet") {
    const Reported reported = report_text(agora);
    const std::string text = render::text(reported.report, style, {true, false});
    CHECK(text.starts_with("poolfit 0.1.0  test.toml  2 databases · 2 services"));
    check_has(
        text,
        {"\nprimary     RESIZE  db.m5.xlarge → db.t3.large      $306.00 → $123.00/mo   −60 %\n",
         "            postgresql 16.8 · single-AZ · eu-central-1 · replica of primary\n",
         "  connections  steady         31        21 ", "               failover ", "  cpu          peak ",
         "  memory       used           5G ", "planned 1,667 − 9", "31 of 1,658 usable = 1.9 % (1.7 % of nominal)",
         "idle ", "headroom 1,627: room for 52 more stacks like this\n",
         "    math-updater.pg-boss           11      1          1           11  formula\n",
         "  credits      earns 36, burns ",
         "  credits      mean not set; the peak of 15–43 % is above the 30 % baseline", "  rejected     db.t3.medium ",
         "/mo more, needs allow_arm = true\n", "  saves        $183.00/mo · $2,196.00/yr, list price",
         "\ntotal       $612.00 → $246.00/mo  save $366.00/mo · $4,392.00/yr, list price",
         "\nnext        poolfit explain primary · poolfit check --fail-on warning\n"});
    CHECK(text.find("◀\n") != std::string::npos);
    // Limits, use and the longer reasons are for -v; the first sentence is for everybody.
    const std::string brief = render::text(reported.report, style);
    check_has(brief, {"  Change db.m5.xlarge to db.t3.large: ", " Saves $2,196.00/yr. Risk "});
    for (const std::string_view part : {"  limits ", "  use ", "  why ", "  saves  "})
        CHECK(brief.find(part) == std::string::npos);
}

TEST_CASE("colours are on the verdict, the risk and the money") {
    const Reported reported = report_text(agora);
    const std::string text = render::text(reported.report, {true, true, 80});
    check_has(text, {"\x1b[30;102mRESIZE\x1b[0m", "\x1b[1m$306.00 → $123.00/mo   −60 %\x1b[0m",
                     "\x1b[30;103mrisk medium\x1b[0m",
                     "\x1b[1m$612.00 → $246.00/mo  save $366.00/mo · $4,392.00/yr\x1b[0m, list price"});
}

TEST_CASE("one database of two") {
    const Reported reported = report_text(agora, {1});
    const std::string text = render::text(reported.report, style);
    check_has(text,
              {"1 of 2 databases", "\nreplica     RESIZE", "\ntotal       $306.00 → $123.00/mo", "explain replica"});
    CHECK(text.find("\nprimary ") == std::string::npos);
}

TEST_CASE("over the limit today, without a price or anything observed") {
    const Reported reported = report_text(over_limit);
    const std::string text = render::text(reported.report, style, {true, false});
    check_has(text, {"db.t2.small", "no price", "  today        steady connections 244 (limit ", ": over\n",
                     "no price for db.t2.small in region eu-north-1: not in the total",
                     "\ntotal       unknown: no price", "  over by ", "in use unknown for auth-api.orm, auth-api.raw",
                     "    other ", "2–10", "  missing      ", "database.auth-db.observed.cpu_peak"});
}

TEST_CASE("a database that no service uses, and no database at all") {
    const Reported alone = report_text(R"(schema = "poolfit-inventory/1"
name = "alone"
region = "us-east-1"
[[database]]
name = "lonely"
engine = "postgresql"
class = "db.t3.large"
)");
    check_has(render::text(alone.report, style),
              {"1 database · 0 services", "pools        none: no service connects here"});

    const Fleet empty;
    Report report;
    report.fleet = &empty;
    CHECK(render::text(report, style) ==
          "poolfit 0.1.0  0 databases · 0 services\n\nThe inventory has no database: there is nothing to plan.\n");
}

TEST_CASE("pools past what a screen bears are counted, those that change come first") {
    const Reported reported = report_text(many_pools(300));
    check_has(render::text(reported.report, style, {true, false}),
              {"    service-118.db        4 → 3 ", "    and 240 more: see poolfit plan --json\n"});

    const std::string brief = render::text(reported.report, style);
    CHECK(std::ranges::count(brief, '\n') <= 45);
    check_has(brief, {"  4 → 3 ", " more: see poolfit plan --json\n", "  saves $307.33/mo  ",
                      "note        shortened: -v shows more\n"});
}

TEST_CASE("of many outages, settings and phases some are named, and how many more there are") {
    std::string toml = R"(schema = "poolfit-inventory/1"
name = "many"
region = "us-east-1"
[[database]]
name = "db"
engine = "postgresql"
version = "16.4"
class = "db.m5.large"
max_connections = 100
)";
    for (int i = 0; i < 30; ++i)
        toml += fmt::format(R"([[pooler]]
name = "bouncer-{0}"
kind = "pgbouncer"
database = "db"
mode = "transaction"
default_pool_size = 20
max_client_conn = 20
[[service]]
name = "service-{0}"
instances = 8
[[service.pool]]
name = "main"
database = "bouncer-{0}"
max = 10
)",
                            i);
    const Reported reported = report_text(toml);
    const std::string text = render::text(reported.report, style);
    CHECK(std::ranges::count(text, '\n') <= 45);
    check_has(text, {"; 27 more. First: ", " more: see -v\n"});
}

TEST_CASE("a pooler stands with its clients below it") {
    const Reported reported = report_text(R"(schema = "poolfit-inventory/1"
name = "pooled"
region = "us-east-1"
[[database]]
name = "main"
engine = "postgresql"
version = "16.4"
class = "db.t3.large"
[[pooler]]
name = "bouncer"
kind = "pgbouncer"
database = "main"
mode = "transaction"
[[service]]
name = "web"
[[service.pool]]
name = "orm"
database = "bouncer"
max = 30
in_use = "2-3"
)");
    check_has(render::text(reported.report, style), {"    via bouncer ", "transaction mode\n      web.orm "});
}

TEST_CASE("how many instances fit: in a deploy fewer, as many, or none") {
    const auto text = [](std::int64_t fits, std::int64_t in_deploy) {
        InstancesView view;
        view.usable = Connections(1648);
        view.fits = fits;
        view.fits_deploy = in_deploy;
        return render::fits_text(view);
    };
    CHECK(text(17, 14) == "1,648 usable: at these sizes up to 17 instances fit, 14 in a deploy");
    CHECK(text(17, 17) == "1,648 usable: at these sizes up to 17 instances fit, also in a deploy");
    CHECK(text(1, 0) == "1,648 usable: at these sizes up to 1 instance fit, none in a deploy");
    CHECK(text(0, 0) == "1,648 usable: not even one instance fits");
}

TEST_CASE("a total says once for each reason what of the storage is not counted, whatever the number of databases") {
    std::string toml = "schema = \"poolfit-inventory/1\"\nregion = \"eu-west-1\"\n";
    for (int i = 1; i <= 9; ++i)
        toml += fmt::format(
            "[[database]]\nname = \"db{}\"\nengine = \"postgresql\"\nversion = \"16.4\"\nclass = \"db.m5.large\"\n"
            "[database.storage]\ntype = \"io2\"\nsize = \"100 GiB\"\niops = 3000\n",
            i);
    const Reported reported = report_text(toml);
    const std::string wanted = "; not counted: the storage of db1, db2, db3, db4, db5, db6 and 3 more (no price)";
    for (std::string text : {render::text(reported.report, {false, true, 400}), render::markdown(reported.report)}) {
        const std::size_t first = text.find(wanted);
        CHECK_MESSAGE(first != std::string::npos, text);
        const std::string rest = text.substr(first + wanted.size(), text.find('\n', first) - first - wanted.size());
        CHECK_MESSAGE(rest.find("not counted") == std::string::npos, rest);
    }
}
