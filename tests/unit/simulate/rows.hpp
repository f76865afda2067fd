// The tables of known answers, and how often intervals have to cover them.
#pragma once

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <poolfit/simulate/estimate.hpp>

#include "../../accuracy/simulated.hpp"
#include "../../accuracy/table.hpp"
#include "../../support/sanitized.hpp"

namespace poolfit::simulate {

using known::Row;
using test::sanitized;

/// tests/known-answers/NAME.csv.
inline std::vector<Row> rows(const std::string& name) { return known::rows(name + ".csv"); }

/// Sanitizers are ten to thirty times slower: then every `step`th row only.
inline bool skipped(std::size_t row, std::size_t step) { return sanitized && row % step != 0; }

/// Of a whole table (the first) at least 97 % have to be covered, of one of its figures at least 95 %, so few rows
/// scatter more. What a run cannot see has to be inside the interval as often.
inline void check(const std::vector<accuracy::Coverage>& table) {
    std::string text;
    for (std::size_t i = 1; i < table.size(); ++i) {
        const accuracy::Coverage& f = table[i];
        INFO(f.name, ": ", f.covered, " of ", f.visible, f.missed);
        CHECK(f.visible > 0);
        CHECK(f.covered >= 0.95 * f.visible - (sanitized ? 1 : 0));
        CHECK(f.unseen_covered >= 0.95 * f.unseen - (sanitized ? 1 : 0));
        text += "  " + f.name + " " + std::to_string(f.covered) + "/" + std::to_string(f.visible);
    }
    MESSAGE("99 % intervals that cover: ", table[0].covered, " of ", table[0].visible, ", and ", table[0].unseen,
            " too rare to be seen;", text, table[0].missed);
    CHECK(table[0].covered >= 0.97 * table[0].visible - (sanitized ? 1 : 0));
}

/// Collects the figures of rows that are not among the tables of tests/accuracy, and checks them at its end.
class Coverage {
public:
    explicit Coverage(const std::vector<const char*>& figures) : found_(1) {
        for (const char* f : figures) found_.emplace_back().name = f;
    }
    ~Coverage() { check(found_); }
    /// The figures of one row, in order. `slack`: what the table itself may be off by.
    void add(std::size_t figure, const Estimate& e, double exact, const std::string& row, double slack = 0) {
        const accuracy::SimulatedFigure f{found_.at(figure + 1).name.c_str(), e, exact, slack, true};
        found_[0].add(f, row);
        found_[figure + 1].add(f, row);
    }

private:
    std::vector<accuracy::Coverage> found_;
};

}  // namespace poolfit::simulate
