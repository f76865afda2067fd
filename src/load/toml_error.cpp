#include "toml_error.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "parsers.hpp"
#include "words.hpp"

namespace poolfit::load {
namespace {

/// The line the parser stopped on, taken apart as `key = raw`.
struct Line {
    std::uint32_t begin = 0, end = 0;  ///< without the line's ending
    std::string_view text, key, raw;   ///< `raw` without a comment
    std::uint32_t raw_begin = 0;
    bool has_equals = false;
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

Line line_at(std::string_view text, std::uint32_t offset) {
    Line line;
    const auto before = text.substr(0, offset).rfind('\n');
    line.begin = before == text.npos ? 0 : static_cast<std::uint32_t>(before + 1);
    line.end = static_cast<std::uint32_t>(std::min(text.find('\n', line.begin), text.size()));
    line.text = text.substr(line.begin, line.end - line.begin);
    char string = 0;
    std::size_t equals = line.text.npos, comment = line.text.size();
    for (std::size_t i = 0; i < line.text.size(); ++i) {
        const char c = line.text[i];
        if (string != 0) {
            if (c == string) string = 0;
        } else if (c == '"' || c == '\'') {
            string = c;
        } else if (c == '=' && equals == line.text.npos) {
            equals = i;
        } else if (c == '#') {
            comment = i;
            break;
        }
    }
    line.has_equals = equals != line.text.npos;
    line.key = trim(line.text.substr(0, line.has_equals ? equals : comment));
    if (line.has_equals) {
        line.raw = trim(line.text.substr(equals + 1, comment - equals - 1));
        line.raw_begin = line.raw.empty() ? line.begin + static_cast<std::uint32_t>(equals)
                                          : static_cast<std::uint32_t>(line.raw.data() - text.data());
    }
    return line;
}

/// `key = "raw"`, in the quotes that `raw` has none of.
std::string quoted_value(std::string_view key, std::string_view raw) {
    const char mark = raw.find('"') == raw.npos ? '"' : '\'';
    return fmt::format("{} = {}{}{}", key, mark, clip(raw), mark);
}

/// A number as 1e999, 99999999999999999999 or 0x1F.
bool looks_numeric(std::string_view raw) {
    const auto c = raw.substr(!raw.empty() && (raw[0] == '+' || raw[0] == '-')).substr(0, 1);
    return !c.empty() && c[0] >= '0' && c[0] <= '9' &&
           raw.find_first_not_of("0123456789+-_.eExXabcdfABCDF") == raw.npos;
}

class ErrorReport {
public:
    ErrorReport(const SourceText& source, std::uint32_t base, std::uint32_t offset, std::string_view description,
                Diagnostics& out)
        : source_(source), text_(source.text()), description_(description), out_(out) {
        offset_ = std::min<std::uint32_t>(offset + base, static_cast<std::uint32_t>(text_.size()));
        line_ = line_at(text_, offset_);
    }

    void run() {
        if (says("redefine existing") || says("existing inline table")) return twice();
        if (says("parsing string") || says("parsing literal string") || says("unicode scalar")) return string();
        if (says("end-of-file")) return end_of_file();
        if (says("table header") || (says("parsing key:") && trim(line_.text).starts_with('['))) return header();
        if (says("parsing key:")) {
            error_here("expected a key", "a key has letters, digits, _ and -, or is quoted");
            return;
        }
        if (says("parsing array") || says("parsing inline table")) return list();
        if (says("expected '='")) return equals();
        if (says("root table")) return start();
        value();
    }

private:
    bool says(std::string_view words) const { return description_.find(words) != description_.npos; }

    Diagnostic& error(std::uint32_t begin, std::uint32_t end, std::string message, std::string fix) {
        const auto size = static_cast<std::uint32_t>(text_.size());
        begin = std::min(begin, size);
        return out_.error({&source_, {begin, std::clamp(end, begin, size)}}, std::move(message), std::move(fix));
    }
    Diagnostic& error_here(std::string message, std::string fix) {
        const bool inside = offset_ < line_.end;
        const auto at = inside || offset_ == 0 || offset_ == line_.begin ? offset_ : offset_ - 1;
        auto end = at + 1;
        while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0u) == 0x80u) ++end;
        return error(at, end, std::move(message), std::move(fix));
    }

    void twice() {
        std::vector<TomlKey> keys;
        (void)scan_toml(text_, &keys);
        const auto after = std::ranges::upper_bound(keys, offset_, {}, [](const TomlKey& k) { return k.span.begin; });
        Span span{offset_, offset_ + 1};
        bool is_header = false;
        if (after != keys.begin()) {
            span = std::prev(after)->span;
            is_header = std::prev(after)->kind != TomlKey::Kind::key;
        }
        const auto written = clip(text_.substr(span.begin, span.end - span.begin));
        auto& made = error(span.begin, span.end, fmt::format("{} is given twice", written),
                           is_header && !written.starts_with("[[")
                               ? fmt::format("merge the two, or write [{}] for each of several records", written)
                               : "remove one of the two");
        if (const auto first = first_place(text_, offset_)) {
            made.label = "again";
            made.notes.emplace_back("first", diag::print(Place{&source_, *first}));
        }
    }

    void string() {
        if (says("unknown escape")) {
            error(offset_ == 0 ? 0 : offset_ - 1, offset_ + 1, "a backslash starts an escape that TOML doesn't have",
                  "write \\\\ for a backslash, or put the text in single quotes");
            return;
        }
        if (says("unicode scalar") || says("surrogate") || says("hex digit") || says("U+10FFFF")) {
            error_here("this \\u escape is not a Unicode character", "write the character itself, or four hex digits");
            return;
        }
        const bool at_end = offset_ >= text_.size() || text_[offset_] == '\n' || text_[offset_] == '\r';
        if (!at_end) {
            error_here("a control character inside a string", "remove it, or write it as an escape such as \\u001b");
            return;
        }
        if (line_.raw.starts_with("\"\"\"") || line_.raw.starts_with("'''") || offset_ > line_.end) {
            error_here("the file ends inside a string", "close the string");
            return;
        }
        auto begin = line_.has_equals && !line_.raw.empty() ? line_.raw_begin : line_.begin;
        const char mark = says("literal") ? '\'' : '"';
        const auto last = text_.substr(begin, offset_ - begin).rfind(mark);
        if (last != text_.npos) begin += static_cast<std::uint32_t>(last);
        error(begin, std::max(begin + 1, line_.end), "a string that doesn't end on its line",
              fmt::format("close it with {}", mark));
    }

    void end_of_file() {
        if (says("array")) {
            error_here("the file ends inside a list", "close it with ]");
        } else if (says("inline table")) {
            error_here("the file ends inside a table", "close it with }");
        } else if (says("table header")) {
            error(line_.begin, line_.end, "a header that doesn't end",
                  line_.text.starts_with("[[") ? "close it with ]]" : "close it with ]");
        } else if (!line_.has_equals) {
            error(line_.begin, line_.end, fmt::format("{} has no value", clip(line_.key)),
                  fmt::format("write {} = …", clip(line_.key)));
        } else {
            value();
        }
    }

    void header() {
        auto name = line_.text;
        while (!name.empty() && (name.front() == '[' || is_space(name.front()))) name.remove_prefix(1);
        name = trim(name.substr(0, name.find_first_of("]#=")));
        const bool list = trim(line_.text).starts_with("[[") || line_.text.find("]]") != line_.text.npos;
        const auto fix =
            name.empty() ? "write a name between the brackets"
                         : fmt::format("{}{}{} on a line of its own", list ? "[[" : "[", clip(name), list ? "]]" : "]");
        error_here("this header is not well-formed", fix);
    }

    void list() {
        const bool array = says("parsing array");
        if (says("dangling comma")) {
            error_here("a comma before }", "remove the comma");
        } else if (says("saw comma")) {
            error_here("a comma with nothing before it", "remove the comma");
        } else if (says("saw '\\n'")) {
            error_here("a table in braces must be on one line", "join the lines, or use a [header]");
        } else {
            error_here(array ? "expected a comma or ] in the list" : "expected a comma or } in the table",
                       array ? "separate the items with commas, close the list with ]"
                             : "separate the pairs with commas, close the table with }");
        }
    }

    void equals() {
        const auto colon = line_.key.find(':');
        if (colon != line_.key.npos && !line_.has_equals) {
            error_here("expected = after the key", fmt::format("{} = {}", clip(trim(line_.key.substr(0, colon))),
                                                               clip(trim(line_.key.substr(colon + 1)))));
        } else {
            error_here("expected = after the key", "one key = value per line; a key is one word");
        }
    }

    void start() {
        const auto rest = text_.substr(std::min<std::size_t>(offset_, text_.size()));
        if (rest.starts_with('{')) {
            error_here("expected a key or a header; this looks like JSON", "name the file with .json at its end");
        } else if (rest.starts_with("//") || rest.starts_with(';')) {
            error_here("expected a key or a header", "comments start with #");
        } else {
            error_here("expected a key or a header", "key = value, [table] or [[list]]");
        }
    }

    void value() {
        const auto raw = line_.raw;
        const auto begin = line_.raw_begin;
        const auto end = begin + static_cast<std::uint32_t>(std::max<std::size_t>(raw.size(), 1));
        const auto key = clip(line_.key);
        if (!line_.has_equals) {
            error_here("expected a value", "one key = value per line");
        } else if (raw.empty()) {
            error(begin, end, fmt::format("{} has no value", key),
                  fmt::format("write {} = …, or remove the line", key));
        } else if (raw[0] == '[' || raw[0] == '{' || raw[0] == '"' || raw[0] == '\'') {
            if (says("expected a comment") || says("value-terminator"))
                error_here("nothing may follow the value on its line",
                           "one key = value per line; comments start with #");
            else
                error_here("this is not a TOML value", "put text in double quotes");
        } else if (raw.back() == ',' || raw.back() == ';') {
            error(end - 1, end, fmt::format("a \"{}\" after the value", raw.back()),
                  fmt::format("{} = {}", key, clip(trim(raw.substr(0, raw.size() - 1)))));
        } else if (raw.find('=') != raw.npos) {
            error_here("nothing may follow the value on its line", "one key = value per line");
        } else if (raw == "True" || raw == "yes" || raw == "on" || raw == "TRUE" || raw == "Yes") {
            error(begin, end, fmt::format("{} is not a TOML value", raw), fmt::format("{} = true", key));
        } else if (raw == "False" || raw == "no" || raw == "off" || raw == "FALSE" || raw == "No") {
            error(begin, end, fmt::format("{} is not a TOML value", raw), fmt::format("{} = false", key));
        } else if (says("parsing date") || says("parsing time")) {
            if (raw.size() == 10 && raw[4] == '-')
                error(begin, end, fmt::format("{} is not a calendar date", raw),
                      fmt::format("write {} = 2026-12-31, for example", key));
            else
                error(begin, end, fmt::format("{} is not a TOML value", clip(raw)), quoted_value(key, raw));
        } else if (says("leading zeroes")) {
            const auto digits = raw.find_first_not_of('0');
            error(begin, end, fmt::format("{} has a leading zero", clip(raw)),
                  fmt::format("{} = {}", key, digits == raw.npos ? "0" : clip(raw.substr(digits))));
        } else if (looks_numeric(raw) && (says("representable") || says("could not be interpreted") ||
                                          says("length limit") || says("too long"))) {
            error(begin, end, fmt::format("{} is too large for a number", clip(raw)), "write a smaller number");
        } else {
            error(begin, end, fmt::format("{} is not a TOML value", clip(raw)), quoted_value(key, raw));
        }
    }

    const SourceText& source_;
    std::string_view text_;
    std::string_view description_;
    Diagnostics& out_;
    std::uint32_t offset_ = 0;
    Line line_;
};

}  // namespace

void report_toml_error(const SourceText& source, std::uint32_t base, std::uint32_t offset, std::string_view description,
                       Diagnostics& diagnostics) {
    ErrorReport(source, base, offset, description, diagnostics).run();
}

void report_excess(const SourceText& source, TomlExcess excess, Diagnostics& diagnostics) {
    const Place place{&source, {excess.offset, excess.offset + 1}};
    using Kind = TomlExcess::Kind;
    switch (excess.kind) {
        case Kind::depth:
            diagnostics.error(place, fmt::format("brackets nested more than {} deep", max_depth),
                              "an inventory needs four levels at most");
            return;
        case Kind::dots:
            diagnostics.error(place, fmt::format("a key of more than {} parts", max_depth),
                              "an inventory needs four parts at most");
            return;
        case Kind::values:
            diagnostics.error(place, fmt::format("more than {} values in one file", max_values), "split the file");
            return;
        case Kind::tables:
            diagnostics.error(place, "too many tables and dotted keys in one file", "split the file");
            return;
    }
}

}  // namespace poolfit::load
