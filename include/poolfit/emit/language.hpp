// The languages of files that are emitted: how each marks a comment, and how it quotes a text. One row a language.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace poolfit::emit {

enum class Language : std::uint8_t {
    ini,  ///< of PgBouncer
    sql,
    javascript,
    python,
    ruby,
    java,
    go,
    rust,
    csharp,
    elixir,
    php,
    shell,
    terraform,
    yaml,
    json,
    properties,  ///< of Java, and environment files
    markdown,
};

/// What a file of the language begins with, before any comment: "<?php\n".
std::string_view opening(Language language);
/// Lines of a comment, each with the mark, and a newline at the end. Control and direction characters are shown as
/// their codes, so no text ends the comment.
std::string comment(Language language, std::string_view text);
/// A literal of the language that means this text, with its quotes: it ends where the text does, and nothing in it is
/// replaced when it is read. Of SQL a string; of Markdown a code span.
std::string quoted(Language language, std::string_view text);
/// A name in SQL: "api", with quotes where it needs them and where it does not.
std::string sql_name(std::string_view text);
/// The same for MySQL: `api`.
std::string mysql_name(std::string_view text);
/// Part of a path: other characters than letters, digits, '-', '_' and '.' as '_', and no dot at the beginning.
std::string path_part(std::string_view text);

}  // namespace poolfit::emit
