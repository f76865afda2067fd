#include <poolfit/diag/diagnostic.hpp>

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include <poolfit/diag/secret.hpp>
#include <poolfit/diag/text.hpp>

#include "layout.hpp"

namespace poolfit {

void Diagnostics::add(Diagnostic diagnostic) {
    if (diagnostic.severity == Severity::error) ++errors_;
    if (all_.size() >= limit) {
        ++dropped_;
        spare_ = std::move(diagnostic);
        return;
    }
    all_.reserve(limit);  // what error() returned stays valid while more are added
    all_.push_back(std::move(diagnostic));
}

Diagnostic& Diagnostics::error(Place place, std::string message, std::string fix) {
    const std::size_t dropped = dropped_;
    add({Severity::error, std::move(message), place, {}, {}, std::move(fix)});
    return dropped_ == dropped ? all_.back() : spare_;
}

Diagnostic& Diagnostics::warning(Place place, std::string message, std::string fix) {
    const std::size_t dropped = dropped_;
    add({Severity::warning, std::move(message), place, {}, {}, std::move(fix)});
    return dropped_ == dropped ? all_.back() : spare_;
}

void Diagnostics::sort() {
    const auto key = [](const Diagnostic& d) {
        const std::string_view name = d.place ? std::string_view(d.place.source->name()) : std::string_view();
        return std::tuple(static_cast<bool>(d.place), name, d.place.span.begin, d.place.span.end);
    };
    std::stable_sort(all_.begin(), all_.end(),
                     [&key](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
}

namespace diag {

std::string_view name(Severity severity) {
    constexpr std::string_view names[] = {"info", "warning", "error"};
    return names[static_cast<std::size_t>(severity)];
}

namespace {

using Notes = std::vector<std::pair<std::string, std::string>>;

// "   = " as deep as the excerpt's gutter.
std::string note_gutter(const Place& place) {
    std::size_t digits = 2;
    if (place) digits = std::to_string(place.source->position(place.span.begin).line).size();
    return std::string(digits + 1, ' ');
}

/// A command goes on behind a backslash; what is longer than a line stays whole, to be copied.
void append_command(std::string& out, std::string_view command, int room, const std::string& indent) {
    int used = 0;
    const auto words = shell_words(command);
    for (std::size_t i = 0; i < words.size(); ++i) {
        const int length = width(words[i]), on = i + 1 < words.size() ? 2 : 0;
        if (used > 0 && used + 1 + length + on > room) {
            out += " \\\n" + indent;
            used = 0;
        }
        if (used > 0) out += ' ';
        out += words[i];
        used += (used > 0 ? 1 : 0) + length;
    }
    out += '\n';
}

void append_note(std::string& out, const std::string& head, const std::string& text, const Style& style) {
    const std::string indent(static_cast<std::size_t>(width(std::string_view(head))), ' ');
    const int room = usable_width(style) - static_cast<int>(indent.size());
    out += head;
    if (is_command(text) && text.find('\n') == text.npos)
        return append_command(out, visible(text, style.unicode), room, indent);
    std::size_t begin = 0;
    // A text of several lines keeps them.
    for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
        append_wrapped(out, visible(std::string_view(text).substr(begin, end - begin), style.unicode), room, indent);
        if (end + 1 == text.size()) return;
        out += indent;
    }
    append_wrapped(out, visible(std::string_view(text).substr(begin), style.unicode), room, indent);
}

/// May a line end at this blank? A unit stays with its number, and a value with its key.
bool may_end(std::string_view text, std::size_t blank) {
    const std::string_view next = text.substr(blank + 1);
    if (blank > 0 && text[blank - 1] == '=') return false;
    return !next.starts_with('%') && !next.starts_with("= ") && !next.starts_with("GiB") && !next.starts_with("MiB") &&
           !next.starts_with("vCPU");
}

/// Appends " word word …" where `out` ends, at column `used`, and a line end. Breaks at blanks only: a path or a
/// command stays whole.
void append_words(std::string& out, std::string_view text, int used, int columns) {
    constexpr std::string_view indent = "\n  ";
    const std::size_t start = out.size();
    while (!text.empty()) {
        std::size_t end = text.find(' ');
        while (end != text.npos && !may_end(text, end)) end = text.find(' ', end + 1);
        const std::string_view next = text.substr(0, end);
        text.remove_prefix(std::min(next.size() + 1, text.size()));
        const int length = width(next);
        const bool fits = used + 1 + length <= columns || out.size() == start;
        out += fits ? std::string_view(" ") : indent;
        out += next;
        used = (fits ? used + 1 : 2) + length;
    }
    out += '\n';
}

}  // namespace

int usable_width(const Style& style) { return std::clamp(style.width, 40, 1000); }

std::string coloured(std::string text, Severity severity, const Style& style) {
    if (!style.colour) return text;
    const char* code = severity == Severity::error ? "31" : severity == Severity::warning ? "33" : "34";
    return fmt::format("\x1b[1;{}m{}\x1b[0m", code, text);
}

void append_wrapped(std::string& out, std::string_view text, int room, std::string_view indent) {
    room = std::max(room, 8);
    for (;;) {
        // The longest piece that fits, up to a blank if there is one.
        std::size_t end = 0, blank = std::string_view::npos;
        int used = 0;
        while (end < text.size()) {
            const CodePoint c = decode(text, end);
            if (used + width(c.value) > room && text[end] != ' ') break;
            if (text[end] == ' ' && end != 0 && may_end(text, end)) blank = end;
            used += width(c.value);
            end += c.length;
            if (used > room) break;
        }
        const bool rest = end < text.size();
        const std::size_t stop = rest && blank != std::string_view::npos ? blank : end;
        out += text.substr(0, stop);
        out.erase(out.find_last_not_of(' ') + 1);
        out += '\n';
        text.remove_prefix(stop);
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
        if (text.empty()) return;
        out += indent;
    }
}

std::string print_notes(const Place& place, const Notes& notes, const Style& style) {
    if (notes.empty()) return "";
    const std::string gutter = note_gutter(place);
    std::size_t columns = 7;
    for (const auto& [label, text] : notes)
        columns = std::max(columns, static_cast<std::size_t>(width(std::string_view(visible(label, style.unicode)))));
    std::string out = place ? gutter + "|\n" : "";
    for (const auto& [label, text] : notes) {
        std::string head = gutter + "= " + visible(label, style.unicode);
        const std::size_t wanted = gutter.size() + 2 + columns + 1;
        head.append(wanted - static_cast<std::size_t>(width(std::string_view(head))), ' ');
        append_note(out, head, text, style);
    }
    return out;
}

std::string print(const Diagnostic& given, const Style& style) {
    const Diagnostic diagnostic = masked(given);
    const std::string_view severity = name(diagnostic.severity);
    std::string out = coloured(std::string(severity), diagnostic.severity, style) + ':';
    append_words(out, visible(diagnostic.message, style.unicode), static_cast<int>(severity.size()) + 1,
                 usable_width(style));
    out += excerpt(diagnostic.place, diagnostic.label, style, diagnostic.severity);
    Notes notes;
    if (!diagnostic.fix.empty()) notes.emplace_back("fix", diagnostic.fix);
    notes.insert(notes.end(), diagnostic.notes.begin(), diagnostic.notes.end());
    return out + print_notes(diagnostic.place, notes, style);
}

}  // namespace diag
}  // namespace poolfit
