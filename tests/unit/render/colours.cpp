// What stands out is readable on any background: marks bring their own, in colours that common terminals keep apart.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>

#include <doctest/doctest.h>

#include "../../../src/render/layout.hpp"

using namespace poolfit;

namespace {

/// The colours 0 (black), 10 (bright green) and 11 (bright yellow) of a terminal's default palette.
struct Palette {
    const char* terminal;
    std::uint32_t black, green, yellow;
};
// https://en.wikipedia.org/wiki/ANSI_escape_code#3-bit_and_4-bit, as of 2026-11
constexpr std::array palettes{
    Palette{"VGA", 0x000000, 0x55ff55, 0xffff55},
    Palette{"Windows Console", 0x0c0c0c, 0x16c60c, 0xf9f1a5},
    Palette{"Windows PowerShell", 0x000000, 0x00ff00, 0xffff00},
    Palette{"Visual Studio Code", 0x000000, 0x14ce14, 0xf5f543},
    Palette{"Terminal.app", 0x000000, 0x00d900, 0xe5e500},
    Palette{"PuTTY", 0x000000, 0x55ff55, 0xffff55},
    Palette{"xterm", 0x000000, 0x00ff00, 0xffff00},
    Palette{"Ubuntu", 0x010101, 0x00ff00, 0xffff00},
};

/// Relative luminance and contrast ratio: WCAG 2.1.
double luminance(std::uint32_t rgb) {
    const auto part = [&](int shift) {
        const double c = ((rgb >> shift) & 0xff) / 255.0;
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0);
}
double contrast(std::uint32_t a, std::uint32_t b) {
    const double la = luminance(a), lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

}  // namespace

TEST_CASE("colours: marks have a contrast of 4.5 at least in the palettes of common terminals") {
    CHECK(render::sgr(render::Paint::good_mark) == "30;102");
    CHECK(render::sgr(render::Paint::warn_mark) == "30;103");
    for (const Palette& palette : palettes) {
        INFO(palette.terminal);
        CHECK(contrast(palette.black, palette.green) >= 4.5);
        CHECK(contrast(palette.black, palette.yellow) >= 4.5);
    }
    CHECK(contrast(0xffffff, 0x000000) == doctest::Approx(21));
}

TEST_CASE("colours: other text keeps the terminal's own foreground and background") {
    using render::Paint;
    for (const Paint paint : {Paint::good, Paint::warn, Paint::bad}) CHECK(render::sgr(paint) == "1");
    CHECK(render::sgr(Paint::bad_mark) == "1;7");  // reversed: the terminal's own two colours
}
