// A series file beside the inventory, and a later export of the same series.
#include <poolfit/import/series.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <poolfit/series/series.hpp>

namespace poolfit::imports {
namespace {

using Cells = std::vector<std::string_view>;

Cells cells_of(std::string_view line) {
    Cells out;
    for (std::size_t at = 0; at <= line.size();) {
        const std::size_t comma = std::min(line.find(',', at), line.size());
        out.push_back(line.substr(at, comma - at));
        at = comma + 1;
    }
    return out;
}

struct Row {
    std::string_view time;
    Cells cells;  ///< by column of the result; empty where there is none
    bool later = false;
};

class Rows {
public:
    /// False where the text is not as poolfit prints series.
    bool add(std::string_view text, bool later) {
        const Cells names = cells_of(next_line(text));
        if (names.front() != "time" || names.size() < 2) return false;
        std::vector<std::size_t> columns;
        for (std::size_t i = 1; i < names.size(); ++i) columns.push_back(column(names[i]));
        while (!text.empty()) {
            const Cells cells = cells_of(next_line(text));
            const auto at = series::parse_time(cells.front());
            if (!at || cells.size() != names.size()) return false;
            Row& row = rows_[*at];
            row.time = cells.front();
            row.later = row.later || later;
            row.cells.resize(std::max(row.cells.size(), names_.size()));
            for (std::size_t i = 0; i < columns.size(); ++i)
                if (!cells[i + 1].empty()) row.cells[columns[i]] = cells[i + 1];
        }
        return true;
    }

    MergedSeries merged() const {
        MergedSeries out{"time", rows_.size(), 0};
        for (const std::string_view name : names_) out.text.append(1, ',').append(name);
        out.text += '\n';
        for (const auto& [at, row] : rows_) {
            out.text += row.time;
            for (std::size_t i = 0; i < names_.size(); ++i)
                out.text.append(1, ',').append(i < row.cells.size() ? row.cells[i] : std::string_view());
            out.text += '\n';
            out.kept += row.later ? 0 : 1;
        }
        return out;
    }

private:
    static std::string_view next_line(std::string_view& text) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        return line;
    }
    std::size_t column(std::string_view name) {
        const auto found = std::ranges::find(names_, name);
        const auto index = static_cast<std::size_t>(found - names_.begin());
        if (found == names_.end()) names_.push_back(name);
        return index;
    }

    Cells names_;
    std::map<series::Instant, Row> rows_;
};

}  // namespace

std::optional<MergedSeries> merge_series(std::string_view earlier, std::string_view later) {
    Rows rows;
    if (!rows.add(earlier, false) || !rows.add(later, true)) return std::nullopt;
    return rows.merged();
}

}  // namespace poolfit::imports
