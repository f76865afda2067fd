#include "splice.hpp"

#include <algorithm>
#include <vector>

#include "toml_scan.hpp"
#include "write_values.hpp"

namespace poolfit::load {
namespace {

constexpr std::size_t none = std::string_view::npos;

struct Item {
    std::string_view key;
    const Value* value;
    std::uint32_t begin;  ///< of the key, or of the value in a list
    const SourceText* source;
};

std::vector<Item> items_of(const Table& table, Syntax syntax) {
    std::vector<Item> items;
    for (const auto& [key, place, value] : table.members)
        if (is_written(value, syntax)) items.push_back({key, &value, place.span.begin, place.source});
    return items;
}
std::vector<Item> items_of(const Array& list, Syntax syntax) {
    std::vector<Item> items;
    for (const auto& value : list.items)
        if (is_written(value, syntax)) items.push_back({{}, &value, value.place.span.begin, value.place.source});
    return items;
}

/// What stands between two items: what ends the line of the first, and what leads to the second. No comma.
struct Gap {
    std::string tail, lead;
};
Gap split(std::string_view text) {
    Gap gap;
    bool comment = false, comma = false, line = false;
    std::string all;
    for (const char c : text) {
        if (c == '\n') {
            comment = false;
            line = true;
        }
        if (c == '#') comment = true;
        if (c == ',' && !comment) {
            comma = true;
            continue;
        }
        (line || (comma && text.find('\n') == none) ? gap.lead : gap.tail) += c;
    }
    if (!line && !comma) std::swap(gap.lead, gap.tail);
    while (!gap.tail.empty() && (gap.tail.back() == '\r' || gap.tail.back() == ' ')) gap.tail.pop_back();
    if (line && text.find("\r\n") != none) gap.lead.insert(0, "\r");
    return gap;
}

class Container {
public:
    Container(const Written& written, std::vector<Item> now, std::vector<Item> was, std::uint32_t open,
              std::string_view indent)
        : written_(written),
          text_(written.source->text()),
          now_(std::move(now)),
          was_(std::move(was)),
          open_(open),
          close_(written.close_of(open) - 1) {
        indent_ = indent;
        for (const auto& item : was_) ends_.push_back(written.span_of(*item.value).end);
        first_ = split(gap(0)).lead;
        many_lines_ = first_.find('\n') != none;
        if (many_lines_) indent_ = first_.substr(first_.rfind('\n') + 1);
    }

    std::string run(bool is_table) {
        std::string out(1, text_[open_]);
        std::size_t last = none;  // the item of the text that was written last
        std::size_t next = 0;     // the first one that may follow
        for (std::size_t i = 0; i < now_.size(); ++i) {
            const auto k = known(now_[i], next);
            const bool adjacent = k != none && (i == 0 ? k == 0 : last != none && k == last + 1);
            if (adjacent) {
                out += gap(k);
            } else {
                if (i != 0) out += ',';
                if (last != none) out += split(gap(last + 1)).tail;
                if (k != none)
                    out += i == 0 && !many_lines_ ? first_ : split(gap(k)).lead;
                else
                    out += many_lines_ || i == 0 ? first_ : " ";
            }
            const auto& now = now_[i];
            if (k == none) {
                if (is_table) {
                    out += key_text(now.key, written_.syntax);
                    out += written_.syntax == Syntax::json ? ": " : " = ";
                }
                out += fresh(*now.value);
            } else {
                const auto& was = *was_[k].value;
                out += text_.substr(was_[k].begin, was.place.span.begin - was_[k].begin);
                out += written_.value(*now.value, was, indent_);
                next = k + 1;
            }
            last = k;
        }
        const auto closing = gap(was_.size());
        if (last != none && last + 1 == was_.size()) return out.append(closing) += text_[close_];
        const auto end = split(closing);
        if (written_.syntax == Syntax::toml && many_lines_ && has_comma(closing)) out += ',';
        if (last != none) out += split(gap(last + 1)).tail;
        return out.append(end.lead) += text_[close_];
    }

private:
    /// The text before item `k`, or behind the last one.
    std::string_view gap(std::size_t k) const {
        const auto begin = k == 0 ? open_ + 1 : ends_[k - 1];
        const auto end = k == was_.size() ? close_ : was_[k].begin;
        return text_.substr(begin, end - begin);
    }
    static bool has_comma(std::string_view gap) {
        bool comment = false;
        for (const char c : gap) {
            if (c == '#') comment = true;
            if (c == '\n') comment = false;
            if (c == ',' && !comment) return true;
        }
        return false;
    }
    std::size_t known(const Item& item, std::size_t next) const {
        if (item.source != written_.source) return none;
        const auto at = std::ranges::lower_bound(was_, item.begin, {}, &Item::begin);
        if (at == was_.end() || at->begin != item.begin || at->key != item.key) return none;
        const auto index = static_cast<std::size_t>(at - was_.begin());
        return index < next ? none : index;
    }
    std::string fresh(const Value& value) const {
        return written_.syntax == Syntax::json ? json_text(value, indent_, written_.step) : toml_text(value, indent_);
    }

    const Written& written_;
    std::string_view text_;
    std::vector<Item> now_, was_;
    std::uint32_t open_, close_;
    std::string indent_, first_;
    std::vector<std::uint32_t> ends_;
    bool many_lines_ = false;
};

bool is_dotted(const Member& member) {
    const auto* table = member.value.as<Table>();
    return table != nullptr && table->form == Form::dotted;
}

}  // namespace

std::uint32_t Written::close_of(std::uint32_t open) const {
    const auto text = source->text();
    std::size_t depth = 0, at = open;
    while (at < text.size()) {
        const char c = text[at];
        if (c == '"' || (c == '\'' && syntax == Syntax::toml)) {
            at = skip_string(text, at);
            continue;
        }
        if (c == '#' && syntax == Syntax::toml) {
            at = std::min(text.find('\n', at), text.size());
            continue;
        }
        ++at;
        if (c == '[' || c == '{') ++depth;
        if ((c == ']' || c == '}') && --depth == 0) break;
    }
    return static_cast<std::uint32_t>(at);
}

Span Written::span_of(const Value& was) const {
    const bool brackets = was.as<Table>() != nullptr || was.as<Array>() != nullptr;
    return brackets ? Span{was.place.span.begin, close_of(was.place.span.begin)} : was.place.span;
}

std::string Written::value(const Value& now, const Value& was, std::string_view indent) const {
    if (now == was) {
        const auto span = span_of(was);
        return std::string(source->text().substr(span.begin, span.end - span.begin));
    }
    const auto* list = now.as<Array>();
    const auto* old_list = was.as<Array>();
    if (list != nullptr && old_list != nullptr && !list->items.empty() && !old_list->items.empty())
        return Container(*this, items_of(*list, syntax), items_of(*old_list, syntax), was.place.span.begin, indent)
            .run(false);
    const auto* inner = now.as<Table>();
    const auto* old = was.as<Table>();
    if (inner != nullptr && old != nullptr) return table(*inner, *old, was.place.span.begin, indent);
    return syntax == Syntax::json ? json_text(now, indent, step) : toml_text(now, indent);
}

std::string Written::table(const Table& now, const Table& was, std::uint32_t open, std::string_view indent) const {
    const bool plain = !std::ranges::any_of(now.members, is_dotted) && !std::ranges::any_of(was.members, is_dotted);
    if (now.members.empty() || was.members.empty() || (syntax == Syntax::toml && !plain)) {
        Value whole;
        whole.data = now;
        return syntax == Syntax::json ? json_text(whole, indent, step) : toml_text(whole, indent);
    }
    return Container(*this, items_of(now, syntax), items_of(was, syntax), open, indent).run(true);
}

}  // namespace poolfit::load
