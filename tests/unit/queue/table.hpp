// The tables of known answers, read as numbers by column name, and how close is close.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include <poolfit/queue/answer.hpp>

namespace known {

inline std::vector<std::string> cells(const std::string& line) {
    std::vector<std::string> found;
    std::stringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) found.push_back(cell);
    return found;
}

struct Row {
    const std::vector<std::string>* names = nullptr;
    std::vector<std::string> values;
    std::string line;

    const std::string& text(const char* name) const {
        for (std::size_t i = 0; i < names->size(); ++i) {
            if ((*names)[i] == name) return values[i];
        }
        FAIL("no column ", name);
        return values.front();
    }
    double operator[](const char* name) const { return std::strtod(text(name).c_str(), nullptr); }
    std::int64_t whole(const char* name) const { return std::llround((*this)[name]); }
};

struct Table {
    std::vector<std::string> names;
    std::vector<std::vector<std::string>> lines;
    std::vector<std::string> raw;

    explicit Table(const std::string& file) {
        std::ifstream stream("tests/known-answers/" + file);
        std::string line;
        REQUIRE_MESSAGE(std::getline(stream, line), "tests run in the source root; can't read " << file);
        names = cells(line);
        while (std::getline(stream, line)) {
            raw.push_back(line);
            lines.push_back(cells(line));
        }
        REQUIRE_FALSE(lines.empty());
    }

    template <class F>
    void for_each(F f) const {
        for (std::size_t i = 0; i < lines.size(); ++i) f(Row{&names, lines[i], raw[i]});
    }
};

/// Relative difference beyond what `absolute` allows; POOLFIT_SHOW_DIFFERENCES prints the worst of each table.
inline double difference(double ours, double theirs, double absolute = 0.0) {
    const double gap = std::fabs(ours - theirs) - absolute;
    if (gap <= 0.0) return 0.0;
    if (std::isnan(gap)) return 1e300;
    return gap / std::fabs(theirs);
}

template <class T>
T value(const poolfit::queue::Answer<T>& answer) {
    if (const auto* bad = std::get_if<poolfit::queue::BadInput>(&answer)) FAIL(poolfit::queue::describe(*bad));
    if (const auto* bad = std::get_if<poolfit::queue::Unstable>(&answer)) FAIL(poolfit::queue::describe(*bad));
    return std::get<T>(answer);
}

template <class T>
bool is_bad(const poolfit::queue::Answer<T>& answer, const char* input, poolfit::queue::Flaw flaw) {
    const auto* bad = std::get_if<poolfit::queue::BadInput>(&answer);
    return bad && bad->input == input && bad->flaw == flaw;
}

template <class T>
bool is_unstable(const poolfit::queue::Answer<T>& answer, std::int64_t smallest) {
    const auto* bad = std::get_if<poolfit::queue::Unstable>(&answer);
    return bad && bad->smallest_stable.value == smallest;
}

/// Checks one cell, and keeps the worst difference.
struct Worst {
    double most = 0.0;
    void operator()(const Row& row, const char* column, double ours, double limit = 1e-9, double absolute = 0.0) {
        const double d = difference(ours, row[column], absolute);
        if (d > most) most = d;
        if (!(d <= limit)) FAIL_CHECK(row.line, ": ", column, " is ", ours, ", off by ", d);
    }
#ifdef POOLFIT_SHOW_DIFFERENCES
    ~Worst() { MESSAGE("largest relative difference ", most); }
#endif
};

}  // namespace known
