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

/// Counts intervals that cover, and tells of those that do not.
class Coverage {
public:
    explicit Coverage(std::string name) : name_(std::move(name)) {}
    ~Coverage() {
        INFO(name_, ": ", covered_, " of ", all_, " covered; missed:", missed_);
        CHECK(all_ > 0);
        CHECK(covered_ >= 0.97 * all_ - (sanitized ? 1 : 0));
        MESSAGE(name_, ": ", covered_, " of ", all_, " intervals cover", missed_);
    }
    /// `slack`: what the table itself may be off by.
    void add(const Estimate& e, double exact, const std::string& what, double slack = 0) {
        ++all_;
        if (e.low() - slack <= exact && exact <= e.high() + slack) {
            ++covered_;
            return;
        }
        std::ostringstream text;
        text << "\n  " << what << ": " << e.value << " +- " << e.half_width << " for " << exact;
        missed_ += text.str();
    }

private:
    std::string name_, missed_;
    int all_ = 0, covered_ = 0;
};

}  // namespace poolfit::simulate
