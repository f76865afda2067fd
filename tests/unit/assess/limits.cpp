// What a server of a class allows. The memory that the engine sees is docs/memory-model.md's range:
// db.m5.large 7,818,562,765–8,188,998,452 bytes, db.m5.xlarge 15,895,219,405–16,369,319,936, db.t3.medium
// 3,693,255,066–3,959,252,583; the formula is that over 9,531,392.
#include <doctest/doctest.h>

#include "inventory.hpp"

using namespace poolfit;
using test::cls;
using test::inventory;
using test::plan_text;
using test::Planned;

namespace {

Limits on(const Planned& planned, std::string_view name, Recorder r = {}) {
    const Market& market = *planned.plan.market;
    return assess::limits(planned.fleet, market, 0, market.offer(0, cls(name)), r);
}

std::int64_t reserved(std::string_view version) {
    std::string text = inventory("db.m5.large", "");
    const std::string given = "version = \"16.8\"\n";
    text.replace(text.find(given), given.size(), version.empty() ? "" : fmt::format("version = \"{}\"\n", version));
    return plan_text(text).plan.databases[0].budget.limits.reserved.value.value;
}

}  // namespace

TEST_CASE("limits: by the label, by what the engine sees, and its low end is planned with") {
    const Planned planned = plan_text(inventory("db.m5.large", ""));
    const Limits large = on(planned, "db.m5.large");
    CHECK(large.max_nominal->value.value == 901);  // 8,589,934,592 / 9,531,392
    CHECK(large.max_expected->value.low.value == 820);
    CHECK(large.max_expected->value.high.value == 859);
    CHECK_FALSE(large.max_observed.has_value());
    CHECK(large.max_planned.value.value == 820);
    CHECK(large.reserved.value.value == 9);
    CHECK(large.usable.value.value == 811);
    CHECK(large.usable_nominal->value.value == 892);
    CHECK_FALSE(large.set_by_hand);
    const Limits medium = on(planned, "db.t3.medium");
    CHECK(medium.max_nominal->value.value == 450);
    CHECK(medium.max_expected->value.low.value == 387);
    CHECK(medium.max_expected->value.high.value == 415);
    CHECK(medium.max_planned.value.value == 387);
    CHECK(planned.node("database.db.connections.max_planned").remark.note == Note::low_end);
    CHECK(planned.node("class.db.m5.large.max_nominal").remark.note == Note::label_is_ceiling);
}

TEST_CASE("limits: what the server says is its own class's alone where the formula gives as much") {
    for (const int said : {820, 850, 859}) {
        const Planned planned = plan_text(inventory("db.m5.large", fmt::format("max_connections = {}", said)));
        const Limits here = on(planned, "db.m5.large");
        CHECK(here.max_observed->value.value == said);
        CHECK(here.max_planned.value.value == said);
        CHECK_FALSE(here.set_by_hand);
        const Limits there = on(planned, "db.m5.xlarge");
        CHECK_FALSE(there.max_observed.has_value());
        CHECK(there.max_planned.value.value == 1667);
        CHECK(there.usable.value.value == 1658);
        CHECK_FALSE(there.set_by_hand);
        CHECK(planned.node("database.db.connections.max_planned").remark.note == Note::server_wins);
    }
}

TEST_CASE("limits: outside the band it was set by hand, and stays on other classes as far as they take it") {
    for (const int said : {100, 819, 860}) {
        const Planned planned = plan_text(inventory("db.m5.large", fmt::format("max_connections = {}", said)));
        CHECK(on(planned, "db.m5.large").set_by_hand);
        CHECK(on(planned, "db.m5.large").max_planned.value.value == said);
        const Limits larger = on(planned, "db.m5.xlarge");
        CHECK(larger.set_by_hand);
        CHECK_FALSE(larger.max_observed.has_value());
        CHECK(larger.max_planned.value.value == said);
        CHECK(on(planned, "db.t3.medium").max_planned.value.value == std::min(said, 387));
    }
    const Planned planned = plan_text(inventory("db.m5.large", "max_connections = 100"));
    Figures figures;
    const Limits there = on(planned, "db.t3.medium", Recorder(&figures));
    CHECK(figures[there.max_planned.id].remark.note == Note::set_by_hand_stays);
    CHECK(assess::name(figures[there.max_planned.id].key, planned.fleet) ==
          "database.db.on.db.t3.medium.connections.max_planned");
    CHECK(assess::name(figures[there.usable.id].key, planned.fleet) ==
          "database.db.on.db.t3.medium.connections.usable");
}

TEST_CASE("limits: slots that the engine keeps depend on its version") {
    CHECK(reserved("16.8") == 9);  // 3 + 2 + 4
    CHECK(reserved("16.4") == 5);  // rds_reserved_connections came with 16.5
    CHECK(reserved("16.5") == 9);
    CHECK(reserved("15.8") == 5);
    CHECK(reserved("15.9") == 9);
    CHECK(reserved("17.1") == 9);
    CHECK(reserved("16") == 9);  // any release of it
    CHECK(reserved("") == 9);    // any at all
    const Planned exact = plan_text(inventory("db.m5.large", ""));
    CHECK(exact.node("database.db.connections.reserved").remark.note == Note::none);
    CHECK(exact.node("engine.postgresql.superuser_reserved_connections").value.high == 3);
}

TEST_CASE("limits: reserved slots of the inventory count, and never less than nothing is usable") {
    const Planned given = plan_text(inventory("db.m5.large", "reserved_connections = 20"));
    CHECK(on(given, "db.m5.large").usable.value.value == 800);
    CHECK(given.node("database.db.connections.reserved").kind == Node::Kind::input);
    const Planned planned = plan_text(inventory("db.m5.large", "max_connections = 8"));
    CHECK(on(planned, "db.m5.large").usable.value.value == 0);
    const Projection projection =
        assess::project(planned.fleet, *planned.plan.market, 0, planned.plan.market->offer(0, cls("db.m5.large")),
                        planned.plan.databases[0].demand, planned.plan.databases[0].demand, Phase::now, {});
    CHECK_FALSE(projection.utilization.has_value());
    CHECK(projection.find(Dimension::connections_steady)->share == 0);  // nothing of nothing
}

TEST_CASE("limits: a server of one's own has what it says, and no class to be compared with") {
    const Planned planned = plan_text(
        "schema = \"poolfit-inventory/1\"\n[[database]]\nname = \"db\"\nengine = \"postgresql\"\nvcpus = 4\n"
        "memory = \"16 GiB\"\nmax_connections = 200\nreserved_connections = 3\n");
    const Limits& limits = planned.plan.databases[0].budget.limits;
    CHECK(limits.max_planned.value.value == 200);
    CHECK(limits.max_observed->value.value == 200);
    CHECK_FALSE(limits.max_nominal.has_value());  // no formula gives them
    CHECK_FALSE(limits.max_expected.has_value());
    CHECK_FALSE(limits.usable_nominal.has_value());
    CHECK_FALSE(planned.plan.databases[0].budget.utilization_nominal.has_value());
    CHECK_FALSE(planned.plan.databases[0].budget.copies_nominal.has_value());
    CHECK(limits.usable.value.value == 197);
    CHECK(limits.set_by_hand);
    const Offers& offers = planned.plan.market->offers(0);
    REQUIRE(offers.all.size() == 1);
    CHECK(offers.all[0].state == Offer::State::own_server);
    CHECK(offers.offered == 0);
}
