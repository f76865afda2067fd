#include <doctest/doctest.h>

#include "support.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

std::string base() { return inventory_with("service", "name = \"api.v2\"") + "[[service]]\nname = \"api\"\n"; }

void check_error(const std::string& setting, std::string_view expected, std::string_view fix) {
    CAPTURE(setting);
    const auto loaded = load_text(base(), {setting});
    CHECK(loaded.list() == expected);
    REQUIRE(loaded.diagnostics.all().size() == 1);
    CHECK(loaded.diagnostics.all()[0].place.source->name() == "--set " + setting);
    CHECK(loaded.diagnostics.all()[0].fix == fix);
}

}  // namespace

TEST_CASE("load: settings change values, and add those that are absent") {
    const auto loaded =
        load_text(base(), {"service.api.instances=4", "service.api.v2.instances={min = 2, max = 3}", "host.app.vcpus=8",
                           "service.api.v2.pool.main.max=2 * TOTAL_VCPUS", "service.api.v2.pool.main.in_use=2-3",
                           "service.api.v2.pool.main.workload.hold=30-80 ms", "service.api.v2.vars.X=3",
                           "database.primary.class=db.t3.large", "database.primary.observed.cpu_peak=20%",
                           "policy.freeable_memory_min=4 GiB", "policy.allow_arm=true", "policy.allow=[\"db.m*\"]",
                           "pooler.bouncer.default_pool_size = 10", "price.db.t3.large.usd_per_month=100.5",
                           "growth.load=5% / month", "service.api.v2.instances.max=5", "region=eu-west-1",
                           "ignore.PF101.until=2026-12-31", "name=\"quoted\""});
    CHECK(loaded.list() == "");
    REQUIRE(loaded.fleet);
    const auto& fleet = *loaded.fleet;
    CHECK(fleet.services[1].instances.value == Interval<std::int64_t>(4));
    CHECK(fleet.services[0].instances.value == Interval<std::int64_t>(2, 5));
    CHECK(fleet.hosts[0].vcpus->value == 8);
    CHECK(fleet.pools[0].max->formula.text() == "2 * TOTAL_VCPUS");
    CHECK(fleet.pools[0].in_use->value == Interval<double>(2, 3));
    CHECK(fleet.pools[0].workload->hold->value == Interval<Millis>(Millis(30), Millis(80)));
    CHECK(fleet.services[0].vars.size() == 2);
    CHECK(*fleet.databases[0].cls == "db.t3.large");
    CHECK(*fleet.databases[1].cls == "db.t3.large");
    CHECK(fleet.databases[0].observed.cpu_peak->value.high == Fraction(0.2));
    CHECK(*fleet.policy.freeable_memory_min == Bytes(4 * bytes_per_gib));
    CHECK(*fleet.policy.allow_arm);
    CHECK(fleet.policy.allow.size() == 1);
    CHECK(*fleet.poolers[0].default_pool_size == 10);
    CHECK(fleet.prices[0].amount->value == 100'500'000);
    CHECK(fleet.growth->load_per_month->value == Fraction(0.05));
    CHECK(*fleet.databases[0].region == "eu-west-1");
    CHECK(fleet.ignores[0].until->value == Date{2026, 12, 31});
    CHECK(*fleet.name == "quoted");
    // The place of a value that was set is the setting.
    CHECK(diag::print(fleet.hosts[0].vcpus->place) == "--set host.app.vcpus=8:1:16");
    CHECK(fleet.pools[0].max->text_place.span.begin == 29);
}

TEST_CASE("load: the last setting of a key holds") {
    const auto loaded = load_text(base(), {"host.app.vcpus=8", "host.app.vcpus=2"});
    CHECK(loaded.fleet->hosts[0].vcpus->value == 2);
    // A setting may repair what is wrong in the file.
    CHECK(load_text(inventory_with("policy", "wait = 5"), {"policy.wait=5 ms"}).list() == "");
}

TEST_CASE("load: settings of a JSON inventory") {
    const auto loaded = load_text(R"({"schema": "poolfit-inventory/1", "region": "eu-central-1",
        "database": [{"name": "p", "engine": "postgresql", "class": "db.m5.large"}]})",
                                  {"database.p.observed.cpu_mean=4-5%"}, "p.json");
    REQUIRE(loaded.fleet);
    CHECK(loaded.fleet->databases[0].observed.cpu_mean->value.high == Fraction(0.05));
}

TEST_CASE("load: settings that can't be placed") {
    check_error("foo", "1:1 --set needs KEY=VALUE\n", "write foo=…");
    check_error("", "1:1 --set needs KEY=VALUE\n", "write region=eu-west-1");
    check_error("=3", "1:1 --set needs a key before =\n", "write region=eu-west-1");
    check_error("service.apii.instances=4", "1:9 no service named 'apii'\n", "write service.api.instances=4");
    check_error("service.zzz.instances=4", "1:9 no service named 'zzz'\n", "write service.api.v2…");
    check_error("service.api.v2.pool.mian.max=5", "1:21 no pool named 'mian'\n",
                "write service.api.v2.pool.main.max=5");
    check_error("servce.api.instances=4", "1:1 unknown key 'servce' in the inventory\n",
                "write service.api.instances=4");
    check_error("service.api.instanes=4", "1:13 unknown key 'instanes' in [[service]]\n", "write instances");
    check_error("service.api.instances.min=4", "1:13 instances is one value\n", "write service.api.instances=…");
    check_error("policy.wiat=5 ms", "1:8 unknown key 'wiat' in [policy]\n", "write wait");
    check_error("policy=1", "1:1 policy is more than one value\n", "write policy.KEY=VALUE for one of its keys");
    check_error("service.api=1", "1:1 service.api is a record, not a value\n",
                "write service.api.KEY=VALUE for one of its keys");
    check_error("regoin=eu-west-1", "1:1 unknown key 'regoin' in the inventory\n", "write region");
    check_error("price.db.t3.lage.usd_per_month=1", "1:7 no price named 'db.t3.lage'\n",
                "write price.db.t3.large.usd_per_month=1");
}

TEST_CASE("load: settings whose value is wrong") {
    check_error("host.app.vcpus=0", "1:16 vcpus: 0 is less than 1\n", "vcpus = 1");
    check_error("policy.wait=5", "1:13 wait: expected a unit after 5\n", "wait = \"5 ms\"");
    check_error("policy.wait=", "1:13 wait: expected a number\n",
                "write a number and one of the units us, ms, s, min, h");
    check_error("policy.allow_arm=maybe", "1:18 allow_arm: expected true or false, found the text 'maybe'\n",
                "allow_arm = false");
    check_error("policy.cpu_peak_max=inf", "1:21 cpu_peak_max: inf is not a finite number\n", "cpu_peak_max = \"60%\"");
    check_error("service.api.v2.pool.main.max=2 * X", "1:34 max: 'X' is not a variable here\n",
                "declare it in [service.vars]");
    check_error("database.primary.class=db.m5.lage", "1:24 class: 'db.m5.lage' is not in the catalog\n",
                "class = \"db.m5.large\"");
    check_error(std::string("policy.wait=\xff"), "1:13 byte 0xff is not valid UTF-8\n", "save the file as UTF-8 text");
}

TEST_CASE("load: the text of a setting's error") {
    const auto loaded = load_text(base(), {"service.aip.instances=4"});
    CHECK(loaded.text() ==
          "error: no service named 'aip'\n"
          " --> --set service.aip.instances=4:1:9\n"
          "  |\n"
          "1 | service.aip.instances=4\n"
          "  |         ^^^ did you mean api?\n"
          "  |\n"
          "  = fix     write service.api.instances=4\n");
}
