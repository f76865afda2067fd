#include "html_page.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/svg/svg.hpp>

namespace poolfit::render {

std::string html_text(std::string_view text) { return svg::escaped(text); }

std::string html_text_lines(std::string_view text) {
    std::string out;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        out += html_text(text.substr(from, end - from)) + '\n';
        from = end + 1;
    }
    return out;
}

std::string html_name(std::string_view name) { return fmt::format("<bdi>{}</bdi>", html_text(name)); }

std::string html_badge(std::string_view word, std::string_view kind) {
    return fmt::format("<span class=\"badge {}\">{}</span>", kind, html_text(word));
}

Html::Cell html_cell(std::string_view text) { return {html_text(text)}; }

void Html::open(std::string_view tag, std::string_view attributes) {
    out_ += attributes.empty() ? fmt::format("<{}>\n", tag) : fmt::format("<{} {}>\n", tag, attributes);
}

void Html::close(std::string_view tag) { out_ += fmt::format("</{}>\n", tag); }

void Html::heading(int level, std::string_view text, std::string_view id) {
    const std::string named = id.empty() ? std::string() : fmt::format(" id=\"{}\"", id);
    out_ += fmt::format("<h{0}{1}>{2}</h{0}>\n", level, named, html_text(text));
}

void Html::paragraph(std::string_view text, std::string_view classes) {
    if (text.empty()) return;
    const std::string named = classes.empty() ? std::string() : fmt::format(" class=\"{}\"", classes);
    out_ += fmt::format("<p{}>{}</p>\n", named, html_text(text));
}

void Html::paragraphs(std::string_view text) {
    constexpr std::string_view between = "\n\n";
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find(between, from), text.size());
        paragraph(text.substr(from, end - from));
        from = end + between.size();
    }
}

void Html::list(const std::vector<std::string>& items, std::string_view tag, std::string_view classes) {
    if (items.empty()) return;
    const std::string named = classes.empty() ? std::string() : fmt::format(" class=\"{}\"", classes);
    out_ += fmt::format("<{}{}>\n", tag, named);
    for (const std::string& item : items) out_ += fmt::format("<li>{}</li>\n", html_text(item));
    close(tag);
}

void Html::facts(const std::vector<std::pair<std::string, std::string>>& facts) {
    if (facts.empty()) return;
    out_ += "<dl>\n";
    for (const auto& [label, text] : facts)
        out_ += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", html_text(label), html_text(text));
    out_ += "</dl>\n";
}

namespace {

std::string_view class_of(const Html::Head& head) {
    return head.right ? R"( class="right")" : head.prose ? R"( class="prose")" : "";
}

}  // namespace

void Html::table(std::string_view caption, const std::vector<Head>& heads, const std::vector<std::vector<Cell>>& rows,
                 bool sorts) {
    if (rows.empty()) return;
    // A row of sentences is a list on a phone, where each cell says which column it is of.
    const bool stacks = !sorts && std::ranges::any_of(heads, &Head::prose);
    // What is wider than a phone is moved by itself, with keys too.
    out_ += fmt::format("<div class=\"wide\" role=\"region\" aria-label=\"{}\" tabindex=\"0\">\n<table{}>\n",
                        html_text(caption),
                        sorts    ? " class=\"sorts\""
                        : stacks ? " class=\"stacks\""
                                 : "");
    out_ += fmt::format("<caption>{}</caption>\n<thead><tr>", html_text(caption));
    for (const Head& head : heads)
        out_ += fmt::format("<th scope=\"col\"{}>{}</th>", class_of(head), html_text(head.text));
    out_ += "</tr></thead>\n<tbody>\n";
    for (const std::vector<Cell>& row : rows) {
        out_ += "<tr>";
        for (std::size_t i = 0; i < row.size(); ++i) {
            std::string attributes(class_of(heads[i]));
            if (i == 0) attributes += " scope=\"row\"";
            if (i > 0 && stacks) attributes += fmt::format(" data-head=\"{}\"", html_text(heads[i].text));
            if (!row[i].sort.empty()) attributes += fmt::format(" data-sort=\"{}\"", html_text(row[i].sort));
            out_ += fmt::format("<{0}{1}>{2}</{0}>", i == 0 ? "th" : "td", attributes, row[i].html);
        }
        out_ += "</tr>\n";
    }
    out_ += "</tbody>\n</table>\n</div>\n";
}

void Html::fold(std::string_view summary, std::string_view classes) {
    const std::string named = classes.empty() ? std::string() : fmt::format(" class=\"{}\"", classes);
    out_ += fmt::format("<details{}>\n<summary>{}</summary>\n", named, summary);
}

}  // namespace poolfit::render
