#include "table.hpp"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace known {

namespace {

std::vector<std::string> cells(const std::string& line) {
    std::vector<std::string> found;
    std::stringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) found.push_back(cell);
    return found;
}

}  // namespace

const std::string& Row::text(std::string_view column) const {
    for (std::size_t i = 0; i < names->size(); ++i)
        if ((*names)[i] == column) return values[i];
    throw std::runtime_error("no column " + std::string(column) + " beside " + line);
}

double Row::operator[](std::string_view column) const { return std::strtod(text(column).c_str(), nullptr); }
std::int64_t Row::whole(std::string_view column) const { return std::llround((*this)[column]); }

std::vector<Row> read_csv(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, line)) throw std::runtime_error("cannot read " + path + " from this folder");
    const auto names = std::make_shared<const std::vector<std::string>>(cells(line));
    std::vector<Row> found;
    while (std::getline(file, line)) {
        Row row{names, cells(line), line};
        row.values.resize(names->size());
        found.push_back(std::move(row));
    }
    if (found.empty()) throw std::runtime_error(path + " has no rows");
    return found;
}

std::vector<Row> rows(const std::string& file) { return read_csv("tests/known-answers/" + file); }

double difference(double ours, double theirs, double absolute) {
    const double gap = std::fabs(ours - theirs) - absolute;
    if (gap <= 0.0) return 0.0;
    if (std::isnan(gap)) return 1e300;
    return gap / std::fabs(theirs);
}

}  // namespace known
