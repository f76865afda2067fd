// Formulas as they are printed: read back with the usual precedence, they give the value that they stand for.
#include <cmath>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <poolfit/assess/recorder.hpp>
#include <poolfit/platform/platform.hpp>

#include "../../../src/render/derivation.hpp"

using namespace poolfit;
using namespace poolfit::render;
using assess::Term;

namespace {

/// × and / before + and −, from left to right; min, max, ⌊⌋, ⌈⌉ and brackets.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    double all() {
        const double value = sum();
        CHECK(rest_ == "");
        return value;
    }

private:
    bool take(std::string_view sign) {
        if (!rest_.starts_with(sign)) return false;
        rest_.remove_prefix(sign.size());
        return true;
    }

    double sum() {
        double value = product();
        while (true) {
            if (take(" + "))
                value += product();
            else if (take(" − "))
                value -= product();
            else
                return value;
        }
    }

    double product() {
        double value = whole();
        while (true) {
            if (take(" × "))
                value *= whole();
            else if (take(" / "))
                value /= whole();
            else
                return value;
        }
    }

    double closed(double value, std::string_view sign) {
        CHECK(take(sign));
        return value;
    }

    double whole() {
        if (take("(")) return closed(sum(), ")");
        if (take("⌊")) return std::floor(closed(sum(), "⌋") + assess::hair);
        if (take("⌈")) return std::ceil(closed(sum(), "⌉") - assess::hair);
        for (const bool least : {true, false}) {
            if (!take(least ? "min(" : "max(")) continue;
            double value = sum();
            while (take(", ")) {
                const double next = sum();
                value = least ? std::min(value, next) : std::max(value, next);
            }
            return closed(value, ")");
        }
        std::size_t end = 0;
        while (end < rest_.size() && (std::isdigit(static_cast<unsigned char>(rest_[end])) != 0 || rest_[end] == '.'))
            ++end;
        REQUIRE(end > 0);
        const double value = std::strtod(std::string(rest_.substr(0, end)).c_str(), nullptr);
        rest_.remove_prefix(end);
        return value;
    }

    std::string_view rest_;
};

class Trees {
public:
    explicit Trees(unsigned seed) : chance_(seed) {
        fleet.databases.resize(1);
        fleet.databases[0].name = {"db", {}};
        fleet.databases[0].platform = &platform::usual();
    }

    Term tree(int depth) {
        const int kind = depth == 0 ? 0 : pick(9);
        if (kind == 0) return r_.literal(1 + pick(9));
        const Term a = tree(depth - 1), b = tree(depth - 1);
        switch (kind) {
            case 1:
                return a + b;
            case 2:
                return a - b;
            case 3:
                return a * b;
            case 4:
                return std::abs(b.value.low) < 0.01 ? a : a / b;
            case 5:
                return assess::least(a, b);
            case 6:
                return assess::most(a, b);
            case 7:
                return pick(2) == 0 ? assess::floor(a) : assess::ceil(a);
            default:
                return assess::sum({a, b, tree(depth - 1)}, &figures);
        }
    }
    FigureId keep(const Term& term) {
        const Key key{{Subject::Kind::database, 0}, Name::cpu_mean};
        return r_.keep<double>(key, Measure::count, term).id;
    }

    Fleet fleet;
    Figures figures;

private:
    int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(chance_); }

    Recorder r_{&figures};
    std::mt19937 chance_;
};

}  // namespace

TEST_CASE("a printed formula, read with the usual precedence, gives its value") {
    for (unsigned seed = 0; seed < 2000; ++seed) {
        Trees made(seed);
        const Term term = made.tree(4);
        if (std::abs(term.value.low) > 1e6) continue;
        const FigureId id = made.keep(term);
        if (made.figures[id].kind == Node::Kind::constant) continue;  // a number alone has no formula
        const std::string text = with_numbers({made.figures, made.fleet}, id);
        if (text.find("Σ") != text.npos) continue;  // more parts than are written out
        CAPTURE(text);
        CHECK(Reader(text).all() == doctest::Approx(term.value.low).epsilon(1e-6));
    }
}

TEST_CASE("what is left of a bound that does not bind is still a sum: it keeps its brackets") {
    Trees made(0);
    const Recorder r(&made.figures);
    const Term sum = r.literal(2) + r.literal(3);
    const FigureId id = made.keep(r.literal(4) * assess::least(sum, r.literal(9)) / assess::most(sum, r.literal(1)));
    CHECK(with_numbers({made.figures, made.fleet}, id) == "4 × (2 + 3) / (2 + 3)");
}
