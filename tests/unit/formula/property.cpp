// Seeded properties: nothing crashes, errors point into the text, and values agree with a second evaluator
// that is built together with the text and shares no code with the first.
#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "support.hpp"

using namespace formula_test;

namespace {

__extension__ typedef __int128 Wide;

constexpr int rounds = 4000;

const formula::Variables variables = {{"DBInstanceClassMemory", 17179869184.0},
                                      {"DBInstanceVCPU", 4},
                                      {"TrueIfReplica", 0},
                                      {"TOTAL_VCPUS", 2.5},
                                      {"EndPointPort", 5432}};

/// An RDS expression and its value, nothing where a step divides by zero or leaves 64 bits.
struct Whole {
    std::string text;
    std::optional<std::int64_t> value;
};

std::optional<std::int64_t> narrow(Wide wide) {
    if (wide < INT64_MIN || wide > INT64_MAX) return std::nullopt;
    return static_cast<std::int64_t>(wide);
}

std::string blank(Random& random) { return std::string(random.below(8) == 0 ? " " : ""); }

std::string braced(const std::string& text) { return fmt::format("{{{}}}", text); }

Whole whole_chain(Random& random, int depth);

Whole whole_call(Random& random, int depth) {
    const std::size_t kind = random.below(3);
    constexpr std::array<std::string_view, 3> names = {"LEAST", "greatest", "Sum"};
    Whole result{std::string(names[kind]) + "(", {}};
    const std::size_t count = 1 + random.below(3);
    bool known = true;
    for (std::size_t i = 0; i < count; ++i) {
        const Whole argument = whole_chain(random, depth - 1);
        const bool braces = random.below(2) == 0;
        result.text +=
            fmt::format("{}{}{}", i == 0 ? "" : ",", blank(random), braces ? braced(argument.text) : argument.text);
        known = known && argument.value.has_value();
        if (!known) continue;
        const std::int64_t value = *argument.value;
        if (i == 0)
            result.value = value;
        else if (kind == 0)
            result.value = *result.value < value ? *result.value : value;
        else if (kind == 1)
            result.value = *result.value > value ? *result.value : value;
        else
            result.value = narrow(static_cast<Wide>(*result.value) + value);
        known = result.value.has_value();
    }
    result.text += ")";
    if (!known) result.value.reset();
    return result;
}

Whole whole_factor(Random& random, int depth) {
    if (depth > 0 && random.below(4) == 0) return whole_call(random, depth);
    if (random.below(2) == 0) {
        const auto& [name, value] = variables[random.below(3)];
        return {fmt::format("{}{}", random.below(8) == 0 ? "$" : "", name), static_cast<std::int64_t>(value)};
    }
    const std::int64_t number = static_cast<std::int64_t>(random.next() >> (random.below(4) == 0 ? 2 : 50));
    return random.below(5) == 0 ? Whole{fmt::format("-{}", number), -number} : Whole{std::to_string(number), number};
}

Whole whole_chain(Random& random, int depth) {
    Whole left = whole_factor(random, depth);
    for (std::size_t more = random.below(3); more > 0; --more) {
        const Whole right = whole_factor(random, depth);
        const bool divides = random.below(2) == 0;
        left.text += fmt::format("{}{}{}{}", blank(random), divides ? "/" : "*", blank(random), right.text);
        if (!left.value || !right.value || (divides && *right.value == 0))
            left.value.reset();
        else if (divides)
            left.value = narrow(static_cast<Wide>(*left.value) / *right.value);
        else
            left.value = narrow(static_cast<Wide>(*left.value) * *right.value);
    }
    return left;
}

/// A pool expression and its value; not finite where the evaluator must refuse. `level` is how tightly it binds.
struct Real {
    std::string text;
    double value = 0;
    int level = 0;
};

std::string tied(const Real& part, int level) {
    return part.level < level ? fmt::format("({})", part.text) : part.text;
}

Real real(Random& random, int depth);

Real real_call(Random& random, int depth) {
    constexpr std::array<std::string_view, 5> names = {"min", "max", "ceil", "floor", "round"};
    const std::size_t kind = random.below(names.size());
    const Real a = real(random, depth - 1);
    if (kind >= 2) {
        const double value = kind == 2 ? std::ceil(a.value) : kind == 3 ? std::floor(a.value) : std::round(a.value);
        return {std::string(names[kind]) + "(" + a.text + ")", value, 3};
    }
    const Real b = real(random, depth - 1);
    double value = kind == 0 ? (b.value < a.value ? b.value : a.value) : (b.value > a.value ? b.value : a.value);
    if (!std::isfinite(a.value) || !std::isfinite(b.value)) value = NAN;
    return {std::string(names[kind]) + "(" + a.text + "," + blank(random) + b.text + ")", value, 3};
}

Real real(Random& random, int depth) {
    const std::size_t kind = depth == 0 ? random.below(2) : random.below(8);
    if (kind == 0) {
        const std::size_t hundredths = random.below(1000);
        const std::string text = fmt::format("{}.{:02}", hundredths / 100, hundredths % 100);
        return {text, std::strtod(text.c_str(), nullptr), 3};
    }
    if (kind == 1) {
        const auto& [name, value] = variables[random.below(variables.size())];
        return {std::string(name), value, 3};
    }
    if (kind == 2) return real_call(random, depth);
    const Real a = real(random, depth - 1);
    if (kind == 3) return {fmt::format("-{}", tied(a, 3)), -a.value, 2};
    const Real b = real(random, depth - 1);
    const std::string space = blank(random);
    switch (kind) {
        case 4:
            return {tied(a, 0) + space + "+" + tied(b, 1), a.value + b.value, 0};
        case 5:
            return {tied(a, 0) + "-" + space + tied(b, 1), a.value - b.value, 0};
        case 6:
            return {tied(a, 1) + space + "*" + space + tied(b, 2), a.value * b.value, 1};
        default:
            return {tied(a, 1) + "/" + tied(b, 2), b.value == 0 ? NAN : a.value / b.value, 1};
    }
}

/// Parses and evaluates in both dialects; true where it was a formula of one.
bool survives(std::string_view text) {
    bool read = false;
    for (const Dialect dialect : {Dialect::rds, Dialect::pool}) {
        const auto result = formula::parse(text, dialect);
        FormulaError error;
        if (const auto* tree = std::get_if<Formula>(&result)) {
            read = true;
            const auto whole = formula::evaluate_rds(*tree, variables);
            const auto real = formula::evaluate_pool(*tree, variables);
            if (const auto* value = std::get_if<double>(&real)) REQUIRE(std::isfinite(*value));
            if (std::holds_alternative<std::int64_t>(whole) || std::holds_alternative<double>(real)) continue;
            error = dialect == Dialect::rds ? std::get<FormulaError>(whole) : std::get<FormulaError>(real);
        } else {
            error = std::get<FormulaError>(result);
        }
        REQUIRE(error.span.begin <= error.span.end);
        REQUIRE(error.span.end <= text.size());
        REQUIRE_FALSE(error.message.empty());
        REQUIRE_FALSE(error.fix.empty());
        REQUIRE(error.message.find('\n') == std::string::npos);
        REQUIRE(error.message.size() < 300);
    }
    return read;
}

}  // namespace

TEST_CASE("property: RDS expressions agree with 128-bit arithmetic") {
    Random random(1);
    int valued = 0;
    for (int i = 0; i < rounds; ++i) {
        const Whole expected = whole_chain(random, 3);
        const std::string text = braced(expected.text);
        CAPTURE(text);
        const auto result = formula::evaluate_rds(parsed(text, Dialect::rds), variables);
        REQUIRE(std::holds_alternative<std::int64_t>(result) == expected.value.has_value());
        if (!expected.value) continue;
        REQUIRE(std::get<std::int64_t>(result) == *expected.value);
        ++valued;
    }
    CHECK(valued > rounds / 2);
    CHECK(valued < rounds);
}

TEST_CASE("property: pool expressions agree with double arithmetic") {
    Random random(2);
    int valued = 0;
    for (int i = 0; i < rounds; ++i) {
        const Real expected = real(random, 4);
        CAPTURE(expected.text);
        const auto result = formula::evaluate_pool(parsed(expected.text, Dialect::pool), variables);
        REQUIRE(std::holds_alternative<double>(result) == std::isfinite(expected.value));
        if (!std::isfinite(expected.value)) continue;
        REQUIRE(std::get<double>(result) == expected.value);
        ++valued;
    }
    CHECK(valued > rounds / 2);
    CHECK(valued < rounds);
}

TEST_CASE("property: random bytes give a value or an error") {
    Random random(3);
    constexpr std::string_view likely = "{}(),*/+-0123456789.\"<>=$ ABlogSUMmax";
    for (int i = 0; i < rounds; ++i) {
        std::string text(random.below(40), '\0');
        const bool any = random.below(3) == 0;
        for (char& c : text) c = any ? static_cast<char>(random.below(256)) : likely[random.below(likely.size())];
        survives(text);
    }
    std::string most(formula::max_length, '\0');
    for (char& c : most) c = static_cast<char>(random.below(256));
    survives(most);
}

TEST_CASE("property: mutated formulas give a value or an error") {
    Random random(4);
    int read = 0;
    for (int i = 0; i < rounds; ++i) {
        std::string text = random.below(2) == 0 ? braced(whole_chain(random, 2).text) : real(random, 3).text;
        for (std::size_t change = 1 + random.below(3); change > 0 && !text.empty(); --change) {
            const std::size_t at = random.below(text.size());
            switch (random.below(4)) {
                case 0:
                    text.erase(at, 1 + random.below(4));
                    break;
                case 1:
                    text.insert(at, 1, text[random.below(text.size())]);
                    break;
                case 2:
                    text[at] = static_cast<char>(random.below(256));
                    break;
                default:
                    text.insert(at, text.substr(random.below(text.size()), 10));
                    break;
            }
        }
        CAPTURE(text);
        if (survives(text)) ++read;
    }
    CHECK(read > rounds / 20);
}
