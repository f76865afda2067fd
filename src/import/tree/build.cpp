#include "build.hpp"

#include <algorithm>
#include <utility>

namespace poolfit::imports {
namespace {

const Node nothing;

bool is_null(std::string_view text) {
    return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

/// Keys that have a secret's word, and name a thing.
bool is_withheld(const std::string& key) { return is_secret_key(key) && key != "secretName"; }

}  // namespace

const Node& Node::operator[](std::string_view key) const {
    if (kind == Kind::map)
        for (auto item = items.rbegin(); item != items.rend(); ++item)
            if (item->key == key) return *item->value;
    return nothing;
}

const Node& Node::like(std::string_view key) const {
    if (kind != Kind::map) return nothing;
    if (const Node& exact = (*this)[key]; exact.kind != Kind::none) return exact;
    const std::string wanted = lower(key);
    for (const Item& item : items)
        if (item.key.size() == wanted.size() && lower(item.key) == wanted) return *item.value;
    return nothing;
}

const Node& Node::at(std::string_view path) const {
    const Node* node = this;
    while (true) {
        const std::size_t dot = path.find('.');
        node = &(*node)[path.substr(0, dot)];
        if (dot == path.npos) return *node;
        path.remove_prefix(dot + 1);
    }
}

void Builder::begin(Node::Kind kind, std::uint32_t offset, std::string anchor) {
    auto node = std::make_shared<Node>();
    node->kind = kind;
    node->offset = offset;
    if (!open_.empty() && open_.back().node->is_map() && !open_.back().has_key) stop(Stop::key_of_values);
    if (open_.size() >= most_levels) stop(Stop::deep);
    if (!anchor.empty()) anchors_[anchor] = nullptr;  // an alias inside is one to itself
    open_.push_back({std::move(node), std::move(anchor), {}, false, false});
}

void Builder::end() {
    Level level = std::move(open_.back());
    open_.pop_back();
    const std::uint32_t offset = level.node->offset;
    if (!level.anchor.empty()) remember(std::move(level.anchor), level.node);
    add(std::move(level.node), offset);
}

void Builder::scalar(std::string_view text, bool plain, std::uint32_t offset, std::string anchor) {
    if (!open_.empty() && open_.back().node->is_map() && !open_.back().has_key) {
        Level& level = open_.back();
        level.key = text;
        level.has_key = true;
        level.merges = plain && text == "<<";
        if (!anchor.empty()) {
            auto key = std::make_shared<Node>();
            key->kind = Node::Kind::scalar;
            key->text = Sealed(std::string(text));
            remember(std::move(anchor), std::move(key));
        }
        return;
    }
    auto node = std::make_shared<Node>();
    node->offset = offset;
    if (!plain || !is_null(text)) {
        node->kind = Node::Kind::scalar;
        node->withheld = !open_.empty() && open_.back().node->is_map() && is_withheld(open_.back().key);
        if (!node->withheld) node->text = Sealed(std::string(text));
    }
    if (!anchor.empty()) remember(std::move(anchor), node);
    add(std::move(node), offset);
}

void Builder::alias(const std::string& anchor, std::uint32_t offset) {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) return stop(Stop::unknown_anchor);
    if (found->second == nullptr) return stop(Stop::own_anchor);
    if (!open_.empty() && open_.back().node->is_map() && !open_.back().has_key) {
        if (found->second->kind != Node::Kind::scalar) return stop(Stop::key_of_values);
        open_.back().key = found->second->text.opened();
        open_.back().has_key = true;
        open_.back().merges = false;
        return;
    }
    add(found->second, offset);
}

/// Members that the map has itself win, and of several merged maps the first.
void Builder::merge(Level& level, const Node& from) {
    if (from.is_list())
        for (const Node::Item& item : from.items) merge(level, *item.value);
    if (!from.is_map()) return;
    nodes_ += from.items.size();
    if (nodes_ > most_nodes) return stop(Stop::many);
    std::vector<Node::Item> added;
    for (const Node::Item& item : from.items)
        if (!level.node->has(item.key)) added.push_back(item);
    // In front: what the map says below wins, as the last of two members does.
    level.node->items.insert(level.node->items.begin(), added.begin(), added.end());
    level.node->depth = std::max(level.node->depth, from.depth);
}

void Builder::remember(std::string anchor, NodePtr value) { anchors_[std::move(anchor)] = std::move(value); }

void Builder::add(NodePtr value, std::uint32_t) {
    if (stop_ != Stop::none) return;
    if (++nodes_ > most_nodes) return stop(Stop::many);
    if (open_.empty()) {
        done_ = std::move(value);
        return;
    }
    Level& level = open_.back();
    if (level.merges) {
        merge(level, *value);
    } else {
        level.node->depth = std::max(level.node->depth, value->depth + 1);
        if (level.node->depth > most_levels) return stop(Stop::deep);
        level.node->items.push_back({std::exchange(level.key, {}), std::move(value)});
    }
    level.has_key = level.merges = false;
}

NodePtr Builder::take() {
    anchors_.clear();
    return std::exchange(done_, nullptr);
}

}  // namespace poolfit::imports
