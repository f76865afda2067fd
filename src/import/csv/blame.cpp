#include "blame.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace poolfit::imports {
namespace {

/// Lines of the text to rows and keys.
class Lines {
public:
    explicit Lines(const SourceText& text) : text_(text) {
        for (std::uint32_t line = 1; line <= text.line_count(); ++line)
            if (text.line(line) == "[[database]]") headers_.push_back(line);
    }

    /// The record that a line belongs to; nothing above the first.
    std::optional<std::size_t> record(std::uint32_t line) const {
        const auto after = std::ranges::upper_bound(headers_, line);
        if (after == headers_.begin()) return std::nullopt;
        return static_cast<std::size_t>(after - headers_.begin()) - 1;
    }

    std::string_view key(std::uint32_t line) const {
        const std::string_view text = text_.line(line);
        const std::size_t equals = text.find('=');
        return equals == std::string_view::npos ? std::string_view() : trimmed(text.substr(0, equals));
    }

private:
    const SourceText& text_;
    std::vector<std::uint32_t> headers_;
};

/// `class = "db.m5.large"` is a fix of an inventory; in a cell it is db.m5.large.
std::string fix_of_a_cell(const std::string& fix, std::string_view key) {
    const std::string begin = fmt::format("{} = ", key);
    if (key.empty() || !fix.starts_with(begin)) return fix;
    std::string_view value = std::string_view(fix).substr(begin.size());
    if (value.size() > 1 && value.front() == '"' && value.find('"', 1) == value.size() - 1)
        value = value.substr(1, value.size() - 2);
    return fmt::format("write {}", value);
}

}  // namespace

void blame_cells(const Diagnostics& found, const SourceText& text, const Sheet& sheet, const Mapping& mapping,
                 const Records& records, Diagnostics& out) {
    const Lines lines(text);
    const auto place_of = [&](std::uint32_t line) {
        const auto record = lines.record(line);
        // What is above the records is what all rows have in common.
        const std::size_t row = records.rows[record.value_or(0)];
        return origin_of(sheet, mapping, row, lines.key(line));
    };
    for (const Diagnostic& diagnostic : found.all()) {
        Diagnostic moved = diagnostic;
        if (diagnostic.place.source == &text) {
            const std::uint32_t line = text.position(diagnostic.place.span.begin).line;
            const auto record = lines.record(line);
            if (record && records.failed[*record] != 0) continue;
            moved.place = place_of(line);
            moved.fix = fix_of_a_cell(diagnostic.fix, lines.key(line));
        }
        for (auto& [label, note] : moved.notes) {
            const std::string begin = text.name() + ":";
            std::uint32_t line = 0;
            if (!note.starts_with(begin) ||
                std::from_chars(note.data() + begin.size(), note.data() + note.size(), line).ec != std::errc())
                continue;
            note = diag::print(place_of(line));
        }
        out.add(std::move(moved));
    }
    // Errors past the limit may belong to rows that already have one: how many do not is unknown.
    const bool any_failed = std::ranges::find(records.failed, 1) != records.failed.end();
    if (any_failed || out.all().size() < Diagnostics::limit) return;
    for (std::size_t i = 0; i < found.dropped(); ++i) out.add({});  // counted, not kept
}

}  // namespace poolfit::imports
