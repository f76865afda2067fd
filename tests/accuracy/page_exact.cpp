#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "document.hpp"
#include "exact.hpp"

namespace accuracy {

namespace {

// The power of ten above it: the last digits are a compiler's business. An approximation's error is no rounding.
std::string below(double difference) {
    if (difference == 0) return "none";
    if (difference > 1e-6) return fmt::format("{:.2f} %", 100 * difference);
    return fmt::format("< 1e{}", static_cast<int>(std::floor(std::log10(difference))) + 1);
}

struct Worst {
    std::string column;
    double difference;
};

std::string line(const ExactTable& table) {
    std::vector<Worst> worst;
    int rows = 0;
    for (const known::Row& row : known::rows(table.file)) {
        const Figures figures = table.figures(row);
        rows += figures.empty() ? 0 : 1;
        for (std::size_t i = 0; i < figures.size(); ++i) {
            const Figure& f = figures[i];
            if (worst.size() <= i) worst.push_back({std::string(f.column), 0});
            worst[i].difference = std::max(worst[i].difference, known::difference(f.ours, row[f.column], f.absolute));
        }
    }
    std::string text = fmt::format("| `{}` | {} | {} |", table.file, table.what, rows);
    // Figures that are equally close stand together.
    std::vector<std::pair<std::string, std::string>> groups;
    for (const Worst& w : worst) {
        const std::string size = below(w.difference);
        auto group = groups.begin();
        while (group != groups.end() && group->first != size) ++group;
        if (group == groups.end())
            groups.emplace_back(size, w.column);
        else
            group->second += ", " + w.column;
    }
    std::string separator = " ";
    for (const auto& [size, columns] : groups) {
        text += fmt::format("{}**{}** {}", separator, size, columns);
        separator = "; ";
    }
    return text + " |\n";
}

}  // namespace

std::string exact_section() {
    std::string text =
        R"--(The largest relative difference of any row, by column of the table. The tables (`tests/known-answers`) were computed
without poolfit, by other methods, with 10 to 40 digits: most differences below are the tables' own last digits, and
"none" means no others. `closed_pool.csv` is compared a second time with the fast solution, which approximates the
throughput.

| table | answers | rows | largest relative difference |
| --- | --- | ---: | --- |
)--";
    for (const ExactTable& table : exact_tables()) text += line(table);
    return text;
}

}  // namespace accuracy
