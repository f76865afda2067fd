#include <poolfit/model/holding.hpp>

#include <doctest/doctest.h>

#include <poolfit/model/driver.hpp>

using namespace poolfit;

namespace {

using Holds = DriverDefault::Holds;

struct Given {
    Runtime runtime = Runtime::threads;
    std::optional<std::int64_t> threads{};
    std::int64_t nested = 0;
    bool listens = false;
    std::optional<Holds> holds{};  ///< of a driver that is named
    std::optional<double> peak{};
    std::optional<std::int64_t> today{};
    DriverDefault::Kind kind = DriverDefault::Kind::number;
    std::int64_t databases = 1;
};

std::string held(const Given& given) {
    Fleet fleet;
    Service& service = fleet.services.emplace_back();
    service.runtime = given.runtime;
    if (given.threads) service.threads = Located<std::int64_t>{*given.threads, {}};
    Pool& pool = fleet.pools.emplace_back();
    if (given.nested > 0) pool.workload.emplace().nested.value = given.nested;
    pool.databases.value = given.databases;
    if (given.listens) pool.features.push_back({"listen", {}});
    if (given.peak) pool.in_use = Located<Interval<double>>{{0.0, *given.peak}, {}};
    DriverDefault driver;
    driver.kind = given.kind;
    driver.max_option = "max";
    if (given.holds) {
        driver.holds = *given.holds;
        pool.driver_default = &driver;
    }
    const std::optional<Connections> today = given.today ? std::optional(Connections(*given.today)) : std::nullopt;
    const model::Holding holding = model::holding(fleet, pool, today);
    const std::string floor = std::to_string(holding.floor.value);
    return floor + "-" + (holding.ceiling ? std::to_string(holding.ceiling->value) : "");
}

}  // namespace

TEST_CASE("holding: one request at a time holds one connection, and one more for each nested checkout") {
    for (const Runtime runtime : {Runtime::processes, Runtime::serverless}) {
        CHECK(held({.runtime = runtime}) == "1-1");
        CHECK(held({.runtime = runtime, .nested = 2}) == "3-3");
        CHECK(held({.runtime = runtime, .listens = true}) == "1-2");
    }
}

TEST_CASE("holding: nothing is known of an event loop, of threads without their number, and without a runtime") {
    CHECK(held({.runtime = Runtime::event_loop, .nested = 1}) == "1-");
    CHECK(held({.runtime = Runtime::unstated, .holds = Holds::request}) == "1-");
    CHECK(held({.holds = Holds::request}) == "1-");
}

TEST_CASE("holding: threads that keep a connection for their request need one each, and can hold no more") {
    CHECK(held({.threads = 5, .holds = Holds::request}) == "5-5");
    CHECK(held({.threads = 5, .nested = 1, .holds = Holds::request}) == "6-10");  // 5 × 1 + 1, 5 × 2
    CHECK(held({.threads = 5, .listens = true, .holds = Holds::request}) == "5-6");
    CHECK(held({.threads = 5, .holds = Holds::request, .today = 2}) == "5-5");
}

TEST_CASE("holding: a pool that lends for a transaction can be smaller than the threads, but for a deadlock") {
    CHECK(held({.threads = 200, .holds = Holds::transaction}) == "1-200");
    CHECK(held({.threads = 200, .nested = 1, .holds = Holds::transaction}) == "201-400");
}

TEST_CASE("holding: of a driver that is not named, no less than today as far as threads can use it") {
    CHECK(held({.threads = 5}) == "1-5");
    CHECK(held({.threads = 5, .today = 3}) == "3-5");
    CHECK(held({.threads = 5, .today = 50}) == "5-5");
    CHECK(held({.threads = 200, .peak = 5, .today = 10}) == "10-200");
    // 2.5 × 4 = 10: all ten may come to hold one.
    CHECK(held({.threads = 10, .peak = 4, .today = 5}) == "10-10");
}

TEST_CASE("holding: a peak above what the threads can hold says that something else is true") {
    CHECK(held({.threads = 5, .holds = Holds::request, .peak = 8}) == "5-");
    CHECK(held({.runtime = Runtime::processes, .peak = 2}) == "1-");
    CHECK(held({.runtime = Runtime::processes, .peak = 1}) == "1-1");
}

TEST_CASE("holding: a driver without a pool has one connection for each thread, whatever they nest") {
    constexpr auto own = DriverDefault::Kind::thread;
    CHECK(held({.threads = 4, .nested = 1, .holds = Holds::request, .kind = own}) == "4-4");
    CHECK(held({.runtime = Runtime::processes, .holds = Holds::request, .kind = own}) == "1-1");
    CHECK(held({.runtime = Runtime::event_loop, .holds = Holds::request, .kind = own}) == "1-");
}

TEST_CASE("holding: it stays inside the limits of the model") {
    CHECK(held({.threads = max_threads, .nested = 1000, .holds = Holds::request}) == "1000000-1000000");
}

TEST_CASE("holding: of several databases all requests may be of one, or each may have an even part") {
    // Twelve threads, five databases: no pool can use more than 12, and with fewer than 12 ÷ 5 each some thread waits.
    CHECK(held({.threads = 12, .holds = Holds::request, .databases = 5}) == "3-12");
    CHECK(held({.threads = 12, .holds = Holds::request, .databases = 12}) == "1-12");
    CHECK(held({.threads = 12, .holds = Holds::request, .databases = 1000}) == "1-12");
    CHECK(held({.threads = 12, .today = 2, .databases = 5}) == "2-12");
    CHECK(held({.threads = 12, .today = 4, .databases = 5}) == "3-12");
    // Nested checkouts lock up the pool of one database as they lock up the only one: 4 × 1 + 1.
    CHECK(held({.threads = 4, .nested = 1, .databases = 50}) == "5-8");
    // A thread keeps a connection for each database that it was in: one of each pool.
    CHECK(held({.threads = 6, .holds = Holds::request, .kind = DriverDefault::Kind::thread, .databases = 9}) == "6-6");
}

TEST_CASE("holding: a peak over all databases is compared with what a process holds of all of them") {
    // One of each of three pools LISTENs: 4 + 3 = 7 can be busy.
    CHECK(held({.threads = 4, .listens = true, .peak = 7, .databases = 3}) == "2-5");
    CHECK(held({.threads = 4, .listens = true, .peak = 8, .databases = 3}) == "2-");
}
