#include "markdown_page.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "layout.hpp"

namespace poolfit::render {
namespace {

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::string escaped(std::string_view text) {
    const std::string visible = shown(text, true);
    std::string out;
    out.reserve(visible.size());
    for (std::size_t i = 0; i < visible.size(); ++i) {
        const char c = visible[i];
        if (c == '<') {
            out += "&lt;";
            continue;
        }
        const bool alone =
            c == '_' && (i == 0 || i + 1 == visible.size() || !is_word(visible[i - 1]) || !is_word(visible[i + 1]));
        // At the start of an item these make a heading, a quote, a list.
        const bool leads = i == 0 && (c == '#' || c == '>' || c == '+' || c == '-' || c == '=');
        if (alone || leads || std::string_view("\\`*[]|~&").find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

std::string code(std::string_view text) {
    const std::string visible = shown(text, true);
    std::size_t longest = 0, run = 0;
    for (const char c : visible) longest = std::max(longest, run = c == '`' ? run + 1 : 0);
    const std::string fence(longest + 1, '`');
    // One blank beside a sign of its own is not shown.
    const std::string_view beside = longest > 0 ? " " : "";
    return fmt::format("{}{}{}{}{}", fence, beside, visible, beside, fence);
}

void Markdown::block() {
    if (!out_.empty()) out_ += '\n';
}

void Markdown::heading(int level, std::string_view text) {
    block();
    out_ += fmt::format("{} {}\n", std::string(static_cast<std::size_t>(level), '#'), escaped(text));
}

void Markdown::paragraph(std::string_view text) {
    if (text.empty()) return;
    block();
    out_ += fmt::format("{}\n", text);
}

void Markdown::list(const std::vector<std::string>& items, bool numbered) {
    if (items.empty()) return;
    block();
    std::size_t n = 0;
    for (const std::string& item : items)
        out_ += numbered ? fmt::format("{}. {}\n", ++n, escaped(item)) : fmt::format("- {}\n", escaped(item));
}

void Markdown::boxes(const std::vector<std::string>& items) {
    if (items.empty()) return;
    block();
    for (const std::string& item : items) out_ += fmt::format("- [ ] {}\n", escaped(item));
}

void Markdown::table(const std::vector<Head>& heads, const std::vector<std::vector<std::string>>& rows) {
    if (rows.empty()) return;
    block();
    std::string rule;
    for (const Head& head : heads) {
        out_ += fmt::format("| {} ", head.text);
        rule += head.right ? "| ---: " : "| --- ";
    }
    out_ += fmt::format("|\n{}|\n", rule);
    for (const auto& row : rows) {
        for (const std::string& cell : row) out_ += cell.empty() ? "| " : fmt::format("| {} ", escaped(cell));
        out_ += "|\n";
    }
}

std::string Markdown::take() { return std::move(out_); }

}  // namespace poolfit::render
