#include "cells.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>
#include <poolfit/import/csv.hpp>
#include <poolfit/model/command.hpp>

#include "../readers.hpp"

namespace poolfit::imports {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view save_as_csv = "save the sheet as CSV (UTF-8), and import that";

struct Beginning {
    std::string_view bytes, what;
};
constexpr Beginning other_kinds[] = {
    {"PK\x03\x04", "a workbook (.xlsx, .ods) or a ZIP archive"},
    {"\xD0\xCF\x11\xE0", "an Excel workbook (.xls)"},
    {"\xFF\xFE", "UTF-16 text"},
    {"\xFE\xFF", "UTF-16 text"},
    {"%PDF", "a PDF document"},
    {"\x1F\x8B", "compressed with gzip"},
    {"<", "HTML or XML"},
    {"{", "JSON"},
    {"[", "JSON or TOML"},
};

/// Is it text? False after an error.
bool check_bytes(const SourceText& source, Diagnostics& diagnostics) {
    const std::string_view text = source.text();
    const std::size_t first = text.find_first_not_of(" \t\r\n", text.starts_with(byte_order_mark) ? 3 : 0);
    if (first == std::string_view::npos) {
        diagnostics.error({}, fmt::format("{} is empty", source.name()),
                          "export the sheet with a header row and a row for each instance");
        return false;
    }
    for (const Beginning& other : other_kinds) {
        if (!text.substr(first).starts_with(other.bytes)) continue;
        diagnostics.error({}, fmt::format("{} is {}, not CSV", source.name(), other.what), std::string(save_as_csv));
        return false;
    }
    if (source.name().ends_with(".toml") || text.substr(first).starts_with("schema = ")) {
        diagnostics.error({}, fmt::format("{} is TOML, not CSV", source.name()),
                          fmt::format("poolfit plan {}", model::file_in_shell(source.name())));
        return false;
    }
    if (text.find('\0') != std::string_view::npos) {
        diagnostics.error({}, fmt::format("{} is binary, not CSV", source.name()), std::string(save_as_csv));
        return false;
    }
    if (const auto form = wrong_form(text.substr(first))) {
        diagnostics.error({}, fmt::format("{}: {}", source.name(), form->message),
                          form->fix.empty() ? std::string(save_as_csv) : form->fix);
        return false;
    }
    for (std::size_t at = 0; at < text.size();) {
        at += diag::plain_run(text, at);
        if (at == text.size()) break;
        const diag::CodePoint point = diag::decode(text, at);
        if (!point.valid) {
            const auto place = static_cast<std::uint32_t>(at);
            diagnostics.error({&source, {place, place + 1}}, "not UTF-8",
                              "save the sheet as \"CSV UTF-8\", or convert it: iconv -f WINDOWS-1252 -t UTF-8");
            return false;
        }
        at += point.length;
    }
    return true;
}

bool ends_line(char c) { return c == '\n' || c == '\r'; }

std::size_t line_end(std::string_view text, std::size_t at) {
    return std::min(text.find_first_of("\r\n", at), text.size());
}

/// The one of `,`, `;`, a tab and `|` that is most often in the header, outside quotes.
char separator_of(std::string_view text, std::size_t at) {
    constexpr std::string_view known = ",;\t|";
    std::size_t counts[known.size()] = {};
    bool quoted = false;
    for (; at < text.size() && (quoted || !ends_line(text[at])); ++at) {
        if (text[at] == '"') quoted = !quoted;
        const std::size_t which = known.find(text[at]);
        if (!quoted && which != std::string_view::npos) ++counts[which];
    }
    return known[static_cast<std::size_t>(std::max_element(std::begin(counts), std::end(counts)) - counts)];
}

class CellReader {
public:
    CellReader(const SourceText& source, Diagnostics& diagnostics)
        : source_(source), text_(source.text()), out_(diagnostics) {
        if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
        skip_what_is_above();
        if (sheet_.separator == 0) sheet_.separator = separator_of(text_, at_);
        sheet_.source = &source;
    }

    std::optional<Sheet> read() {
        const std::size_t before = out_.error_count();
        std::vector<Cell> row;
        while (at_ < text_.size()) {
            if (!read_row(row)) return std::nullopt;
            if (std::ranges::all_of(row, [&](const Cell& cell) { return sheet_.text(cell).empty(); })) continue;
            if (!take(row)) return std::nullopt;
        }
        if (out_.error_count() != before) return std::nullopt;
        return std::move(sheet_);
    }

private:
    /// Comments and blank lines above the header; Excel's line "sep=;", which says what separates.
    void skip_what_is_above() {
        while (at_ < text_.size()) {
            const std::size_t end = line_end(text_, at_);
            const std::string_view line = text_.substr(at_, end - at_);
            if (line.size() == 5 && (line.starts_with("sep=") || line.starts_with("SEP=")))
                sheet_.separator = line[4];
            else if (!line.starts_with("# ") && !trimmed(line).empty())
                return;
            at_ = std::min(end + 1, text_.size());
        }
    }

    Place place(std::size_t begin, std::size_t end) const {
        return {&source_, {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}};
    }

    static Cell cell(std::size_t begin, std::size_t end, bool in_quotes) {
        return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), in_quotes};
    }

    bool read_row(std::vector<Cell>& row) {
        row.clear();
        while (true) {
            if (!read_cell(row)) return false;
            if (at_ >= text_.size()) return true;
            const char c = text_[at_++];
            if (c == sheet_.separator) continue;
            if (c == '\r' && at_ < text_.size() && text_[at_] == '\n') ++at_;
            return true;
        }
    }

    bool read_cell(std::vector<Cell>& row) {
        std::size_t begin = at_;
        while (begin < text_.size() && text_[begin] == ' ') ++begin;
        if (begin < text_.size() && text_[begin] == '"') return read_quoted(row, begin);
        while (at_ < text_.size() && text_[at_] != sheet_.separator && !ends_line(text_[at_])) ++at_;
        row.push_back(cell(std::min(begin, at_), at_, false));
        return true;
    }

    bool read_quoted(std::vector<Cell>& row, std::size_t quote) {
        std::size_t end = quote + 1;
        while (true) {
            end = text_.find('"', end);
            if (end == std::string_view::npos) {
                out_.error(place(quote, quote + 1), "this quote is never closed",
                           "close it, or double it if it is part of the cell: \"\"");
                return false;
            }
            if (!text_.substr(end + 1).starts_with('"')) break;
            end += 2;
        }
        row.push_back(cell(quote + 1, end, true));
        at_ = end + 1;
        while (at_ < text_.size() && text_[at_] == ' ') ++at_;
        if (at_ == text_.size() || text_[at_] == sheet_.separator || ends_line(text_[at_])) return true;
        out_.error(place(at_, at_ + 1), "text after a closing quote",
                   "double the quotes inside of a cell: \"19\"\" rack\"");
        return false;
    }

    bool take(const std::vector<Cell>& row) {
        if (sheet_.header.empty()) {
            sheet_.header = row;
            while (sheet_.text(sheet_.header.back()).empty()) sheet_.header.pop_back();
            if (sheet_.header.size() <= most_columns) return true;
            out_.error(sheet_.place(sheet_.header[most_columns]),
                       fmt::format("the header has {} columns: {} is the most", sheet_.header.size(), most_columns),
                       "leave out columns that are not about the instance");
            return false;
        }
        const std::size_t width = sheet_.width();
        const auto extra = std::find_if(row.begin() + static_cast<std::ptrdiff_t>(std::min(width, row.size())),
                                        row.end(), [&](const Cell& c) { return !sheet_.text(c).empty(); });
        if (row.size() < width || extra != row.end()) {
            const Cell& at = row.size() < width ? row.back() : *extra;
            out_.error(sheet_.place(at), fmt::format("a row of {} cells, the header has {}", row.size(), width),
                       row.size() < width ? "add the cells that are missing"
                                          : fmt::format("put cells that have a {} in them in quotes", separator()));
            return true;
        }
        if (sheet_.rows() == most_rows) {
            out_.error(sheet_.place(row.front()), fmt::format("more than {} rows", most_rows), "split the sheet");
            return false;
        }
        sheet_.cells.insert(sheet_.cells.end(), row.begin(), row.begin() + static_cast<std::ptrdiff_t>(width));
        return true;
    }

    std::string_view separator() const {
        switch (sheet_.separator) {
            case ',':
                return "comma";
            case ';':
                return "semicolon";
            case '\t':
                return "tab";
            default:
                return "separator";
        }
    }

    const SourceText& source_;
    std::string_view text_;
    Diagnostics& out_;
    Sheet sheet_{nullptr, 0, {}, {}};
    std::size_t at_ = 0;
};

}  // namespace

std::string shown(std::string_view text) {
    constexpr std::size_t most = 60;
    if (text.size() <= most) return std::string(text);
    std::size_t end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // between characters
    return std::string(text.substr(0, end)) + "…";
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks[] = {" ", "\t", "\r", "\n", "\xC2\xA0", "\xE2\x80\xAF"};
    for (bool changed = true; changed;) {
        changed = false;
        for (const std::string_view blank : blanks) {
            if (text.starts_with(blank)) {
                text.remove_prefix(blank.size());
                changed = true;
            }
            if (text.ends_with(blank) && !text.empty()) {
                text.remove_suffix(blank.size());
                changed = true;
            }
        }
    }
    return text;
}

std::string Sheet::text(const Cell& cell) const {
    const std::string_view raw = trimmed(source->text().substr(cell.begin, cell.end - cell.begin));
    if (!cell.in_quotes) return std::string(raw);
    std::string text;
    text.reserve(raw.size());
    for (std::size_t i = 0; i < raw.size(); ++i) {
        text += raw[i];
        if (raw[i] == '"' && i + 1 < raw.size() && raw[i + 1] == '"') ++i;
    }
    return text;
}

std::optional<Sheet> read_sheet(const SourceText& source, Diagnostics& diagnostics) {
    if (!check_bytes(source, diagnostics)) return std::nullopt;
    auto sheet = CellReader(source, diagnostics).read();
    if (sheet && sheet->header.empty()) {
        diagnostics.error({}, fmt::format("{} has no header row", source.name()),
                          "export the sheet with a header row and a row for each instance");
        return std::nullopt;
    }
    if (sheet && sheet->rows() == 0) {
        diagnostics.error(sheet->place(sheet->header.front()), "no rows below the header",
                          "export a row for each instance");
        return std::nullopt;
    }
    return sheet;
}

}  // namespace poolfit::imports
