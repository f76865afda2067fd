#include <poolfit/emit/language.hpp>

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>
#include <poolfit/model/command.hpp>

namespace poolfit::emit {
namespace {

/// Calls `plain(text)` for what may stand as it is and `other(code point)` for control and direction characters,
/// and for U+FFFD in place of what is not UTF-8.
template <class Plain, class Other>
void each(std::string_view text, const Plain& plain, const Other& other) {
    for (std::size_t at = 0; at < text.size();) {
        const diag::CodePoint c = diag::decode(text, at);
        if (!c.valid)
            other(char32_t{0xfffd});
        else if (!diag::stands(c))
            other(c.value);
        else
            plain(text.substr(at, c.length));
        at += c.length;
    }
}

/// Between `quote`s: characters of `marked` behind a backslash, others by `escape`.
template <class Escape>
std::string escaped(std::string_view text, char quote, std::string_view marked, const Escape& escape) {
    std::string out(1, quote);
    each(
        text,
        [&](std::string_view c) {
            if (c.size() == 1 && (c[0] == quote || c[0] == '\\' || marked.find(c[0]) != marked.npos)) out += '\\';
            out += c;
        },
        [&](char32_t c) { out += escape(c); });
    return out + quote;
}

std::string four(char32_t c) {
    if (c <= 0xffff) return fmt::format("\\u{:04x}", static_cast<std::uint32_t>(c));
    const auto above = static_cast<std::uint32_t>(c) - 0x10000;
    return fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + (above >> 10), 0xdc00 + (above & 0x3ff));
}
std::string four_or_eight(char32_t c) {
    return c <= 0xffff ? fmt::format("\\u{:04x}", static_cast<std::uint32_t>(c))
                       : fmt::format("\\U{:08x}", static_cast<std::uint32_t>(c));
}
std::string braces(char32_t c) { return fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(c)); }
std::string as_utf8(char32_t c) {
    std::string out;
    diag::append_utf8(out, c);
    return out;
}

/// javac reads \\u000a as a new line wherever it stands: ASCII's control characters are octal.
std::string java(std::string_view text) {
    return escaped(text, '"', "", [](char32_t c) {
        return c < 0x80 ? fmt::format("\\{:03o}", static_cast<std::uint32_t>(c)) : four(c);
    });
}
std::string c_sharp(std::string_view text) { return escaped(text, '"', "", four); }
std::string go(std::string_view text) { return escaped(text, '"', "", four_or_eight); }
std::string rust(std::string_view text) { return escaped(text, '"', "", braces); }
std::string single_quoted(std::string_view text) { return escaped(text, '\'', "", four); }
std::string python(std::string_view text) { return escaped(text, '\'', "", four_or_eight); }
/// #{…} is replaced between double quotes.
std::string ruby(std::string_view text) { return escaped(text, '"', "#", braces); }

/// $name and {$…} are replaced between double quotes.
std::string php(std::string_view text) { return escaped(text, '"', "$", braces); }

/// ${…} and %{…} are replaced unless their first character is doubled.
std::string terraform(std::string_view text) {
    const std::string quoted = escaped(text, '"', "", four_or_eight);
    std::string out;
    for (std::size_t i = 0; i < quoted.size(); ++i) {
        if ((quoted[i] == '$' || quoted[i] == '%') && i + 1 < quoted.size() && quoted[i + 1] == '{') out += quoted[i];
        out += quoted[i];
    }
    return out;
}

std::string yaml(std::string_view text) { return escaped(text, '"', "", four_or_eight); }

/// As JSON has it, where `<` is an escape too: a script in a page does not end in it.
std::string json_string(std::string_view text) {
    const std::string quoted = escaped(text, '"', "", four);
    std::string out;
    for (const char c : quoted) {
        if (c == '<')
            out += "\\u003c";
        else
            out += c;
    }
    return out;
}

/// A string constant: with backslashes it is read the same by standard_conforming_strings and without only as E'…'.
std::string sql(std::string_view text) {
    std::string out;
    bool codes = false;
    each(
        text,
        [&](std::string_view c) {
            codes = codes || c == "\\";
            out += c == "'" ? "''" : c == "\\" ? "\\\\" : std::string(c);
        },
        [&](char32_t c) {
            codes = true;
            out += four_or_eight(c);
        });
    return (codes ? "E'" : "'") + out + "'";
}

/// A value of a connection string in pgbouncer.ini: quotes are doubled; a line cannot hold a newline.
std::string ini(std::string_view text) {
    std::string out = "'";
    each(
        text, [&](std::string_view c) { out += c == "'" ? "''" : std::string(c); },
        [&](char32_t c) { out += c == U'\n' || c == U'\r' || c == U'\0' ? "?" : as_utf8(c); });
    return out + "'";
}

std::string shell(std::string_view text) { return model::in_shell(text); }

/// A value of a .properties file: without quotes.
std::string properties(std::string_view text) {
    std::string out;
    each(
        text,
        [&](std::string_view c) {
            if (c == "\\" || (out.empty() && (c == " " || c == "#" || c == "!"))) out += '\\';
            out += c;
        },
        [&](char32_t c) { out += four(c); });
    return out;
}

std::string code_span(std::string_view text) {
    std::string inside;
    std::size_t run = 0, longest = 0;
    each(
        text,
        [&](std::string_view c) {
            run = c == "`" ? run + 1 : 0;
            longest = std::max(longest, run);
            inside += c;
        },
        [&](char32_t c) {
            inside += diag::visible(diag::CodePoint{c, 1, true}, true);
        });
    const std::string ticks(longest + 1, '`');
    const bool pad = inside.empty() || inside.front() == '`' || inside.back() == '`';
    return ticks + (pad ? " " : "") + inside + (pad ? " " : "") + ticks;
}

struct Row {
    Language language;
    std::string_view mark, end;  ///< of a line of a comment
    std::string_view ends;       ///< what ends such a comment, or has a meaning inside it: a space takes it apart
    std::string (*quote)(std::string_view text);
};
constexpr Row rows[] = {
    {Language::ini, "; ", "", "", ini},
    {Language::sql, "-- ", "", "", sql},
    {Language::javascript, "// ", "", "", single_quoted},
    {Language::python, "# ", "", "", python},
    {Language::ruby, "# ", "", "", ruby},
    {Language::java, "// ", "", "\\u", java},
    {Language::go, "// ", "", "", go},
    {Language::rust, "// ", "", "", rust},
    {Language::csharp, "// ", "", "", c_sharp},
    {Language::elixir, "# ", "", "", ruby},
    {Language::php, "// ", "", "?>", php},
    {Language::shell, "# ", "", "", shell},
    {Language::terraform, "# ", "", "", terraform},
    {Language::yaml, "# ", "", "", yaml},
    {Language::json, "// ", "", "", json_string},
    {Language::properties, "# ", "", "", properties},
    {Language::markdown, "<!-- ", " -->", "--", code_span},
};

const Row& row_of(Language language) { return rows[static_cast<std::size_t>(language)]; }

consteval bool in_order() {
    for (std::size_t i = 0; i < std::size(rows); ++i)
        if (static_cast<std::size_t>(rows[i].language) != i) return false;
    return true;
}
static_assert(in_order());

}  // namespace

std::string_view opening(Language language) { return language == Language::php ? "<?php\n" : ""; }

std::string comment(Language language, std::string_view text) {
    const Row& row = row_of(language);
    std::string out;
    for (bool more = true; more;) {
        const std::size_t stop = text.find('\n');
        more = stop != text.npos;
        std::string line = diag::visible(text.substr(0, stop), true);
        for (std::size_t at = row.ends.empty() ? line.npos : line.find(row.ends); at != line.npos;
             at = line.find(row.ends, at + 2))
            line.insert(at + 1, " ");
        out += row.mark;
        out += line;
        while (out.ends_with(' ')) out.pop_back();
        out += row.end;
        out += '\n';
        if (more) text.remove_prefix(stop + 1);
    }
    return out;
}

std::string quoted(Language language, std::string_view text) { return row_of(language).quote(text); }

std::string sql_name(std::string_view text) {
    std::string out = "\"";
    each(
        text, [&](std::string_view c) { out += c == "\"" ? "\"\"" : std::string(c); },
        [&](char32_t c) { out += c == U'\0' ? "?" : as_utf8(c); });
    return out + "\"";
}

std::string mysql_name(std::string_view text) {
    std::string out = "`";
    each(
        text, [&](std::string_view c) { out += c == "`" ? "``" : std::string(c); },
        [&](char32_t c) { out += c == U'\0' ? "?" : as_utf8(c); });
    return out + "`";
}

std::string path_part(std::string_view text) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    std::string out;
    for (const char c : text) out += plain.find(c) == plain.npos || (out.empty() && c == '.') ? '_' : c;
    return out.empty() ? "_" : out;
}

}  // namespace poolfit::emit
