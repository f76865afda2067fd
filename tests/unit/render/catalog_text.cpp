#include <doctest/doctest.h>

#include <poolfit/platform/platform.hpp>
#include <poolfit/render/render.hpp>

#include "fixture.hpp"
#include "support/platforms.hpp"

using namespace poolfit;

namespace {

/// A class of our own, and a list of it: priced, and not.
struct Sample {
    InstanceClass cls;
    render::CatalogList list;

    Sample() {
        cls.name = "db.a,b\"c";
        cls.vcpus = 2;
        cls.memory = Bytes(3 * bytes_per_gib / 2);
        cls.burst = Burst{Fraction(0.3), 36, 864};
        Price price;
        price.amount = MicroUsdPerMonth(123'456'789);
        price.row.as_of = "2026-08-01";
        const Interval<Connections> expected(Connections(150), Connections(160));
        list.rows = {{&cls, price, 1802, expected}, {&cls, {}, 1802, expected}};
        list.region = "eu-central-1";
        list.platform = &platform::usual();
        list.total = 322;
    }
};

}  // namespace

TEST_CASE("the list as CSV follows RFC 4180") {
    const Sample sample;
    CHECK(render::catalog_list_csv(sample.list) ==
          "class,vcpus,memory_gib,arch,max_connections_nominal,max_connections_expected_low,"
          "max_connections_expected_high,baseline,region,usd_per_month,price_as_of\r\n"
          "\"db.a,b\"\"c\",2,1.5,x86_64,1802,150,160,0.3,eu-central-1,123.456789,2026-08-01\r\n"
          "\"db.a,b\"\"c\",2,1.5,x86_64,1802,150,160,0.3,eu-central-1,,\r\n");
}

TEST_CASE("the list as text says what has no price, what is not shown and how many there are") {
    Sample sample;
    sample.list.cut = 5;
    CHECK(render::catalog_list_text(sample.list, {false, true, 100}) ==
          "class     vCPU   memory  arch    max_conn  expected  baseline     $/mo  price of\n"
          "db.a,b\"c     2  1.5 GiB  x86_64     1,802   150–160      30 %  $123.46  2026-08-01\n"
          "db.a,b\"c     2  1.5 GiB  x86_64     1,802   150–160      30 %  no price in eu-central-1\n\n"
          "2 of 322 classes shown · prices of eu-central-1, 2026-08-01 · 1 without a price in eu-central-1\n"
          "5 more match\n");
    CHECK(render::catalog_list_text(sample.list, {false, true, 72}).find("not shown at this width: baseline") !=
          std::string::npos);
    CHECK(render::catalog_list_text({&test::pg, {}, "eu-central-1", 322, 0}, {false, true, 80}) ==
          "0 of 322 classes shown\n");
}

TEST_CASE("a sheet has every fact with its source and date") {
    const InstanceClass* cls = test::catalog().find_class(test::pg, "db.t3.large");
    REQUIRE(cls != nullptr);
    const std::string text = render::catalog_show_text(
        report::shown_class(test::catalog(), test::pg, *cls, "eu-central-1"), {false, true, 80});
    for (const std::string_view part :
         {"db.t3.large\n", "  vCPU                2, 2 threads per core [", "  memory              8 GiB [",
          "  baseline            30 % per vCPU [", "36 earned per hour, at most 864 [", "  max_connections     LEAST(",
          "901 nominal", "  price, single-AZ    $122.64/mo on demand in eu-central-1 [", "assumed 2 × single-AZ",
          "\nsources\n"})
        CHECK_MESSAGE(text.find(part) != std::string::npos, part);
    CHECK(
        render::catalog_show_text(report::shown_class(test::catalog(), test::pg, *cls, "xx-none-1"), {false, true, 80})
            .find("  price               no price in xx-none-1\n") != std::string::npos);
}
