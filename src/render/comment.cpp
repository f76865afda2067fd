#include "comment.hpp"

#include <cstdint>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "layout.hpp"

namespace poolfit::render {

std::string comment_mark(std::string_view command, std::string_view inventory) {
    std::string name(inventory);  // "--" would end it
    std::erase_if(name, [](unsigned char c) { return c < ' ' || c == '<' || c == '>' || c == '-' || c >= 0x7F; });
    return fmt::format("<!-- poolfit {}{} -->\n", command, name.empty() ? name : " " + name);
}

void Comment::add(const std::vector<std::string>& items) {
    for (const std::string& item : items) {
        if (left_out_ == 0 && text_.size() + item.size() + room_for_end < most_of_a_comment)
            text_ += item;
        else
            ++left_out_;
    }
}

void Comment::list(std::string_view title, const std::vector<std::string>& items) {
    if (items.empty()) return;
    text_ += title.empty() ? "\n" : fmt::format("\n{}:\n\n", title);
    add(items);
}

void Comment::folded(std::string_view one, std::string_view many, const std::vector<std::string>& items) {
    if (items.empty()) return;
    text_ += fmt::format("\n<details><summary>{}</summary>\n\n",
                         counted(static_cast<std::int64_t>(items.size()), one, many));
    add(items);
    text_ += "\n</details>\n";
}

std::string Comment::take(std::string_view end, const Noun& left_out, std::string_view command) {
    if (left_out_ > 0)
        text_ += fmt::format("\n{} more: {} shows all.\n",
                             counted(static_cast<std::int64_t>(left_out_), left_out.one, left_out.many), command);
    return std::move(text_ += end);
}

}  // namespace poolfit::render
