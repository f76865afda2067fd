// Laws: their quantiles, what is drawn from them, and what is refused.
#include <cmath>

#include <poolfit/simulate/generator.hpp>
#include <poolfit/simulate/histogram.hpp>
#include <poolfit/simulate/pool.hpp>

#include "../../../src/simulate/elementary.hpp"
#include "../../../src/simulate/sampler.hpp"
#include "rows.hpp"

using namespace poolfit::simulate;
using doctest::Approx;

TEST_CASE("elementary functions agree with the C library's") {
    double ln = 0, exp = 0;
    for (double x = 1e-12; x < 1e6; x *= 1.01) ln = std::max(ln, std::fabs(natural_log(x) / std::log(x) - 1));
    for (double x = -700; x < 700; x += 0.37) exp = std::max(exp, std::fabs(exponential_of(x) / std::exp(x) - 1));
    CHECK(ln < 4e-13);
    CHECK(exp < 1e-15);
    for (double z = -6; z <= 6; z += 0.25)
        CHECK(normal_score(0.5 * std::erfc(-z / std::sqrt(2.0))) == Approx(z).epsilon(1e-8));
    CHECK(student_score(0.975, 63) == Approx(1.998341).epsilon(1e-5));
    CHECK(student_score(0.995, 15) == Approx(2.946713).epsilon(1e-4));
    CHECK(student_score(0.025, 7) == Approx(-2.364624).epsilon(1e-4));
}

TEST_CASE("the generator: streams differ, numbers are inside (0, 1)") {
    Generator a(1, Purpose::hold, 0, 0), again(1, Purpose::hold, 0, 0), b(1, Purpose::hold, 0, 1),
        c(2, Purpose::hold, 0, 0);
    CHECK(a.next() == again.next());
    CHECK(a.next() != b.next());
    CHECK(b.next() != c.next());
    double sum = 0, low = 1, high = 0;
    constexpr int n = 100000;
    for (int i = 0; i < n; ++i) {
        const double u = a.uniform();
        sum += u;
        low = std::min(low, u);
        high = std::max(high, u);
    }
    CHECK(sum / n == Approx(0.5).epsilon(0.01));
    CHECK(low > 0);
    CHECK(high < 1);
}

TEST_CASE("draws have the law's mean and coefficient of variation") {
    struct Case {
        Law law;
        double mean, cv;
    };
    const Case cases[] = {
        {constant(3), 3, 0},
        {exponential(2), 2, 1},
        {erlang(4, 1), 1, 0.5},
        {gamma(1, 0.05), 1, 0.05},
        {gamma(1, 3), 1, 3},
        {lognormal(2, 0.7), 2, 0.7},
        {lognormal(1, 2), 1, 2},
        {hyperexponential(1, 3), 1, 3},
        {uniform(1, 3), 2, 1 / std::sqrt(12.0)},
        {discrete({{5, 95}, {1500, 5}}), 79.75, 4.0856},
        {histogram({{0, 2, 1}, {2, 4, 1}}), 2, 0.57735},
        {quantiles({{0.5, std::exp(1.0)}, {0.9, std::exp(1.0 + 0.5 * 1.2815515655)}}), std::exp(1.125), 0.53294},
        {shifted(exponential(1), 1), 2, 0.5},
        {by_mean_and_cv(1, 0), 1, 0},
        {by_mean_and_cv(1, 1), 1, 1},
        {by_mean_and_cv(1, 0.5), 1, 0.5},
        {by_mean_and_cv(1, 2), 1, 2}};
    std::uint64_t number = 0;
    for (const Case& c : cases) {
        CAPTURE(number);
        CHECK(problem(c.law) == "");
        const Sampler sampler(c.law);
        CHECK(sampler.mean() == Approx(c.mean).epsilon(1e-5));
        CHECK(mean_of(c.law) == sampler.mean());
        CHECK(std::sqrt(sampler.scv()) == Approx(c.cv).epsilon(1e-3));
        Generator g(5, Purpose::hold, number++, 0);
        double sum = 0, least = 1e9;
        constexpr int n = 100000;
        for (int i = 0; i < n; ++i) {
            const double x = sampler.draw(g);
            sum += x;
            least = std::min(least, x);
        }
        CHECK(least >= 0);
        CHECK(std::fabs(sum / n - c.mean) <= 4 * c.cv * c.mean / std::sqrt(n) + 1e-9);
    }
}

TEST_CASE("quantiles") {
    CHECK(upper_quantile(exponential(1), 0.01) == Approx(4.605170185988091));
    CHECK(upper_quantile(erlang(2, 1), 0.5) == Approx(0.8391734950083303).epsilon(1e-9));
    CHECK(upper_quantile(gamma(1, 2), 0.99) == Approx(1.0 * 4 * 3.9422e-5).epsilon(2));  // shape 1/4: next to 0
    CHECK(upper_quantile(lognormal(1, 3), 0.5) == Approx(1 / std::sqrt(10.0)));
    const Law known = quantiles({{0.5, 5}, {0.95, 40}, {0.99, 200}});
    CHECK(upper_quantile(known, 0.5) == Approx(5));
    CHECK(upper_quantile(known, 0.05) == Approx(40));
    CHECK(upper_quantile(known, 0.01) == Approx(200));
    CHECK(upper_quantile(histogram({{0, 10, 1}, {10, 20, 3}}), 0.5) == Approx(10 + 10.0 / 3));
    for (const Law& law :
         {lognormal(1, 2), gamma(1, 0.6), hyperexponential(1, 3)}) {  // a table is never far from its law
        const Sampler table(law);
        for (double u = 0.9999; u > 1e-9; u *= 0.7)
            CHECK(table.at(u) == Approx(upper_quantile(law, u)).epsilon(u > 0.95 ? 0.05 : 1e-4));
    }
}

TEST_CASE("laws that cannot be are refused") {
    CHECK(problem(exponential(-1)) != "");
    CHECK(problem(exponential(std::nan(""))) != "");
    CHECK(problem(constant(never)) != "");
    CHECK(problem(lognormal(0, 1)) != "");
    CHECK(problem(gamma(1, 1e9)) != "");
    CHECK(problem(hyperexponential(1, 0.5)) != "");
    CHECK(problem(uniform(3, 1)) != "");
    CHECK(problem(discrete({})) != "");
    CHECK(problem(discrete({{1, 0}})) != "");
    CHECK(problem(discrete({{1, -1}, {2, 3}})) != "");
    CHECK(problem(histogram({{0, 3, 1}, {2, 4, 1}})) != "");
    CHECK(problem(quantiles({{0.5, 2}, {0.9, 1}})) != "");
    CHECK(problem(quantiles({{1.5, 2}})) != "");
    CHECK(problem(quantiles({{0.5, 2}, {0.5, 3}})) != "");
    CHECK(problem(shifted(exponential(1), -1)) != "");
}

TEST_CASE("a histogram is right to within 0.4 %") {
    Histogram h(2);
    for (int i = 1; i <= 100000; ++i) h.add(i * 0.001);
    h.add(0);
    CHECK(h.count() == 100001);
    for (double p : {0.1, 0.5, 0.9, 0.99}) CHECK(h.quantile(p) == Approx(100 * p).epsilon(0.004));
    CHECK(h.quantile(0) == 0);
    CHECK(h.above(50) == Approx(0.5).epsilon(0.004));
    CHECK(h.above(1000) == 0);
    h.add(1e300);
    CHECK(h.quantile(1) > 1e6);
    CHECK(Histogram().quantile(0.5) == 0);
}

TEST_CASE("pools that cannot be simulated say why") {
    PoolModel m;
    m.gap = exponential(0.1);
    m.hold = exponential(1);
    m.connections = 10;
    PoolRun run = simulate_pool(m, {});
    CHECK(run.outcome == PoolRun::Outcome::unstable);
    CHECK(run.reason == "the offered load is 10.000000 connections of 10: waits grow without bound");
    m.connections = 0;
    CHECK(simulate_pool(m, {}).outcome == PoolRun::Outcome::invalid);
    m.connections = 10;
    m.hold = exponential(std::nan(""));
    CHECK(simulate_pool(m, {}).reason == "hold: a mean must be 0 or more, and finite");
    m.hold = constant(0);
    CHECK(simulate_pool(m, {}).reason == "hold: its mean must be more than 0");
    m.hold = exponential(1);
    m.gap = constant(0);
    CHECK(simulate_pool(m, {}).outcome == PoolRun::Outcome::invalid);
    m.gap = exponential(1);
    m.acquire_timeout = std::nan("");
    CHECK(simulate_pool(m, {}).outcome == PoolRun::Outcome::invalid);
}
