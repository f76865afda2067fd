// The data files as the tests read them: a second reader, beside the generator's.
#pragma once

#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "unit/catalog/paths.hpp"

namespace csv {

using Row = std::map<std::string, std::string>;

inline std::vector<std::string> cells(const std::string& line) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        char c = line[i];
        if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
            cells.back() += line[i++];
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            cells.emplace_back();
        } else {
            cells.back() += c;
        }
    }
    return cells;
}

inline std::vector<Row> read(const std::string& name) {
    std::ifstream file(CATALOG_DATA "/" + name);
    std::string line;
    std::getline(file, line);
    const std::vector<std::string> head = cells(line);
    std::vector<Row> rows;
    while (std::getline(file, line)) {
        const std::vector<std::string> values = cells(line);
        Row& row = rows.emplace_back();
        for (std::size_t i = 0; i < head.size() && i < values.size(); ++i) row[head[i]] = values[i];
    }
    return rows;
}

/// 0 for an empty cell.
inline double number(const Row& row, const std::string& column) {
    const std::string& text = row.at(column);
    return text.empty() ? 0 : std::stod(text);
}

}  // namespace csv
