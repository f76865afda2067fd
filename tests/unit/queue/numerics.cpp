// The numerical tools of the room: searches, roots, matrices, normal scores.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <poolfit/queue/hold.hpp>
#include <poolfit/queue/search.hpp>

#include "../../../src/queue/matrix.hpp"
#include "../../../src/queue/root.hpp"
#include "table.hpp"

using namespace poolfit;
using namespace poolfit::queue;
using known::difference;
using known::value;

TEST_CASE("queue: a search asks few sizes and finds the smallest") {
    for (const std::int64_t first : {0, 1, 7}) {
        for (const std::int64_t last : {7, 8, 100, 5000}) {
            for (std::int64_t wanted = first - 1; wanted <= last + 1; ++wanted) {
                int asked = 0;
                std::int64_t nearest = first, farthest = first;
                const auto found = smallest_size(Connections(first), Connections(last), [&](Connections n) {
                    ++asked;
                    farthest = std::max(farthest, n.value);
                    nearest = std::min(nearest, n.value);
                    return n.value >= wanted;
                });
                REQUIRE(found.has_value() == (wanted <= last));
                if (found) REQUIRE(found->value == std::max(first, wanted));
                const double distance = static_cast<double>(std::max<std::int64_t>(1, wanted - first));
                REQUIRE(asked <= 2 * std::log2(distance) + 3);
                REQUIRE(nearest == first);
                REQUIRE(farthest <= std::min(last, std::max(first, first + 2 * (wanted - first))));
            }
        }
    }
    CHECK_FALSE(smallest_size(Connections(3), Connections(2), [](Connections) { return true; }).has_value());
}

TEST_CASE("queue: roots are found to the last bits, in few steps") {
    const auto check = [](auto f, double low, double high, double root, int most) {
        int asked = 0;
        const auto counted = [&](double x) { return ++asked, f(x); };
        CHECK(difference(root_between(counted, low, high, f(low), f(high)), root, 1e-300) < 1e-15);
        CHECK(asked <= most);
        asked = 0;
        CHECK(difference(root_between(counted, high, low, f(high), f(low)), root, 1e-300) < 1e-15);
        CHECK(asked <= most);
    };
    check([](double x) { return 2 - x * x; }, 0, 2, std::sqrt(2.0), 10);
    check([](double x) { return std::exp(-x) - 0.1; }, 0, 20, std::log(10.0), 14);
    check([](double x) { return std::log(x / 3); }, 1e-6, 1e3, 3, 16);
    check([](double x) { return 1 / (x - 1) - 1; }, 1.0001, 50, 2, 20);
    check([](double x) { return std::pow(5 - x, 3); }, 0, 12, 5, 160);  // flat at the root
    check([](double x) { return x < 4 ? 1.0 : -1.0; }, 0, 1e9, 4, 90);  // a step
    check([](double x) { return 1 - std::pow(x, 20); }, 0, 9, 1, 40);   // steep on one side
    check([](double x) { return 7 - x; }, 0, 7, 7, 2);                  // at an end
    CHECK(root_of_falling([](double x) { return 1e6 - x; }, 1e-3) == doctest::Approx(1e6).epsilon(1e-14));
    CHECK(root_of_falling([](double x) { return 1e-9 - x; }, 1.0) == doctest::Approx(1e-9).epsilon(1e-14));
    CHECK(root_of_falling([](double x) { return -x; }, 1.0) == 0.0);
    CHECK(root_of_falling([](double x) { return -1 - x; }, 1.0) == 0.0);
}

TEST_CASE("queue: normal scores") {
    const auto law = value(lognormal_hold(Millis(std::exp(0.5)), std::sqrt(std::expm1(1.0))));  // mu 0, sigma 1
    const auto score = [&](double p) { return std::log(hold_quantile(law, p).value); };
    CHECK(difference(score(0.975), 1.959963984540054) < 1e-13);
    CHECK(difference(score(0.025), -1.959963984540054) < 1e-13);
    CHECK(difference(score(1e-10), -6.361340902404056) < 1e-12);
    CHECK(difference(score(0.999999), 4.753424308822899) < 1e-9);  // 1 - p has ten digits left
    CHECK(std::fabs(score(0.5)) < 1e-14);
    CHECK(difference(score(0.75), 0.6744897501960817) < 1e-13);
}

TEST_CASE("queue: matrices") {
    Matrix one(3), a(3);
    for (std::size_t i = 0; i < 3; ++i) one[i][i] = 1.0;
    a.cells = {4, -1, 0, -2, 5, -1, 0, -3, 6};
    CHECK((one * a).cells == a.cells);
    CHECK((a * one).cells == a.cells);
    const Matrix product = a * inverse(a);
    for (std::size_t i = 0; i < 9; ++i) CHECK(std::fabs(product.cells[i] - one.cells[i]) < 1e-15);
    CHECK((a * a).cells == std::vector<double>{18, -9, 1, -18, 30, -11, 6, -33, 39});
    CHECK(std::vector<double>{1, 2, 3} * a == std::vector<double>{0, 0, 16});
    Matrix twice = a;
    twice += a;
    CHECK(twice.cells == std::vector<double>{8, -2, 0, -4, 10, -2, 0, -6, 12});
    // In a ring each state is left as often as the next one: the law is as the mean stays, 1/2, 1/3 and 1/6.
    Matrix ring(3);
    ring[0][1] = 2.0, ring[1][2] = 3.0, ring[2][0] = 6.0;
    const std::vector<double> law = stationary(ring);
    CHECK(difference(law[0], 1.0 / 2) < 1e-15);
    CHECK(difference(law[1], 1.0 / 3) < 1e-15);
    CHECK(difference(law[2], 1.0 / 6) < 1e-15);
}
