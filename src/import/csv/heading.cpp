#include "heading.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace poolfit::imports {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// Letters of other alphabets too.
bool in_word(char c) { return is_upper(c) || is_lower(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80; }
char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

struct UnitWord {
    std::string_view word, unit;
};
/// A unit of one letter counts in brackets only.
constexpr UnitWord unit_words[] = {
    {"%", "%"},         {"percent", "%"},      {"pct", "%"},     {"percentage", "%"}, {"share", "share"},
    {"ratio", "share"}, {"fraction", "share"}, {"b", "bytes"},   {"byte", "bytes"},   {"bytes", "bytes"},
    {"kb", "kB"},       {"mb", "MB"},          {"gb", "GB"},     {"tb", "TB"},        {"kib", "KiB"},
    {"mib", "MiB"},     {"gib", "GiB"},        {"tib", "TiB"},   {"mbps", "Mbps"},    {"gbps", "Gbps"},
    {"mbit/s", "Mbps"}, {"gbit/s", "Gbps"},    {"mb/s", "MB/s"}, {"mib/s", "MiB/s"},  {"d", "d"},
    {"day", "d"},       {"days", "d"},         {"h", "h"},       {"hour", "h"},       {"hours", "h"},
    {"w", "w"},         {"week", "w"},         {"weeks", "w"},
};

struct StatisticWord {
    std::string_view word;
    Statistic statistic;
};
constexpr StatisticWord statistic_words[] = {
    {"avg", Statistic::mean}, {"average", Statistic::mean}, {"mean", Statistic::mean},  {"typical", Statistic::mean},
    {"max", Statistic::high}, {"maximum", Statistic::high}, {"peak", Statistic::high},  {"highest", Statistic::high},
    {"min", Statistic::low},  {"minimum", Statistic::low},  {"lowest", Statistic::low}, {"p95", Statistic::p95},
    {"95th", Statistic::p95}, {"p99", Statistic::p99},      {"99th", Statistic::p99},
};

constexpr std::string_view fillers[] = {"of",      "the",  "in",   "and",        "for",
                                        "db",      "rds",  "aws",  "amazon",     "observed",
                                        "current", "last", "past", "percentile", "cloudwatch"};

struct Word {
    std::string text;
    bool in_brackets = false;
};

std::vector<Word> words_of(std::string_view text) {
    std::vector<Word> words;
    bool in_brackets = false, open = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '(' || c == '[' || c == ')' || c == ']') in_brackets = c == '(' || c == '[';
        if (c == '%') words.push_back({"%", in_brackets});
        if (c == '/' && open && i + 1 < text.size() && lower(text[i + 1]) == 's' &&
            (i + 2 == text.size() || !in_word(text[i + 2]))) {
            words.back().text += "/s";
            ++i;
            open = false;
            continue;
        }
        if (!in_word(c)) {
            open = false;
            continue;
        }
        // "freeableMemory" has two words, "CPUUtilization" too; "GiB" and "MBps" have one.
        const bool after_small = i > 0 && is_upper(c) && is_lower(text[i - 1]);
        const bool before_small = i > 0 && is_upper(c) && is_upper(text[i - 1]) && i + 2 < text.size() &&
                                  is_lower(text[i + 1]) && is_lower(text[i + 2]);
        if (!open || ((after_small || before_small) && !in_brackets)) words.push_back({{}, in_brackets});
        words.back().text += lower(c);
        open = true;
    }
    // "Gi" and "B" of a "GiB" that is outside of brackets.
    for (std::size_t i = 1; i < words.size(); ++i) {
        const std::string both = words[i - 1].text + words[i].text;
        if (both.size() != 3 || words[i].text != "b" || unit_of(both).empty()) continue;
        words[i - 1].text = both;
        words.erase(words.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return words;
}

/// "14d", "14": the window of a metric.
bool is_window(std::string_view word) {
    const std::size_t digits = static_cast<std::size_t>(std::ranges::find_if_not(word, is_digit) - word.begin());
    return digits > 0 &&
           (digits == word.size() || (digits + 1 == word.size() && (word.back() == 'd' || word.back() == 'h')));
}

}  // namespace

std::string_view unit_of(std::string_view word) {
    std::string small(word);
    std::ranges::transform(small, small.begin(), lower);
    const auto* found = std::ranges::find(unit_words, small, &UnitWord::word);
    return found == std::end(unit_words) ? std::string_view() : found->unit;
}

std::string plain(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (in_word(c)) out += lower(c);
    return out;
}

Heading heading_of(std::string_view text) {
    Heading heading;
    bool after_number = false;
    std::string everything;
    for (const Word& word : words_of(text)) {
        if (word.text != "%") everything += word.text;
        const std::string_view unit =
            word.text.size() > 1 || word.in_brackets || word.text == "%" ? unit_of(word.text) : "";
        if (after_number && (unit == "d" || unit == "h" || unit == "w")) {
            after_number = false;
            continue;
        }
        after_number = is_window(word.text);
        if (!unit.empty()) {
            heading.unit = unit;
            continue;
        }
        heading.whole += word.text;
        if (after_number) continue;
        if (std::ranges::find(fillers, word.text) != std::end(fillers)) continue;
        const auto* statistic = std::ranges::find(statistic_words, word.text, &StatisticWord::word);
        if (statistic == std::end(statistic_words))
            heading.subject += word.text;
        else if (heading.statistic == Statistic::none)
            heading.statistic = statistic->statistic;
    }
    if (heading.whole.empty()) {
        heading.whole = everything;
        heading.unit = {};
    }
    if (heading.subject.empty()) heading.subject = heading.whole;
    return heading;
}

}  // namespace poolfit::imports
