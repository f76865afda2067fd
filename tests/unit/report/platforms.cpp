// What the matrix says is in the data: a row for each platform, and known answers for some.
#include <algorithm>

#include <doctest/doctest.h>

#include <poolfit/render/render.hpp>
#include <poolfit/report/platforms.hpp>

using namespace poolfit;

namespace {

const KnownPlatform& of(const std::vector<KnownPlatform>& all, std::string_view id) {
    return *std::ranges::find(all, id, [](const KnownPlatform& known) { return known.platform->id; });
}

}  // namespace

TEST_CASE("each platform has a row, in order") {
    const auto all = report::known_platforms(Catalog());
    REQUIRE(all.size() == platform::all().size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        CAPTURE(all[i].platform->id);
        CHECK(all[i].platform == platform::all()[i]);
        CHECK((all[i].classes > 0) == all[i].platform->has_classes);
        CHECK((all[i].regions > 0) == !all[i].newest.empty());
    }
}

TEST_CASE("what is known of a platform is counted in its data") {
    using Limit = KnownPlatform::Limit;
    const auto all = report::known_platforms(Catalog());
    const KnownPlatform& postgresql = of(all, "rds-postgresql");
    CHECK(postgresql.limit == Limit::formula);
    // 3 of the superuser and 2 of rds_superuser; 4 more of rds_reserved in newer releases.
    CHECK(postgresql.reserved == Interval<Connections>{Connections(5), Connections(9)});
    CHECK(postgresql.burst == Overrun::charged);
    CHECK(postgresql.charged);
    CHECK(of(all, "aurora-mysql").limit == Limit::by_class);
    CHECK(of(all, "aurora-serverless-postgresql").limit == Limit::by_capacity);
    CHECK(of(all, "self-managed-mysql").limit == Limit::engine);
    CHECK_FALSE(of(all, "self-managed-mysql").burst);
    const KnownPlatform& mariadb = of(all, "rds-mariadb");
    CHECK(mariadb.series == 5);
    CHECK_FALSE(mariadb.charged);
    CHECK(mariadb.support_regions == 0);
}

TEST_CASE("the matrix names providers as people do, and leaves unknown what is not known") {
    const std::string text = render::platforms_markdown(report::known_platforms(Catalog()));
    CHECK(text.find("| Aurora PostgreSQL |") != text.npos);
    CHECK(text.find("aws ") == text.npos);
    CHECK(text.find("| self-managed PostgreSQL |") != text.npos);
    const std::string json = render::platforms_json(report::known_platforms(Catalog()));
    const auto neon = json.find("neon-postgresql");
    REQUIRE(neon != json.npos);
    const std::string row = json.substr(neon, json.find("\"id\"", neon) - neon);
    CHECK(row.find("\"extended_support\": null") != row.npos);
    CHECK(row.find("\"failover\": null") != row.npos);
}
