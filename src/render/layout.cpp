#include "layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace poolfit::render {
namespace {

constexpr char32_t invalid = 0xFFFFFFFF;

/// The code point at the front of `text` and its length in bytes; `invalid` and 1 where there is none.
std::pair<char32_t, std::size_t> decode(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    const std::size_t length = lead >= 0xF0 && lead < 0xF5 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead >= 0xF5 || text.size() < length) return {invalid, 1};
    char32_t point = lead & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return {invalid, 1};
        point = (point << 6) | (byte(i) & 0x3Fu);
    }
    const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
    if (overlong || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return {invalid, 1};
    return {point, length};
}

struct Range {
    char32_t low, high;
};

template <std::size_t N>
bool in(const std::array<Range, N>& ranges, char32_t point) {
    return std::ranges::any_of(ranges, [&](Range r) { return point >= r.low && point <= r.high; });
}

// Controls, and what would turn the reading direction of a line.
constexpr std::array<Range, 5> hidden{
    {{0x00, 0x1F}, {0x7F, 0x9F}, {0x2028, 0x202E}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF}}};
constexpr std::array<Range, 9> combining{{{0x0300, 0x036F},
                                          {0x0483, 0x0489},
                                          {0x0591, 0x05BD},
                                          {0x0610, 0x061A},
                                          {0x064B, 0x065F},
                                          {0x1AB0, 0x1AFF},
                                          {0x200B, 0x200F},
                                          {0x20D0, 0x20FF},
                                          {0xFE00, 0xFE0F}}};
constexpr std::array<Range, 10> wide{{{0x1100, 0x115F},
                                      {0x2E80, 0x303E},
                                      {0x3041, 0xA4CF},
                                      {0xA960, 0xA97C},
                                      {0xAC00, 0xD7A3},
                                      {0xF900, 0xFAFF},
                                      {0xFE30, 0xFE6F},
                                      {0xFF00, 0xFF60},
                                      {0x1F300, 0x1FAFF},
                                      {0x20000, 0x3FFFD}}};

struct StandIn {
    char32_t point;
    std::string_view ascii;
};
constexpr std::array<StandIn, 25> stand_ins{{{U'■', "#"},      {U'□', "."},       {U'→', "->"}, {U'·', "|"},
                                             {U'−', "-"},      {U'–', "-"},       {U'—', "-"},  {U'◀', "<"},
                                             {U'×', "x"},      {U'÷', "/"},       {U'≤', "<="}, {U'≥', ">="},
                                             {U'≈', "~"},      {U'…', "..."},     {U'⌈', "ceil("}, {U'⌉', ")"},
                                             {U'⌊', "floor("}, {U'⌋', ")"},       {U'├', "|"},  {U'│', "|"},
                                             {U'└', "`"},      {U'\u2019', "'"},  {U'\u201C', "\""}, {U'\u201D', "\""},
                                             {U'\u00A0', " "}}};

int column_width(char32_t point) {
    if (in(combining, point)) return 0;
    return in(wide, point) ? 2 : 1;
}

std::string_view escape(Paint paint) {
    switch (paint) {
        case Paint::good: return "\x1b[32m";
        case Paint::warn: return "\x1b[33m";
        case Paint::bad: return "\x1b[31m";
        case Paint::dim: return "\x1b[2m";
        case Paint::plain: break;
    }
    return "\x1b[0m";
}

struct Glyph {
    std::string_view bytes;
    int width = 1;
    Paint paint = Paint::plain;
    bool is_space() const { return bytes == " "; }
};

/// Glyphs [begin, end) that stay on one line, after `gap` spaces.
struct Word {
    std::size_t begin = 0, end = 0;
    int gap = 0, width = 0;
};

enum class Cling : std::uint8_t { no, to_previous, to_next };

/// Signs that don't stand at the wrong side of a line's end: a unit stays with its number.
Cling cling(std::string_view word) {
    constexpr std::array<std::string_view, 10> next{"→", "->", "=", "×", "x", "−", "-", "+", "÷", "/"};
    constexpr std::array<std::string_view, 9> previous{"·", "|", "GiB", "MiB", "TiB", "Mbps", "ms", "vCPU", "h"};
    if (std::ranges::find(next, word) != next.end()) return Cling::to_next;
    while (!word.empty() && (word.back() == ',' || word.back() == ';' || word.back() == ':' || word.back() == ')'))
        word.remove_suffix(1);
    if (word.starts_with('%') || std::ranges::find(previous, word) != previous.end()) return Cling::to_previous;
    return Cling::no;
}

std::vector<Word> words_of(const std::vector<Glyph>& glyphs) {
    std::vector<Word> words;
    bool open = false;  // the last word takes the next one in
    for (std::size_t i = 0; i < glyphs.size();) {
        Word word;
        for (; i < glyphs.size() && glyphs[i].is_space(); ++i) ++word.gap;
        word.begin = i;
        std::string text;
        for (; i < glyphs.size() && !glyphs[i].is_space(); ++i) {
            word.width += glyphs[i].width;
            text += glyphs[i].bytes;
        }
        word.end = i;
        if (word.begin == word.end) break;
        const Cling side = cling(text);
        if (!words.empty() && word.gap == 1 && (open || side == Cling::to_previous)) {
            words.back().end = word.end;
            words.back().width += word.gap + word.width;
        } else {
            words.push_back(word);
        }
        open = side == Cling::to_next;
    }
    return words;
}

}  // namespace

std::string shown(std::string_view text, bool unicode) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto [point, length] = decode(text);
        const char32_t seen = point;
        if (seen == invalid || in(hidden, seen)) {
            out += '?';
        } else if (seen < 0x80) {
            out += text[0];
        } else if (const auto* it = std::ranges::find(stand_ins, seen, &StandIn::point);
                   it != stand_ins.end() && (!unicode || seen == U'\u00A0')) {
            out += it->ascii;
        } else if (unicode) {
            out += text.substr(0, length);
        } else if (!in(combining, seen)) {
            out += '?';
        }
        text.remove_prefix(length);
    }
    return out;
}

int columns(std::string_view text) {
    int width = 0;
    while (!text.empty()) {
        const auto [point, length] = decode(text);
        width += column_width(point);
        text.remove_prefix(length);
    }
    return width;
}

Page::Page(const Style& style)
    : width_(std::max(style.width, narrowest)), colour_(style.colour), unicode_(style.unicode) {}

int Page::columns(std::string_view text) const { return render::columns(shown(text, unicode_)); }

int Page::columns(const Pieces& pieces) const {
    int width = 0;
    for (const Piece& piece : pieces) width += columns(piece.text);
    return width;
}

std::string Page::left(std::string_view text, int width) const {
    const int pad = std::max(0, width - columns(text));
    return std::string(text) + std::string(static_cast<std::size_t>(pad), ' ');
}

std::string Page::right(std::string_view text, int width) const {
    const int pad = std::max(0, width - columns(text));
    return std::string(static_cast<std::size_t>(pad), ' ') + std::string(text);
}

void Page::blank() {
    if (!out_.empty() && !out_.ends_with("\n\n")) out_ += '\n';
}

void Page::write(const Pieces& pieces, int indent) { wrap(pieces, 0, indent, {}); }

void Page::labelled(std::string_view label, Pieces text, int indent, int margin) {
    Piece lead(std::string(static_cast<std::size_t>(margin), ' ') + std::string(label));
    if (columns(lead.text) + 1 > indent) {
        write({lead}, indent);
        lead.text.clear();
    }
    lead.text = left(lead.text, indent);
    text.insert(text.begin(), std::move(lead));
    write(text, indent);
}

void Page::ends(Pieces lhs, const Pieces& rhs, int indent) {
    const int a = columns(lhs), b = columns(rhs);
    if (b == 0) return write(lhs, indent);
    const int end = std::min(width_, std::max(edge(), a + 2 + b));
    if (a + 2 + b <= end) {
        lhs.emplace_back(std::string(static_cast<std::size_t>(end - a - b), ' '));
        lhs.insert(lhs.end(), rhs.begin(), rhs.end());
        return write(lhs, indent);
    }
    write(lhs, indent);
    Pieces below{Piece(std::string(static_cast<std::size_t>(std::max({indent, edge() - b, 0})), ' '))};
    below.insert(below.end(), rhs.begin(), rhs.end());
    write(below, indent);
}

void Page::guided(std::string_view first, std::string_view rest, const Pieces& text, int hang) {
    out_ += shown(first, unicode_);
    wrap(text, columns(first), columns(rest) + hang, rest);
}

void Page::wrap(const Pieces& pieces, int start, int indent, std::string_view rest) {
    std::vector<std::string> texts;
    texts.reserve(pieces.size());
    std::vector<Glyph> glyphs;
    for (const Piece& piece : pieces) {
        std::string_view text = texts.emplace_back(shown(piece.text, unicode_));
        while (!text.empty()) {
            const auto [point, length] = decode(text);
            glyphs.push_back({text.substr(0, length), column_width(point), piece.paint});
            text.remove_prefix(length);
        }
    }
    indent = std::clamp(indent, 0, width_ * 3 / 4);
    const std::string guide = shown(rest, unicode_);
    int column = start;
    Paint paint = Paint::plain;
    const auto set = [&](Paint next) {
        if (colour_ && next != paint) {
            if (paint != Paint::plain) out_ += escape(Paint::plain);
            if (next != Paint::plain) out_ += escape(next);
        }
        paint = next;
    };
    const auto spaces = [&](int n) { out_.append(static_cast<std::size_t>(std::max(0, n)), ' '); };
    const auto next_line = [&] {
        set(Paint::plain);
        while (out_.ends_with(' ')) out_.pop_back();
        out_ += '\n';
        out_ += guide;
        spaces(indent - render::columns(guide));
        column = indent;
    };
    const std::vector<Word> words = words_of(glyphs);
    bool fresh = true;
    for (const Word& word : words) {
        const bool fits = column + word.gap + word.width <= width_;
        if (!fits && !fresh && word.width <= width_ - indent) {
            next_line();
        } else if (fits || column + word.gap + 8 <= width_) {
            set(Paint::plain);
            spaces(word.gap);
            column += word.gap;
        } else {
            next_line();
        }
        for (std::size_t i = word.begin; i < word.end; ++i) {
            if (column + glyphs[i].width > width_) next_line();
            set(glyphs[i].paint);
            out_ += glyphs[i].bytes;
            column += glyphs[i].width;
        }
        fresh = false;
    }
    set(Paint::plain);
    while (out_.ends_with(' ')) out_.pop_back();
    out_ += '\n';
}

Pieces Page::bar(double share, int cells) const {
    const auto repeat = [](std::string_view sign, int n) {
        std::string text;
        for (int i = 0; i < n; ++i) text += sign;
        return text;
    };
    Pieces pieces;
    if (!(share > 1)) {
        int full = static_cast<int>(std::lround(std::max(0.0, std::isnan(share) ? 0.0 : share) * cells));
        if (share < 1) full = std::min(full, cells - 1);
        if (full > 0) pieces.emplace_back(repeat("■", full), Paint::good);
        if (full < cells) pieces.emplace_back(repeat("□", cells - full), Paint::dim);
        return pieces;
    }
    const int inside = std::clamp(static_cast<int>(std::lround(cells / share)), 0, cells - 1);
    if (inside > 0) pieces.emplace_back(repeat("■", inside), Paint::good);
    pieces.emplace_back(repeat("■", cells - inside), Paint::bad);
    return pieces;
}

std::string joined(const std::vector<std::string>& texts, std::string_view separator) {
    std::string out;
    for (const std::string& text : texts) {
        if (text.empty()) continue;
        if (!out.empty()) out += separator;
        out += text;
    }
    return out;
}

std::string counted(std::size_t n, std::string_view noun) {
    return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

}  // namespace poolfit::render
