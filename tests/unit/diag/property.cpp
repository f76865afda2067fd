// Seeded: whatever the source holds, an excerpt is laid out and shows nothing raw.
#include <algorithm>
#include <random>
#include <string>

#include <doctest/doctest.h>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/diag/text.hpp>

using namespace poolfit;

namespace {

bool printable(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const diag::CodePoint c = diag::decode(text, i);
        if (!c.valid || (c.value < 0x20 && c.value != '\n') || (c.value >= 0x7f && c.value < 0xa0)) return false;
        i += c.length;
    }
    return true;
}

// No row is wider than the style, but for the "-->" row and a caret after the last column.
bool fits(std::string_view text, int width) {
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos) return false;
        const std::string_view row = text.substr(0, end);
        if (row.find("-->") == std::string_view::npos && diag::width(row) > width + 1) return false;
        text.remove_prefix(end + 1);
    }
    return true;
}

std::string random_text(std::mt19937_64& random, std::size_t most) {
    const char* pieces[] = {"key", " = ", "\"",      "\n",      "\r\n", "\r",      "\t",
                            "名",  "é",   "e\u0301", "\x1b[0m", "\xff", "\xe2\x80"};
    std::string text;
    const std::size_t length = random() % (most + 1);
    while (text.size() < length) {
        if (random() % 4 == 0) {
            text += static_cast<char>(random());
        } else {
            text += pieces[random() % std::size(pieces)];
        }
    }
    return text;
}

}  // namespace

TEST_CASE("property: an excerpt fits and shows nothing raw") {
    std::mt19937_64 random(5);
    for (int i = 0; i < 4000; ++i) {
        const SourceText source(random_text(random, 8), random_text(random, i % 50 == 0 ? 20000 : 200));
        const auto begin = static_cast<std::uint32_t>(random() % (source.text().size() + 3));
        const Place place{&source, {begin, begin + static_cast<std::uint32_t>(random() % 40)}};
        const diag::Style style{.colour = false, .unicode = i % 2 == 0, .width = 40 + static_cast<int>(random() % 80)};
        const std::string text = diag::excerpt(place, random_text(random, 60), style);
        if (!printable(text) || !fits(text, style.width)) FAIL("round ", i, "\n", text);
        const bool ascii =
            std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
        if (!style.unicode && !ascii) FAIL("round ", i, "\n", text);
    }
}

TEST_CASE("property: position and offset undo each other at every character") {
    std::mt19937_64 random(6);
    for (int i = 0; i < 500; ++i) {
        std::string text = random_text(random, 120);
        if (i % 2 == 0) std::erase_if(text, [](char c) { return static_cast<signed char>(c) < 0; });
        const SourceText source("a", text);
        Position last{1, 0};
        for (std::uint32_t offset = 0; offset <= source.text().size(); ++offset) {
            const Position position = source.position(offset);
            const std::uint32_t start = source.offset(position);
            if (position < last || start > offset || source.position(start) != position) FAIL("round ", i, " ", offset);
            last = position;
        }
    }
}
