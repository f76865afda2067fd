// A GitHub-flavoured Markdown document as it is written. Any text is safe to write: signs that Markdown takes for
// its own are escaped, and a cell never ends its row.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace poolfit::render {

/// Text as it is, in a paragraph, a list or a cell.
std::string escaped(std::string_view text);
/// The same in a code span, whatever backticks it has.
std::string code(std::string_view text);

class Markdown {
public:
    struct Head {
        std::string_view text;
        bool right = false;  ///< numbers
    };

    void heading(int level, std::string_view text);
    /// `text` may hold Markdown of ours; texts of others are escaped before they come here.
    void paragraph(std::string_view text);
    void list(const std::vector<std::string>& items, bool numbered = false);
    void boxes(const std::vector<std::string>& items);
    /// Cells are escaped here. Nothing is written where there is no row.
    void table(const std::vector<Head>& heads, const std::vector<std::vector<std::string>>& rows);
    std::string take();

private:
    void block();
    std::string out_;
};

}  // namespace poolfit::render
