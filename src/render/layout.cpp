#include "layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>

namespace poolfit::render {
namespace {

constexpr char32_t no_break_space = 0xA0;

struct StandIn {
    char32_t sign;
    std::string_view ascii;
};

// Signs of the renderers; what is not here is `diag`'s to show.
constexpr std::array<StandIn, 8> stand_ins{
    {{U'■', "#"}, {U'□', "."}, {U'·', "|"}, {U'◀', "<"}, {U'÷', "/"}, {U'├', "|"}, {U'│', "|"}, {U'└', "`"}}};

std::string_view escape(Paint paint) {
    switch (paint) {
        case Paint::good:
            return "\x1b[32m";
        case Paint::warn:
            return "\x1b[33m";
        case Paint::bad:
            return "\x1b[31m";
        case Paint::dim:
            return "\x1b[2m";
        case Paint::plain:
            break;
    }
    return "\x1b[0m";
}

struct Glyph {
    std::string_view bytes;
    int width = 1;
    Paint paint = Paint::plain;
    bool breaks = false;  ///< a line may end here
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
        for (; i < glyphs.size() && glyphs[i].breaks; ++i) ++word.gap;
        word.begin = i;
        std::string text;
        for (; i < glyphs.size() && !glyphs[i].breaks; ++i) {
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
    for (std::size_t i = 0; i < text.size();) {
        // Most of what is printed is ASCII, which stays as it is.
        std::size_t plain = i;
        while (plain < text.size() && text[plain] >= ' ' && text[plain] <= '~') ++plain;
        if (plain > i) {
            out += text.substr(i, plain - i);
            i = plain;
            continue;
        }
        const diag::CodePoint point = diag::decode(text, i);
        if (unicode && diag::stands(point)) {
            out += text.substr(i, point.length);
            i += point.length;
            continue;
        }
        const auto* sign = std::ranges::find(stand_ins, point.value, &StandIn::sign);
        if (point.valid && point.value == no_break_space)
            out += text.substr(i, point.length);
        else if (!unicode && point.valid && sign != stand_ins.end())
            out += sign->ascii;
        else
            out += diag::visible(point, unicode);
        i += point.length;
    }
    return out;
}

Page::Page(const Style& style)
    : width_(std::max(style.width, narrowest)), colour_(style.colour), unicode_(style.unicode) {}

int Page::columns(std::string_view text) const { return diag::width(shown(text, unicode_)); }

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
    if (!label.empty() && columns(lead.text) + 1 > indent) {
        write({lead}, indent);
        lead.text.clear();
    }
    lead.text = left(lead.text, indent);
    text.insert(text.begin(), std::move(lead));
    write(text, indent);
}

void Page::flow(std::string_view label, const std::vector<std::string>& texts, std::string_view separator, int indent) {
    std::string line(label);
    bool fresh = true;
    for (const std::string& text : texts) {
        if (text.empty()) continue;
        if (!fresh && columns(line) + columns(separator) + columns(text) > width_) {
            write({line}, indent);
            line = left("", indent);
            fresh = true;
        }
        if (!fresh) line += separator;
        line += text;
        fresh = false;
    }
    write({line}, indent);
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
    // Below, or at the end of what the left side has wrapped to.
    const int last = wrap(lhs, 0, indent, {});
    const bool beside = a > width_ && last + 2 + b <= edge();
    if (beside) out_.pop_back();
    const int start = beside ? last : 0;
    Pieces below{
        Piece(std::string(static_cast<std::size_t>(std::max({beside ? 2 : indent, edge() - b - start})), ' '))};
    below.insert(below.end(), rhs.begin(), rhs.end());
    wrap(below, start, indent, {});
}

void Page::guided(std::string_view first, std::string_view rest, const Pieces& text, int hang) {
    out_ += shown(first, unicode_);
    wrap(text, columns(first), columns(rest) + hang, rest);
}

/// The line as it is, where it fits and no colour has to be set; the column after it.
std::optional<int> Page::on_one_line(const Pieces& pieces, int start) {
    std::string line;
    for (const Piece& piece : pieces) line += shown(piece.text, unicode_);
    while (line.ends_with(' ')) line.pop_back();
    const int column = start + diag::width(line);
    if (column > width_ || line.empty()) return std::nullopt;
    constexpr std::string_view glue = "\u00a0";
    for (std::size_t at = line.find(glue); at != std::string::npos; at = line.find(glue, at))
        line.replace(at, glue.size(), " ");
    out_ += line;
    out_ += '\n';
    return column;
}

int Page::wrap(const Pieces& pieces, int start, int indent, std::string_view rest) {
    if (!colour_)
        if (const auto end = on_one_line(pieces, start)) return *end;
    std::vector<std::string> texts;
    texts.reserve(pieces.size());
    std::vector<Glyph> glyphs;
    for (const Piece& piece : pieces) {
        std::string_view text = texts.emplace_back(shown(piece.text, unicode_));
        while (!text.empty()) {
            if (static_cast<unsigned char>(text[0]) < 0x80) {
                glyphs.push_back({text.substr(0, 1), 1, piece.paint, text[0] == ' '});
                text.remove_prefix(1);
                continue;
            }
            const diag::CodePoint point = diag::decode(text, 0);
            const bool glue = point.valid && point.value == no_break_space;
            glyphs.push_back(
                {glue ? " " : text.substr(0, point.length), diag::width(point.value), piece.paint, point.value == ' '});
            text.remove_prefix(point.length);
        }
    }
    const std::string guide = shown(rest, unicode_);
    indent = std::max(std::clamp(indent, 0, width_ * 3 / 4), diag::width(guide));
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
        spaces(indent - diag::width(guide));
        column = indent;
    };
    const std::vector<Word> words = words_of(glyphs);
    bool fresh = true;
    for (const Word& word : words) {
        const bool fits = column + word.gap + word.width <= width_;
        if (!fits && !fresh && word.width <= width_ - indent) {
            next_line();
        } else if (fits || column + word.gap + 8 <= width_) {
            if (glyphs[word.begin].paint != paint) set(Paint::plain);
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
    return column;
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

std::string Page::take() {
    while (out_.ends_with("\n\n")) out_.pop_back();
    return std::move(out_);
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

std::string counted(std::size_t n, std::string_view noun) { return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s"); }

}  // namespace poolfit::render
