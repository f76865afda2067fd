#include "outline.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <tuple>

#include "write_values.hpp"

namespace poolfit::load {
namespace {

class Collect {
public:
    Outline run(const Document& document) {
        auto& root = out_.emplace_back();
        root.table = &document.root;
        fill(0, {});
        return std::move(out_);
    }

private:
    void fill(std::size_t index, const std::vector<std::string_view>& path) {
        std::vector<const Member*> inside;
        keys(index, *out_[index].table, inside);
        tables(index, *out_[index].table, path);
    }

    static const Table* dotted(const Value& value) {
        const auto* table = value.as<Table>();
        return table != nullptr && table->form == Form::dotted && !table->members.empty() ? table : nullptr;
    }

    void keys(std::size_t index, const Table& table, std::vector<const Member*>& inside) {
        for (const auto& member : table.members) {
            if (!is_written(member.value, Syntax::toml) || has_headers(member.value)) continue;
            inside.push_back(&member);
            if (const auto* inner = dotted(member.value))
                keys(index, *inner, inside);
            else
                out_[index].keys.push_back({inside});
            inside.pop_back();
        }
    }

    void tables(std::size_t parent, const Table& table, const std::vector<std::string_view>& path) {
        for (const auto& member : table.members) {
            auto inner = path;
            inner.push_back(member.key);
            if (const auto* lines = dotted(member.value)) {
                tables(parent, *lines, inner);
            } else if (!has_headers(member.value)) {
                continue;
            } else if (const auto* list = member.value.as<Array>()) {
                const auto number = ++lists_;
                for (const auto& item : list->items) add(item, member.key_place, inner, parent, number);
            } else {
                add(member.value, member.key_place, inner, parent, 0);
            }
        }
    }

    void add(const Value& value, const Place& mention, const std::vector<std::string_view>& path, std::size_t parent,
             std::size_t list) {
        const auto index = out_.size();
        auto& made = out_.emplace_back();
        made.value = &value;
        made.mention = &mention;
        made.table = value.as<Table>();
        made.path = path;
        made.parent = parent;
        made.list = list;
        fill(index, path);
        auto& full = out_[index];
        full.has_header =
            list != 0 || full.table->form == Form::header || !full.keys.empty() || out_.size() == index + 1;
    }

    Outline out_;
    std::size_t lists_ = 0;
};

/// Indices by key, those of one key as they stand.
std::vector<std::size_t> sorted(const std::vector<std::uint32_t>& keys) {
    std::vector<std::size_t> order(keys.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return keys[i]; });
    return order;
}

bool same_path(const OutlineKey& a, const OutlineKey& b) {
    return std::ranges::equal(a.path, b.path, {}, &Member::key, &Member::key);
}

}  // namespace

Outline outline_of(const Document& document) { return Collect().run(document); }

Original::Original(const Outline& outline, const SourceText& source) : outline_(outline), source_(source) {
    for (std::size_t t = 0; t < outline.size(); ++t) {
        if (t != 0) tables_.push_back({outline[t].value->place.span.begin, outline[t].path.size(), t, 0});
        for (std::size_t k = 0; k < outline[t].keys.size(); ++k)
            keys_.push_back({outline[t].keys[k].place().span.begin, 0, t, k});
    }
    const auto by_place = [](const At& at) { return std::tuple(at.begin, at.depth); };
    std::ranges::sort(tables_, {}, by_place);
    std::ranges::sort(keys_, {}, by_place);
}

std::optional<std::size_t> Original::table(const OutlineTable& table) const {
    if (table.value == nullptr) return 0;
    if (table.value->place.source != &source_) return std::nullopt;
    const auto wanted = std::tuple(table.value->place.span.begin, table.path.size());
    const auto at =
        std::ranges::lower_bound(tables_, wanted, {}, [](const At& at) { return std::tuple(at.begin, at.depth); });
    if (at == tables_.end() || std::tuple(at->begin, at->depth) != wanted) return std::nullopt;
    const auto& was = outline_[at->table];
    if (was.path != table.path || was.is_record() != table.is_record()) return std::nullopt;
    return at->table;
}

const OutlineKey* Original::key(const OutlineKey& key) const {
    if (key.place().source != &source_) return nullptr;
    const auto begin = key.place().span.begin;
    const auto at = std::ranges::lower_bound(keys_, begin, {}, &At::begin);
    if (at == keys_.end() || at->begin != begin) return nullptr;
    const auto& was = outline_[at->table].keys[at->key];
    return same_path(was, key) ? &was : nullptr;
}

std::vector<std::size_t> order_of(const Outline& outline, const Original* original) {
    const auto size = outline.size();
    struct List {
        std::uint32_t first = 0;  // where the first record stands that has a place
        std::uint32_t kept = 0;   // and the last so far
        bool keeps = false;
    };
    std::vector<List> lists(1);
    for (std::size_t i = 0; i < size && original != nullptr; ++i) {
        lists.resize(std::max(lists.size(), outline[i].list + 1));
        auto& list = lists[outline[i].list];
        if (outline[i].is_record() && list.first == 0 && original->table(outline[i]))
            list.first = outline[i].value->place.span.begin + 1;
    }
    std::vector<std::optional<std::size_t>> was(size);  // of those that keep their place
    // By table: what it is sorted by, the most of that inside it so far, and the last key inside that keeps its place.
    std::vector<std::uint32_t> key(size, 0), last(size, 0), kept(size, 0);
    if (original != nullptr) was[0] = 0;
    for (std::size_t i = 1; i < size; ++i) {
        const auto& own = outline[i];
        const auto parent = own.parent;
        key[i] = last[parent];
        // A table that went elsewhere, or changed places with another, is as good as new.
        if (original != nullptr && was[parent]) {
            const auto begin = own.value->place.span.begin + 1;  // 0 is none
            auto found = original->table(own);
            if (found && original->outline()[*found].parent != *was[parent]) found.reset();
            auto& list = lists[own.list];
            if (!own.is_record() || (found && list.kept == 0)) {
                list.keeps = found && own.mention->span.begin >= kept[parent];
                if (list.keeps) kept[parent] = own.mention->span.begin;
            }
            if (found && list.keeps && (!own.is_record() || begin > list.kept)) {
                was[i] = found;
                key[i] = list.kept = begin;
            } else if (own.is_record() && list.kept == 0 && list.first != 0) {
                key[i] = list.first;
            }
        }
        for (auto up = i;; up = outline[up].parent) {
            last[up] = std::max(last[up], key[i]);
            if (up == 0) break;
        }
    }
    return sorted(key);
}

std::vector<std::size_t> order_of(const std::vector<OutlineKey>& keys, const Original* original,
                                  std::optional<std::size_t> was) {
    std::vector<std::uint32_t> order(keys.size(), 0);
    std::uint32_t last = 0, kept = 0;
    bool keeps = true;  // of all keys of the first member
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto* found = original == nullptr || !was ? nullptr : original->key(keys[i]);
        const auto& table = found == nullptr ? keys : original->outline()[*was].keys;
        const bool here = found != nullptr && std::less_equal<>()(table.data(), found) &&
                          std::less<>()(found, table.data() + table.size());
        const auto begin = here ? found->place().span.begin : 0;
        if (i == 0 || keys[i].path.front() != keys[i - 1].path.front()) {
            keeps = here && begin >= kept;
            if (keeps) kept = begin;
        }
        order[i] = here && keeps ? begin : last;
        last = std::max(last, order[i]);
    }
    return sorted(order);
}

std::vector<const Value*> values_in_order(const Document& document) {
    const auto outline = outline_of(document);
    std::optional<Document> unchanged;
    std::optional<Outline> before;
    std::optional<Original> original;
    Diagnostics unused;
    if (document.source != nullptr && (unchanged = parse(*document.source, unused)) &&
        unchanged->syntax == Syntax::toml && document.syntax == Syntax::toml) {
        before = outline_of(*unchanged);
        original.emplace(*before, *document.source);
    }
    const auto* places = original ? &*original : nullptr;
    std::vector<const Value*> out;
    for (const auto t : order_of(outline, places)) {
        const auto& table = outline[t];
        if (table.has_header) out.push_back(table.value);
        const auto was = places == nullptr ? std::nullopt : places->table(table);
        for (const auto k : order_of(table.keys, places, was)) out.push_back(&table.keys[k].value());
    }
    return out;
}

}  // namespace poolfit::load
