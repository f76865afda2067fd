// What is a character, and which ones a message can not show: against the Unicode standard, not against the lexer.
#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "support.hpp"

using namespace formula_test;

namespace {

std::string encoded(std::uint32_t point) {
    const auto tail = [&](int shift) { return static_cast<char>(0x80 | (point >> shift & 0x3F)); };
    if (point < 0x80) return {static_cast<char>(point)};
    if (point < 0x800) return {static_cast<char>(0xC0 | point >> 6), tail(0)};
    if (point < 0x10000) return {static_cast<char>(0xE0 | point >> 12), tail(6), tail(0)};
    return {static_cast<char>(0xF0 | point >> 18), tail(12), tail(6), tail(0)};
}

/// The character that starts the bytes, decoded by value: what encodes to the same bytes is one, all else is none.
std::optional<std::uint32_t> decoded(const std::string& bytes) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])); };
    std::size_t length = 1;
    std::uint32_t point = byte(0);
    for (std::uint32_t bit = 0x40; point >= 0x80 && (byte(0) & bit) != 0 && length < 5; bit >>= 1) ++length;
    if (point >= 0x80) point &= 0x7FU >> length;
    for (std::size_t i = 1; i < length; ++i) {
        if (i >= bytes.size()) return {};
        point = point << 6 | (byte(i) & 0x3F);
    }
    if (point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return {};
    return encoded(point) == bytes.substr(0, length) ? std::optional(point) : std::nullopt;
}

void check_character(const std::string& bytes) {
    const std::string text = "5" + bytes;
    const FormulaError error = error_of(text, Dialect::rds);
    INFO("first byte ", static_cast<int>(static_cast<unsigned char>(bytes[0])));
    CAPTURE(fmt::format("{:02X}", fmt::join(std::basic_string<unsigned char>(bytes.begin(), bytes.end()), " ")));
    REQUIRE(error.span.begin == 1);
    const bool is_text = error.message.find("is not UTF-8 text") == std::string::npos;
    const auto point = decoded(bytes);
    REQUIRE(is_text == point.has_value());
    REQUIRE(error.span.end == 1 + (point ? encoded(*point).size() : 1));
}

}  // namespace

TEST_CASE("formula: the characters are those that Unicode has, and one is marked whole") {
    for (const char third : {'\x7F', '\x80', '\xBF', '\xC0'})
        for (const char fourth : {'\x7F', '\x80', '\xBF', '\xC0'})
            for (int first = 0x80; first < 0x100; ++first)
                for (const int second : {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF})
                    check_character({static_cast<char>(first), static_cast<char>(second), third, fourth});
    for (const char* cut : {"\xC3", "\xE2", "\xE2\x80", "\xF0", "\xF0\x9F", "\xF0\x9F\x98"}) check_character(cut);
    Random random(11);
    for (int i = 0; i < 3000; ++i) {
        const auto point = static_cast<std::uint32_t>(0x80 + random.below(0x110000 - 0x80));
        if (point < 0xD800 || point >= 0xE000) check_character(encoded(point));
    }
}

TEST_CASE("formula: characters that can not be seen are named by number, at both ends of each range") {
    struct Row {
        std::uint32_t point;
        bool seen;
    };
    // U+00A0 has a message of its own.
    constexpr std::array<Row, 30> rows = {{
        {0x00, false},   {0x08, false},   {0x1F, false},   {0x7E, true},    {0x7F, false},   {0x80, false},
        {0x9F, false},   {0xA1, true},    {0xAC, true},    {0xAD, false},   {0xAE, true},    {0x1FFF, true},
        {0x2000, false}, {0x2001, false}, {0x200B, false}, {0x200F, false}, {0x2010, true},  {0x2027, true},
        {0x2028, false}, {0x202E, false}, {0x202F, false}, {0x2030, true},  {0x2060, false}, {0x206F, false},
        {0x2070, true},  {0x2FFF, true},  {0x3000, false}, {0x3001, true},  {0xFEFF, false}, {0x1F600, true},
    }};
    for (const Row& row : rows) {
        const std::string character = encoded(row.point);
        const FormulaError error = error_of("5" + character, Dialect::pool);
        CAPTURE(row.point);
        CHECK(error.message == (row.seen
                                    ? fmt::format("\"{}\" is not allowed in a pool formula", character)
                                    : fmt::format("character U+{:04X} is not allowed in a pool formula", row.point)));
    }
}

TEST_CASE("formula: what looks like an operator is named, with the one to write") {
    struct Row {
        std::string_view typed, meant;
    };
    constexpr std::array<Row, 15> rows = {{{"\u2212", "-"},
                                           {"\u2013", "-"},
                                           {"\u2014", "-"},
                                           {"\u00D7", "*"},
                                           {"\u00B7", "*"},
                                           {"\u22C5", "*"},
                                           {"\u2217", "*"},
                                           {"\u00F7", "/"},
                                           {"\u2215", "/"},
                                           {"\u2044", "/"},
                                           {"\u2264", "<="},
                                           {"\u2265", ">="},
                                           {"\u201C", "\""},
                                           {"\u201D", "\""},
                                           {"\uFF0C", ","}}};
    for (const Row& row : rows) {
        const FormulaError error = error_of(fmt::format("5 {} 2", row.typed), Dialect::rds);
        CHECK(error.message == fmt::format("\"{}\" is not an operator", row.typed));
        CHECK(error.fix == fmt::format("write {}", row.meant));
        CHECK(error.span == Span{2, static_cast<std::uint32_t>(2 + row.typed.size())});
    }
}

TEST_CASE("formula: names are of letters, digits and _, numbers of digits and one point") {
    // Either a name or a number reads every byte of it, or it is an error: so the bytes at both ends of each range
    // count.
    for (const char c : std::string_view("azAZ_")) {
        const std::string name = std::string(1, c) + "azAZ09_";
        CHECK(parsed(name, Dialect::pool).names() == std::vector<std::string>{name});
        CHECK(parsed("{$" + name + "}", Dialect::rds).names() == std::vector<std::string>{name});
    }
    for (const char c : std::string_view("`{@[^:;"))
        CHECK(error_of("a" + std::string(1, c), Dialect::pool).span == Span{1, 2});
    for (const char c : std::string_view("0123456789")) {
        const auto result = formula::evaluate_pool(parsed(fmt::format("{}7.{}", c, c), Dialect::pool), {});
        CHECK(std::get<double>(result) == doctest::Approx((c - '0') * 10.1 + 7));
    }
    for (const char c : std::string_view(" \t\n\r"))
        CHECK(parsed(fmt::format("{}1{}+{}2{}", c, c, c, c), Dialect::pool).nodes().size() == 3);
    for (const char c : std::string_view("\v\f\b"))
        CHECK(error_of(std::string(1, c) + "1", Dialect::pool).span == Span{0, 1});
}
