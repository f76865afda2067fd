// The page that the text renderers write on: display width, wrapping with a hanging indent, colours, bars, and
// ASCII where the terminal can't do better. No line gets longer than the style's width, whatever is written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/render/render.hpp>
#include <poolfit/render/words.hpp>

namespace poolfit::render {

/// How a piece of text stands out. No foreground colour of a terminal is readable both on white and on black, so text
/// is bold, and marks bring their own background or reverse the terminal's: sgr() has the codes.
enum class Paint : std::uint8_t {
    plain,
    good,  ///< bold, as the next two
    warn,
    bad,
    good_mark,  ///< a word on bright green
    warn_mark,  ///< on bright yellow
    bad_mark,   ///< reversed
    dim,        ///< only for what need not be read: the empty cells of a bar
};

/// Select Graphic Rendition of a paint (ECMA-48): "1" is bold.
std::string_view sgr(Paint paint);

/// A piece of text in one colour.
struct Piece {
    std::string text;
    Paint paint = Paint::plain;
    Piece(std::string t, Paint p = Paint::plain) : text(std::move(t)), paint(p) {}  // NOLINT: text is a piece
    Piece(const char* t, Paint p = Paint::plain) : text(t), paint(p) {}             // NOLINT
};
using Pieces = std::vector<Piece>;

/// The text as a terminal may get it: nothing raw, and without `unicode` the signs of ours in ASCII ("→" is "->").
/// No-break spaces stay until the page writes them as spaces.
std::string shown(std::string_view text, bool unicode);
/// The same at the end of `out`.
void append_shown(std::string& out, std::string_view text, bool unicode);

class Page {
public:
    /// Narrower than this a page doesn't get.
    static constexpr int narrowest = 40;

    explicit Page(const Style& style);

    int width() const { return width_; }
    /// Where things set to the right end: a wide terminal should not pull a line apart.
    int edge() const { return width_ < 80 ? width_ : 80; }
    /// Room for a text of about so many bytes, so that a long one is not copied while it grows.
    void expect(std::size_t bytes) { out_.reserve(bytes); }
    /// What was written on another page of this style, as it is.
    void append(const Page& part) { out_ += part.out_; }
    void prepend(const Page& part) { out_.insert(0, part.out_); }
    /// Columns that the text will take on this page.
    int columns(std::string_view text) const;
    int columns(const Pieces& pieces) const;
    /// The text, and as many spaces as bring it to `width` columns.
    std::string left(std::string_view text, int width) const;
    std::string right(std::string_view text, int width) const;
    /// The same at the end of `out`.
    void append_left(std::string& out, std::string_view text, int width) const;
    void append_right(std::string& out, std::string_view text, int width) const;

    void blank();
    /// One line, or more where it's too long: broken between words, what follows starts at `indent`.
    void write(const Pieces& pieces, int indent = 2);
    /// `label` at `margin`, the text from column `indent` on.
    void labelled(std::string_view label, Pieces text, int indent, int margin = 2);
    /// One line as it is, which has to fit: what a reader copies gets no spaces.
    void verbatim(std::string_view text, int indent);
    /// Texts with `separator` between them; a line ends only between two of them, as long as each fits on one.
    void flow(std::string_view label, const std::vector<std::string>& texts, std::string_view separator, int indent);
    /// `lhs`, and `rhs` set to the right edge: on the same line where both fit, else on the next or the
    /// last that `lhs` wraps to.
    void ends(Pieces lhs, const Pieces& rhs, int indent);
    /// One line after another, each below the guide signs of a tree: `first` before the first line, `rest` before
    /// those that the text wraps to.
    void guided(std::string_view first, std::string_view rest, const Pieces& text, int hang);

    /// Adds a bar of `cells`, filled to `share` of its limit; past the limit the cells that are too many are bold.
    static void bar(Pieces& pieces, double share, int cells);

    /// All that was written; no blank line at the end.
    std::string take();

private:
    // wrap.cpp; both return the column where the last line ends.
    std::optional<int> on_one_line(std::string_view line, int start);
    int wrap(const Pieces& pieces, int start, int indent, std::string_view rest);

    int width_;
    bool colour_;
    bool unicode_;
    std::string out_;
    std::string line_;  ///< that is being wrapped
};

/// Texts with " · " between them, empty ones left out.
std::string joined(const std::vector<std::string>& texts, std::string_view separator = " · ");

}  // namespace poolfit::render
