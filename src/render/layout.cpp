#include "layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include <poolfit/diag/text.hpp>

namespace poolfit::render {
namespace {

constexpr char32_t no_break_space = 0xA0;

struct StandIn {
    char32_t sign;
    std::string_view ascii;
};

// Signs of the renderers; what is not here is `diag`'s to show.
constexpr std::array<StandIn, 16> stand_ins{{{U'▁', "_"},
                                             {U'▂', "."},
                                             {U'▃', ":"},
                                             {U'▄', "-"},
                                             {U'▅', "="},
                                             {U'▆', "+"},
                                             {U'▇', "*"},
                                             {U'█', "#"},
                                             {U'■', "#"},
                                             {U'□', "."},
                                             {U'·', "|"},
                                             {U'◀', "<"},
                                             {U'÷', "/"},
                                             {U'├', "|"},
                                             {U'│', "|"},
                                             {U'└', "`"}}};

}  // namespace

void append_shown(std::string& out, std::string_view text, bool unicode) {
    std::size_t as_it_is = 0;  // from here on, what is yet to be copied
    for (std::size_t i = diag::plain_run(text, 0); i < text.size(); i += diag::plain_run(text, i)) {
        const std::size_t at = i;
        const diag::CodePoint point = diag::decode(text, at);
        i += point.length;
        if (point.valid && (point.value == no_break_space || (unicode && diag::stands(point)))) continue;
        out += text.substr(as_it_is, at - as_it_is);
        as_it_is = i;
        const auto* const stand_in = std::ranges::find(stand_ins, point.value, &StandIn::sign);
        if (!unicode && point.valid && stand_in != stand_ins.end())
            out += stand_in->ascii;
        else
            out += diag::visible(point, unicode);
    }
    out += text.substr(as_it_is);
}

std::string shown(std::string_view text, bool unicode) {
    std::string out;
    out.reserve(text.size());
    append_shown(out, text, unicode);
    return out;
}

Page::Page(const Style& style)
    : width_(std::max(style.width, narrowest)), colour_(style.colour), unicode_(style.unicode) {}

int Page::columns(std::string_view text) const {
    int width = 0;
    for (std::size_t i = 0; i < text.size();) {
        if (const std::size_t plain = diag::plain_run(text, i); plain != 0) {
            width += static_cast<int>(plain);
            i += plain;
            continue;
        }
        const diag::CodePoint point = diag::decode(text, i);
        const bool stays = unicode_ && diag::stands(point);
        width += stays ? diag::width(point.value) : diag::width(shown(text.substr(i, point.length), unicode_));
        i += point.length;
    }
    return width;
}

int Page::columns(const Pieces& pieces) const {
    int width = 0;
    for (const Piece& piece : pieces) width += columns(piece.text);
    return width;
}

std::string Page::left(std::string_view text, int width) const {
    std::string out;
    append_left(out, text, width);
    return out;
}

std::string Page::right(std::string_view text, int width) const {
    std::string out;
    append_right(out, text, width);
    return out;
}

void Page::append_left(std::string& out, std::string_view text, int width) const {
    const auto pad = static_cast<std::size_t>(std::max(0, width - columns(text)));
    if (out.empty()) out.reserve(text.size() + pad);
    out += text;
    out.append(pad, ' ');
}

void Page::append_right(std::string& out, std::string_view text, int width) const {
    const auto pad = static_cast<std::size_t>(std::max(0, width - columns(text)));
    if (out.empty()) out.reserve(text.size() + pad);
    out.append(pad, ' ');
    out += text;
}

void Page::blank() {
    if (!out_.empty() && !out_.ends_with("\n\n")) out_ += '\n';
}

void Page::write(const Pieces& pieces, int indent) { wrap(pieces, 0, indent, {}); }

void Page::verbatim(std::string_view text, int indent) {
    out_.append(static_cast<std::size_t>(indent), ' ');
    append_shown(out_, text, unicode_);
    out_ += '\n';
}

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

void Page::bar(Pieces& pieces, double share, int cells) {
    const auto repeat = [](std::string_view sign, int n) {
        std::string text;
        text.reserve(sign.size() * static_cast<std::size_t>(n));
        for (int i = 0; i < n; ++i) text += sign;
        return text;
    };
    if (!(share > 1)) {
        int full = static_cast<int>(std::lround(std::max(0.0, std::isnan(share) ? 0.0 : share) * cells));
        if (share < 1) full = std::min(full, cells - 1);
        if (full > 0) pieces.emplace_back(repeat("■", full));
        if (full < cells) pieces.emplace_back(repeat("□", cells - full), Paint::dim);
        return;
    }
    const int inside = std::clamp(static_cast<int>(std::lround(cells / share)), 0, cells - 1);
    if (inside > 0) pieces.emplace_back(repeat("■", inside));
    pieces.emplace_back(repeat("■", cells - inside), Paint::bad);
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

std::string counted(std::int64_t n, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", unit::print(Connections(n)), n == 1 ? one : many);
}

std::string counted(std::size_t n, std::string_view noun) { return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s"); }

}  // namespace poolfit::render
