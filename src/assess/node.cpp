#include <poolfit/assess/node.hpp>

#include <algorithm>
#include <utility>

namespace poolfit {

namespace {

/// Whether the record that the subject is or is part of is in the list; nothing of what no list has.
std::optional<bool> is_in(const Figures::Kept& kept, const Subject& subject) {
    const auto at = [&](const std::vector<char>& list) {
        return subject.index < list.size() && list[subject.index] != 0;
    };
    switch (subject.kind) {
        case Subject::Kind::database:
        case Subject::Kind::runway:
            return at(kept.databases);
        case Subject::Kind::service:
            return at(kept.services);
        case Subject::Kind::pool:
            return at(kept.pools);
        case Subject::Kind::pooler:
            return at(kept.poolers);
        default:
            return std::nullopt;
    }
}

}  // namespace

bool Key::operator==(const Key& other) const {
    const bool same_class =
        cls == other.cls || (cls != nullptr && other.cls != nullptr && cls->name == other.cls->name);
    return subject == other.subject && name == other.name && phase == other.phase && same_class &&
           detail == other.detail;
}

std::size_t Figures::Hash::operator()(const Key& key) const {
    std::size_t h = std::hash<std::string_view>()(key.detail);
    const auto mix = [&](std::size_t v) { h = (h ^ v) * 0x9E3779B97F4A7C15ull; };
    mix(static_cast<std::size_t>(key.subject.kind) << 32 | key.subject.index);
    mix(static_cast<std::size_t>(key.name) << 8 | static_cast<std::size_t>(key.phase));
    if (key.cls != nullptr) mix(std::hash<std::string_view>()(key.cls->name));
    return h;
}

std::optional<FigureId> Figures::find(const Key& key) const {
    const auto at = by_key_.find(key);
    if (at == by_key_.end()) return std::nullopt;
    return at->second;
}

/// Inner nodes are made again each time, so they are compared by content; keyed ones are compared by identity.
bool Figures::alike(FigureId id, const Node& node, std::span<const FigureId> inputs) const {
    const Node& there = nodes_[id.index];
    if (there.kind != node.kind || there.op != node.op || there.model != node.model || there.text != node.text ||
        there.measure != node.measure || !(there.value == node.value) || there.inputs != inputs.size())
        return false;
    const auto have = this->inputs(id);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (have[i] == inputs[i]) continue;
        const Node& input = nodes_[inputs[i].index];
        if (!input.inner || !nodes_[have[i].index].inner || !alike(have[i], input, this->inputs(inputs[i])))
            return false;
    }
    return true;
}

void Figures::keep_only(Kept kept) {
    kept_ = std::move(kept);
    left_out_ = FigureId{static_cast<std::uint32_t>(nodes_.size())};
    Node node;
    node.kind = Node::Kind::constant;
    nodes_.push_back(node);
}

bool Figures::is_left_out(const Node& node, std::span<const FigureId> inputs) const {
    const std::optional<bool> kept = node.inner ? std::nullopt : is_in(*kept_, node.key.subject);
    return kept ? !*kept : std::ranges::find(inputs, left_out_) != inputs.end();
}

bool Figures::is_cut(const Kept& of) const {
    if (!kept_) return false;
    std::vector<char> seen(nodes_.size(), 0);
    std::vector<FigureId> open;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
        if (!nodes_[i].inner && is_in(of, nodes_[i].key.subject).value_or(false)) open.push_back({i});
    while (!open.empty()) {
        const FigureId id = open.back();
        open.pop_back();
        if (id == left_out_) return true;
        if (std::exchange(seen[id.index], 1) != 0) continue;
        const auto from = inputs(id);
        open.insert(open.end(), from.begin(), from.end());
    }
    return false;
}

FigureId Figures::add(Node node, std::span<const FigureId> inputs) {
    if (kept_ && is_left_out(node, inputs)) return left_out_;
    const FigureId fresh{static_cast<std::uint32_t>(nodes_.size())};
    if (!node.inner) {
        const auto [at, is_new] = by_key_.try_emplace(node.key, fresh);
        if (!is_new) {
            if (!alike(at->second, node, inputs)) conflicts_.push_back(node.key);
            return at->second;
        }
    }
    node.first = static_cast<std::uint32_t>(inputs_.size());
    node.inputs = static_cast<std::uint32_t>(inputs.size());
    inputs_.insert(inputs_.end(), inputs.begin(), inputs.end());
    nodes_.push_back(std::move(node));
    return fresh;
}

void Figures::rename(FigureId id, const Key& key) {
    if (kept_ && id == left_out_) return;
    by_key_.erase(nodes_[id.index].key);
    nodes_[id.index].key = key;
    by_key_.insert_or_assign(key, id);
}

Interval<double> assess::evaluate(Op op, std::span<const Interval<double>> values) {
    if (values.empty()) return Interval<double>(0.0);
    if (values.size() == 1) return evaluate(op, values[0]);
    Interval<double> v = values[0];
    for (std::size_t i = 1; i < values.size(); ++i) v = evaluate(op, v, values[i]);
    return v;
}

}  // namespace poolfit
