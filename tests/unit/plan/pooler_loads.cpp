// The load of a pooler's clients on its server side: laws that mix, by hand, and the size that is there today.
#include <cmath>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::plan_text;
using test::Planned;

namespace {

std::string client(std::string_view name, std::string_view workload) {
    return fmt::format(
        "[[service]]\nname = \"{}\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"b\"\nmax = 20\nworkload = {{ {} }}\n",
        name, workload);
}

Planned behind(std::string_view pooler, const std::string& clients) {
    return plan_text(
        fmt::format("schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\nengine = "
                    "\"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.xlarge\"\n[[pooler]]\nname = \"b\"\nkind = "
                    "\"pgbouncer\"\nmode = \"transaction\"\nmax_client_conn = 900\ndatabase = \"db\"\n{}\n{}",
                    pooler, clients));
}

const PoolerLoad& load(const Planned& planned) {
    REQUIRE(planned.plan.poolers[0].load);
    return *planned.plan.poolers[0].load;
}

}  // namespace

TEST_CASE("pooler loads: clients with one law keep it, and their rates add up") {
    const Planned planned = behind("default_pool_size = 3", client("a", R"(rate = "100/s", hold = "10 ms")") +
                                                                client("c", R"(rate = "50/s", hold = "10 ms")"));
    const auto& law = std::get<sizing::MeanHold>(load(planned).load.hold);
    CHECK(law.mean.value == doctest::Approx(10));
    CHECK(law.cv == 1);
    CHECK(law.law == sizing::MeanHold{}.law);
    CHECK(load(planned).load.rate.value == doctest::Approx(150));
    CHECK(load(planned).offered.value == doctest::Approx(1.5));
    REQUIRE(load(planned).now);
    CHECK(load(planned).now->method == sizing::Method::erlang_c);
}

TEST_CASE("pooler loads: constant holds of 10 and 20 ms vary by a third, random ones by more than their mean") {
    // Of as many of both the mean is 15 and the mean square 250: 250 / 225 − 1 = 1/9.
    const Planned constant = behind("", client("a", R"(rate = "100/s", hold = "10 ms", cv = 0)") +
                                            client("c", R"(rate = "100/s", hold = "20 ms", cv = 0)"));
    const auto& law = std::get<sizing::MeanHold>(load(constant).load.hold);
    CHECK(law.mean.value == doctest::Approx(15).epsilon(1e-12));
    CHECK(law.cv == doctest::Approx(1.0 / 3).epsilon(1e-9));
    CHECK(law.law == sizing::MeanHold::Law::phases);
    CHECK(load(constant).offered.value == doctest::Approx(3).epsilon(1e-12));
    // (2/8)² is the least that phases can vary by: 3 and 5 ms.
    const Planned least = behind("", client("a", R"(rate = "100/s", hold = "3 ms", cv = 0)") +
                                         client("c", R"(rate = "100/s", hold = "5 ms", cv = 0)"));
    CHECK(std::get<sizing::MeanHold>(load(least).load.hold).cv == 0.25);
    CHECK(std::get<sizing::MeanHold>(load(least).load.hold).law == sizing::MeanHold::Law::phases);
    const Planned less = behind("", client("a", R"(rate = "100/s", hold = "3.1 ms", cv = 0)") +
                                        client("c", R"(rate = "100/s", hold = "5 ms", cv = 0)"));
    CHECK(std::get<sizing::MeanHold>(load(less).load.hold).law != sizing::MeanHold::Law::phases);
    // Squares are twice as large: 500 / 225 − 1 = 11/9.
    const Planned random =
        behind("", client("a", R"(rate = "100/s", hold = "10 ms")") + client("c", R"(rate = "100/s", hold = "20 ms")"));
    CHECK(std::get<sizing::MeanHold>(load(random).load.hold).cv == doctest::Approx(std::sqrt(11.0 / 9)).epsilon(1e-9));
    // By how often each comes: 300 of 10 and 100 of 20 have 12.5, and 2 × 175 / 156.25 − 1 = 1.24.
    const Planned more =
        behind("", client("a", R"(rate = "300/s", hold = "10 ms")") + client("c", R"(rate = "100/s", hold = "20 ms")"));
    CHECK(std::get<sizing::MeanHold>(load(more).load.hold).mean.value == doctest::Approx(12.5));
    CHECK(std::get<sizing::MeanHold>(load(more).load.hold).cv == doctest::Approx(std::sqrt(1.24)).epsilon(1e-9));
}

TEST_CASE("pooler loads: users come as fast as they would without waiting") {
    // 20 users, 190 ms of thought and 10 of work: 100 a second.
    const Planned planned = behind("", client("a", R"(users = 20, think = "190 ms", hold = "10 ms")"));
    CHECK(load(planned).load.rate.value == doctest::Approx(100));
    CHECK_FALSE(load(planned).open);
    CHECK(load(planned).silent.empty());
    CHECK(load(behind("", client("a", R"(rate = "100/s", hold = "10 ms")"))).open);
}

TEST_CASE("pooler loads: percentiles are a law like any other, and one who says nothing is silent") {
    const Planned two = behind("", client("a", R"(rate = "50/s", hold_p50 = "10 ms", hold_p95 = "30 ms")") +
                                       client("c", R"(rate = "50/s", hold = "10 ms")"));
    CHECK(load(two).silent.empty());
    // Lognormal: s is ln 3 ÷ 1.645, the mean 10 e^(s²/2), the square 100 e^(2s²); the other's are 10 and 200.
    const double s = std::log(3.0) / 1.6448536269514722, mean = (10 * std::exp(s * s / 2) + 10) / 2,
                 square = (100 * std::exp(2 * s * s) + 200) / 2;
    const auto& law = std::get<sizing::MeanHold>(load(two).load.hold);
    CHECK(law.mean.value == doctest::Approx(mean).epsilon(1e-6));
    CHECK(law.cv == doctest::Approx(std::sqrt(square / (mean * mean) - 1)).epsilon(1e-6));
    const Planned three =
        behind("", client("a", R"(rate = "50/s", hold_p50 = "10 ms", hold_p95 = "30 ms", hold_p99 = "50 ms")") +
                       client("c", R"(rate = "50/s", hold = "10 ms")"));
    CHECK(load(three).silent.empty());
    CHECK(load(three).load.rate.value == doctest::Approx(100));
    const Planned silent =
        behind("", client("a", R"(rate = "50/s", hold = "10 ms")") +
                       "[[service]]\nname = \"s\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"b\"\nmax = 5\n");
    CHECK(load(silent).silent == std::vector<Index>{1});
}

TEST_CASE(
    "pooler loads: a part for each process and pair, and no more of a size than max_db_connections lets through") {
    const std::string clients = client("a", R"(rate = "120/s", hold = "100 ms")");
    const auto of = [&](std::string_view keys) { return behind(keys, clients); };
    const Planned parts = of("instances = { min = 2, max = 4 }\npairs = 3\ndefault_pool_size = 7");
    CHECK(load(parts).pools == 6);  // of the fewest processes
    CHECK(load(parts).load.rate.value == doctest::Approx(20));
    CHECK(load(parts).size == Connections(7));
    CHECK(load(of("default_pool_size = 7\nmax_db_connections = 0")).size == Connections(7));  // no limit
    CHECK(load(of("default_pool_size = 7\nmax_db_connections = 5")).size == Connections(5));
    CHECK(load(of("default_pool_size = 7\nmax_db_connections = 9")).size == Connections(7));
    CHECK(load(of("pairs = 2\ndefault_pool_size = 7\nmax_db_connections = 9")).size == Connections(4));
}
