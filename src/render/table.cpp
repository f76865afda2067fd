#include "table.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace poolfit::render {
namespace {

constexpr int narrowest_wrapped = 24;  // a column of text narrower than this is not worth reading

}  // namespace

Table::Table(std::vector<Column> columns, int margin) : columns_(std::move(columns)), margin_(margin) {}

void Table::add_coloured(Pieces cells) {
    rows_.push_back(std::move(cells));
    painted_.emplace_back();
}

void Table::add(std::vector<std::string> cells) {
    add_coloured({std::make_move_iterator(cells.begin()), std::make_move_iterator(cells.end())});
}

void Table::add(std::vector<std::string> cells, Pieces last) {
    std::string text;
    for (const Piece& piece : last) text += piece.text;
    cells.push_back(std::move(text));
    add(std::move(cells));
    painted_.back() = std::move(last);
}

Table::Fit Table::fit(const Page& page) const {
    const std::size_t count = columns_.size();
    Fit result;
    result.kept.assign(count, true);
    result.widths.reserve(count);
    std::vector<int> run_on(count, 0);  // widest cell that starts at the column and goes on to the end of its line
    for (std::size_t i = 0; i < count; ++i) {
        int width = page.columns(columns_[i].head);
        for (const auto& cells : rows_) {
            const bool runs_on = cells.size() < count && i + 1 >= cells.size();
            if (runs_on && i + 1 == cells.size()) run_on[i] = std::max(run_on[i], page.columns(cells[i].text));
            if (!runs_on) width = std::max(width, page.columns(cells[i].text));
        }
        if (columns_[i].wraps) width = std::min(width, narrowest_wrapped);
        result.widths.push_back(width);
    }
    const auto total = [&] {
        int column = margin_, end = margin_;
        for (std::size_t i = 0; i < count; ++i) {
            end = std::max(end, column + run_on[i]);
            if (result.kept[i]) end = std::max(end, column + result.widths[i]);
            if (result.kept[i]) column += result.widths[i] + result.gap;
        }
        return end;
    };
    while (true) {
        for (const int gap : {2, 1}) {
            result.gap = gap;
            if (total() <= page.width()) {
                result.fits = true;
                return result;
            }
        }
        std::size_t out = count;
        for (std::size_t i = 0; i < count; ++i)
            if (result.kept[i] && columns_[i].drop > 0 && (out == count || columns_[i].drop > columns_[out].drop))
                out = i;
        if (out == count) return result;
        result.kept[out] = false;
    }
}

std::vector<std::string> Table::dropped(const Page& page) const {
    std::vector<std::string> heads;
    const Fit how = fit(page);
    if (!how.fits) return heads;
    for (std::size_t i = 0; i < columns_.size(); ++i)
        if (!how.kept[i]) heads.push_back(columns_[i].head);
    return heads;
}

void Table::print_row(Page& page, const Fit& fit, const Pieces& cells, const Pieces& last) const {
    Pieces line;
    line.reserve(2 * columns_.size() + last.size() + 1);
    line.emplace_back(std::string(static_cast<std::size_t>(margin_), ' '));
    int column = margin_, indent = margin_;
    bool ended = false;
    for (std::size_t i = 0; i < columns_.size() && i < cells.size(); ++i) {
        const bool runs_on = cells.size() < columns_.size() && i + 1 == cells.size();
        if (!fit.kept[i] && !runs_on) continue;
        const Piece& cell = cells[i];
        ended = !last.empty() && i + 1 == cells.size();
        if (ended)
            line.insert(line.end(), last.begin(), last.end());
        else if (runs_on || columns_[i].wraps)
            line.push_back(cell);
        else
            line.emplace_back(
                columns_[i].right ? page.right(cell.text, fit.widths[i]) : page.left(cell.text, fit.widths[i]),
                cell.paint);
        indent = column;
        column += fit.widths[i] + fit.gap;
        if (ended) continue;
        if (line.back().paint == Paint::plain)
            line.back().text.append(static_cast<std::size_t>(fit.gap), ' ');
        else
            line.emplace_back(std::string(static_cast<std::size_t>(fit.gap), ' '));
    }
    page.write(line, indent);
}

void Table::print_record(Page& page, const Pieces& cells) const {
    const std::string& first = cells.front().text;
    const int margin = margin_ + static_cast<int>(std::min(first.find_first_not_of(' '), std::size_t{8}));
    page.write({std::string(static_cast<std::size_t>(margin_), ' ') + first}, margin + 2);
    std::vector<std::string> rest;
    for (std::size_t i = 1; i < cells.size(); ++i) {
        const std::string& cell = cells[i].text;
        if (cell.empty()) continue;
        const bool headless =
            columns_[i].head.empty() || columns_[i].headless || columns_[i].wraps || cells.size() < columns_.size();
        rest.push_back(headless ? cell : columns_[i].head + "\u00A0" + cell);
    }
    if (!rest.empty()) page.labelled("", {joined(rest)}, margin + 2);
}

void Table::print(Page& page, bool heads) const {
    if (rows_.empty()) return;
    const Fit how = fit(page);
    if (!how.fits) {
        for (const Pieces& cells : rows_) print_record(page, cells);
        return;
    }
    if (heads) {
        Pieces names;
        for (const Column& column : columns_) names.emplace_back(column.head);
        print_row(page, how, names, {});
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) print_row(page, how, rows_[i], painted_[i]);
}

}  // namespace poolfit::render
