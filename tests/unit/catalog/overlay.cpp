#include <doctest/doctest.h>

#include <algorithm>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/catalog/overlay.hpp>

#include "support/platforms.hpp"

using namespace poolfit;
using catalog::OverlayClass;
using catalog::OverlayPrice;
using catalog::OverlayRows;
using test::pg;

namespace {

OverlayClass novel() {
    OverlayClass cls;
    cls.name = "db.x9.large";
    cls.family = "x9";
    cls.vcpus = 2;
    cls.memory = Bytes(32 * bytes_per_gib);
    cls.runs = {&pg};
    cls.as_of = "2026-11-01";
    cls.source = "our price book";
    return cls;
}

OverlayPrice price(std::string cls, std::string region, std::int64_t usd_per_month, bool multi_az = false) {
    OverlayPrice row;
    row.cls = std::move(cls);
    row.region = std::move(region);
    row.multi_az = multi_az;
    row.amount = MicroUsdPerMonth(usd_per_month * 1'000'000);
    row.as_of = "2026-11-01";
    row.source = "our price book";
    return row;
}

}  // namespace

TEST_CASE("overlay: the newest date is that of any record, and outlives the file") {
    const Platform& cloud_sql = *platform::find("gcp", "postgresql");
    const auto newest = [](OverlayRows rows) {
        Catalog catalog;
        OverlayRows first;
        first.prices.push_back(price("db.m5.large", "eu-central-1", 1));
        add(catalog, std::move(first));
        add(catalog, std::move(rows));
        return std::string(catalog.overlay_newest());
    };
    OverlayRows storage, size, proxy;
    storage.storage.push_back({&pg, "eu-central-1", "2027-08-01", "x", {{"gp3", false, 1, {}, {}, {}, {}}}, {}});
    size.sizes.push_back({&cloud_sql, "europe-west2", false, 1, 1, "2027-08-02", "x", {}});
    proxy.proxies.push_back({"eu-central-1", 1, {}, "2027-08-03", "x", {}});
    CHECK(newest(std::move(storage)) == "2027-08-01");
    CHECK(newest(std::move(size)) == "2027-08-02");
    CHECK(newest(std::move(proxy)) == "2027-08-03");
    CHECK(newest({}) == "2026-11-01");
}

TEST_CASE("overlay: a volume's prices of two pages, or of a file and a page, are one row") {
    const auto page = [](catalog::OverlayVolume volume, std::string as_of = "2026-11-20") {
        OverlayRows rows;
        rows.storage.push_back({&pg, "eu-central-1", std::move(as_of), "x", {std::move(volume)}, {}});
        return rows;
    };
    const catalog::OverlayVolume gib{"gp3", false, 137, {}, {}, {}, {}}, iops{"gp3", false, 0, 23, {}, {}, {}};
    for (const bool turned : {false, true}) {
        OverlayRows rows = page(turned ? iops : gib);
        merge(rows, page(turned ? gib : iops));
        REQUIRE(rows.storage.size() == 1);
        REQUIRE(rows.storage[0].volumes.size() == 1);
        CHECK(rows.storage[0].volumes[0].nano_usd_per_gib == 137);
        CHECK(rows.storage[0].volumes[0].nano_usd_per_iops == 23);
        CHECK(catalog::take_incomplete(rows).empty());
    }
    // An older page gives what the newer one lacks.
    OverlayRows rows = page(gib);
    merge(rows, page(iops, "2026-10-01"));
    CHECK(rows.storage[0].as_of == "2026-11-20");
    CHECK(rows.storage[0].volumes[0].nano_usd_per_iops == 23);
    OverlayRows half = page(iops);
    CHECK(catalog::take_incomplete(half).size() == 1);
    CHECK(half.storage.empty());
}

TEST_CASE("overlay: a new class and its price, owned by the catalog even when it moves") {
    Catalog catalog;
    {
        OverlayRows rows;
        rows.classes.push_back(novel());
        rows.prices.push_back(price("db.x9.large", "eu-central-1", 200));
        add(catalog, std::move(rows));
    }
    Catalog moved = std::move(catalog);
    CHECK(moved.classes(pg).size() == 323);
    CHECK(std::ranges::is_sorted(moved.classes(pg), {}, &InstanceClass::name));
    const InstanceClass* cls = moved.find_class(pg, "db.x9.large");
    REQUIRE(cls);
    CHECK(cls->family == "x9");
    CHECK(cls->ec2_equivalent == "x9.large");
    CHECK(cls->row.source == "our price book");
    auto list = moved.price(pg, *cls, "eu-central-1", false, PriceTerm::list);
    REQUIRE(list);
    CHECK(list->amount == MicroUsdPerMonth(200'000'000));
    CHECK(list->term == "on demand");
    CHECK(list->row.as_of == "2026-11-01");
    CHECK(moved.price(pg, *cls, "eu-central-1", true, PriceTerm::list)->doubled);
    CHECK(!moved.price(pg, *cls, "us-east-1", false, PriceTerm::list));
    CHECK(!moved.price(pg, *cls, "eu-central-1", false, PriceTerm::one_year));
    CHECK(catalog::supports(pg, *cls, EngineVersion{{18}, 1}) == catalog::Supported::yes);
    CHECK(moved.as_of() == "2026-11-01");
    auto expected = catalog::max_connections_expected(moved, pg, *cls);
    CHECK(expected.low.value > 3300);
    CHECK(expected.high.value < 3604);
}

TEST_CASE("overlay: a row replaces the built-in class of its name, and the other catalog keeps its own") {
    Catalog catalog;
    OverlayClass cls = novel();
    cls.name = "db.m5.xlarge";
    cls.runs = {};
    OverlayRows rows;
    rows.classes.push_back(cls);
    add(catalog, rows);
    CHECK(catalog.classes(pg).size() == 322);
    CHECK(catalog.find_class(pg, "db.m5.xlarge")->vcpus == 2);
    CHECK(catalog::supports(pg, *catalog.find_class(pg, "db.m5.xlarge"), std::nullopt) == catalog::Supported::no);
    CHECK(Catalog().find_class(pg, "db.m5.xlarge")->vcpus == 4);
    // Built-in prices go by name.
    CHECK(catalog.price(pg, *catalog.find_class(pg, "db.m5.xlarge"), "eu-central-1", false, PriceTerm::list));
}

TEST_CASE("overlay: its prices come first, later ones before earlier ones") {
    Catalog catalog;
    const InstanceClass& cls = *catalog.find_class(pg, "db.t4g.medium");
    OverlayRows first, second;
    first.prices.push_back(price("db.t4g.medium", "eu-central-1", 50));
    add(catalog, first);
    CHECK(catalog.price(pg, cls, "eu-central-1", false, PriceTerm::list)->amount == MicroUsdPerMonth(50'000'000));
    // Twice the user's own price, although the built-in table has a Multi-AZ row.
    CHECK(catalog.price(pg, cls, "eu-central-1", true, PriceTerm::list)->amount == MicroUsdPerMonth(100'000'000));
    CHECK(catalog.price(pg, cls, "eu-central-1", false, PriceTerm::one_year)->row.id == "s05");
    second.prices.push_back(price("db.t4g.medium", "eu-central-1", 60));
    second.prices.push_back(price("db.t4g.medium", "eu-central-1", 90, true));
    add(catalog, second);
    CHECK(catalog.price(pg, cls, "eu-central-1", false, PriceTerm::list)->amount == MicroUsdPerMonth(60'000'000));
    auto multi = catalog.price(pg, cls, "eu-central-1", true, PriceTerm::list);
    CHECK(multi->amount == MicroUsdPerMonth(90'000'000));
    CHECK(!multi->doubled);
}

TEST_CASE("overlay: a region of its own joins the list") {
    Catalog catalog;
    OverlayRows rows;
    rows.prices.push_back(price("db.t3.large", "eu-test-1", 1));
    rows.prices.push_back(price("db.t3.medium", "eu-test-1", 1));
    add(catalog, std::move(rows));
    CHECK(catalog.regions().size() == Catalog().regions().size() + 1);
    CHECK(std::ranges::is_sorted(catalog.regions()));
    CHECK(Catalog().regions(pg).size() == 29);
    CHECK(catalog.prices_as_of(pg, "eu-test-1") == "");
}
