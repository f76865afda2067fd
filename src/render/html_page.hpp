// An HTML page as it is written. Text of others is escaped here, in one place.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace poolfit::render {

/// Text inside an element or in double quotes: control and direction characters are made visible.
std::string html_text(std::string_view text);
/// The same of several lines, which stay.
std::string html_text_lines(std::string_view text);
/// A name inside a sentence or a cell: its direction does not reach beyond it.
std::string html_name(std::string_view name);
/// A word that stands out: "over", "warn", "good" or "plain", and the word says the same as the colour.
std::string html_badge(std::string_view word, std::string_view kind);

class Html {
public:
    struct Head {
        std::string_view text;
        bool right = false;  ///< numbers
        bool prose = false;  ///< sentences, which need room
    };
    struct Cell {
        std::string html;    ///< escaped by who makes it
        std::string sort{};  ///< sorted by, as a number; empty: by its text
    };

    /// As it is.
    void raw(std::string_view html) { out_ += html; }
    void open(std::string_view tag, std::string_view attributes = {});
    void close(std::string_view tag);
    void heading(int level, std::string_view text, std::string_view id = {});
    void paragraph(std::string_view text, std::string_view classes = {});
    /// Of a text in which a blank line stands between two.
    void paragraphs(std::string_view text);
    /// Nothing where there is no item.
    void list(const std::vector<std::string>& items, std::string_view tag = "ul", std::string_view classes = {});
    /// Labels and their texts.
    void facts(const std::vector<std::pair<std::string, std::string>>& facts);
    /// The head of each row is its first cell. `sorts`: the script makes its heads buttons.
    void table(std::string_view caption, const std::vector<Head>& heads, const std::vector<std::vector<Cell>>& rows,
               bool sorts = false);
    /// Folded; `summary` is HTML.
    void fold(std::string_view summary, std::string_view classes = {});
    void end_fold() { out_ += "</details>\n"; }
    std::string take() { return std::move(out_); }

private:
    std::string out_;
};

/// A cell of text.
Html::Cell html_cell(std::string_view text);

}  // namespace poolfit::render
