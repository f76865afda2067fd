// Answers of Azure's and Google's price APIs, and answers of AWS by region. Figures are worked out by hand.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <poolfit/import/prices.hpp>
#include <poolfit/load/load.hpp>

#include "read_prices.hpp"

using namespace poolfit;
using imports::Left;

namespace {

using test::feed_of;
using test::Read;

imports::PriceOptions today() {
    imports::PriceOptions options;
    options.today = "2026-11-30";
    return options;
}

Read azure(const std::string& text, const imports::PriceOptions& options = today(), std::size_t piece = 1 << 20) {
    Read out;
    out.file = imports::azure_prices(feed_of(text, piece), options, Catalog(), out.sources, out.diagnostics);
    return out;
}
Read google(const std::string& text, const imports::PriceOptions& options = today(), std::size_t piece = 1 << 20) {
    Read out;
    imports::PartsBySize parts;
    out.file = imports::google_prices(feed_of(text, piece), options, Catalog(), parts, out.sources, out.diagnostics);
    return out;
}

std::string item(std::string_view product, std::string_view sku, std::string_view arm, double price,
                 std::string_view more = R"("type": "Consumption")", std::string_view from = "2021-09-01") {
    return fmt::format(
        R"({{"currencyCode": "USD", "tierMinimumUnits": 0.0, "retailPrice": {3}, "unitPrice": {3}, "armRegionName": )"
        R"("uksouth", "effectiveStartDate": "{5}T00:00:00Z", "meterName": "vCore", "productName": "Azure Database for )"
        R"(PostgreSQL Flexible Server {0}", "skuName": "{1}", "serviceName": "Azure Database for PostgreSQL", )"
        R"("unitOfMeasure": "1 Hour", "armSkuName": "{2}", {4}}})",
        product, sku, arm, price, more, from);
}
std::string page(const std::string& items, std::string_view next = "null") {
    return fmt::format(R"({{"BillingCurrency": "USD", "Items": [{}], "NextPageLink": {}, "Count": 1}})", items, next);
}

/// Nano-USD an hour of a class in the only region; −1 where it is not there.
std::int64_t price_of(const Read& read, std::string_view cls, bool multi_az = false) {
    for (const auto& list : read.file->rows.lists)
        for (const auto& rate : list.rates)
            if (rate.cls == cls && rate.multi_az == multi_az) return rate.nano_usd_per_hour;
    return -1;
}

std::string sku(std::string_view description, std::string_view unit, int nanos, std::string_view from = "2026-08-01",
                std::string_view usage = "OnDemand") {
    return fmt::format(
        R"({{"name": "services/9662-B51E-5089/skus/1", "skuId": "1", "description": "{0}", "category": )"
        R"({{"serviceDisplayName": "Cloud SQL", "resourceFamily": "ApplicationServices", "usageType": "{4}"}}, )"
        R"("serviceRegions": ["europe-west2"], "pricingInfo": [{{"pricingExpression": {{"usageUnit": "{1}", )"
        R"("tieredRates": [{{"startUsageAmount": 0, "unitPrice": {{"currencyCode": "USD", "units": "0", "nanos": {2}}}}}]}}, )"
        R"("effectiveTime": "{3}T00:00:00Z"}}]}})",
        description, unit, nanos, from, usage);
}
std::string skus(const std::string& all, std::string_view next = "") {
    return fmt::format(R"({{"skus": [{}], "nextPageToken": "{}"}})", all, next);
}

}  // namespace

TEST_CASE("Azure's price of a vCore is that of each class of the series") {
    // 0.103 for a vCore of Ddsv4: 0.206 for 2, 6.592 for 64.
    const Read got = azure(page(item("General Purpose Ddsv4 Series Compute", "1 vCore", "x", 0.103) + "," +
                                item("General Purpose Ddsv4 Series Compute", "vCore", "x", 0.103) + "," +
                                item("Memory Optimized - Edsv5 Series Compute", "4 vCore", "x", 0.5) + "," +
                                item("General Purpose Dadsv5 Series Compute", "8 vCore", "Standard_D8ads_v5", 0.712) +
                                "," + item("Burstable BS Series Compute", "B1MS", "B1MS", 0.019) + "," +
                                item("Burstable BS Series Compute", "B2ms vCore", "x", 0.088)));
    REQUIRE(got.file);
    REQUIRE(got.file->rows.lists.size() == 1);
    CHECK(got.file->rows.lists[0].region == "uksouth");
    CHECK(got.file->rows.lists[0].as_of == "2026-11-30");
    CHECK(price_of(got, "Standard_D2ds_v4") == 206'000'000);
    CHECK(price_of(got, "Standard_D64ds_v4") == 6'592'000'000);
    CHECK(price_of(got, "Standard_E2ds_v5") == 250'000'000);
    CHECK(price_of(got, "Standard_D8ads_v5") == 712'000'000);
    CHECK(price_of(got, "Standard_D2ads_v5") == -1);
    CHECK(price_of(got, "Standard_B1ms") == 19'000'000);
    CHECK(price_of(got, "Standard_B2ms") == 176'000'000);
    CHECK(got.file->two_prices.empty());
    CHECK(got.file->goes_on.empty());
}

TEST_CASE("of Azure's items what is no server's price on demand is counted; the latest in effect counts") {
    const std::string product = "General Purpose Ddsv4 Series Compute";
    Read got =
        azure(page(item(product, "vCore", "x", 0.2, R"("type": "Consumption")", "2020-01-01") + "," +
                       item(product, "vCore", "x", 0.1, R"("type": "Consumption")", "2024-01-01") + "," +
                       item(product, "vCore", "x", 0.3, R"("type": "Consumption")", "2027-01-01") + "," +
                       item(product, "vCore", "x", 700, R"("type": "Reservation", "reservationTerm": "1 Year")") + "," +
                       item(product, "vCore", "x", 0.1, R"("type": "DevTestConsumption")") + "," +
                       item("Storage", "Storage", "Storage", 0.1) + "," +
                       item("General Purpose Zzv9 Series Compute", "vCore", "x", 0.1),
                   R"("https://prices.azure.com/next")"));
    REQUIRE(got.file);
    CHECK(price_of(got, "Standard_D2ds_v4") == 200'000'000);
    CHECK(got.left(Left::not_yet) == 1);
    CHECK(got.left(Left::committed) == 1);
    CHECK(got.left(Left::not_usual) == 1);
    CHECK(got.left(Left::other_product) == 1);
    CHECK(got.left(Left::unknown_size) == 1);
    CHECK(got.file->goes_on == "https://prices.azure.com/next");
}

TEST_CASE("a filter that leaves nothing of Azure's answer shows which regions there are") {
    imports::PriceOptions options = today();
    options.regions = {"westeurope"};
    Read got = azure(page(item("General Purpose Ddsv4 Series Compute", "vCore", "x", 0.1)), options);
    REQUIRE(got.file);
    CHECK(got.file->rows.lists.empty());
    CHECK(got.left(Left::filtered) == 1);
    CHECK(got.file->regions.contains("uksouth"));
    options.regions = {"uk*"};
    options.classes = {"Standard_D2ds_v4"};
    got = azure(page(item("General Purpose Ddsv4 Series Compute", "vCore", "x", 0.1)), options);
    CHECK(got.file->rows.lists.front().rates.size() == 1);
}

TEST_CASE("Google's vCPUs and memory are the price of any size; of Enterprise Plus that of each class") {
    const std::string pg = "Cloud SQL for PostgreSQL: ";
    const Read got =
        google(skus(sku(pg + "Zonal - vCPU in London", "h", 53'500'000) + "," +
                    sku(pg + "Zonal - RAM in London", "GiBy.h", 9'050'000) + "," +
                    sku(pg + "Regional - vCPU in London", "h", 107'000'000) + "," +
                    sku(pg + "Regional - RAM in London", "GiBy.h", 18'100'000) + "," +
                    sku(pg + "Zonal - Micro instance in London", "h", 12'600'000) + "," +
                    sku(pg + "Zonal - Enterprise Plus N vCPU in London", "h", 60'000'000) + "," +
                    sku("Cloud SQL for Postgres: Zonal - Enterprise Plus N RAM in London", "GiBy.h", 10'000'000)));
    REQUIRE(got.file);
    REQUIRE(got.file->rows.sizes.size() == 2);
    CHECK(got.file->rows.sizes[0].nano_usd_per_vcpu_hour == 53'500'000);
    CHECK(got.file->rows.sizes[0].nano_usd_per_gib_hour == 9'050'000);
    CHECK(got.file->rows.sizes[1].multi_az);
    CHECK(price_of(got, "db-f1-micro") == 12'600'000);
    // 2 vCPUs and 16 GiB: 0.12 + 0.16
    CHECK(price_of(got, "db-perf-optimized-N-2") == 280'000'000);
    Catalog catalog;
    catalog::OverlayRows rows = got.file->rows;
    rows.file = "own.json";
    catalog::add(catalog, std::move(rows));
    const Platform& platform = *platform::find("gcp", "postgresql");
    const auto price = [&](const char* cls, bool multi_az) {
        return catalog.price(platform, *catalog.find_class(platform, cls), "europe-west2", multi_az, PriceTerm::list);
    };
    // 2 × 0.0535 + 7.5 × 0.00905 = 0.174875; × 730 = 127.65875
    CHECK(price("db-custom-2-7680", false)->amount == MicroUsdPerMonth(127'658'750));
    CHECK(price("db-custom-2-7680", true)->amount == MicroUsdPerMonth(255'317'500));
    CHECK_FALSE(price("db-custom-2-7680", true)->doubled);
    CHECK(price("db-custom-6-9984", false)->row.as_of == "2026-11-30");
    CHECK(price("db-f1-micro", true)->doubled);
}

TEST_CASE("of Google's SKUs what is no server's price on demand is counted") {
    Read got =
        google(skus(sku("Cloud SQL for PostgreSQL: Zonal - vCPU in London", "h", 1, "2027-01-01") + "," +
                        sku("Cloud SQL for PostgreSQL: Zonal - vCPU in London", "h", 1, "2026-01-01", "Commit1Yr") +
                        "," + sku("Cloud SQL for SQL Server: Zonal - vCPU in London", "h", 1) + "," +
                        sku("Cloud SQL for MySQL: Zonal - Standard storage in London", "GiBy.mo", 1) + "," +
                        sku("Cloud SQL for MySQL: Zonal - vCPU in London", "h", 1),
                    "abc"));
    REQUIRE(got.file);
    CHECK(got.left(Left::not_yet) == 1);
    CHECK(got.left(Left::committed) == 1);
    CHECK(got.left(Left::other_engine) == 1);
    CHECK(got.left(Left::other_product) == 1);
    CHECK(got.left(Left::no_price) == 1);  // the first
    CHECK(got.file->parts);                // MySQL's vCPU without memory
    CHECK(got.file->goes_on == "&pageToken=abc");
}

TEST_CASE("Google's prices of a vCPU and of memory may be on two pages, in either order") {
    const std::string vcpu = skus(sku("Cloud SQL for MySQL: Zonal - vCPU in London", "h", 53'500'000));
    const std::string memory = skus(sku("Cloud SQL for MySQL: Zonal - RAM in London", "GiBy.h", 9'050'000));
    for (const bool turned : {false, true}) {
        imports::PartsBySize parts;
        Sources sources;
        Diagnostics diagnostics;
        const auto page = [&](const std::string& text) {
            return imports::google_prices(feed_of(text, 100), today(), Catalog(), parts, sources, diagnostics);
        };
        const auto first = page(turned ? memory : vcpu);
        REQUIRE(first);
        CHECK(first->rows.sizes.empty());
        CHECK(first->parts);
        CHECK(imports::half_known(parts).size() == 1);
        const auto second = page(turned ? vcpu : memory);
        REQUIRE(second);
        REQUIRE(second->rows.sizes.size() == 1);
        CHECK(second->rows.sizes[0].nano_usd_per_vcpu_hour == 53'500'000);
        CHECK(second->rows.sizes[0].nano_usd_per_gib_hour == 9'050'000);
        CHECK(imports::half_known(parts).empty());
    }
}

TEST_CASE("an Azure price of a vCore is multiplied by the class's, whatever names the class") {
    // $0.09 for one, of 8; $0.72 for 8 is the class's.
    const std::string_view product = "General Purpose - Ddsv5 Series Compute";
    CHECK(price_of(azure(page(item(product, "vCore", "Standard_D8ds_v5", 0.09))), "Standard_D8ds_v5") == 720'000'000);
    CHECK(price_of(azure(page(item(product, "8 vCore", "Standard_D8ds_v5", 0.72))), "Standard_D8ds_v5") == 720'000'000);
    CHECK(price_of(azure(page(item(product, "D8ds v5", "Standard_D8ds_v5", 0.72))), "Standard_D8ds_v5") == 720'000'000);
}

TEST_CASE("answers of Azure and Google that are cut anywhere, or damaged, are errors with a place") {
    const std::string one = page(item("General Purpose Ddsv4 Series Compute", "vCore", "x", 0.1));
    const std::string two = skus(sku("Cloud SQL for MySQL: Zonal - vCPU in London", "h", 1));
    for (std::size_t cut = 0; cut < one.size(); cut += 5)
        CHECK_FALSE(azure(one.substr(0, cut), today(), 40).error().empty());
    for (std::size_t cut = 0; cut < two.size(); cut += 5)
        CHECK_FALSE(google(two.substr(0, cut), today(), 40).error().empty());
    CHECK(azure(R"({"Items": [{"retailPrice": -1}]})").error() == "prices.json:1:28 '-1' is not a price");
    CHECK(azure(R"({"Itens": []})").error() == "prices.json:1:13 no list Items");
    CHECK(
        google(
            R"({"skus": [{"pricingInfo": [{"pricingExpression": {"tieredRates": [{"unitPrice": {"units": "x"}}]}}]}]})")
            .error() == "prices.json:1:91 'x' is not a price");
    for (const std::size_t piece : {1u, 3u, 64u}) {
        CHECK(load::print(azure(one, today(), piece).file->rows) == load::print(azure(one).file->rows));
        CHECK(load::print(google(two, today(), piece).file->rows) == load::print(google(two).file->rows));
    }
}

TEST_CASE("what can be ordered without a standby alone is said of those versions") {
    const auto option = [](std::string_view engine, std::string_view cls, std::string_view version,
                           std::string_view storage, std::string_view both) {
        return fmt::format(
            R"({{"Engine": "{}", "EngineVersion": "{}", "DBInstanceClass": "{}", "StorageType": "{}"{}}})", engine,
            version, cls, storage, both.empty() ? "" : fmt::format(R"(, "MultiAZCapable": {})", both));
    };
    const auto rows = [](const std::string& options) {
        Sources sources;
        Diagnostics diagnostics;
        auto file = imports::aws_orderable(feed_of(R"({"OrderableDBInstanceOptions": [)" + options + "]}", 100),
                                           today(), sources, diagnostics);
        REQUIRE(file);
        return file->rows;
    };
    auto made = rows(option("postgres", "db.t3.micro", "17.4", "gp3", "false") + "," +
                     option("postgres", "db.t3.micro", "16.8", "gp3", "false") + "," +
                     option("postgres", "db.t3.micro", "16.8", "io1", "true") + "," +
                     option("postgres", "db.m5.large", "17.4", "gp3", "") + "," +
                     option("aurora-postgresql", "db.r6g.large", "16.4", "aurora", "false"));
    REQUIRE(made.orderable.size() == 3);
    for (const auto& row : made.orderable)
        CHECK(row.single_az ==
              (row.classes.front() == "db.t3.micro" ? std::vector<std::string>{"17.4"} : std::vector<std::string>{}));
    const std::string text = load::print(made);
    CHECK(text.find(R"("single_az_only": ["17.4"])") != text.npos);
    // Another page, whose storage takes a standby.
    catalog::merge(made, rows(option("postgres", "db.t3.micro", "17.4", "io1", "true")));
    CHECK(load::print(made).find("single_az_only") == std::string::npos);
}

TEST_CASE("what can be ordered holds in the region of the answer") {
    const std::string text =
        R"({"OrderableDBInstanceOptions": [{"Engine": "postgres", "EngineVersion": "16.8", "DBInstanceClass": "db.m5.large",
        "AvailabilityZones": [{"Name": "eu-central-1a"}, {"Name": "eu-central-1b"}]},
        {"Engine": "postgres", "EngineVersion": "17.4", "DBInstanceClass": "db.m8g.large",
        "AvailabilityZones": [{"Name": "eu-central-1a"}]}]})";
    Sources sources;
    Diagnostics diagnostics;
    auto file = imports::aws_orderable(feed_of(text, 100), today(), sources, diagnostics);
    REQUIRE(file);
    for (const auto& row : file->rows.orderable) CHECK(row.region == "eu-central-1");
    Catalog catalog;
    catalog::add(catalog, file->rows);
    const Platform& platform = *platform::find("aws", "postgresql");
    const InstanceClass& m5 = *catalog.find_class(platform, "db.m5.large");
    using catalog::Supported;
    CHECK(catalog::supports(platform, m5, EngineVersion{{17, 0}, 4}, "eu-central-1") == Supported::no);
    CHECK(catalog::supports(platform, m5, EngineVersion{{17, 0}, 4}, "us-east-1") == Supported::yes);
    const InstanceClass& r5 = *catalog.find_class(platform, "db.r5.large");
    CHECK_FALSE(catalog.left_out_of_answer(platform, r5, "eu-central-1"));  // a question about a few
    catalog::OverlayRows many;
    auto& row = many.orderable.emplace_back(
        catalog::OverlayOrderable{&platform, "eu-central-1", {"16.8"}, {}, "2026-11-30", "x", {}});
    for (const InstanceClass* cls : catalog.classes(platform))
        if (row.classes.size() < 30 && cls->family != "r5") row.classes.emplace_back(cls->name);
    const std::string one = row.classes.front();
    catalog::add(catalog, std::move(many));
    CHECK(catalog.left_out_of_answer(platform, *catalog.find_class(platform, "db.r5.large"), "eu-central-1"));
    CHECK_FALSE(catalog.left_out_of_answer(platform, *catalog.find_class(platform, "db.r5.large"), "us-east-1"));
    CHECK_FALSE(catalog.left_out_of_answer(platform, *catalog.find_class(platform, one), "eu-central-1"));
    // Without zones the region that is named counts, and one that is not there leaves nothing.
    imports::PriceOptions options = today();
    options.regions = {"us-east-2"};
    file = imports::aws_orderable(feed_of(text, 100), options, sources, diagnostics);
    CHECK(file->rows.orderable.empty());
    CHECK(file->regions.contains("eu-central-1"));
    file = imports::aws_orderable(
        feed_of(R"([{"Engine": "postgres", "EngineVersion": "16.8", "DBInstanceClass": "db.m5.large"}])", 100), options,
        sources, diagnostics);
    REQUIRE(file->rows.orderable.size() == 1);
    CHECK(file->rows.orderable[0].region == "us-east-2");
}
