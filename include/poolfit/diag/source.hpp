// Source text and places in it. A place is what a value, a diagnostic and a derivation point at.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace poolfit {

/// Half-open range of byte offsets.
struct Span {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    constexpr bool operator==(const Span&) const = default;
};

/// Line and column, both from 1; a column counts characters (code points), not bytes.
struct Position {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
    constexpr auto operator<=>(const Position&) const = default;
};

/// One file's bytes, with its name as the user wrote it ("infra/poolfit.toml", "--set host.app.vcpus=8").
class SourceText {
public:
    SourceText(std::string name, std::string text);
    /// A piece of a file that is not kept as a whole; `first` is where it begins there.
    SourceText(std::string name, std::string piece, Position first);
    const std::string& name() const { return name_; }
    std::string_view text() const { return text_; }
    bool is_ascii() const { return ascii_; }
    Position position(std::uint32_t offset) const;
    /// Byte offset of a line and column as toml++ counts them (column in code points); clamped to the text.
    std::uint32_t offset(Position position) const;
    /// The line's text without its line ending. Lines count from 1.
    std::string_view line(std::uint32_t number) const;
    std::uint32_t line_count() const { return static_cast<std::uint32_t>(line_starts_.size()); }

private:
    std::string name_;
    std::string text_;
    std::vector<std::uint32_t> line_starts_;
    bool ascii_ = true;  ///< then columns are bytes and need no count
    Position first_;     ///< of the text's first character
};

/// Owns source texts for as long as any place points into them; their addresses are stable.
class Sources {
public:
    const SourceText& add(std::string name, std::string text);
    const SourceText& add(std::string name, std::string piece, Position first);
    const std::vector<std::unique_ptr<const SourceText>>& all() const { return texts_; }

private:
    std::vector<std::unique_ptr<const SourceText>> texts_;
};

/// Where something was declared. `source == nullptr`: nowhere (a built-in default).
struct Place {
    const SourceText* source = nullptr;
    Span span;
    explicit operator bool() const { return source != nullptr; }
};

namespace diag {
/// "infra/poolfit.toml:41:13", or "" for no place.
std::string print(const Place& place);
}  // namespace diag
}  // namespace poolfit
