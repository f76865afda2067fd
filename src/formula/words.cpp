#include "words.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/diag/diagnostic.hpp>

namespace poolfit::formula {

namespace {

constexpr std::size_t longest_quote = 40;
/// Beyond this, comparing a word with the known ones does not help and costs time.
constexpr std::size_t longest_misspelling = 64;
constexpr std::size_t longest_list = 12;

char lower_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string list_of(const Variables& variables) {
    std::string list;
    for (std::size_t i = 0; i < variables.size(); ++i) {
        if (i == longest_list) {
            list += fmt::format(" and {} more", variables.size() - i);
            break;
        }
        if (i != 0) list += ", ";
        list += clipped(variables[i].first);
    }
    return list;
}

}  // namespace

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), lower_letter);
    return result;
}

std::string clipped(std::string_view text) {
    std::string shown(text.substr(0, longest_quote));
    for (char& c : shown)
        if (c == '\n' || c == '\r' || c == '\t') c = ' ';
    return text.size() > longest_quote ? shown + "…" : shown;
}

std::string quoted(std::string_view text) { return fmt::format("\"{}\"", clipped(text)); }

std::string_view part(std::string_view text, Span span) {
    if (span.begin >= text.size() || span.end <= span.begin) return {};
    return text.substr(span.begin, span.end - span.begin);
}

std::string_view suggestion(std::string_view word, const std::vector<std::string_view>& candidates) {
    if (word.size() > longest_misspelling) return {};
    const std::string wanted = lower(word);
    const auto same = std::ranges::find_if(candidates, [&](auto c) { return lower(c) == wanted; });
    if (same != candidates.end()) return *same;
    return diag::nearest(word, candidates);
}

const double* find(std::string_view name, const Variables& variables) {
    const auto at = std::ranges::find(variables, name, &Variables::value_type::first);
    return at == variables.end() ? nullptr : &at->second;
}

FormulaError unknown_variable(const Formula& formula, Span span, std::string_view name, const Variables& variables) {
    static constexpr std::string_view rds_variables[] = {"AllocatedStorage", "DBInstanceClassMemory",
                                                         "DBInstanceVCPU",   "EndPointPort",
                                                         "TrueIfReplica",    "DBInstanceClassHugePagesDefault"};
    FormulaError error{span, fmt::format("unknown variable {}", quoted(name)), {}};
    if (variables.empty()) {
        error.fix = "no variables here: write a number";
        return error;
    }
    const std::string known = "known here: " + list_of(variables);
    if (formula.dialect() == Formula::Dialect::rds && std::ranges::count(rds_variables, name) != 0) {
        error.message = fmt::format("no value is known for {}", name);
        error.fix = known;
        return error;
    }
    std::vector<std::string_view> candidates;
    for (const auto& variable : variables) candidates.push_back(variable.first);
    const std::string_view near = suggestion(name, candidates);
    error.fix = near.empty() ? known : fmt::format("write {} ({})", near, known);
    return error;
}

FormulaError division_by_zero(const Formula& formula, Span divisor) {
    const bool rds = formula.dialect() == Formula::Dialect::rds;
    const std::string_view text = part(formula.text(), divisor);
    FormulaError error{divisor, "division by zero", "divide by a number other than 0"};
    if (text.find_first_not_of("0.-") == std::string_view::npos) return error;
    error.message += fmt::format(": {} is 0", clipped(text));
    const std::string shown = text.size() > longest_quote ? "…" : clipped(text);
    error.fix = rds ? fmt::format("divide by GREATEST({},1)", shown) : fmt::format("divide by max(1, {})", shown);
    return error;
}

}  // namespace poolfit::formula
