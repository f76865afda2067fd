#include "comments.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "binding.hpp"
#include "records.hpp"

namespace poolfit::imports {
namespace {

std::string_view above(const load::Value& value) {
    return value.comments ? std::string_view(value.comments->before) : std::string_view();
}

/// The lines right above it, but suppressions: what they are about is gone. `load::remove` hands on the others.
std::string own_lines(const load::Value& value) {
    std::string_view lines = above(value);
    if (const std::size_t cut = lines.rfind("\n\n"); cut != lines.npos) lines.remove_prefix(cut + 2);
    std::string out;
    while (!lines.empty()) {
        const std::size_t end = std::min(lines.find('\n'), lines.size() - 1) + 1;
        const std::string_view line = lines.substr(0, end);
        const std::size_t word = line.find_first_not_of("# \t");
        if (word != line.npos && line[word] != '\n' && !line.substr(word).starts_with("poolfit:")) out += line;
        lines.remove_prefix(end);
    }
    return out;
}

bool is_of_headers(const load::Value& value) {
    const auto* table = value.as<load::Table>();
    const auto* list = value.as<load::Array>();
    return (table != nullptr && table->form != load::Form::in_line) || (list != nullptr && list->of_headers);
}

void put_above(load::Value& value, const std::string& lines) {
    load::Comments comments = value.comments ? *value.comments : load::Comments{};
    comments.before += lines;
    value.comments = std::make_shared<const load::Comments>(std::move(comments));
}

/// Of all records, the one that comes first behind an offset; null where none does.
load::Value* next_record(load::Table& root, std::uint32_t offset) {
    load::Value* found = nullptr;
    const auto look = [&](load::Value& value) {
        const auto at = value.place.span.begin;
        if (value.place && at > offset && (found == nullptr || at < found->place.span.begin)) found = &value;
    };
    for (load::Member& member : root.members) {
        if (auto* list = member.value.as<load::Array>(); list != nullptr && list->of_headers)
            for (load::Value& item : list->items) look(item);
        else if (auto* table = member.value.as<load::Table>(); table != nullptr && table->form == load::Form::header)
            look(member.value);
    }
    return found;
}

std::string_view trimmed(std::string_view line) {
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r')) line.remove_suffix(1);
    return line;
}

/// The comments at the end of a text, right below what is none; empty where they go to its end.
std::string right_below(std::string_view text, bool to_the_end) {
    std::string out;
    bool apart = to_the_end;
    while (!text.empty()) {
        if (text.back() == '\n') text.remove_suffix(1);
        const std::size_t begin = text.rfind('\n') + 1;  // npos + 1 is 0
        const std::string_view line = trimmed(text.substr(begin));
        text = text.substr(0, begin);
        if (line.empty()) {
            apart = true;
            out.clear();
        } else if (line.front() == '#') {
            out.insert(0, std::string(line) + '\n');
        } else {
            break;
        }
    }
    return apart ? out : std::string();
}

}  // namespace

void keep_comments(const load::Value& old, load::Value& value) {
    if (!old.comments) return;
    std::string before = old.comments->before;
    if (const std::string own = own_comment(old); !own.empty()) before += own + '\n';
    load::comment(value, before, value.comments ? value.comments->behind : std::string());
}

bool remove_value(load::Document& document, load::Table& table, std::string_view key) {
    const auto at = std::ranges::find(table.members, key, &load::Member::key);
    if (at == table.members.end()) return false;
    std::string lines = own_lines(at->value);
    if (const std::string own = own_comment(at->value); !own.empty()) lines += own + '\n';
    const auto index = static_cast<std::size_t>(at - table.members.begin());
    load::Value* const next = index + 1 < table.members.size() ? &table.members[index + 1].value : nullptr;
    const std::string below = next == nullptr ? std::string() : std::string(above(*next));
    if (!load::remove(document, table, key)) return false;
    if (lines.empty()) return true;
    if (index < table.members.size() && !is_of_headers(table.members[index].value)) {
        load::Value& value = table.members[index].value;
        // Behind what was handed on, and before its own.
        load::Comments comments = value.comments ? *value.comments : load::Comments{};
        comments.before.insert(comments.before.size() - below.size(), lines);
        value.comments = std::make_shared<const load::Comments>(std::move(comments));
    } else if (index > 0) {
        put_above(table.members[index - 1].value, lines);
    }
    return true;
}

std::string take_below_last(load::Document& document, std::string_view kind) {
    const load::Array* const list = records(document.root, kind);
    const bool of_headers = list != nullptr && list->of_headers;
    if (!of_headers || document.source == nullptr || document.syntax != load::Syntax::toml) return {};
    const load::Value& last = list->items.back();
    if (!last.place) return {};  // a new one that was put there before
    load::Value* const next = next_record(document.root, last.place.span.begin);
    const std::string_view text = document.source->text();
    const std::string lines =
        right_below(text.substr(0, next == nullptr ? text.size() : next->place.span.begin), next == nullptr);
    std::string own = next == nullptr ? document.end : std::string(above(*next));
    if (lines.empty() || lines.starts_with("# Not taken:\n") || !own.starts_with(lines)) return {};
    own.erase(0, lines.size());
    if (next == nullptr) {
        own.erase(0, own.find_first_not_of('\n'));
        document.end = own;
        return lines + '\n';
    }
    load::Comments comments = *next->comments;
    comments.before = own;
    next->comments = std::make_shared<const load::Comments>(std::move(comments));
    return lines + '\n';
}

}  // namespace poolfit::imports
