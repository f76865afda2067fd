// What was wrong with what the user gave us: place, message, caret label, notes and a fix.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <poolfit/diag/source.hpp>

namespace poolfit {

enum class Severity { info, warning, error };

struct Diagnostic {
    Severity severity = Severity::error;
    std::string message;                                     ///< one line, no full stop
    Place place;                                             ///< the bytes under the carets; may be none
    std::string label;                                       ///< printed after the carets; may be empty
    std::vector<std::pair<std::string, std::string>> notes;  ///< "allowed" → "recreate, rolling, blue-green"
    std::string fix;                                         ///< what to write instead; may be empty
};

/// Collects diagnostics; loading goes on after an error. Keeps the first `limit` and counts the rest.
class Diagnostics {
public:
    static constexpr std::size_t limit = 100;
    void add(Diagnostic diagnostic);
    Diagnostic& error(Place place, std::string message, std::string fix = {});
    Diagnostic& warning(Place place, std::string message, std::string fix = {});
    bool has_errors() const { return errors_ != 0; }
    std::size_t error_count() const { return errors_; }
    std::size_t dropped() const { return dropped_; }
    const std::vector<Diagnostic>& all() const { return all_; }
    /// In order of file name, then position; what has no place comes first; stable.
    void sort();

private:
    std::vector<Diagnostic> all_;
    Diagnostic spare_;  ///< what error() hands out past the limit
    std::size_t errors_ = 0;
    std::size_t dropped_ = 0;
};

namespace diag {

/// "info", "warning", "error": in every format.
std::string_view name(Severity severity);

/// How a diagnostic is drawn.
struct Style {
    bool colour = false;
    bool unicode = true;
    int width = 80;
};

/// The whole text of one diagnostic, with excerpt and caret (docs/contract.md: text is for people, and may change).
/// Control characters and invalid UTF-8 of the source are shown as "?" or "\x1b"; long lines are cut around the caret.
std::string print(const Diagnostic& diagnostic, const Style& style);

/// Only the excerpt: "  --> file:line:col", the line, the carets (in the severity's colour) and the label. For
/// findings too. No place, no text.
std::string excerpt(const Place& place, std::string_view label, const Style& style,
                    Severity severity = Severity::error);

/// The aligned lines "   = label   text" that follow an excerpt of the same place, the empty gutter line before
/// them included. No notes, no text.
std::string print_notes(const Place& place, const std::vector<std::pair<std::string, std::string>>& notes,
                        const Style& style);

/// The nearest of `candidates` to `word` (Damerau–Levenshtein, at most a third of the word off), or "".
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace diag
}  // namespace poolfit
