// A series file beside the inventory, and a later export of the same series.
#include <poolfit/import/series.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <poolfit/series/series.hpp>

namespace poolfit::imports {

namespace {

std::vector<std::string> row_cells(std::string_view line) {
    std::vector<std::string> cells;
    for (std::size_t at = 0;;) {
        const std::size_t end = std::min(line.find(',', at), line.size());
        cells.emplace_back(line.substr(at, end - at));
        if (end == line.size()) return cells;
        at = end + 1;
    }
}

/// A series file as print_series() writes it, taken apart.
struct Rows {
    std::vector<std::string> columns;
    std::map<series::Instant, std::vector<std::string>> rows;  ///< with the text of their time first
};
std::optional<Rows> rows_of(std::string_view text) {
    Rows out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string_view line = text.substr(at, end - at);
        at = end + 1;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) continue;
        std::vector<std::string> cells = row_cells(line);
        if (out.columns.empty()) {
            if (cells.front() != "time" || line.find('"') != line.npos) return std::nullopt;
            out.columns = std::move(cells);
            continue;
        }
        const auto time = series::parse_time(cells.front());
        if (!time || cells.size() != out.columns.size()) return std::nullopt;
        out.rows[*time] = std::move(cells);
    }
    if (out.columns.empty()) return std::nullopt;
    return out;
}

}  // namespace

std::optional<JoinedSeries> join_series(std::string_view old, std::string_view text) {
    auto before = rows_of(old);
    const auto after = rows_of(text);
    if (!before || !after) return std::nullopt;
    std::vector<std::size_t> to;  // the column of each of the new one's
    for (const std::string& column : after->columns) {
        const auto there = std::ranges::find(before->columns, column);
        to.push_back(static_cast<std::size_t>(there - before->columns.begin()));
        if (there == before->columns.end()) before->columns.push_back(column);
    }
    JoinedSeries out;
    out.kept = before->rows.size();
    for (const auto& [time, cells] : after->rows) {
        std::vector<std::string>& row = before->rows[time];
        ++(row.empty() ? out.added : out.replaced);
        row.resize(before->columns.size());
        for (std::size_t i = 0; i < cells.size(); ++i)
            if (!cells[i].empty()) row[to[i]] = cells[i];
    }
    out.kept -= out.replaced;
    out.text = fmt::format("{}\n", fmt::join(before->columns, ","));
    for (auto& [time, cells] : before->rows) {
        cells.resize(before->columns.size());
        out.text += fmt::format("{}\n", fmt::join(cells, ","));
    }
    return out;
}

}  // namespace poolfit::imports
