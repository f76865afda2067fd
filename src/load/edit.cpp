// Documents as values: equality, and the edits that keep comments where they belong.
#include <algorithm>
#include <bit>
#include <cmath>

#include <poolfit/load/document.hpp>

#include "outline.hpp"
#include "write_values.hpp"

namespace poolfit::load {
namespace {

struct Same {
    bool operator()(Null, Null) const { return true; }
    bool operator()(bool a, bool b) const { return a == b; }
    bool operator()(std::int64_t a, std::int64_t b) const { return a == b; }
    bool operator()(double a, double b) const {
        return (std::isnan(a) && std::isnan(b)) || std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
    }
    bool operator()(const std::string& a, const std::string& b) const { return a == b; }
    bool operator()(const DateText& a, const DateText& b) const { return a.text == b.text; }
    bool operator()(const Array& a, const Array& b) const { return a.items == b.items; }
    bool operator()(const Table& a, const Table& b) const {
        return std::ranges::equal(a.members, b.members, [](const Member& x, const Member& y) {
            return x.key == y.key && x.value == y.value;
        });
    }
    template <class A, class B>
    bool operator()(const A&, const B&) const {
        return false;
    }
};

/// One line to a line, as comment() promises.
std::string as_comments(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        std::string line(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        for (char& c : line)
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
        line.erase(0, std::min(line.find_first_not_of(' '), line.size()));
        line.erase(line.find_last_not_of(' ') + 1);
        if (line.empty() && out.empty()) continue;
        if (!line.empty() && line[0] != '#') line.insert(0, "# ");
        out += line + '\n';
    }
    return out;
}

/// The lines of `before` that are set apart by a blank line at their end and are not suppressions.
std::string set_apart(std::string_view before) {
    const auto cut = before.ends_with("\n\n") ? before.size() : before.rfind("\n\n");
    std::string out;
    if (cut == before.npos) return out;
    std::string_view rest = before.substr(0, std::min(cut + 2, before.size()));
    while (!rest.empty()) {
        const auto end = rest.find('\n') + 1;
        const auto line = rest.substr(0, end);
        const auto word = line.find_first_not_of("# \t");
        if (word == line.npos || !line.substr(word).starts_with("poolfit:")) out += line;
        rest.remove_prefix(end);
    }
    return out.find('#') == out.npos ? "" : out;
}

/// The value at an address, if it is in the tree: V is Value or const Value.
template <class V>
V* in_tree(V& value, const Value* wanted) {
    if (&value == wanted) return &value;
    if (auto* table = value.template as<Table>())
        for (auto& member : table->members)
            if (auto* found = in_tree<V>(member.value, wanted)) return found;
    if (auto* list = value.template as<Array>())
        for (auto& item : list->items)
            if (auto* found = in_tree<V>(item, wanted)) return found;
    return nullptr;
}

/// The comments above the whole value.
std::string comments_above(const Value& value) {
    if (value.comments) return value.comments->before;
    if (const auto* list = value.as<Array>(); list != nullptr && !list->items.empty())
        return comments_above(list->items.front());
    const auto* table = value.as<Table>();
    const bool spread = table != nullptr && (table->form == Form::implied || table->form == Form::dotted);
    return spread && !table->members.empty() ? comments_above(table->members.front().value) : std::string();
}

/// Hands comments that stay on to the value whose line comes below `gone` and all inside it.
void hand_on(Document& document, const Value& gone) {
    const auto kept = set_apart(comments_above(gone));
    if (kept.empty()) return;
    const auto order = values_in_order(document);
    const auto inside = [&](const Value* value) { return in_tree<const Value>(gone, value) != nullptr; };
    auto at = std::ranges::find_if(order, inside);
    while (at != order.end() && inside(*at)) ++at;
    if (at == order.end()) {
        document.end.insert(0, kept);
        return;
    }
    for (auto& member : document.root.members) {
        auto* next = in_tree<Value>(member.value, *at);
        if (next == nullptr) continue;
        Comments comments = next->comments ? *next->comments : Comments{};
        comments.before.insert(0, kept);
        next->comments = std::make_shared<const Comments>(std::move(comments));
    }
}

}  // namespace

bool operator==(const Value& a, const Value& b) {
    static const Comments none;
    const Comments& left = a.comments ? *a.comments : none;
    const Comments& right = b.comments ? *b.comments : none;
    return left.before == right.before && left.behind == right.behind && std::visit(Same{}, a.data, b.data);
}

bool operator==(const Document& a, const Document& b) { return Same{}(a.root, b.root) && a.end == b.end; }

const Value* find(const Table& table, std::string_view key) {
    const auto at = std::ranges::find(table.members, key, &Member::key);
    return at == table.members.end() ? nullptr : &at->value;
}

Value* find(Table& table, std::string_view key) {
    const auto at = std::ranges::find(table.members, key, &Member::key);
    return at == table.members.end() ? nullptr : &at->value;
}

Value& set(Table& table, std::string_view key, Value value) {
    if (auto* old = find(table, key)) {
        if (!value.comments) value.comments = std::move(old->comments);
        if (has_headers(*old) == has_headers(value)) {
            *old = std::move(value);
            return *old;
        }
        std::erase_if(table.members, [&](const Member& member) { return member.key == key; });
    }
    auto at = table.members.end();
    if (!has_headers(value))
        while (at != table.members.begin() && has_headers(std::prev(at)->value)) --at;
    return table.members.insert(at, Member{std::string(key), {}, std::move(value)})->value;
}

Table& append(Table& table, std::string_view key, Table record) {
    Value item{.data = std::move(record)};
    auto* value = find(table, key);
    if (value == nullptr || value->as<Array>() == nullptr || value->as<Array>()->items.empty())
        value = &set(table, key, {.data = Array{.items = {std::move(item)}, .of_headers = true}});
    else
        value->as<Array>()->items.push_back(std::move(item));
    return *value->as<Array>()->items.back().as<Table>();
}

bool remove(Document& document, Table& table, std::string_view key) {
    const auto at = std::ranges::find(table.members, key, &Member::key);
    if (at == table.members.end()) return false;
    hand_on(document, at->value);
    table.members.erase(at);
    return true;
}

bool remove(Document& document, Table& table, std::string_view key, std::size_t index) {
    auto* value = find(table, key);
    auto* list = value == nullptr ? nullptr : value->as<Array>();
    if (list == nullptr || index >= list->items.size()) return false;
    if (list->items.size() == 1) return remove(document, table, key);
    hand_on(document, list->items[index]);
    list->items.erase(list->items.begin() + static_cast<std::ptrdiff_t>(index));
    return true;
}

void comment(Value& value, std::string_view before, std::string_view behind) {
    Comments comments{as_comments(before), as_comments(behind)};
    // What is behind a value is one line.
    std::ranges::replace(comments.behind, '\n', ' ');
    comments.behind.erase(comments.behind.find_last_not_of(' ') + 1);
    value.comments = comments.before.empty() && comments.behind.empty()
                         ? nullptr
                         : std::make_shared<const Comments>(std::move(comments));
}

}  // namespace poolfit::load
