// A comment on a pull request: Markdown that begins with a mark, by which an update finds it, and is not too long.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace poolfit::render {

/// "<!-- poolfit check shop -->": what an update looks for.
std::string comment_mark(std::string_view command, std::string_view inventory);

/// GitHub takes 65,536 characters in a comment.
inline constexpr std::size_t most_of_a_comment = 65'000;

class Comment {
public:
    struct Noun {
        std::string_view one, many;
    };
    Comment(std::string_view command, std::string_view inventory) : text_(comment_mark(command, inventory)) {}
    /// Markdown of ours, as it is.
    void open(std::string_view text) { text_ += text; }
    /// Items, each a line or more that begin with "- ", under a title, if there is one; those for which there is no
    /// room are counted.
    void list(std::string_view title, const std::vector<std::string>& items);
    /// The same behind "3 other databases that differ", which unfolds.
    void folded(std::string_view one, std::string_view many, const std::vector<std::string>& items);
    /// All, how many items are left out, which the command shows, and the end: at most 1,400 characters.
    std::string take(std::string_view end, const Noun& left_out, std::string_view command);

private:
    void add(const std::vector<std::string>& items);

    static constexpr std::size_t room_for_end = 1'500;
    std::string text_;
    std::size_t left_out_ = 0;
};

}  // namespace poolfit::render
