// Price lists and answers of AWS. Figures are worked out by hand.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <poolfit/import/prices.hpp>
#include <poolfit/load/load.hpp>

#include "../../../src/import/aws/price_book.hpp"
#include "../../../src/import/stream/json_reader.hpp"
#include "read_prices.hpp"

using namespace poolfit;

namespace {

using test::feed_of;
using test::Read;

Read read(const std::string& text, std::size_t piece = 1 << 20, const imports::PriceOptions& options = {}) {
    Read out;
    const Catalog catalog;
    out.file = imports::aws_prices(feed_of(text, piece), options, catalog, out.sources, out.diagnostics);
    CHECK(out.file.has_value() == !out.diagnostics.has_errors());
    return out;
}

std::string product(std::string_view sku, std::string_view cls, std::string_view more = "") {
    return fmt::format(
        R"("{0}": {{"sku": "{0}", "productFamily": "Database Instance", "attributes": {{"databaseEngine": "PostgreSQL", )"
        R"("instanceType": "{1}", "deploymentOption": "Single-AZ", "regionCode": "eu-central-1"{2}}}}})",
        sku, cls, more);
}
std::string on_demand(std::string_view sku, std::string_view usd, std::string_view from = "2026-11-01",
                      std::string_view unit = "Hrs") {
    return fmt::format(
        R"("{0}": {{"{0}.X{2}": {{"effectiveDate": "{2}T00:00:00Z", "priceDimensions": )"
        R"({{"{0}.X.Y": {{"unit": "{3}", "pricePerUnit": {{"USD": "{1}"}}}}}}, "termAttributes": {{}}}}}})",
        sku, usd, from, unit);
}
std::string list(const std::string& products, const std::string& terms) {
    return fmt::format(
        R"({{"publicationDate": "2026-11-20T00:00:00Z", "products": {{{}}}, "terms": {{"OnDemand": {{{}}}}}}})",
        products, terms);
}

/// What nlohmann's parser says of one document, no deeper than ours reads.
bool is_json(const std::string& text) { return nlohmann::json::accept(text); }
bool reads(const std::string& text, std::size_t piece) {
    Sources sources;
    Diagnostics diagnostics;
    const imports::Feed feed = feed_of(text, piece);
    imports::Input input(feed, sources, diagnostics);
    imports::JsonReader json(input);
    if (!json.skip()) return false;
    return json.next() == imports::Token::end;
}

}  // namespace

TEST_CASE("prices are exact to a thousand millionth of a dollar, and what is no price is none") {
    using imports::aws::nano_of;
    CHECK(nano_of("0.1780000000") == 178'000'000);
    CHECK(nano_of("12") == 12'000'000'000);
    CHECK(nano_of("0.0000000014") == 1);
    CHECK(nano_of("1.5E-4") == 150'000);
    CHECK(nano_of("0") == 0);
    for (const char* bad : {"", "-0.2", "0.1 USD", "1e300", "nan", "inf", ".", "1.2.3", "99999999999999999999"})
        CHECK_FALSE(nano_of(bad).has_value());
}

TEST_CASE("a price list gives a rate for each term that poolfit prices") {
    // 3 years, partial upfront: 1460 / (3 × 8760) + 0.0556 = 0.0555556 + 0.0556 = 0.1111556, of which 0.111156 stays.
    const std::string reserved =
        R"("A": {"A.R": {"effectiveDate": "2026-11-01", "priceDimensions": {"1": {"unit": "Quantity", "pricePerUnit": )"
        R"({"USD": "1460"}}, "2": {"unit": "Hrs", "pricePerUnit": {"USD": "0.0556"}}}, "termAttributes": )"
        R"({"LeaseContractLength": "3yr", "PurchaseOption": "Partial Upfront", "OfferingClass": "standard"}}})";
    const std::string text = fmt::format(
        R"({{"publicationDate": "2026-11-20T00:00:00Z", "products": {{{}}}, "terms": {{"OnDemand": {{{}}}, "Reserved": {{{}}}}}}})",
        product("A", "db.m5.large"), on_demand("A", "0.178"), reserved);
    const Read got = read(text);
    REQUIRE(got.file);
    REQUIRE(got.file->rows.lists.size() == 1);
    const auto& rates = got.file->rows.lists.front().rates;
    REQUIRE(rates.size() == 2);
    CHECK(rates[0].term == PriceTerm::list);
    CHECK(rates[0].nano_usd_per_hour == 178'000'000);
    CHECK(rates[0].per_month() == MicroUsdPerMonth(129'940'000));  // 0.178 × 730
    CHECK(rates[1].term == PriceTerm::three_years);
    CHECK(rates[1].nano_usd_per_hour == 111'156'000);
    CHECK(got.file->as_of == "2026-11-20");
}

TEST_CASE("the order of products and terms, and how the bytes arrive, change nothing") {
    const std::string products =
        fmt::format(R"("products": {{{}, {}}})", product("A", "db.m5.large"), product("B", "db.r5.large"));
    const std::string terms =
        fmt::format(R"("terms": {{"OnDemand": {{{}, {}}}}})", on_demand("B", "0.29"), on_demand("A", "0.178"));
    const std::string date = R"("publicationDate": "2026-11-20T00:00:00Z")";
    const std::string first = read(fmt::format("{{{}, {}, {}}}", date, products, terms)).rows();
    CHECK(first.find("\"db.r5.large\": {\"list\": 0.29}") != first.npos);
    const std::string reordered = fmt::format("{{{}, {}, {}}}", terms, products, date);
    for (const std::size_t piece : {1u, 7u, 64u, 100'000u}) CHECK(read(reordered, piece).rows() == first);
}

TEST_CASE("of several offers the latest that is in effect on the list's date counts") {
    const std::string terms =
        R"("A": {"A.1": {"effectiveDate": "2026-01-01", "priceDimensions": {"1": {"pricePerUnit": {"USD": "0.2"}}}},
        "A.2": {"effectiveDate": "2026-11-01", "priceDimensions": {"1": {"pricePerUnit": {"USD": "0.19"}}}},
        "A.3": {"effectiveDate": "2027-01-01", "priceDimensions": {"1": {"pricePerUnit": {"USD": "0.18"}}}}})";
    Read got = read(list(product("A", "db.m5.large"), terms));
    REQUIRE(got.file);
    CHECK(got.file->rows.lists.front().rates.front().nano_usd_per_hour == 190'000'000);
    CHECK((*got.file)[imports::Left::not_yet] == 1);
}

TEST_CASE("what is of no use is counted, not kept") {
    const std::string products =
        fmt::format("{}, {}, {}, {}", product("A", "db.m5.large", R"(, "storage": "Aurora IO Optimization Mode")"),
                    product("B", "db.m5.large", R"(, "locationType": "AWS Local Zone")"), product("C", "db.m5.large"),
                    product("D", "db.m6g.large"));
    Read got = read(list(products, on_demand("C", "0.0000000000") + ", " + on_demand("A", "0.3")));
    REQUIRE(got.file);
    CHECK(got.file->rows.lists.empty());
    CHECK((*got.file)[imports::Left::io_optimized] == 1);
    CHECK((*got.file)[imports::Left::not_in_region] == 1);
    CHECK((*got.file)[imports::Left::free] == 1);
    CHECK((*got.file)[imports::Left::no_price] == 2);
}

TEST_CASE("errors are located, in a file of one long line too") {
    const std::string good = list(product("A", "db.m5.large"), on_demand("A", "-0.178"));
    CHECK(read(good).error() == fmt::format("prices.json:1:{} '-0.178' is not a price", good.find("\"-0.178\"") + 1));
    std::string padded =
        "{\"x\": \"" + std::string(700'000, 'y') + "\",\n\"z\": \"" + std::string(600'000, 'y') + "\", tru}";
    CHECK(read(padded, 4096).error() == fmt::format("prices.json:2:{} expected a key in double quotes", 600'010));
    for (std::size_t cut = 0; cut < good.size(); cut += 13) CHECK_FALSE(read(good.substr(0, cut), 50).error().empty());
}

TEST_CASE("storage and RDS Proxy have rows of their own; parts without the price of a GiB have none") {
    const auto storage = [](std::string_view sku, std::string_view usage, std::string_view engine) {
        return fmt::format(
            R"("{0}": {{"sku": "{0}", "productFamily": "Database Storage", "attributes": {{"databaseEngine": "{2}", )"
            R"("deploymentOption": "Single-AZ", "regionCode": "eu-central-1", "usagetype": "EUC1-{1}"}}}})",
            sku, usage, engine);
    };
    const std::vector<std::array<std::string, 5>> rows{
        {"A", "RDS:GP3-Storage", "PostgreSQL", "0.137", "GB-Mo"},
        {"B", "RDS:Multi-AZ-GP3-Storage", "PostgreSQL", "0.274", "GB-Mo"},
        {"C", "RDS:GP3-PIOPS", "PostgreSQL", "0.024", "IOPS-Mo"},
        {"D", "RDS:GP3-Throughput", "PostgreSQL", "0.096", "MiBps-Mo"},
        {"E", "RDS:PIOPS", "PostgreSQL", "0.1", "IOPS-Mo"},
        {"F", "Aurora:StorageUsage", "Any", "0.119", "GB-Mo"},
        {"G", "Aurora:StorageIOUsage", "Any", "0.00000022", "IOs"},
        {"H", "RDS:ProxyUsage", "MySQL", "0.018", "vCPU-Hr"},
        {"I", "RDS:Mirror-GP2-Storage", "PostgreSQL", "0.2", "GB-Mo"},
        {"J", "RDS:ChargedBackupUsage", "PostgreSQL", "0.095", "GB-Mo"},
        {"K", "RDS:GP2-Storage", "PostgreSQL", "140", "TB-Mo"},
        {"L", "RDS:GP3-Storage", "Any", "0.99", "GB-Mo"}};
    std::string products, terms;
    for (const auto& [sku, usage, engine, usd, unit] : rows) {
        products += (products.empty() ? "" : ", ") + storage(sku, usage, engine);
        terms += (terms.empty() ? "" : ", ") + on_demand(sku, usd, "2026-11-01", unit);
    }
    Read got = read(list(products, terms));
    REQUIRE(got.file);
    CHECK((*got.file)[imports::Left::other_unit] == 1);
    CHECK(catalog::take_incomplete(got.file->rows).size() == 1);  // IOPS of io1
    REQUIRE(got.file->rows.storage.size() == 5);  // PostgreSQL, MySQL, MariaDB, and Aurora's two engines
    for (const auto& each : got.file->rows.storage) {
        if (each.platform->engine == "mysql" || each.platform->engine == "mariadb") {
            CHECK(each.volumes.at(0).nano_usd_per_gib == 990'000'000);  // that of any engine
            continue;
        }
        if (each.platform->engine != "postgresql") {
            REQUIRE(each.volumes.size() == 1);
            CHECK(each.volumes[0].kind == "standard");
            CHECK(each.volumes[0].nano_usd_per_gib == 119'000'000);
            CHECK(each.volumes[0].nano_usd_per_million_requests == 220'000'000);  // 0.22 for a million
            continue;
        }
        REQUIRE(each.volumes.size() == 2);
        CHECK(each.volumes[0].nano_usd_per_gib == 137'000'000);
        CHECK(each.volumes[0].nano_usd_per_iops == 24'000'000);
        CHECK(each.volumes[0].nano_usd_per_mibps == 96'000'000);
        CHECK(each.volumes[1].multi_az);
        CHECK(each.volumes[1].nano_usd_per_gib == 274'000'000);
    }
    REQUIRE(got.file->rows.proxies.size() == 1);
    CHECK(got.file->rows.proxies[0].nano_usd_per_vcpu_hour == 18'000'000);
    CHECK((*got.file)[imports::Left::other_product] == 2);
}

TEST_CASE("rates of savings plans are kept by class and deployment, one year without upfront") {
    const auto rate = [](std::string_view usage, std::string_view engine, std::string_view cls, std::string_view usd,
                         std::string_view payment = "No Upfront", std::string_view product = "RDS") {
        return fmt::format(
            R"({{"savingsPlanOffering": {{"offeringId": "o", "paymentOption": "{4}", "planType": "Database", )"
            R"("durationSeconds": 31536000, "currency": "USD"}}, "rate": "{3}", "unit": "Hrs", "productType": "{5}", )"
            R"("usageType": "USE2-{0}", "properties": [{{"name": "region", "value": "us-east-2"}}, )"
            R"({{"name": "instanceType", "value": "{2}"}}, {{"name": "productDescription", "value": "{1}"}}]}})",
            usage, engine, cls, usd, payment, product);
    };
    const std::string text =
        fmt::format(R"({{"nextToken": null, "searchResults": [{}, {}, {}, {}, {}, {}, {}]}})",
                    rate("InstanceUsage:db.m7g.large", "PostgreSQL", "db.m7g.large", "0.1344"),
                    rate("Multi-AZUsage:db.m7g.large", "PostgreSQL", "db.m7g.large", "0.2688"),
                    rate("Multi-AZClusterUsage:db.m7g.large", "PostgreSQL", "db.m7g.large", "0.3"),
                    rate("Aurora:ServerlessV2Usage", "Aurora PostgreSQL", "", "0.096"),
                    rate("InstanceUsage:db.m5.large", "MySQL", "db.m5.large", "0.1368"),
                    rate("InstanceUsage:db.m7g.large", "PostgreSQL", "db.m7g.large", "0.1", "All Upfront"),
                    rate("NodeUsage:cache.m7g.large", "Valkey", "cache.m7g.large", "0.1", "No Upfront", "ElastiCache"));
    imports::PriceOptions options;
    options.today = "2026-11-30";
    for (const std::size_t piece : {1u, 9u, 100'000u}) {
        Read got = read(text, piece, options);
        REQUIRE(got.file);
        REQUIRE(got.file->rows.plans.size() == 2);
        const auto& acu = got.file->rows.plans[0].rates;
        const auto& rates = got.file->rows.plans[1].rates;
        if (got.file->rows.plans[0].platform->engine == "postgresql") continue;
        REQUIRE(acu.size() == 1);
        CHECK(acu[0].cls == "db.serverless");
        CHECK(acu[0].nano_usd_per_hour == 96'000'000);
        REQUIRE(rates.size() == 2);
        CHECK(rates[0].nano_usd_per_hour == 134'400'000);
        CHECK(rates[1].multi_az);
        CHECK(rates[1].nano_usd_per_hour == 268'800'000);
        CHECK((*got.file)[imports::Left::not_covered] == 1);
        CHECK((*got.file)[imports::Left::other_deployment] == 1);
        CHECK((*got.file)[imports::Left::other_term] == 1);
        CHECK((*got.file)[imports::Left::other_product] == 1);
        CHECK(got.file->as_of == "2026-11-30");
        CHECK(got.file->goes_on.empty());
    }
    for (std::size_t cut = 0; cut < text.size(); cut += 7) CHECK_FALSE(read(text.substr(0, cut), 50).error().empty());
    const Read bad = read(R"({"searchResults": [{"rate": "-1"}]})");
    CHECK(bad.error() == "prices.json:1:29 '-1' is not a price");
}

TEST_CASE("the reader takes what nlohmann's parser takes") {
    for (const char* text : {"{}",
                             "[]",
                             "[1, 2.5, -0, 1e9, 1.5E-3]",
                             "{\"a\": [true, false, null]}",
                             "\"\\u00e9\\ud83d\\ude00\\n\"",
                             "[1,]",
                             "{\"a\":}",
                             "{\"a\" 1}",
                             "[01]",
                             "[1.]",
                             "[.5]",
                             "[1e]",
                             "[+1]",
                             "tru",
                             "[truefalse]",
                             "\"\\x\"",
                             "\"\\ud800\"",
                             "\"\xff\"",
                             "\"\xc3\xa9\"",
                             "\"\xe2\x82\xac\"",
                             "\"\xf0\x9f\x98\x80\"",
                             "\"\xc0\xaf\"",
                             "\"\xed\xa0\x80\"",
                             "\"a\tb\"",
                             "{",
                             "[",
                             "\"",
                             "{\"a\":1,}",
                             "{\"a\":1 \"b\":2}",
                             "[1 2]",
                             "{1:2}",
                             " [1] ",
                             "[-]",
                             "nul",
                             "[1]]"})
        for (const std::size_t piece : {1u, 3u, 1000u}) {
            CAPTURE(text);
            CAPTURE(piece);
            CHECK(reads(text, piece) == is_json(text));
        }
}

TEST_CASE("versions that can be ordered decide for the versions that the answer has") {
    Catalog catalog;
    Sources sources;
    Diagnostics diagnostics;
    const auto& source = sources.add("own.json", R"({"schema": "poolfit-catalog/1", "orderable": [
        {"engine": "postgresql", "as_of": "2026-11-21", "source": "x", "versions": ["17.4", "16.8"], "classes": ["db.m8g.large"]},
        {"engine": "postgresql", "as_of": "2026-11-21", "source": "x", "versions": ["16.8"], "classes": ["db.m5.large"]}]})");
    REQUIRE(load::overlay(source, catalog, diagnostics));
    const Platform& platform = *platform::find("aws", "postgresql");
    const auto says = [&](const char* cls, EngineVersion version) {
        return catalog::supports(platform, *catalog.find_class(platform, cls), version);
    };
    using catalog::Supported;
    CHECK(says("db.m8g.large", {{17, 0}, 4}) == Supported::yes);
    CHECK(says("db.m5.large", {{17, 0}, 4}) == Supported::no);
    CHECK(says("db.m5.large", {{16, 0}, 8}) == Supported::yes);
    CHECK(says("db.m5.large", {{17, 0}, -1}) == Supported::no);
    CHECK(says("db.m5.large", {{15, 0}, 6}) == Supported::yes);  // not in the answer: as the documentation says
    CHECK(says("db.m5.xlarge", {{17, 0}, 4}) == Supported::yes);
}

TEST_CASE("a merge keeps the newer of two rows, what only one side has, and the order") {
    const auto rows = [](const char* day, const char* cls, std::int64_t nano) {
        catalog::OverlayRows out;
        out.lists.push_back({platform::find("aws", "postgresql"),
                             "eu-central-1",
                             day,
                             "x",
                             {{cls, false, PriceTerm::list, nano, {}}},
                             {}});
        return out;
    };
    catalog::OverlayRows file = rows("2026-11-20", "db.m5.large", 178'000'000);
    auto merged = catalog::merge(file, rows("2026-10-01", "db.m5.large", 1));
    CHECK(merged.older == 1);
    merged = catalog::merge(file, rows("2026-12-01", "db.r5.large", 290'000'000));
    CHECK(merged.added == 1);
    merged = catalog::merge(file, rows("2026-12-01", "db.m5.large", 170'000'000));
    CHECK(merged.replaced == 1);
    merged = catalog::merge(file, rows("2026-12-01", "db.m5.large", 170'000'000));
    CHECK(merged.same == 1);
    REQUIRE(file.lists.size() == 1);
    CHECK(file.lists.front().rates.size() == 2);
    // What is printed is read back as it is.
    const std::string text = load::print(file);
    Sources sources;
    Diagnostics diagnostics;
    const auto again = load::overlay_rows(sources.add("own.json", text), Catalog(), diagnostics);
    REQUIRE(again);
    CHECK(load::print(*again) == text);
}

TEST_CASE("an older price list does not hide a newer built-in price, and one by hand hides both") {
    const Platform& platform = *platform::find("aws", "postgresql");
    const auto price = [&](const char* text) {
        Catalog catalog;
        Sources sources;
        Diagnostics diagnostics;
        REQUIRE(load::overlay(sources.add("own.json", text), catalog, diagnostics));
        return catalog
            .price(platform, *catalog.find_class(platform, "db.m5.large"), "eu-central-1", false, PriceTerm::list)
            ->amount;
    };
    const MicroUsdPerMonth built_in = price(R"({"schema": "poolfit-catalog/1"})");
    CHECK(price(R"({"schema": "poolfit-catalog/1", "price_list": [{"engine": "postgresql", "region": "eu-central-1",
        "as_of": "2020-01-01", "source": "x", "usd_per_hour": {"db.m5.large": {"list": 9}}}]})") == built_in);
    CHECK(price(R"({"schema": "poolfit-catalog/1", "price_list": [{"engine": "postgresql", "region": "eu-central-1",
        "as_of": "2030-01-01", "source": "x", "usd_per_hour": {"db.m5.large": {"list": 1}}}]})") ==
          MicroUsdPerMonth(730'000'000));
    CHECK(price(R"({"schema": "poolfit-catalog/1", "price": [{"class": "db.m5.large", "region": "eu-central-1",
        "usd_per_month": 5, "as_of": "2020-01-01", "source": "x"}], "price_list": [{"engine": "postgresql",
        "region": "eu-central-1", "as_of": "2030-01-01", "source": "x", "usd_per_hour": {"db.m5.large": {"list": 1}}}]})") ==
          MicroUsdPerMonth(5'000'000));
}

TEST_CASE("versions of one day and source are one answer, in however many files; those of another day replace them") {
    const auto rows = [](const char* day, std::vector<std::string> versions, std::vector<std::string> classes) {
        catalog::OverlayRows out;
        out.orderable.push_back(
            {platform::find("aws", "postgresql"), "", std::move(versions), std::move(classes), day, "x", {}});
        return out;
    };
    const char* const day = "2026-11-21";
    catalog::OverlayRows file = rows(day, {"16.8"}, {"db.m5.large", "db.r5.large"});
    auto merged = catalog::merge(file, rows(day, {"17.4"}, {"db.m5.large"}));
    CHECK(merged.replaced == 1);
    // As both files in one: db.m5.large runs both, db.r5.large 16.8 alone.
    catalog::OverlayRows both = rows(day, {"17.4", "16.8"}, {"db.m5.large"});
    catalog::merge(both, rows(day, {"16.8"}, {"db.r5.large"}));
    CHECK(load::print(file) == load::print(both));
    merged = catalog::merge(file, rows(day, {"16.8"}, {"db.m5.large"}));
    CHECK(merged.same == 1);
    CHECK(load::print(file) == load::print(both));
    catalog::merge(file, rows("2026-11-22", {"17.4"}, {"db.m5.large"}));
    const auto at =
        std::ranges::find(file.orderable, std::vector<std::string>{"db.m5.large"}, &catalog::OverlayOrderable::classes);
    REQUIRE(at != file.orderable.end());
    CHECK(at->versions == std::vector<std::string>{"17.4"});
}

TEST_CASE("a price list's row of a class leaves what EC2 says of it, whichever comes first") {
    const auto row = [](const char* day, const char* source) {
        catalog::OverlayClass cls;
        cls.name = "db.x9.large";
        cls.family = "x9";
        cls.vcpus = 2;
        cls.memory = Bytes(32 * bytes_per_gib);
        cls.as_of = day;
        cls.source = source;
        return cls;
    };
    catalog::OverlayClass ec2 = row("2026-11-20", "ec2");
    ec2.arch = Arch::arm64;
    ec2.threads_per_core = 1;
    ec2.throughput.ebs_baseline = MegabitsPerSecond(650);
    catalog::OverlayClass list = row("2026-11-25", "list");
    list.cpu_model = "Graviton9";
    list.sold_for = {platform::find("aws", "postgresql")};
    for (const bool first : {true, false}) {
        catalog::OverlayRows file, more;
        file.classes = {first ? ec2 : list};
        more.classes = {first ? list : ec2};
        CHECK(catalog::merge(file, more).replaced == 1);
        REQUIRE(file.classes.size() == 1);
        const catalog::OverlayClass& made = file.classes.front();
        CHECK(made.arch == Arch::arm64);
        CHECK(made.threads_per_core == 1);
        CHECK(made.throughput.ebs_baseline == MegabitsPerSecond(650));
        CHECK(made.source == "ec2");
        CHECK(made.cpu_model == "Graviton9");
        CHECK(made.sold_for.size() == 1);
    }
}

TEST_CASE("each document of a stream has products of its own; two prices of a class are named") {
    const std::string one = list(product("A", "db.m5.large"), on_demand("A", "0.1"));
    const std::string two = list(product("B", "db.r5.large"), on_demand("B", "0.2"));
    // The terms of the second come before its products.
    const std::string reordered = fmt::format(
        R"({{"publicationDate": "2026-11-20T00:00:00Z", "terms": {{"OnDemand": {{{}}}}}, "products": {{{}}}}})",
        on_demand("B", "0.2"), product("B", "db.r5.large"));
    CHECK(read(one + reordered).rows() == read(one + two).rows());
    const Read twice = read(list(product("A", "db.m5.large") + "," + product("B", "db.m5.large"),
                                 on_demand("A", "0.1") + "," + on_demand("B", "0.2")));
    CHECK(twice.file->two_prices == std::set<std::string>{"db.m5.large in eu-central-1"});
}
