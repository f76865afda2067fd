// A document to text: the text it was read from where that still says the same, fresh lines elsewhere.
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include <poolfit/load/document.hpp>

#include "outline.hpp"
#include "parsers.hpp"
#include "splice.hpp"
#include "toml_layout.hpp"
#include "write_values.hpp"

namespace poolfit::load {
namespace {

std::string_view leading_blank_lines(std::string_view text) {
    std::size_t end = 0;
    while (true) {
        const auto line = text.find('\n', end);
        if (line == text.npos || text.substr(end, line - end).find_first_not_of(" \t\r") != text.npos) break;
        end = line + 1;
    }
    return text.substr(0, end);
}

std::string_view indent_of(std::string_view line) {
    return line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()));
}

std::string_view before(const Value& value) { return value.comments ? std::string_view(value.comments->before) : ""; }
std::string_view behind(const Value& value) { return value.comments ? std::string_view(value.comments->behind) : ""; }

/// Where the '=' of a line is, from the line's first key on.
std::size_t equals_column(std::string_view text, const Statement& line) {
    auto end = text.substr(0, line.value).rfind('=');
    return end - line.key;
}

/// What a document was read from, and how that is laid out.
struct Text {
    Document document;
    Outline outline;
    Layout layout;
    Original original;
    Written written;
    std::string_view bytes;
    bool aligned = true;           ///< the '=' of a table's lines stand below each other
    std::optional<bool> blank[2];  ///< a blank line above a header of one part, of more

    Text(Document unchanged, const SourceText& source)
        : document(std::move(unchanged)),
          outline(outline_of(document)),
          layout(layout_of(source.text())),
          original(outline, source),
          written{&source, Syntax::toml},
          bytes(source.text()) {
        std::size_t straight = 0, ragged = 0;
        for (const auto& table : outline) {
            observe_header(table);
            std::size_t least = std::string::npos, most = 0, shortest = std::string::npos, longest = 0;
            for (const auto& key : table.keys) {
                const auto* line = layout.at(key.place().span.begin);
                if (line == nullptr) continue;
                const auto column = equals_column(bytes, *line);
                const auto width = trimmed_width(*line, column);
                least = std::min(least, column), most = std::max(most, column);
                shortest = std::min(shortest, width), longest = std::max(longest, width);
            }
            if (table.keys.empty() || shortest == longest) continue;
            ++(least == most ? straight : ragged);
        }
        aligned = straight >= ragged;
    }

private:
    std::size_t trimmed_width(const Statement& line, std::size_t column) const {
        const auto key = bytes.substr(line.key, column);
        return key.find_last_not_of(" \t") + 1;
    }
    void observe_header(const OutlineTable& table) {
        if (!table.has_header || table.value == nullptr) return;
        const auto* line = layout.at(table.value->place.span.begin);
        if (line == nullptr || line->lead == bom_length(bytes)) return;
        auto& known = blank[table.path.size() == 1 ? 0 : 1];
        if (!known) known = !leading_blank_lines(bytes.substr(line->lead, line->begin - line->lead)).empty();
    }
};

class TomlWriter {
public:
    TomlWriter(const Document& document, const Text* text) : document_(document), text_(text) {
        if (text_ != nullptr && text_->bytes.find("\r\n") != std::string_view::npos) newline_ = "\r\n";
    }

    std::string run() {
        const auto outline = outline_of(document_);
        const auto* original = text_ == nullptr ? nullptr : &text_->original;
        if (text_ != nullptr) out_ += text_->bytes.substr(0, bom_length(text_->bytes));
        start_ = out_.size();
        for (const auto t : order_of(outline, original)) {
            const auto& table = outline[t];
            const auto was = original == nullptr ? std::nullopt : original->table(table);
            if (table.has_header) header(table, was);
            keys(table, was);
        }
        finish();
        return std::move(out_);
    }

private:
    std::string_view bytes(std::uint32_t begin, std::uint32_t end) const {
        return text_->bytes.substr(begin, end - begin);
    }
    bool empty() const { return out_.size() == start_; }
    void end_line() {
        if (!empty() && !out_.ends_with('\n')) out_ += newline_;
    }
    void comment_lines(std::string_view lines, std::string_view indent) {
        while (!lines.empty()) {
            const auto end = std::min(lines.find('\n'), lines.size());
            if (end != 0) (out_ += indent) += lines.substr(0, end);
            out_ += newline_;
            lines.remove_prefix(std::min(end + 1, lines.size()));
        }
    }
    /// The lines above one that stood in the text.
    void lead(const Value& now, const Value& was, const Statement& line) {
        auto old = bytes(line.lead, line.begin);
        end_line();
        if (empty() && line.lead != bom_length(text_->bytes)) old.remove_prefix(leading_blank_lines(old).size());
        if (before(now) == before(was)) {
            out_ += old;
            return;
        }
        out_ += leading_blank_lines(old);
        comment_lines(before(now), indent_of(bytes(line.begin, line.end)));
    }
    /// The end of a line that stood in the text, behind its value.
    void tail(const Value& now, const Value& was, const Statement& line) {
        if (behind(now) == behind(was)) {
            out_ += bytes(line.content, line.end);
            return;
        }
        // A comment in place of one stays in its column.
        const std::size_t column = behind(was).empty() ? 0 : bytes(line.begin, line.end).rfind(behind(was));
        const std::size_t width = out_.size() - (out_.rfind('\n') + 1) + 2;
        fresh_tail(now, column != std::string_view::npos && column > width ? column - width : 0);
    }
    void fresh_tail(const Value& now, std::size_t blanks = 0) {
        if (!behind(now).empty()) out_.append(blanks, ' ').append("  ") += behind(now);
        out_ += newline_;
    }

    void header(const OutlineTable& table, std::optional<std::size_t> was) {
        const auto* old = was && text_->outline[*was].has_header ? text_->outline[*was].value : nullptr;
        const auto* line = old == nullptr ? nullptr : text_->layout.at(old->place.span.begin);
        if (line != nullptr) {
            lead(*table.value, *old, *line);
            out_ += bytes(line->begin, line->content);
            tail(*table.value, *old, *line);
            return;
        }
        end_line();
        const auto blank = text_ == nullptr ? std::nullopt : text_->blank[table.path.size() == 1 ? 0 : 1];
        if (!empty() && blank.value_or(true)) out_ += newline_;
        comment_lines(before(*table.value), {});
        std::string path;
        for (const auto part : table.path) path += (path.empty() ? "" : ".") + key_text(part, Syntax::toml);
        out_ += fmt::format(fmt::runtime(table.is_record() ? "[[{}]]" : "[{}]"), path);
        fresh_tail(*table.value);
    }

    static std::string text_of(const OutlineKey& key) {
        std::string out;
        for (const auto* member : key.path) out += (out.empty() ? "" : ".") + key_text(member->key, Syntax::toml);
        return out;
    }

    /// Where the '=' of new lines goes: the width of what is before it.
    std::size_t width_of(const OutlineTable& table) const {
        if (text_ != nullptr && !text_->aligned) return 0;
        std::size_t width = 0;
        std::optional<std::size_t> column;
        for (const auto& key : table.keys) {
            const auto* old = text_ == nullptr ? nullptr : text_->original.key(key);
            if (old == nullptr)
                width = std::max(width, text_of(key).size());
            else if (const auto* line = text_->layout.at(old->place().span.begin))
                column = std::max(column.value_or(0), equals_column(text_->bytes, *line));
        }
        return column && *column > 0 ? *column - 1 : width;
    }

    static std::string fresh_line(const OutlineKey& key, std::size_t width, std::string_view indent) {
        auto line = text_of(key);
        line.append(width > line.size() ? width - line.size() : 0, ' ');
        const auto used = std::min<std::size_t>(60, line.size() + indent.size());
        return line + " = " + toml_text(key.value(), indent, 100 - used);
    }

    /// How far the comments of new lines are moved to stand below the others; long new lines don't count.
    std::size_t comment_column(const OutlineTable& table, std::size_t width) const {
        std::size_t there = 0, fresh = 0;
        for (const auto& key : table.keys) {
            if (behind(key.value()).empty()) continue;
            const auto* old = text_ == nullptr ? nullptr : text_->original.key(key);
            const auto* line = old == nullptr ? nullptr : text_->layout.at(old->place().span.begin);
            if (line != nullptr)
                there = std::max<std::size_t>(there, bytes(line->key, line->end).rfind(behind(old->value())));
            else if (const auto size = fresh_line(key, width, {}).size(); size <= 40)
                fresh = std::max(fresh, size);
        }
        return there >= 2 ? there - 2 : fresh;
    }

    void keys(const OutlineTable& table, std::optional<std::size_t> was) {
        if (table.keys.empty()) return;
        const auto* original = text_ == nullptr ? nullptr : &text_->original;
        const auto width = width_of(table);
        const auto column = comment_column(table, width);
        std::string indent;
        for (const auto k : order_of(table.keys, original, was)) {
            const auto& key = table.keys[k];
            const auto& now = key.value();
            const auto* old = original == nullptr ? nullptr : original->key(key);
            const auto* line = old == nullptr ? nullptr : text_->layout.at(old->place().span.begin);
            if (line != nullptr) {
                indent = indent_of(bytes(line->begin, line->end));
                lead(now, old->value(), *line);
                out_ += bytes(line->begin, line->value);
                out_ += text_->written.value(bare(now), bare(old->value()), indent);
                tail(now, old->value(), *line);
                continue;
            }
            end_line();
            comment_lines(before(now), indent);
            const auto name = text_of(key);
            const auto fresh = fresh_line(key, width, indent);
            (out_ += indent) += fresh;
            fresh_tail(now, column > fresh.size() ? column - fresh.size() : 0);
        }
    }

    /// Without the comments at it, which are compared by themselves.
    static Value bare(Value value) {
        value.comments.reset();
        return value;
    }

    void finish() {
        if (text_ != nullptr && document_.end == text_->document.end) {
            const auto tail = text_->bytes.substr(text_->layout.tail);
            if (!tail.empty()) end_line();
            out_ += empty() && !text_->layout.statements.empty() ? tail.substr(leading_blank_lines(tail).size()) : tail;
            return;
        }
        end_line();
        if (!empty() && !document_.end.empty()) out_ += newline_;
        comment_lines(document_.end, {});
    }

    const Document& document_;
    const Text* text_;
    std::string out_;
    std::size_t start_ = 0;
    std::string_view newline_ = "\n";
};

/// What the document was read from, read again; nothing if it was built, or is to be written in the other syntax.
std::optional<Document> unchanged(const Document& document) {
    if (document.source == nullptr) return std::nullopt;
    Diagnostics unused;
    auto read = parse(*document.source, unused);
    if (read && read->syntax != document.syntax) read.reset();
    return read;
}

std::string print_json(const Document& document) {
    const auto was = unchanged(document);
    if (!was) {
        Value root;
        root.data = document.root;
        return json_text(root, "", "  ") + '\n';
    }
    const auto bytes = document.source->text();
    Written written{document.source, Syntax::json};
    const auto open = static_cast<std::uint32_t>(bytes.find('{'));
    const auto first = bytes.find_first_not_of(" \t\r\n", open + 1);
    const auto line = bytes.substr(0, first).rfind('\n');
    if (line != bytes.npos && line > open && first > line + 1) written.step = bytes.substr(line + 1, first - line - 1);
    return std::string(bytes.substr(0, open)) + written.table(document.root, was->root, open, "") +
           std::string(bytes.substr(written.close_of(open)));
}

}  // namespace

std::string print(const Document& document) {
    if (document.syntax == Syntax::json) return print_json(document);
    auto was = unchanged(document);
    if (!was) return TomlWriter(document, nullptr).run();
    const Text text(std::move(*was), *document.source);
    return TomlWriter(document, &text).run();
}

}  // namespace poolfit::load
