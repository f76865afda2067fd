// An inventory as a tree of values: read from TOML or JSON text, edited or built, and written back as text.
//
// Every value that was read has its place in the text, and print() keeps the bytes of every value that is unchanged: an
// unchanged document prints as its text, and an edit changes only its lines. Comments belong to a value and move with
// it. Anything here may be changed freely: print() compares with the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/diag/source.hpp>
#include <poolfit/model/fleet.hpp>

namespace poolfit::load {

struct Value;
struct Member;

/// JSON's; TOML has none, so print() leaves out a key or an item that is null.
struct Null {};
/// A date or a time as TOML has them, as written. In JSON a string.
struct DateText {
    std::string text;
};
struct Array {
    std::vector<Value> items;
    bool of_headers = false;  ///< written as [[name]] headers. Also written so: what holds tables that leave it open
};
/// How TOML writes a table.
enum class Form : std::uint8_t {
    open,     ///< print() chooses: a header, but { min = 2, max = 10 } on the key's line
    header,   ///< [name], its keys below
    in_line,  ///< { key = value, … }
    dotted,   ///< name.key = value, a line for each key
    implied,  ///< only [name.other] stands there; print() writes [name] once it has a value of its own
};
struct Table {
    std::vector<Member> members;  ///< in order of position
    Form form = Form::open;
};

/// The comments at a value. Blank lines before the first are not part of them: print() keeps those of the text, and
/// writes one before a new record where the file has them.
struct Comments {
    std::string before;  ///< lines above its own, each ended by "\n": "# …", or blank between two of those
    std::string behind;  ///< "# …" at the end of its line; of a table, of its header's
};

struct Value {
    std::variant<Null, bool, std::int64_t, double, std::string, DateText, Array, Table> data;
    Place place{};  ///< none if built
    /// Of a string that stands in the source byte for byte (no escapes): its first byte, inside the quotes.
    std::optional<std::uint32_t> text_begin{};
    /// None, or the comments at it. Items of lists and of tables in braces have none: comments inside are kept as long
    /// as the items around them are.
    std::shared_ptr<const Comments> comments{};

    template <class T>
    const T* as() const {
        return std::get_if<T>(&data);
    }
    template <class T>
    T* as() {
        return std::get_if<T>(&data);
    }
    /// The place of `length` bytes of a string, or of the whole value if its text has escapes.
    Place inside(std::size_t offset, std::size_t length) const;
};

struct Member {
    std::string key;
    Place key_place{};
    Value value{};
};

enum class Syntax : std::uint8_t { toml, json };

struct Document {
    Table root;
    Syntax syntax = Syntax::toml;
    const SourceText* source = nullptr;  ///< what it was read from; must outlive it
    std::string end;                     ///< comments below the last value, as Comments::before
    std::string name = "new inventory";  ///< what check() calls a document without a source
};

/// Equal are values that say the same, in the same order, with the same comments, wherever and however they are
/// written. A number equals the one of its bits: nan equals nan, 0.0 not -0.0.
bool operator==(const Value& a, const Value& b);
bool operator==(const Document& a, const Document& b);

/// Text to tree, with comments: JSON if the name ends in .json, TOML if it ends in .toml, else by the first character.
/// Nothing after an error; one error of syntax at most is reported. At most max_file_size bytes and max_values values.
std::optional<Document> parse(const SourceText& source, Diagnostics& diagnostics);

/// Tree to text, in the document's syntax (assign it to convert). Valid UTF-8 that parse() reads to an equal document,
/// if keys differ within a table, comments are such as comment() makes, a table's values precede its tables with
/// headers, and nothing is null (TOML), a date, infinite or nan (JSON: text). JSON has no comments.
std::string print(const Document& document);

/// The text that print() gives, checked as inventory() checks a file. An unchanged document keeps its source; of any
/// other the text is added to `sources`, under the source's name or the document's, so that diagnostics and the
/// fleet's places point into the text that is about to be written. All errors are reported in one go. `written`, if
/// given, becomes that text.
std::optional<Fleet> check(const Document& document, const Catalog& catalog, Sources& sources, Diagnostics& diagnostics,
                           const SourceText** written = nullptr);

const Value* find(const Table& table, std::string_view key);
Value* find(Table& table, std::string_view key);

/// Gives `key` a value. The old one's comments stay unless the new one brings its own, and its place in the order if
/// both or neither have headers; a new key goes behind the last value, before tables with headers. References into the
/// table end.
Value& set(Table& table, std::string_view key, Value value);

/// Adds a [[key]] record behind the last; another value of that key is replaced. References into the list end.
Table& append(Table& table, std::string_view key, Table record);

/// Removes a key, or record `index` of the list `key` (the key too with the last of them). The comments right above go
/// with it, and suppressions; those set apart by a blank line go to what follows. False if it is not there.
bool remove(Document& document, Table& table, std::string_view key);
bool remove(Document& document, Table& table, std::string_view key, std::size_t index);

/// Sets the comments at a value, one line of text to a line; "# " is put before what doesn't begin with '#', control
/// characters become blanks. Empty texts remove them.
void comment(Value& value, std::string_view before, std::string_view behind);

}  // namespace poolfit::load
