// The tables of exact answers, row by row, and how often intervals cover them.
#pragma once

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <poolfit/simulate/estimate.hpp>

namespace poolfit::simulate {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif
#else
inline constexpr bool sanitized = false;
#endif

struct Row {
    std::map<std::string, std::string> cells;
    const std::string& text(const std::string& name) const { return cells.at(name); }
    double operator[](const std::string& name) const { return std::strtod(cells.at(name).c_str(), nullptr); }
};

/// tests/known-answers/NAME.csv; of a column name that comes twice, the first counts.
inline std::vector<Row> rows(const std::string& name) {
    std::ifstream file("tests/known-answers/" + name + ".csv");
    REQUIRE_MESSAGE(file.good(), "tests run in the source root");
    const auto split = [](const std::string& line) {
        std::vector<std::string> cells;
        std::stringstream stream(line);
        for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
        return cells;
    };
    std::string line;
    std::getline(file, line);
    const std::vector<std::string> names = split(line);
    std::vector<Row> found;
    while (std::getline(file, line)) {
        const std::vector<std::string> cells = split(line);
        Row row;
        for (std::size_t i = 0; i < names.size(); ++i) row.cells.emplace(names[i], i < cells.size() ? cells[i] : "");
        found.push_back(row);
    }
    return found;
}

/// Sanitizers are ten to thirty times slower: then every `step`th row only.
inline bool skipped(std::size_t row, std::size_t step) { return sanitized && row % step != 0; }

/// Counts intervals that cover the exact figure, and tells of those that do not: of a whole table at least 97 % must,
/// of one of its figures at least 95 % (so few rows scatter more).
class Coverage {
public:
    explicit Coverage(std::vector<std::string> figures) {
        for (std::string& f : figures) figures_.push_back({std::move(f), "", 0, 0});
    }
    ~Coverage() {
        int covered = 0, all = 0;
        std::string text;
        for (const Figure& f : figures_) {
            INFO(f.name, ": ", f.covered, " of ", f.all, f.missed);
            CHECK(f.all > 0);
            CHECK(f.covered >= 0.95 * f.all - (sanitized ? 1 : 0));
            covered += f.covered;
            all += f.all;
            text += "  " + f.name + " " + std::to_string(f.covered) + "/" + std::to_string(f.all) + f.missed;
        }
        MESSAGE("99 % intervals that cover: ", covered, " of ", all, text);
        CHECK(covered >= 0.97 * all - (sanitized ? 1 : 0));
    }
    /// The figures of one row, in order. `slack`: what the table itself may be off by.
    void add(std::size_t figure, const Estimate& e, double exact, const std::string& row, double slack = 0) {
        Figure& f = figures_.at(figure);
        ++f.all;
        if (e.low() - slack <= exact && exact <= e.high() + slack) {
            ++f.covered;
            return;
        }
        std::ostringstream text;
        text << "\n    not " << row << ": " << e.value << " +- " << e.half_width << " for " << exact << "\n";
        f.missed += text.str();
    }

private:
    struct Figure {
        std::string name, missed;
        int all, covered;
    };
    std::vector<Figure> figures_;
};

}  // namespace poolfit::simulate
