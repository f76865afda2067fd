#include "toml_layout.hpp"

#include <algorithm>

#include "parsers.hpp"
#include "toml_scan.hpp"

namespace poolfit::load {
namespace {

constexpr std::string_view blanks = " \t";

class Walk {
public:
    explicit Walk(std::string_view text) : text_(text), at_(bom_length(text)) {}

    Layout run() {
        Layout out;
        while (true) {
            Statement next{};
            next.lead = offset(at_);
            while (true) {
                next.begin = offset(at_);
                at_ = std::min(text_.find_first_not_of(blanks, at_), text_.size());
                if (at_ == text_.size()) {
                    out.tail = next.lead;
                    return out;
                }
                if (text_[at_] != '#' && text_[at_] != '\n' && text_[at_] != '\r') break;
                skip_line();
            }
            next.key = offset(at_);
            next.is_header = text_[at_] == '[';
            if (next.is_header)
                header();
            else
                key();
            next.value = offset(at_);
            if (!next.is_header) value();
            next.content = offset(at_);
            skip_line();
            next.end = offset(at_);
            out.statements.push_back(next);
        }
    }

private:
    static std::uint32_t offset(std::size_t at) { return static_cast<std::uint32_t>(at); }
    void skip_line() {
        at_ = text_.find('\n', at_);
        at_ = at_ == text_.npos ? text_.size() : at_ + 1;
    }
    void skip_to(std::string_view stops) {
        while (at_ < text_.size() && stops.find(text_[at_]) == stops.npos)
            at_ = text_[at_] == '"' || text_[at_] == '\'' ? skip_string(text_, at_) : at_ + 1;
    }
    void header() {
        skip_to("]\n");
        while (at_ < text_.size() && (text_[at_] == ']' || text_[at_] == ' ') &&
               text_.substr(at_).find_first_not_of(' ') != text_.npos &&
               text_[text_.find_first_not_of(' ', at_)] == ']')
            ++at_;
    }
    /// To the value behind the '='.
    void key() {
        skip_to("=\n");
        if (at_ < text_.size() && text_[at_] == '=') ++at_;
        at_ = std::min(text_.find_first_not_of(blanks, at_), text_.size());
    }
    void value() {
        std::size_t depth = 0, end = at_;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (depth == 0 && (c == '\n' || c == '#')) break;
            if (c == '"' || c == '\'') {
                at_ = end = skip_string(text_, at_);
                continue;
            }
            if (c == '#') {
                at_ = std::min(text_.find('\n', at_), text_.size());
                continue;
            }
            if (c == '[' || c == '{') ++depth;
            if ((c == ']' || c == '}') && depth > 0) --depth;
            ++at_;
            if (c != ' ' && c != '\t' && c != '\r') end = at_;
        }
        at_ = end;
    }

    std::string_view text_;
    std::size_t at_;
};

std::string_view trimmed(std::string_view line) {
    const auto first = line.find_first_not_of(" \t\r\n");
    if (first == line.npos) return {};
    return line.substr(first, line.find_last_not_of(" \t\r\n") - first + 1);
}

/// Hands each value its statement's comments.
class Attach {
public:
    explicit Attach(Document& document)
        : document_(document), text_(document.source->text()), layout_(layout_of(text_)) {}

    void run() {
        table(document_.root);
        document_.end = comment_lines(text_.substr(layout_.tail));
    }

private:
    void table(Table& table) {
        for (auto& member : table.members) {
            if (auto* inner = member.value.as<Table>(); inner != nullptr && inner->form != Form::in_line) {
                if (inner->form == Form::header) comments(member.value, member.value.place);
                this->table(*inner);
            } else if (auto* list = member.value.as<Array>(); list != nullptr && list->of_headers) {
                for (auto& item : list->items) {
                    comments(item, item.place);
                    if (auto* record = item.as<Table>()) this->table(*record);
                }
            } else {
                comments(member.value, member.key_place);
            }
        }
    }
    void comments(Value& value, const Place& place) {
        const auto* statement = layout_.at(place.span.begin);
        if (statement == nullptr) return;
        Comments found;
        if (statement->lead != statement->begin)
            found.before = comment_lines(text_.substr(statement->lead, statement->begin - statement->lead));
        found.behind = comment_behind(text_, *statement);
        if (!found.before.empty() || !found.behind.empty())
            value.comments = std::make_shared<const Comments>(std::move(found));
    }

    Document& document_;
    std::string_view text_;
    Layout layout_;
};

}  // namespace

const Statement* Layout::at(std::uint32_t offset) const {
    const auto after = std::ranges::upper_bound(statements, offset, {}, &Statement::begin);
    if (after == statements.begin() || offset >= std::prev(after)->end) return nullptr;
    return &*std::prev(after);
}

Layout layout_of(std::string_view text) { return Walk(text).run(); }

std::string comment_lines(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() && out.empty()) continue;
        out += line;
        out += '\n';
    }
    return out;
}

std::string comment_behind(std::string_view text, const Statement& statement) {
    return std::string(trimmed(text.substr(statement.content, statement.end - statement.content)));
}

void attach_comments(Document& document) { Attach(document).run(); }

}  // namespace poolfit::load
