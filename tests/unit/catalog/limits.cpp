#include <doctest/doctest.h>

#include <poolfit/catalog/catalog.hpp>

#include "support/platforms.hpp"

using namespace poolfit;
using test::pg;

namespace {

std::int64_t reserved(std::optional<EngineVersion> version) {
    const Catalog catalog;
    std::int64_t sum = 0;
    for (const ReservedSlots& row : catalog.reserved_slots(pg, version)) {
        CHECK(!row.parameter.empty());
        CHECK(!row.row.source.empty());
        CHECK(!row.row.as_of.empty());
        sum += row.slots;
    }
    return sum;
}

std::string parameters(std::optional<EngineVersion> version) {
    const Catalog catalog;
    std::string text;
    for (const ReservedSlots& row : catalog.reserved_slots(pg, version))
        text += std::string(row.parameter) + "=" + std::to_string(row.slots) + " ";
    return text;
}

}  // namespace

TEST_CASE("reserved slots: by version, down to the minor that added four") {
    CHECK(reserved(EngineVersion{{16}, 8}) == 9);
    CHECK(reserved(EngineVersion{{16}, 5}) == 9);
    CHECK(reserved(EngineVersion{{16}, 4}) == 5);
    CHECK(reserved(EngineVersion{{17}, 0}) == 5);
    CHECK(reserved(EngineVersion{{17}, 1}) == 9);
    CHECK(reserved(EngineVersion{{15}, 8}) == 5);
    CHECK(reserved(EngineVersion{{15}, 9}) == 9);
    CHECK(reserved(EngineVersion{{14}, 14}) == 9);
    CHECK(reserved(EngineVersion{{13}, 16}) == 5);
    CHECK(reserved(EngineVersion{{12}, 21}) == 9);
    CHECK(reserved(EngineVersion{{11}, 22}) == 5);
    CHECK(reserved(EngineVersion{{9}, 6}) == 5);
    CHECK(reserved(EngineVersion{{18}, 0}) == 9);
    CHECK(reserved(EngineVersion{{18}, 1}) == 9);
    CHECK(reserved(EngineVersion{{21}, 3}) == 9);
}

TEST_CASE("reserved slots: what isn't known of the version counts as the most it may be") {
    CHECK(reserved(EngineVersion{{16}, -1}) == 9);
    CHECK(reserved(EngineVersion{{11}, -1}) == 5);
    CHECK(reserved(std::nullopt) == 9);
}

TEST_CASE("reserved slots: each says which parameter keeps it") {
    CHECK(parameters(EngineVersion{{15}, 8}) ==
          "superuser_reserved_connections=3 rds.rds_superuser_reserved_connections=2 ");
    CHECK(parameters(EngineVersion{{16}, 8}) ==
          "superuser_reserved_connections=3 reserved_connections=2 rds.rds_reserved_connections=4 ");
    CHECK(parameters(std::nullopt) == parameters(EngineVersion{{18}, 1}));
}

TEST_CASE("max_connections: the default formula, truncated, capped, with its source") {
    const Catalog catalog;
    auto formula = catalog.max_connections_formula(pg);
    CHECK(formula->text == "LEAST({DBInstanceClassMemory/9531392},5000)");
    CHECK(formula->row.id == "s33");
    auto nominal = [&](std::string_view cls) {
        return catalog::max_connections_nominal(catalog, pg, *catalog.find_class(pg, cls));
    };
    CHECK(nominal("db.m5.xlarge") == 1802);  // 17179869184 / 9531392 = 1802.45
    CHECK(nominal("db.t3.large") == 901);
    CHECK(nominal("db.t3.medium") == 450);
    CHECK(nominal("db.t3.micro") == 112);
    CHECK(nominal("db.r4.large") == 1717);
    CHECK(nominal("db.m5.4xlarge") == 5000);
}

TEST_CASE("max_connections: expected never passes nominal, and is a number for every class") {
    const Catalog catalog;
    for (const InstanceClass* cls : catalog.classes(pg)) {
        CAPTURE(cls->name);
        auto expected = catalog::max_connections_expected(catalog, pg, *cls);
        CHECK(expected.low.value > 60);
        CHECK(expected.low <= expected.high);
        CHECK(expected.high.value <= catalog::max_connections_nominal(catalog, pg, *cls));
    }
    auto capped = catalog::max_connections_expected(catalog, pg, *catalog.find_class(pg, "db.r7g.2xlarge"));
    CHECK(capped == Interval<Connections>(Connections(5000)));  // as SHOW max_connections prints there
}
