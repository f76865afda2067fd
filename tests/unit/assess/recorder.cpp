// Operations on ranges, what a recorder notes of them, and when one key has two derivations.
#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include <poolfit/assess/recorder.hpp>

using namespace poolfit;
using assess::Term;

namespace {

using Range = Interval<double>;

Range on(Op op, const Range& a, const Range& b) { return assess::evaluate(op, a, b); }

Key key(Name name, Index index = 0) { return {{Subject::Kind::database, index}, name}; }

}  // namespace

TEST_CASE("operations on one range") {
    const Range v{1.5, 2.5};
    CHECK(assess::evaluate(Op::same, v) == v);
    CHECK(assess::evaluate(Op::sum, v) == v);
    CHECK(assess::evaluate(Op::floor, v) == Range{1, 2});
    CHECK(assess::evaluate(Op::ceil, v) == Range{2, 3});
    CHECK(assess::evaluate(Op::low, v) == Range(1.5));
    CHECK(assess::evaluate(Op::high, v) == Range(2.5));
    // A product that misses a whole number by rounding is that number.
    CHECK(assess::evaluate(Op::floor, Range(2.9999999999)) == Range(3.0));
    CHECK(assess::evaluate(Op::ceil, Range(3.0000000001)) == Range(3.0));
    CHECK(assess::evaluate(Op::floor, Range(2.99999)) == Range(2.0));
    CHECK(assess::evaluate(Op::ceil, Range(3.00001)) == Range(4.0));
}

TEST_CASE("operations on two ranges: the ends that can be") {
    const Range a{1, 2}, b{4, 8};
    CHECK(on(Op::sum, a, b) == Range{5, 10});
    CHECK(on(Op::difference, b, a) == Range{2, 7});
    CHECK(on(Op::product, a, b) == Range{4, 16});
    CHECK(on(Op::quotient, a, b) == Range{0.125, 0.5});
    CHECK(on(Op::least, Range{1, 9}, b) == Range{1, 8});
    CHECK(on(Op::most, Range{1, 9}, b) == Range{4, 9});
    CHECK(on(Op::least, Range{5, 7}, b) == Range{4, 7});
    CHECK(on(Op::most, Range{5, 7}, b) == Range{5, 8});
    CHECK(on(Op::between, a, b) == Range{1, 8});
    CHECK(on(Op::same, a, b) == a);
}

TEST_CASE("products and quotients with negative ends") {
    CHECK(on(Op::product, {-1, 2}, {3, 5}) == Range{-5, 10});
    CHECK(on(Op::product, {3, 5}, {-1, 2}) == Range{-5, 10});
    CHECK(on(Op::product, {-2, -1}, {-5, -3}) == Range{3, 10});
    CHECK(on(Op::product, {-3, 2}, {-5, 4}) == Range{-12, 15});
    CHECK(on(Op::product, {0, 2}, {3, 5}) == Range{0, 10});
    CHECK(on(Op::quotient, {-8, 4}, {2, 4}) == Range{-4, 2});
    CHECK(on(Op::quotient, {4, 8}, {-4, -2}) == Range{-4, -1});
    CHECK(on(Op::quotient, {0, 8}, {2, 4}) == Range{0, 4});
}

TEST_CASE("a quotient is divided once, not multiplied by an inverse") {
    CHECK(on(Op::quotient, {0.5, 5}, Range(49.0)) == Range{0.5 / 49, 5.0 / 49});
    CHECK(on(Op::quotient, {1, 2}, {0.5, 1}) == Range{1, 4});
    CHECK(on(Op::quotient, {1, 2}, {1, 2}) == Range{0.5, 2});
}

TEST_CASE("a quotient by nothing is nothing") {
    CHECK(on(Op::quotient, {1, 2}, {0, 4}) == Range(0.0));
    CHECK(on(Op::quotient, {1, 2}, {-4, 0}) == Range(0.0));
    CHECK(on(Op::quotient, {1, 2}, Range(0.0)) == Range(0.0));
}

TEST_CASE("operations on any number of values go from left to right") {
    const std::array values{Range(10.0), Range(3.0), Range(2.0)};
    CHECK(assess::evaluate(Op::difference, values) == Range(5.0));
    CHECK(assess::evaluate(Op::sum, values) == Range(15.0));
    CHECK(assess::evaluate(Op::least, values) == Range(2.0));
    CHECK(assess::evaluate(Op::most, values) == Range(10.0));
    CHECK(assess::evaluate(Op::high, std::span(values).first(1)) == Range(10.0));
    CHECK(assess::evaluate(Op::floor, std::array{Range(2.5)}) == Range(2.0));
    CHECK(assess::evaluate(Op::sum, std::span<const Range>()) == Range(0.0));
}

TEST_CASE("a recorder that is off computes the same and keeps nothing") {
    const Recorder off;
    CHECK_FALSE(off.on());
    const Term term = off.literal(3) * off.literal(4) + off.literal(1);
    CHECK(term.value == Range(13.0));
    CHECK_FALSE(term.id);
    const auto kept = off.keep<Connections>(key(Name::waste), term);
    CHECK(kept.value.value == 13);
    CHECK_FALSE(kept.id);
    CHECK_FALSE(off.input(key(Name::waste), {}, {}));
    CHECK_FALSE(off.row(key(Name::waste), {}, {}));
    CHECK_FALSE(off.constant(key(Name::waste), {}, "ours"));
    CHECK_FALSE(off.by_formula(key(Name::waste), {}, "1", {}, {}, {}));
    CHECK_FALSE(off.by_model(key(Name::waste), {}, Model::wait_mean, "", {}));
}

TEST_CASE("a recorder notes the operation, its inputs in order, and the key of the last one") {
    Figures figures;
    const Recorder r(&figures);
    CHECK(r.on());
    const Figure<Connections> a{Connections(7), r.constant(key(Name::allocated), {Range(7.0)}, "ours")},
        b{Connections(2), r.constant(key(Name::waste), {Range(2.0)}, "ours")};
    const auto kept = r.keep<Connections>(key(Name::connections_headroom), r(a) - r(b), {Note::worst_failure});
    CHECK(kept.value.value == 5);
    const Node& node = figures[kept.id];
    CHECK(node.kind == Node::Kind::computed);
    CHECK_FALSE(node.inner);
    CHECK(node.op == Op::difference);
    CHECK(node.measure == Measure::connections);
    CHECK(node.value == Range(5.0));
    CHECK(node.remark.note == Note::worst_failure);
    REQUIRE(figures.inputs(kept.id).size() == 2);
    CHECK(figures.inputs(kept.id)[0] == a.id);
    CHECK(figures.inputs(kept.id)[1] == b.id);
    CHECK(figures.find(key(Name::connections_headroom)) == kept.id);
    CHECK_FALSE(figures.find(key(Name::connections_headroom, 1)).has_value());
    // A term that has a key already is the same under another one; a literal is a constant.
    const auto same = r.keep<Connections>(key(Name::connections_usable), r(a));
    CHECK(figures[same.id].op == Op::same);
    CHECK(figures.inputs(same.id)[0] == a.id);
    const auto three = r.keep<Connections>(key(Name::connections_copies), Measure::count, r.literal(3));
    CHECK(figures[three.id].measure == Measure::count);
    CHECK(figures[three.id].kind == Node::Kind::constant);
    CHECK(figures.inputs(three.id).empty());
}

TEST_CASE("rounded is what std::llround gives") {
    for (const double value : {0.0, 0.2, 0.49999999999999994, 0.5, 0.50000001, 1.0, 1.5, 2.5, 7.7, 1e12 + 0.5,
                               4503599627370495.5, 9007199254740993.0, 8.9e18, 9e18, 9.2e18})
        for (const double signed_value : {value, -value}) {
            CAPTURE(signed_value);
            CHECK(assess::rounded(signed_value) == std::llround(signed_value));
        }
    CHECK(assess::rounded(-0.5) == -1);
    CHECK(assess::rounded(-2.5) == -3);
}

TEST_CASE("what is kept is rounded to what its type holds, and a sum of connections has an end") {
    const Recorder off;
    CHECK(off.keep<Connections>(key(Name::waste), off.literal(2.6)).value.value == 3);
    CHECK(off.keep<std::int64_t>(key(Name::waste), off.literal(2.4)).value == 2);
    CHECK(off.keep<double>(key(Name::waste), off.literal(2.4)).value == 2.4);
    CHECK(off.keep<Connections>(key(Name::waste), off.literal(1e15)).value.value == 1'000'000'000'000);
    // One value of a range is its high end.
    const Term range = between(off.literal(1), off.literal(4));
    CHECK(off.keep<Connections>(key(Name::waste), range).value.value == 4);
    const auto both = off.keep<Interval<Connections>>(key(Name::waste), range);
    CHECK(both.value.low.value == 1);
    CHECK(both.value.high.value == 4);
    CHECK(off.keep<Fraction>(key(Name::waste), range).value.value == 4);
    CHECK(off.keep<double>(key(Name::waste), range).value == 4);
    CHECK(off.keep<std::int64_t>(key(Name::waste), range).value == 4);
    CHECK(off.keep<Bytes>(key(Name::waste), range).value.value == 4);
}

TEST_CASE("a key that is computed the same way twice is one node") {
    Figures figures;
    const Recorder r(&figures);
    const Figure<Connections> a{Connections(7), r.constant(key(Name::allocated), {Range(7.0)}, "ours")};
    const auto once = r.keep<Connections>(key(Name::waste), floor(r(a) * r.literal(2)) - r.literal(1));
    const auto twice = r.keep<Connections>(key(Name::waste), floor(r(a) * r.literal(2)) - r.literal(1));
    CHECK(once.id == twice.id);
    CHECK(figures.conflicts().empty());
}

TEST_CASE("a key with another derivation is a conflict, and the first one stays") {
    const auto conflicts = [](auto second) {
        Figures figures;
        const Recorder r(&figures);
        const Figure<Connections> a{Connections(7), r.constant(key(Name::allocated), {Range(7.0)}, "ours")},
            b{Connections(7), r.constant(key(Name::in_use), {Range(7.0)}, "ours")};
        const auto first = r.keep<Connections>(key(Name::waste), floor(r(a) * r.literal(2)) - r.literal(1));
        const FigureId next = second(r, a, b);
        CHECK(next == first.id);
        CHECK(figures[first.id].value == Range(13.0));
        if (!figures.conflicts().empty()) CHECK(figures.conflicts().front() == key(Name::waste));
        return figures.conflicts().size();
    };
    using Of = const Figure<Connections>&;
    const auto keep = [](const Recorder& r, const Term& term) {
        return r.keep<Connections>(key(Name::waste), term).id;
    };
    CHECK(conflicts([&](const Recorder& r, Of a, Of) { return keep(r, floor(r(a) * r.literal(2)) - r.literal(1)); }) ==
          0);
    // The same value: by another input, another literal, another operation below, a number, another measure.
    CHECK(conflicts([&](const Recorder& r, Of, Of b) { return keep(r, floor(r(b) * r.literal(2)) - r.literal(1)); }) ==
          1);
    CHECK(conflicts([&](const Recorder& r, Of a, Of) { return keep(r, floor(r(a) * r.literal(3)) - r.literal(8)); }) ==
          1);
    CHECK(conflicts([&](const Recorder& r, Of a, Of) { return keep(r, ceil(r(a) * r.literal(2)) - r.literal(1)); }) ==
          1);
    CHECK(conflicts([&](const Recorder& r, Of, Of) { return keep(r, r.literal(13)); }) == 1);
    CHECK(
        conflicts([&](const Recorder& r, Of a, Of) {
            return r.keep<Connections>(key(Name::waste), Measure::count, floor(r(a) * r.literal(2)) - r.literal(1)).id;
        }) == 1);
    CHECK(conflicts([&](const Recorder& r, Of, Of) {
              return r.constant(key(Name::waste), {Range(13.0), Measure::connections}, "ours");
          }) == 1);
    CHECK(conflicts([&](const Recorder& r, Of, Of) {
              return r.by_formula(key(Name::waste), {Range(13.0), Measure::connections}, "13", {}, {}, {});
          }) == 1);
}

TEST_CASE("a figure that is a number of the rule itself is a constant, with no formula") {
    Figures figures;
    const Recorder r(&figures);
    const auto kept = [&](Name name, const Term& term) {
        return figures[r.keep<Connections>(key(name), term, {Note::holds_always}).id];
    };
    for (const Node& node :
         {kept(Name::can_hold, r.literal(1)), kept(Name::has_to_hold, assess::sum({r.literal(1)}, &figures))}) {
        CHECK(node.kind == Node::Kind::constant);
        CHECK(node.value == Range(1.0));
        CHECK(node.inputs == 0);
        CHECK(node.origin.grounds == Grounds::fixed);
        CHECK(node.remark.note == Note::holds_always);
    }
    const Figure<Connections> given{Connections(3),
                                    r.constant(key(Name::size_max), {Range(3.0), Measure::connections}, "ours")};
    CHECK(kept(Name::waste, r(given) - r.literal(1)).kind == Node::Kind::computed);
}

TEST_CASE("formulas and models are distinguished by their text and kind") {
    Figures figures;
    const Recorder r(&figures);
    const Measured value{Range(1.0), Measure::count};
    const FigureId input = r.constant(key(Name::allocated), value, "ours");
    r.by_model(key(Name::waste), value, Model::wait_mean, "erlang", std::span(&input, 1));
    r.by_model(key(Name::waste), value, Model::wait_mean, "erlang", std::span(&input, 1));
    CHECK(figures.conflicts().empty());
    r.by_model(key(Name::waste), value, Model::wait_mean, "exact", std::span(&input, 1));
    CHECK(figures.conflicts().size() == 1);
    r.by_model(key(Name::waste), value, Model::wait_p99, "erlang", std::span(&input, 1));
    CHECK(figures.conflicts().size() == 2);
    r.by_model(key(Name::waste), value, Model::wait_mean, "erlang", {});
    CHECK(figures.conflicts().size() == 3);
    const Provenance row{"s1", "a paper", "2026", {}};
    const FigureId model = r.by_model(key(Name::in_use), value, Model::wait_mean, "m", {}, {Note::basis}, &row);
    CHECK(figures[model].origin.source == "a paper");
    CHECK(figures[model].text == "m");
    CHECK(figures[model].remark.note == Note::basis);
}

TEST_CASE("leaves know where they come from") {
    Figures figures;
    const Recorder r(&figures);
    const SourceText source("inventory.toml", "max = 10");
    const Place place{&source, {6, 8}};
    const Measured value{Range(10.0), Measure::connections};
    const Node& given = figures[r.input(key(Name::size_max), value, place)];
    CHECK(given.kind == Node::Kind::input);
    CHECK(given.origin.kind == Origin::Kind::input);
    CHECK(given.origin.place.source == &source);
    const Node& assumed = figures[r.input(key(Name::processes), value, {})];
    CHECK(assumed.kind == Node::Kind::constant);
    CHECK(assumed.origin.grounds == Grounds::format_default);
    CHECK(assumed.origin.source.empty());
    const Node& row = figures[r.row(key(Name::vcpus), value, {"s10", "a list", "2026-04-13", {}})];
    CHECK(row.kind == Node::Kind::row);
    CHECK(row.origin.kind == Origin::Kind::catalog);
    CHECK(row.origin.source_id == "s10");
    CHECK(row.origin.as_of == "2026-04-13");
    const Node& ours = figures[r.constant(key(Name::months), value, "we say so")];
    CHECK(ours.origin.kind == Origin::Kind::constant);
    CHECK(ours.origin.source == "we say so");
}

TEST_CASE("a sum of nothing says of what there is nothing") {
    Figures figures;
    const auto constant = [&](const Term& none) {
        CHECK(none.value == Range(0.0));
        REQUIRE(figures.inputs(none.id).size() == 1);
        return figures[figures.inputs(none.id)[0]];
    };
    CHECK(constant(assess::sum({}, &figures)).origin.grounds == Grounds::nothing_listed);
    for (const auto& [grounds, name] :
         {std::pair(Grounds::no_pools, Name::no_pools), std::pair(Grounds::no_users, Name::no_users),
          std::pair(Grounds::no_pinned, Name::no_pinned)}) {
        const Node node = constant(assess::sum({}, &figures, grounds));
        CHECK(node.kind == Node::Kind::constant);
        CHECK(node.key.name == name);
        CHECK(node.origin.grounds == grounds);
    }
    CHECK(figures.conflicts().empty());
    const Recorder r(&figures);
    const Term some = assess::sum({r.literal(1), r.literal(2)}, &figures);
    CHECK(some.value == Range(3.0));
    CHECK(figures.inputs(some.id).size() == 2);
    CHECK(assess::sum({Term{Range(1.0), {}, nullptr}, Term{Range(2.5), {}, nullptr}}, nullptr).value == Range(3.5));
}
