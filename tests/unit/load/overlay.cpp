// The user's catalog files.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../../src/load/reader.hpp"
#include "support.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

struct Overlaid {
    Sources sources;
    Diagnostics diagnostics;
    Catalog catalog;
    bool good = false;

    std::string list() const {
        std::string out;
        for (const auto& d : diagnostics.all()) {
            const auto at = d.place.source->position(d.place.span.begin);
            out += fmt::format("{}:{} {}\n", at.line, at.column, d.message);
        }
        return out;
    }
};

Overlaid overlay(std::string text, std::string name = "own.toml") {
    Overlaid out;
    const auto& source = out.sources.add(std::move(name), std::move(text));
    out.good = load::overlay(source, out.catalog, out.diagnostics);
    CHECK(out.good == !out.diagnostics.has_errors());
    return out;
}

constexpr std::string_view full = R"(schema = "poolfit-catalog/1"
[[class]]
name = "db.t9.large"
vcpus = 2
memory = "8 GiB"
arch = "arm64"
family = "t9"
category = "burstable"
generation = 9
cpu_model = "a chip"
threads_per_core = 1
os_visible_memory = "7.8 GiB"
burst_baseline = "30%"
credits_per_hour = 36
max_credits = 864
coremark_per_vcpu = 20000
ebs_baseline = "695 Mbps"
ebs_max = "2.78 Gbps"
ebs_baseline_iops = 4000
ebs_max_iops = 15700
network_baseline = "0.512 Gbps"
network_max = "5 Gbps"
postgresql = true
as_of = 2026-08-01
source = "our own measurement"
[[class]]
name = "db.t9.xlarge"
vcpus = 4
memory = "16 GiB"
engines = ["postgresql"]
as_of = 2026-08-01
source = "our own measurement"
[[price]]
class = "db.t9.large"
engine = "postgresql"
region = "eu-central-1"
usd_per_hour = 0.1
term = "list"
multi_az = false
as_of = "2026-08-01"
source = "our contract"
[[price]]
class = "db.m5.large"
region = "eu-central-1"
usd_per_month = 99.5
term = "ri3"
as_of = "2026-08-02"
source = "our contract"
[[class]]
name = "db.t9.2xlarge"
vcpus = 8
memory = "32 GiB"
sold_for = ["mysql"]
as_of = 2026-08-01
source = "a price list"
[[price_list]]
engine = "postgresql"
region = "eu-central-1"
as_of = 2026-08-01
source = "a price list"
usd_per_hour = { "db.r5.large" = { list = 0.29, multi_az_list = 0.58 } }
[[savings_plan_rate]]
engine = "aurora-postgresql"
region = "eu-central-1"
as_of = 2026-08-01
source = "an answer"
term = "1yr-no-upfront"
usd_per_hour = { "db.r7g.large" = { rate = 0.25 }, "db.serverless" = { rate = 0.11 } }
[[size_price]]
engine = "mysql"
region = "europe-west3"
multi_az = true
as_of = 2026-08-01
source = "a price list"
usd_per_vcpu_hour = 0.1
usd_per_gib_hour = 0.02
[[storage_price]]
engine = "postgresql"
region = "eu-central-1"
as_of = 2026-08-01
source = "our contract"
usd_per_month = { gp3 = { gib = 0.1, iops = 0.02, multi_az_gib = 0.18 }, gp2 = { gib = 0.11 } }
[[proxy_price]]
region = "eu-central-1"
usd_per_vcpu_hour = 0.01
usd_per_unit_hour = 0.012
as_of = 2026-08-01
source = "our contract"
[[capacity_price]]
engine = "aurora-postgresql"
region = "eu-central-1"
as_of = 2026-08-01
source = "a price list"
usd_per_unit_hour = 0.14
[[extended_support_price]]
engine = "aurora-mysql"
region = "eu-central-1"
as_of = 2026-08-01
source = "a price list"
per = "vcpu"
usd_per_hour = 0.122
usd_per_hour_year_3 = 0.244
[[orderable]]
engine = "postgresql"
as_of = 2026-08-01
source = "an answer"
versions = ["16.8"]
single_az_only = ["16.8"]
classes = ["db.r5.large"]
)";

/// `full` with the line of a key replaced; the second record's with a '2' before the key.
std::string with(std::string_view line) {
    std::string text(full);
    const bool price = line.starts_with('2');
    if (price) line.remove_prefix(1);
    const auto key = line.substr(line.starts_with("«") ? 2 : 0, line.find(' ') - (line.starts_with("«") ? 2 : 0));
    const auto from = price ? text.find("[[price]]") : text.find("[[class]]");
    const auto at = text.find("\n" + std::string(key.substr(0, key.find("»"))) + " = ", from);
    REQUIRE(at != text.npos);
    text.replace(at + 1, text.find('\n', at + 1) - at - 1, line);
    return text;
}

}  // namespace

TEST_CASE("overlay: every key") {
    const auto made = overlay(std::string(full));
    CHECK(made.list() == "");
    const auto* cls = made.catalog.find_class(platform::usual(), "db.t9.large");
    REQUIRE(cls != nullptr);
    CHECK(cls->vcpus == 2);
    CHECK(cls->memory == Bytes(8 * bytes_per_gib));
    CHECK(cls->arch == Arch::arm64);
    CHECK(cls->family == "t9");
    CHECK(cls->generation == 9);
    CHECK(cls->burst->credits_per_hour == 36);
    CHECK(cls->burst->baseline == Fraction(0.3));
    CHECK(cls->throughput.ebs_max->value == doctest::Approx(2780));
    CHECK(*cls->throughput.ebs_max_iops == 15700);
    CHECK(*cls->coremark_per_vcpu == 20000);
    CHECK(cls->row.as_of == "2026-08-01");
    CHECK(cls->row.source == "our own measurement");
    CHECK(diag::print(cls->row.place) == "own.toml:2:1");
    const auto list = made.catalog.price(platform::usual(), *cls, "eu-central-1", false, PriceTerm::list);
    REQUIRE(list);
    CHECK(list->amount == MicroUsdPerMonth(73'000'000));
    const auto reserved =
        made.catalog.price(platform::usual(), *made.catalog.find_class(platform::usual(), "db.m5.large"),
                           "eu-central-1", false, PriceTerm::three_years);
    REQUIRE(reserved);
    CHECK(reserved->amount == MicroUsdPerMonth(99'500'000));
    const Platform& postgresql = platform::usual();
    const auto* r5 = made.catalog.find_class(postgresql, "db.r5.large");
    CHECK(made.catalog.price(postgresql, *r5, "eu-central-1", true, PriceTerm::list)->amount ==
          MicroUsdPerMonth(423'400'000));  // 0.58 × 730
    CHECK(made.catalog.capacity_price(*platform::by_id("aurora-serverless-postgresql"), "eu-central-1")->amount ==
          MicroUsdPerMonth(102'200'000));  // 0.14 × 730
    REQUIRE(made.catalog.plan_prices().size() == 2);
    const auto& rate = made.catalog.plan_prices().front();
    CHECK(rate.platform->id == "aurora-postgresql");
    CHECK(rate.price.amount == MicroUsdPerMonth(182'500'000));  // 0.25 × 730
    CHECK(made.catalog.plan_prices().back().platform->id == "aurora-serverless-postgresql");
    const Platform& cloud = *platform::by_id("cloud-sql-mysql");
    // 2 vCPUs and 7.5 GiB: (0.2 + 0.15) × 730
    CHECK(made.catalog
              .price(cloud, *made.catalog.find_class(cloud, "db-custom-2-7680"), "europe-west3", true, PriceTerm::list)
              ->amount == MicroUsdPerMonth(255'500'000));
    const auto volume = [&](const char* id, const char* kind, bool multi_az) {
        return *made.catalog.storage_price(*platform::by_id(id), "eu-central-1", kind, multi_az);
    };
    CHECK(volume("rds-postgresql", "gp3", false).per_gib == MicroUsdPerMonth(100'000));
    CHECK(*volume("rds-postgresql", "gp3", false).per_iops == MicroUsdPerMonth(20'000));
    CHECK_FALSE(volume("rds-postgresql", "gp3", false).per_mibps);
    CHECK(volume("rds-postgresql", "gp3", true).per_gib == MicroUsdPerMonth(180'000));
    // No price of its own: twice the price of one.
    CHECK(*volume("rds-postgresql", "gp3", true).per_iops == MicroUsdPerMonth(40'000));
    CHECK(volume("rds-postgresql", "gp3", true).doubled_iops);
    CHECK_FALSE(volume("rds-postgresql", "gp3", true).doubled);
    CHECK(volume("rds-postgresql", "gp2", true).per_gib == MicroUsdPerMonth(220'000));
    CHECK(volume("rds-postgresql", "gp2", true).doubled);
    CHECK(diag::print(volume("rds-postgresql", "gp2", false).row.place).starts_with("own.toml:"));
    CHECK(made.catalog.proxy_price(postgresql, "eu-central-1")->amount == MicroUsdPerMonth(7'300'000));
    CHECK(made.catalog.proxy_price(*platform::by_id("aurora-serverless-postgresql"), "eu-central-1")->amount ==
          MicroUsdPerMonth(8'760'000));
    const auto neon = overlay(
        "schema = \"poolfit-catalog/1\"\n[[capacity_price]]\nengine = \"postgresql\"\n"
        "region = \"aws-us-east-1\"\nusd_per_unit_hour = 0.2\nas_of = 2026-08-01\nsource = \"us\"\n");
    CHECK(neon.list() == "");
    CHECK(neon.catalog.capacity_price(*platform::by_id("neon-postgresql"), "aws-us-east-1")->amount ==
          MicroUsdPerMonth(146'000'000));  // 0.2 × 730
    const auto support = made.catalog.support_price(*platform::by_id("aurora-mysql"), "eu-central-1");
    CHECK(support->micro_usd_per_vcpu_hour == 122'000);
    CHECK(support->later == 244'000);
    CHECK(catalog::supports(postgresql, *r5, EngineVersion{{16, 0}, 8}) == catalog::Supported::yes);
    const Platform& mysql = *platform::find("aws", "mysql");
    CHECK(catalog::supports(mysql, *made.catalog.find_class(mysql, "db.t9.2xlarge"), EngineVersion{{8, 4}, 3}) ==
          catalog::Supported::sold);
    for (const auto& table : load::overlay_keys())
        for (const auto key : table.keys) CHECK(full.find(key) != full.npos);
}

TEST_CASE("overlay: a class is of every engine, but for those it leaves out") {
    const std::string row =
        "schema = \"poolfit-catalog/1\"\n[[class]]\nname = \"db.x9.large\"\nvcpus = 4\nmemory = \"32 GiB\"\n"
        "as_of = 2026-08-01\nsource = \"us\"\n";
    const auto runs = [](const Catalog& catalog) {
        std::string out;
        for (const Platform* each : platform::all())
            if (const auto* cls = catalog.find_class(*each, "db.x9.large"))
                if (cls->support == InstanceClass::Support::yes) out += std::string(each->id) + ' ';
        return out;
    };
    std::string all, others;
    for (const Platform* each : platform::all()) {
        if (each->class_prefix != "db.") continue;
        all += std::string(each->id) + ' ';
        if (each->engine != "postgresql") others += std::string(each->id) + ' ';
    }
    CHECK(runs(overlay(row).catalog) == all);
    CHECK(runs(overlay(row + "postgresql = true\n").catalog) == all);
    CHECK(runs(overlay(row + "postgresql = false\n").catalog) == others);
    CHECK(runs(overlay(row + "engines = [\"postgresql\"]\n").catalog) == "rds-postgresql ");
    CHECK(overlay(row + "engines = [\"postgresql\"]\npostgresql = true\n").list() ==
          "9:1 postgresql and engines are both set\n");
}

TEST_CASE("overlay: a price of one engine goes before a price of all") {
    const std::string row =
        "[[price]]\nclass = \"db.m5.large\"\nregion = \"eu-central-1\"\nas_of = 2026-08-01\nsource = \"us\"\n";
    const std::string top = "schema = \"poolfit-catalog/1\"\n";
    const std::string one = row + "engine = \"postgresql\"\nusd_per_month = 90\n", every = row + "usd_per_month = 70\n";
    for (const std::string& text : {top + one + every, top + every + one}) {
        const auto made = overlay(text);
        CHECK(made.list() == "");
        for (const Platform* each : platform::all()) {
            if (each->class_prefix != "db.") continue;
            const auto price = made.catalog.price(*each, *made.catalog.find_class(*each, "db.m5.large"), "eu-central-1",
                                                  false, PriceTerm::list);
            CHECK(price->amount == MicroUsdPerMonth(each->engine == "postgresql" ? 90'000'000 : 70'000'000));
        }
    }
}

TEST_CASE("overlay: a region that only the file prices is no reason for a warning, one that is none is an error") {
    const auto in = [](std::string_view region) {
        return overlay(
            fmt::format("schema = \"poolfit-catalog/1\"\n[[price]]\nclass = \"db.m5.large\"\nregion = \"{0}\"\n"
                        "as_of = 2026-08-01\nsource = \"us\"\nusd_per_month = 90\n[[price_list]]\n"
                        "engine = \"postgresql\"\nregion = \"{0}\"\nas_of = 2026-08-01\nsource = \"us\"\n"
                        "[price_list.usd_per_hour]\n\"db.m5.xlarge\" = {{ list = 0.2 }}\n",
                        region));
    };
    CHECK(in("mx-central-1").list() == "");
    CHECK(in("mx-central-1").good);
    CHECK(!in("mx-centrl-1").good);
}

TEST_CASE("overlay: the same from JSON") {
    const auto made = overlay(R"({"schema": "poolfit-catalog/1", "class": [{"name": "db.x9.large", "vcpus": 4,
        "memory": "32 GiB", "as_of": "2026-08-01", "source": "us"}]})",
                              "own.json");
    CHECK(made.list() == "");
    const auto* cls = made.catalog.find_class(platform::usual(), "db.x9.large");
    REQUIRE(cls != nullptr);
    CHECK(cls->family == "x9");
    CHECK(!cls->burst);
    CHECK(cls->arch == Arch::x86_64);
}

TEST_CASE("overlay: a bad value of each key") {
    struct Row {
        std::string_view line, message;
    };
    const Row rows[] = {
        {"name = «1»", "name: expected text in quotes, found the number 1"},
        {"vcpus = «0»", "vcpus: 0 is less than 1"},
        {"vcpus = «\"2\"»", "vcpus: expected a whole number, found the text '2'"},
        {"memory = «8»", "memory: 8 without a unit would be bytes"},
        {"memory = «\"0 GiB\"»", "memory: must be more than 0 B"},
        {"arch = «\"x86\"»", "arch: 'x86' is not one of its values"},
        {"family = «true»", "family: expected text in quotes, found true"},
        {"category = «1»", "category: expected text in quotes, found the number 1"},
        {"generation = «0»", "generation: 0 is less than 1"},
        {"cpu_model = «\"\"»", "cpu_model is empty"},
        {"threads_per_core = «9»", "threads_per_core: 9 is more than 8"},
        {"os_visible_memory = «\"9 GiB\"»", "os_visible_memory is more than memory"},
        {"burst_baseline = «30»", "burst_baseline: 3,000 % is more than 100 %"},
        {"credits_per_hour = «0»", "credits_per_hour: must be more than 0"},
        {"max_credits = «true»", "max_credits: expected a number, found true"},
        {"coremark_per_vcpu = «-1»", "coremark_per_vcpu: must be more than 0"},
        {"ebs_baseline = «695»", "ebs_baseline: expected a unit after 695"},
        {"ebs_max = \"1 «GiB»\"", "ebs_max: unknown unit 'GiB'"},
        {"ebs_baseline_iops = «nan»", "ebs_baseline_iops: not a finite number"},
        {"ebs_max_iops = «\"x\"»", "ebs_max_iops: expected a number, found the text 'x'"},
        {"network_baseline = «true»", "network_baseline: expected a throughput, found true"},
        {"network_max = «[]»", "network_max: expected a throughput, found a list"},
        {"postgresql = «1»", "postgresql: expected true or false, found the number 1"},
        {"engines = [«\"oracle\"»]", "engine: 'oracle' is not supported"},
        {"as_of = «\"2026-13-01\"»", "as_of: '2026-13-01' is not a date"},
        {"source = «\"\"»", "source is empty"},
        {"2class = «\"db.t9.larg\"»", "class: 'db.t9.larg' is not in the catalog"},
        {"2engine = «\"oracle\"»", "engine: 'oracle' is not supported"},
        {"2region = «\"mars\"»", "region: 'mars' is not a region in the catalog"},
        {"2usd_per_hour = «-1»", "usd_per_hour: −1 is less than 0"},
        {"2term = «\"spot\"»", "term: 'spot' is not one of its values"},
        {"2multi_az = «1»", "multi_az: expected true or false, found the number 1"},
        {"2as_of = «true»", "as_of: expected a date, found true"},
        {"2source = «1»", "source: expected text in quotes, found the number 1"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.line);
        const auto marked = unmark(with(row.line));
        const auto made = overlay(marked.text);
        CHECK(made.list().starts_with(fmt::format("{} {}\n", marked.position, row.message)));
        REQUIRE(!made.diagnostics.all().empty());
        CHECK(made.diagnostics.all()[0].place.span.end == marked.end);
        CHECK(made.diagnostics.all()[0].fix != "");
        // The catalog is as it was.
        CHECK(made.catalog.find_class(platform::usual(), "db.t9.large") == nullptr);
    }
}

TEST_CASE("overlay: what must be there, and what can't stand twice") {
    const std::string top = "schema = \"poolfit-catalog/1\"\n";
    const auto list = [&](std::string_view rest) { return overlay(top + std::string(rest)).list(); };
    CHECK(overlay("").list() == "1:1 the catalog file has no schema\n");
    CHECK(overlay("schema = \"poolfit-inventory/1\"").list() == "1:10 own.toml is an inventory, not a catalog file\n");
    CHECK(overlay("schema = \"poolfit-catalog/9\"").list() ==
          "1:10 schema: 'poolfit-catalog/9' is not one this version reads\n");
    CHECK(list("[[class]]\n") ==
          "2:1 [[class]] has no name\n2:1 [[class]] has no vcpus\n2:1 [[class]] has no memory\n"
          "2:1 [[class]] has no as_of\n2:1 [[class]] has no source\n");
    CHECK(list("[[price]]\n") ==
          "2:1 [[price]] has no class\n2:1 [[price]] has no region\n2:1 [[price]] has no as_of\n"
          "2:1 [[price]] has no source\n2:1 a price needs usd_per_hour or usd_per_month\n");
    const std::string row =
        "[[class]]\nname = \"db.x.y\"\nvcpus = 2\nmemory = \"8 GiB\"\nas_of = 2026-01-01\nsource = \"s\"\n";
    CHECK(list(row) == "");
    CHECK(list(row + row) == "9:8 class 'db.x.y' is given twice\n");
    CHECK(list(row + "max_credits = 5\n") ==
          "8:15 a burstable class needs burst_baseline, credits_per_hour and max_credits\n");
    CHECK(list(row + "vcpu = 5\n") == "8:1 unknown key 'vcpu' in [[class]]\n");
    CHECK(list("[[class]]\nname = \"x.y\"\nvcpus = 2\nmemory = \"8 GiB\"\nas_of = 2026-01-01\nsource = \"s\"\n") ==
          "3:8 name: database classes start with db., but 'x.y' does not\n");
    CHECK(list("[class]\n").starts_with("2:1 class: expected a list of tables, found one table\n"));
    CHECK(list("usd_per_hour = 1\n") == "2:1 unknown key 'usd_per_hour' in the catalog file\n");
}

TEST_CASE("the classes of a list say which provider's they are") {
    const auto list = [](std::string_view engine, std::string_view rates) {
        return overlay(fmt::format(R"(schema = "poolfit-catalog/1"
[[price_list]]
engine = "{}"
region = "europe-west1"
as_of = "2026-10-01"
source = "s"
usd_per_hour = {{ {} }}
)",
                                   engine, rates));
    };
    const auto own = list("postgresql", R"("db-custom-2-7680" = { list = 0.123 })");
    REQUIRE(own.good);
    const Platform& cloud_sql = *platform::by_id("cloud-sql-postgresql");
    const auto* cls = own.catalog.find_class(cloud_sql, "db-custom-2-7680");
    REQUIRE(cls != nullptr);
    const auto price = own.catalog.price(cloud_sql, *cls, "europe-west1", false, PriceTerm::list);
    REQUIRE(price);
    CHECK(price->amount == MicroUsdPerMonth(89'790'000));  // 0.123 × 730

    CHECK(list("mariadb", R"("db-custom-2-7680" = { list = 0.123 })").list() ==
          "3:10 engine: no 'mariadb' runs on classes such as db-custom-2-7680\n");
    CHECK(list("postgresql", R"("db-custom-2-7680" = { list = 0.1 }, "db.m5.large" = { list = 0.2 })").list() ==
          "7:73 db.m5.large is of another provider than db-custom-2-7680\n");
}
