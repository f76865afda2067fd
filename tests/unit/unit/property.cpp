// Seeded: what is printed reads back, and no bytes upset a parser.
#include <cmath>
#include <cstring>
#include <random>
#include <string>

#include <doctest/doctest.h>

#include <poolfit/unit/parse.hpp>
#include <poolfit/unit/print.hpp>

using namespace poolfit;

namespace {

constexpr int rounds = 20000;

double log_uniform(std::mt19937_64& random, double low, double high) {
    const double share = static_cast<double>(random() >> 11) * 0x1p-53;
    return std::exp(std::log(low) + share * (std::log(high) - std::log(low)));
}

std::string without_commas(std::string text) {
    std::erase(text, ',');
    return text;
}

template <class Q>
bool reads_back(Q q, double relative, double absolute) {
    const auto parsed = unit::parse<Q>(without_commas(unit::print(q)));
    if (!std::holds_alternative<Q>(parsed)) return false;
    const auto before = static_cast<double>(q.value), after = static_cast<double>(std::get<Q>(parsed).value);
    return std::abs(before - after) <= relative * before + absolute;
}

template <class Q>
bool range_reads_back(Q low, Q high) {
    if (high < low) std::swap(low, high);
    const auto parsed = unit::parse_range<Q>(without_commas(unit::print(Interval<Q>(low, high))));
    if (!std::holds_alternative<Interval<Q>>(parsed)) return false;
    const auto& range = std::get<Interval<Q>>(parsed);
    const auto near = [](Q a, Q b) {
        const auto x = static_cast<double>(a.value), y = static_cast<double>(b.value);
        return std::abs(x - y) <= 0.06 * x + 0.001;
    };
    return near(low, range.low) && near(high, range.high);
}

template <class T>
bool sane(const unit::Parsed<T>& parsed, std::string_view text) {
    const auto* e = std::get_if<unit::ParseError>(&parsed);
    return e == nullptr || (e->offset <= text.size() && e->length <= text.size() - e->offset && !e->message.empty() &&
                            !e->fix.empty() && e->message.size() < 200 && e->fix.size() < 200);
}

bool every_parser_is_sane(std::string_view text) {
    using namespace poolfit::unit;
    return sane(parse<Fraction>(text), text) && sane(parse<Bytes>(text), text) && sane(parse<Millis>(text), text) &&
           sane(parse<PerSecond>(text), text) && sane(parse<MegabitsPerSecond>(text), text) &&
           sane(parse<Days>(text), text) && sane(parse_range<Fraction>(text), text) &&
           sane(parse_range<Bytes>(text), text) && sane(parse_range<Millis>(text), text) &&
           sane(parse_range<PerSecond>(text), text) && sane(parse_range<MegabitsPerSecond>(text), text) &&
           sane(parse_number(text), text) && sane(parse_number_range(text), text);
}

}  // namespace

TEST_CASE("property: what is printed reads back close to it") {
    std::mt19937_64 random(20261124);
    for (int i = 0; i < rounds; ++i) {
        const double v = log_uniform(random, 1e-3, 1e7), w = log_uniform(random, 1e-3, 1e7);
        const auto b = static_cast<std::int64_t>(log_uniform(random, 1, 9e18));
        const auto c = static_cast<std::int64_t>(log_uniform(random, 1, 9e18));
        const bool ok = reads_back(Fraction(v), 0.05, 0.0005) && reads_back(Bytes(b), 0.05, 0) &&
                        reads_back(Millis(v), 0.05, 0) && reads_back(PerSecond(v), 0.05, 0) &&
                        reads_back(MegabitsPerSecond(v), 0.05, 0) && reads_back(Days(v), 0.05, 0) &&
                        range_reads_back(Fraction(v), Fraction(w)) && range_reads_back(Bytes(b), Bytes(c)) &&
                        range_reads_back(Millis(v), Millis(w)) && range_reads_back(PerSecond(v), PerSecond(w)) &&
                        range_reads_back(MegabitsPerSecond(v), MegabitsPerSecond(w));
        if (!ok) FAIL("values ", v, " ", w, " ", b, " ", c);
    }
}

TEST_CASE("property: no text upsets a parser") {
    std::mt19937_64 random(41);
    const char* pieces[] = {"4",   "0.5", "1e9",  "-",    "–",  "−",  "[", "]", ",",   " ",    "%",
                            "GiB", "ms",  "/",    "s",    "/s", "e",  ".", "+", "999", "Mbps", "d",
                            "MB/", "x",   "\xe2", "\xff", "\t", "µs", "0", "k", "\n",  "1e"};
    for (int i = 0; i < rounds; ++i) {
        std::string text;
        const auto length = random() % 12;
        const bool bytes = i % 2 == 0;
        for (std::uint64_t n = 0; n < length; ++n) {
            if (bytes) {
                text += static_cast<char>(random());
            } else {
                text += pieces[random() % std::size(pieces)];
            }
        }
        if (!every_parser_is_sane(text)) FAIL("text '", text, "'");
    }
}

TEST_CASE("property: no value upsets a printer") {
    std::mt19937_64 random(7);
    for (int i = 0; i < rounds; ++i) {
        const std::uint64_t bits = random();
        const auto whole = static_cast<std::int64_t>(bits);
        double v = 0;
        std::memcpy(&v, &bits, sizeof v);
        for (const std::string& text :
             {unit::print(Connections(whole)), unit::print(Bytes(whole)), unit::print(MicroUsdPerMonth(whole)),
              unit::print(Fraction(v)), unit::print(Millis(v)), unit::print(PerSecond(v)), unit::print(Days(v)),
              unit::print(MegabitsPerSecond(v)), unit::print(Interval(Millis(v), Millis(1))), unit::print_number(v)}) {
            if (text.empty() || text.starts_with("−0 ") || text == "−0" || text.starts_with("-"))
                FAIL("value ", v, " printed ", text);
        }
    }
}
