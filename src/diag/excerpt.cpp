#include <algorithm>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/diag/secret.hpp>
#include <poolfit/diag/text.hpp>

#include "layout.hpp"

namespace poolfit::diag {
namespace {

// One character of the line as it is shown.
struct Cell {
    std::string text;
    int width = 0;
    bool marked = false;
};

// The part of a line that may be shown, and what is under it.
struct Strip {
    std::vector<Cell> cells;
    std::size_t mark = 0;  // the first marked cell, or the end of the cells
    bool cut_before = false;
    bool cut_after = false;
};

// A huge line is read only this far on either side of the caret.
constexpr std::size_t reach = 4096;

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// `begin` and `end` are offsets in the line.
Strip read_strip(std::string_view line, std::size_t begin, std::size_t end, bool unicode) {
    std::size_t first = begin > reach ? begin - reach : 0;
    std::size_t last = line.size() - begin > reach ? begin + reach : line.size();
    for (int i = 0; i < 3 && first > 0 && continues(line[first]); ++i) ++first;
    Strip strip;
    strip.cut_before = first > 0;
    bool found = false;
    std::size_t at = first;
    while (at < last) {
        const CodePoint c = decode(line, at);
        Cell cell;
        if (c.valid && c.value == U'\t') {
            cell.text = "    ";
        } else if (!(c.value == 0xfeff && at == 0)) {
            cell.text = visible(c, unicode);
        }
        cell.width = width(std::string_view(cell.text));
        cell.marked = at + c.length > begin && at < end;
        if (!found && at + c.length > begin) {
            found = true;
            strip.mark = strip.cells.size();
        }
        strip.cells.push_back(std::move(cell));
        at += c.length;
    }
    if (!found) strip.mark = strip.cells.size();
    strip.cut_after = at < line.size();
    return strip;
}

// Leaves the cells around the mark that fit in `room` columns, with an ellipsis where something is cut.
void fit(Strip& strip, int room, std::string_view ellipsis) {
    std::vector<Cell>& cells = strip.cells;
    int total = 0;
    for (const Cell& cell : cells) total += cell.width;
    if (!strip.cut_before && !strip.cut_after && total <= room) return;

    const Cell dots{std::string(ellipsis), width(ellipsis), false};
    const int most = room - 2 * dots.width;
    std::size_t from = strip.mark, to = strip.mark;
    int used = 0;
    const auto before = [&](int limit) {
        while (from > 0 && used + cells[from - 1].width <= limit) used += cells[--from].width;
    };
    const auto after = [&](int limit) {
        while (to < cells.size() && used + cells[to].width <= limit) used += cells[to++].width;
    };
    before(most / 3);
    after(most);
    before(most);
    strip.cut_before = strip.cut_before || from > 0;
    strip.cut_after = strip.cut_after || to < cells.size();
    std::vector<Cell> kept;
    if (strip.cut_before) kept.push_back(dots);
    strip.mark = strip.mark - from + kept.size();
    std::move(cells.begin() + static_cast<std::ptrdiff_t>(from), cells.begin() + static_cast<std::ptrdiff_t>(to),
              std::back_inserter(kept));
    if (strip.cut_after) kept.push_back(dots);
    cells = std::move(kept);
}

// The row of carets with the label after it, or under it where there is no room.
std::string caret_rows(const Strip& strip, std::string_view label, Severity severity, const std::string& gutter,
                       const Style& style) {
    int column = 0, carets = 0;
    for (std::size_t i = 0; i < strip.mark; ++i) column += strip.cells[i].width;
    for (const Cell& cell : strip.cells) carets += cell.marked ? cell.width : 0;
    carets = std::max(carets, 1);
    const std::string row = gutter + std::string(static_cast<std::size_t>(column), ' ') +
                            coloured(std::string(static_cast<std::size_t>(carets), '^'), severity, style);
    if (label.empty()) return row + '\n';

    constexpr int readable = 24;
    const int room = usable_width(style) - static_cast<int>(gutter.size());
    const std::string text = visible(label, style.unicode);
    const int beside = room - column - carets - 1;
    std::string out = row;
    if (width(std::string_view(text)) <= beside || beside >= readable) {
        const std::string indent = gutter + std::string(static_cast<std::size_t>(column + carets + 1), ' ');
        out += ' ';
        append_wrapped(out, text, beside, indent);
        return out;
    }
    const int indent_columns = room - column >= readable ? column : 0;
    const std::string indent = gutter + std::string(static_cast<std::size_t>(indent_columns), ' ');
    out += '\n' + indent;
    append_wrapped(out, text, room - indent_columns, indent);
    return out;
}

}  // namespace

std::string excerpt(const Place& place, std::string_view label, const Style& style, Severity severity) {
    if (!place) return "";
    const SourceText& source = *place.source;
    const auto size = static_cast<std::uint32_t>(source.text().size());
    const std::uint32_t begin = std::min(place.span.begin, size);
    const Position position = source.position(begin);
    const std::string_view line = source.line(position.line);
    const std::uint32_t start = source.offset({position.line, 1});
    const std::size_t mark = std::min<std::size_t>(begin - start, line.size());
    const std::size_t end = std::clamp<std::size_t>(std::max(place.span.end, start) - start, mark, line.size());

    const std::string number = std::to_string(position.line);
    const std::string blank(number.size(), ' ');
    const std::string gutter = blank + " | ";
    Strip strip = read_strip(masked(line), mark, end, style.unicode);
    fit(strip, usable_width(style) - static_cast<int>(gutter.size()), style.unicode ? "…" : "...");

    std::string out = fmt::format("{}--> {}:{}:{}\n{} |\n", blank, visible(source.name(), style.unicode), position.line,
                                  position.column, blank);
    std::string shown = number + " | ";
    for (const Cell& cell : strip.cells) shown += cell.text;
    shown.erase(shown.find_last_not_of(' ') + 1);
    return out + shown + '\n' + caret_rows(strip, label, severity, gutter, style);
}

}  // namespace poolfit::diag
