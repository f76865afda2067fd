#include "overlay.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

namespace poolfit::imports {
namespace {

constexpr std::size_t most_steps = 200'000;
/// Keys whose lists and maps say the same in two forms: NAME=value, or NAME: value.
constexpr std::array<std::string_view, 3> of_names{"environment", "labels", "args"};
constexpr std::array<std::string_view, 3> replaced{"command", "entrypoint", "test"};

bool is_one_of(std::string_view key, const auto& keys) { return std::ranges::find(keys, key) != keys.end(); }

}  // namespace

const InFile* Overlay::file_of(const Node& part, const InFile& first) const {
    const auto found = files_.find(&part);
    return found == files_.end() ? &first : found->second;
}

void Overlay::mark(const Node& node, const InFile& file) {
    if (!files_.emplace(&node, &file).second) return;
    for (const Node::Item& item : node.items) mark(*item.value, file);
}

NodePtr Overlay::merge(const NodePtr& first, const NodePtr& over, const InFile& file) {
    mark(*over, file);
    return merged(first, over, {}, file);
}

NodePtr Overlay::extend(const NodePtr& base, const InFile& from, const NodePtr& over, const InFile& file) {
    mark(*base, from);
    return merge(base, over, file);
}

NodePtr Overlay::as_list(const NodePtr& map) {
    if (!map->is_map()) return map;
    auto list = std::make_shared<Node>();
    list->kind = Node::Kind::list;
    list->offset = map->offset;
    for (const Node::Item& item : map->items) {
        auto entry = std::make_shared<Node>();
        entry->kind = Node::Kind::scalar;
        entry->offset = item.value->offset;
        const bool valued = item.value->kind == Node::Kind::scalar && !item.value->withheld;
        entry->text = Sealed(valued ? item.key + '=' + std::string(item.value->text.opened()) : item.key);
        if (const auto found = files_.find(item.value.get()); found != files_.end())
            files_[entry.get()] = found->second;
        kept_.push_back(entry);
        list->items.push_back({{}, std::move(entry)});
    }
    return list;
}

NodePtr Overlay::merged(const NodePtr& first, const NodePtr& over, std::string_view key, const InFile& file) {
    if (++steps_ > most_steps || over->kind == Node::Kind::none) return over;
    if (is_one_of(key, replaced)) return over;
    NodePtr below = first, above = over;
    if (is_one_of(key, of_names) && below->is_map() != above->is_map()) {
        below = as_list(below);
        above = as_list(above);
    }
    if (below->kind != above->kind || below->kind == Node::Kind::scalar) return above;
    auto made = std::make_shared<Node>(*below);
    made->offset = above->offset;
    files_[made.get()] = &file;
    kept_.push_back(made);
    for (const Node::Item& item : above->items) {
        const auto same =
            made->is_map() ? std::ranges::find(made->items, item.key, &Node::Item::key) : made->items.end();
        if (same == made->items.end())
            made->items.push_back(item);
        else
            same->value = merged(same->value, item.value, item.key, file);
    }
    made->depth = std::max(below->depth, above->depth);
    return made;
}

}  // namespace poolfit::imports
