#include <doctest/doctest.h>

#include <poolfit/model/scale.hpp>

using namespace poolfit;

namespace {

Fleet with(Workload workload) {
    Fleet fleet;
    fleet.pools.resize(2);  // the second has no workload
    fleet.pools[0].workload = std::move(workload);
    return fleet;
}

}  // namespace

TEST_CASE("a scale multiplies rates, both ends, and users") {
    Workload open;
    open.rate = {Interval<PerSecond>(PerSecond(10), PerSecond(30)), {}};
    Fleet fleet = with(open);
    model::scale_load(fleet, 2);
    CHECK(fleet.pools[0].workload->rate->value.low.value == 20);
    CHECK(fleet.pools[0].workload->rate->value.high.value == 60);
    CHECK(!fleet.pools[0].workload->users);

    Workload closed;
    closed.users = {28, {}};
    closed.think = {Interval<Millis>(Millis(1000)), {}};
    fleet = with(closed);
    model::scale_load(fleet, 2);
    CHECK(fleet.pools[0].workload->users->value == 56);
    CHECK(fleet.pools[0].workload->think->value.high.value == 1000);
}

TEST_CASE("users stay whole, and inside what an inventory may have") {
    Workload closed;
    closed.users = {3, {}};
    Fleet fleet = with(closed);
    model::scale_load(fleet, 0.5);
    CHECK(fleet.pools[0].workload->users->value == 2);  // 1.5, rounded
    model::scale_load(fleet, 0.01);
    CHECK(fleet.pools[0].workload->users->value == 1);
    fleet.pools[0].workload->users->value = 10'000'000;
    model::scale_load(fleet, 3);
    CHECK(fleet.pools[0].workload->users->value == 10'000'000);
}
