// The law of CPU on another class, by hand, and its bands against measured moves.
#include <array>
#include <iterator>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <poolfit/assess/cpu.hpp>

#include "../../accuracy/resizes.hpp"
#include "inventory.hpp"

using namespace poolfit;
using assess::cpu_on;
using test::cls;

namespace {

constexpr const char* names[] = {"db.m5.large",  "db.m5.xlarge",  "db.r5.xlarge", "db.t3.large", "db.m6i.xlarge",
                                 "db.m6g.large", "db.m7g.xlarge", "db.t4g.large", "db.t2.large"};

/// Two loads, on the classes that they were seen on.
Interval<double> together(const char* a, double busy_a, const char* b, double busy_b, const char* to,
                          Recorder r = Recorder()) {
    const auto load = [&](const char* on, double busy, Index server) {
        const Key key{{Subject::Kind::database, server}, Name::cpu_peak};
        const Interval<Fraction> seen{Fraction(busy)};
        return assess::CpuLoad{&cls(on), {seen, r.input(key, assess::measured(seen), {})}, key};
    };
    const std::array loads{load(a, busy_a, 0), load(b, busy_b, 1)};
    const Subject server{Subject::Kind::database, 0};
    const auto sum =
        assess::cpu_together({server, Name::cpu_failover}, {server, Name::cpu_failover_law}, cls(to), loads, r);
    return {sum.value.low.value, sum.value.high.value};
}

}  // namespace

TEST_CASE("CPU: half of the vCPUs of two-thread cores do 1/1.3 of the work") {
    CHECK(assess::capacity_share(2, 0.5) == doctest::Approx(1 / 1.3));
    CHECK(assess::capacity_share(2, 0.25) == doctest::Approx(0.5 / 1.3));
    CHECK(assess::capacity_share(2, 0.6) == doctest::Approx(1.06 / 1.3));
    CHECK(assess::capacity_share(2, 1) == 1);
    CHECK(assess::capacity_share(2, 1.4) == 1.4);
    CHECK(assess::capacity_share(1, 0.6) == 0.6);
    for (const int threads : {1, 2})
        for (double busy = 0; busy < 1.6; busy += 0.05)
            CHECK(assess::busy_at(threads, assess::capacity_share(threads, busy)) == doctest::Approx(busy));
}

TEST_CASE("CPU: the moves of the resize reports") {
    // m5.xlarge at 50 % gave 58 % on m6g.xlarge; CoreMark alone says 38.
    const Interval<double> arm = cpu_on(cls("db.m5.xlarge"), cls("db.m6g.xlarge"), Interval<double>(0.5));
    CHECK(arm.low < 0.58);
    CHECK(arm.high > 0.58);
    // Half an m5 at 25 % gave 64 %, not 50.
    const Interval<double> half = cpu_on(cls("db.m5.xlarge"), cls("db.m5.large"), Interval<double>(0.25));
    CHECK(half.low < 0.64);
    CHECK(half.high > 0.64);
    CHECK(half.low >= 0.25);
}

TEST_CASE("CPU: two servers at 28 % are one at about 70 % where threads share cores") {
    CHECK(assess::busy_at(2, 2 * assess::capacity_share(2, 0.28)) == doctest::Approx(0.7).epsilon(0.01));
    CHECK(assess::busy_at(1, 2 * assess::capacity_share(1, 0.28)) == doctest::Approx(0.56));
}

TEST_CASE("CPU: kinds of moves") {
    const auto move = [](const char* from, const char* to) { return assess::cpu_move(cls(from), cls(to)); };
    CHECK(move("db.m5.large", "db.m5.large") == CpuMove::none);
    CHECK(move("db.m5.large", "db.m5.xlarge") == CpuMove::same_family);
    CHECK(move("db.m5.xlarge", "db.r5.xlarge") == CpuMove::same_cpu);
    CHECK(move("db.m5.xlarge", "db.r5.large") == CpuMove::x86_to_x86);
    CHECK(move("db.m5.large", "db.t3.large") == CpuMove::x86_to_x86);
    CHECK(move("db.m6g.large", "db.t4g.large") == CpuMove::same_cpu);
    CHECK(move("db.m6g.large", "db.m7g.large") == CpuMove::arm_to_arm);
    CHECK(move("db.m5.large", "db.m6g.large") == CpuMove::x86_to_arm);
    CHECK(move("db.m6g.large", "db.m5.large") == CpuMove::arm_to_x86);
    CHECK(move("db.t2.large", "db.t3.large") == CpuMove::by_count);  // its CoreMark is no guide, and left out
}

TEST_CASE("CPU: every band holds 1, none is wider than 2.2, and by count is the widest") {
    const Interval<double> widest = assess::cpu_band(CpuMove::by_count);
    for (int move = 0; move <= static_cast<int>(CpuMove::by_count); ++move) {
        const Interval<double> band = assess::cpu_band(static_cast<CpuMove>(move));
        CHECK(band.low <= 1);
        CHECK(band.high >= 1);
        CHECK(band.high / band.low <= 2.2 + 1e-9);
        CHECK(band.high / band.low <= widest.high / widest.low + 1e-9);
    }
}

TEST_CASE("CPU: nine in ten measured moves are in their range") {
    int rows = 0, held = 0;
    for (const accuracy::Resize& resize : accuracy::resizes()) {
        CAPTURE(resize.from);
        CAPTURE(resize.to);
        if (!resize.measured) CHECK(resize.held());
        if (!resize.counts()) continue;
        ++rows;
        held += resize.held();
    }
    CHECK(rows == 25);
    CHECK(held * 10 >= rows * 9);
}

TEST_CASE("CPU: more load is more CPU there; no less on a slower class of the architecture; and the way back") {
    for (const char* from : names)
        for (const char* to : names) {
            CAPTURE(from);
            CAPTURE(to);
            const InstanceClass &a = cls(from), &b = cls(to);
            Interval<double> last(0.0);
            for (double busy = 0.05; busy <= 1; busy += 0.05) {
                const Interval<double> there = cpu_on(a, b, Interval<double>(busy));
                CHECK(there.low > 0);
                CHECK(there.low <= there.high);
                CHECK(there.low >= last.low);
                CHECK(there.high > last.high);
                last = there;
                if (a.arch == b.arch && b.vcpus < a.vcpus) CHECK(there.low >= busy);
                const double before = assess::cpu_before(a, b, there.high);
                CHECK(before == doctest::Approx(busy));
            }
        }
}

TEST_CASE("CPU: as fast is no busier there at any load, by the law; without a CoreMark, no fewer vCPUs") {
    constexpr const char* more[] = {"db.m7g.large", "db.m6g.xlarge", "db.m6i.large", "db.t2.xlarge"};
    std::vector<const char*> all(std::begin(names), std::end(names));
    all.insert(all.end(), std::begin(more), std::end(more));
    int only_half = 0, only_full = 0;
    for (const char* from : all)
        for (const char* to : all) {
            CAPTURE(from);
            CAPTURE(to);
            const InstanceClass &a = cls(from), &b = cls(to);
            if (!a.coremark_per_vcpu || !b.coremark_per_vcpu) {
                CHECK(assess::as_fast(a, b) == (b.vcpus >= a.vcpus));
                continue;
            }
            const double ratio = a.vcpus * *a.coremark_per_vcpu / (b.vcpus * *b.coremark_per_vcpu);
            const auto no_busier = [&](double busy) {
                const double used = assess::capacity_share(a.threads_per_core, busy) * ratio;
                return assess::busy_at(b.threads_per_core, used) <= busy * (1 + 1e-9);
            };
            bool ever_busier = false;
            for (double busy = 0.01; busy < 1.005; busy += 0.01) ever_busier |= !no_busier(busy);
            only_half += no_busier(0.5) && !no_busier(1);
            only_full += no_busier(1) && !no_busier(0.5);
            CHECK(assess::as_fast(a, b) == !ever_busier);
        }
    // Half of the vCPUs and all of them: each decides for some pair.
    CHECK(only_half > 0);
    CHECK(only_full > 0);
}

TEST_CASE("CPU: loads that come together add up as work, and each brings the band of its move") {
    const auto near = [](const Interval<double>& is, double low, double high) {
        CHECK(is.low == doctest::Approx(low));
        CHECK(is.high == doctest::Approx(high));
    };
    // On the class that they are on: m5's half of the threads does 1/1.3 of the work; of m6g each does its own.
    near(together("db.m5.large", 0.25, "db.m5.large", 0.25, "db.m5.large"), 0.5, 0.5);
    near(together("db.m5.large", 0.5, "db.m5.large", 0.325, "db.m5.large"), 1.65 / 1.3, 1.65 / 1.3);
    near(together("db.m6g.large", 0.3, "db.m6g.large", 0.4, "db.m6g.large"), 0.7, 0.7);
    // Nothing comes: what one load is on the class, whatever the move.
    for (const char* from : names)
        for (const char* to : names) {
            CAPTURE(from);
            CAPTURE(to);
            for (const double busy : {0.1, 0.4, 0.8}) {
                const Interval<double> alone = cpu_on(cls(from), cls(to), Interval<double>(busy));
                CHECK(together(from, busy, to, 0, to).high == doctest::Approx(alone.high));
                CHECK(together(to, 0, from, busy, to).high == doctest::Approx(alone.high));
            }
            near(together(from, 0, to, 0, to), 0, 0);
        }
    // Four vCPUs by count: 2 × 40 % and 2 × 20 % are 20 % and 10 % of a class whose threads share cores, in all 30 %.
    const Interval<double> count = assess::cpu_band(CpuMove::by_count);
    near(together("db.t2.large", 0.4, "db.t2.large", 0.2, "db.m5.xlarge"), 0.3 * count.low, 0.3 * count.high);
    // Of the work, two thirds are where they were and one third is counted: so much of its band.
    near(together("db.m6g.xlarge", 0.4, "db.t2.large", 0.4, "db.m6g.xlarge"), 0.4 + 0.2 * count.low,
         0.4 + 0.2 * count.high);
}

TEST_CASE("CPU: the derivation of loads that come together has no step that changes nothing") {
    const auto steps = [](const char* name, double busy) {
        Figures figures;
        together(name, busy, name, busy, name, Recorder(&figures));
        bool threads = false, band = false;
        for (const Node& node : figures.all()) {
            threads = threads || node.key.name == Name::second_thread_gain;
            band = band || node.key.name == Name::cpu_band;
        }
        return std::pair(threads, band);
    };
    CHECK(steps("db.m6g.large", 0.3) == std::pair(false, false));  // one thread a core, and no move
    CHECK(steps("db.m5.large", 0.3) == std::pair(true, false));
    CHECK(steps("db.m6g.large", 0) == std::pair(false, false));
}
