// What is out of range is named, with its limit; nothing asserts, whatever comes.
#include <limits>

#include <doctest/doctest.h>

#include <poolfit/sizing/pool.hpp>

using namespace poolfit;
using namespace poolfit::sizing;

namespace {

constexpr double nan_ = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

Load sound() {
    Load load;
    load.rate = PerSecond(100);
    load.hold = MeanHold{Millis(10), 1.0, {}};
    return load;
}

std::string input_of(const Answer<Figures>& answer) {
    const auto* bad = std::get_if<queue::BadInput>(&answer);
    return bad != nullptr ? std::string(bad->input) : std::string("none");
}

}  // namespace

TEST_CASE("an input out of range is named") {
    for (const double rate : {0.0, -1.0, nan_, infinite}) {
        Load load = sound();
        load.rate = PerSecond(rate);
        CHECK(input_of(smallest(load, {})) == "arrival rate");
    }
    for (const double hold : {0.0, -1.0, nan_, infinite, 1e300}) {
        Load load = sound();
        load.hold = MeanHold{Millis(hold), 1.0, {}};
        CHECK(input_of(smallest(load, {})) == "mean hold time");
    }
    for (const double cv : {-1.0, nan_, infinite, 1e6}) {
        Load load = sound();
        load.hold = MeanHold{Millis(10), cv, {}};
        CHECK(input_of(evaluate(load, Connections(5), {})) == "coefficient of variation");
    }
    CHECK(input_of(evaluate(sound(), Connections(0), {})) == "number of connections");
    CHECK(input_of(evaluate(sound(), Connections(10'000'000), {})) == "number of connections");
    Load closed = sound();
    closed.users = -3;
    CHECK(input_of(smallest(closed, {})) == "number of users");
    closed.users = 10;
    closed.think = Millis(nan_);
    CHECK(input_of(smallest(closed, {})) == "mean think time");
    closed.think = Millis(100);
    closed.vcpus = 4;
    closed.cpu = Millis(11);
    CHECK(input_of(smallest(closed, {})) == "CPU part of the hold");
    Question question;
    question.goals.wait = queue::WaitGoal{Millis(5), 0.0};
    CHECK(input_of(smallest(sound(), question)) == "share that may wait longer");
    question.goals.wait = queue::WaitGoal{Millis(-5), 0.1};
    CHECK(input_of(smallest(sound(), question)) == "wait");
    Load percentiles = sound();
    percentiles.hold = PercentileHold{Millis(10), Millis(5), {}};
    CHECK(input_of(smallest(percentiles, {})) == "p95 of the hold time");
    percentiles.hold = PercentileHold{Millis(10), {}, {}};
    CHECK(input_of(smallest(percentiles, {})) == "p95 or p99 of the hold time");
    percentiles.hold = HistogramHold{};
    CHECK(std::holds_alternative<queue::BadInput>(smallest(percentiles, {})));
}

TEST_CASE("too much load, and too rare a wait, are refused in words") {
    Load load = sound();
    load.rate = PerSecond(1e9);
    CHECK(input_of(smallest(load, {})) == "load");
    load = sound();
    load.hold = MeanHold{Millis(10), 2.0, {}};
    Question question;
    question.goals.wait = queue::WaitGoal{Millis(5), 1e-7};
    const auto rare = smallest(load, question);
    REQUIRE(std::holds_alternative<Refused>(rare));
    CHECK_FALSE(std::get<Refused>(rare).fix.empty());
    load.rate = PerSecond(1e7);  // 100,000 connections: more than are simulated
    question.goals.wait->p = 0.01;
    CHECK(std::holds_alternative<Refused>(smallest(load, question)));
}

TEST_CASE("a system that would take seconds a size to simulate is refused, and one that has a formula is not") {
    Load load = sound();
    load.rate = PerSecond(100'000);  // 1,000 busy
    load.hold = MeanHold{Millis(10), 30.0, {}};
    Question question;
    question.goals.wait = queue::WaitGoal{Millis(5), 0.001};
    CHECK(std::holds_alternative<Refused>(smallest(load, question)));
    CHECK(std::holds_alternative<Refused>(evaluate(load, Connections(1100), question)));
    load.hold = MeanHold{Millis(10), 1.0, {}};
    CHECK(std::holds_alternative<Figures>(smallest(load, question)));
    Load closed = load;
    closed.users = 600;
    closed.think = Millis(100);
    closed.hold = MeanHold{Millis(10), 2.0, {}};
    CHECK(std::holds_alternative<Refused>(smallest(closed, question)));
}

TEST_CASE("a constant hold given as percentiles is a constant hold") {
    Load load = sound();
    load.hold = PercentileHold{Millis(10), Millis(10), Millis(10)};
    const auto answer = evaluate(load, Connections(3), {});
    REQUIRE(std::holds_alternative<Figures>(answer));
    CHECK(std::get<Figures>(answer).method == Method::constant);
}
