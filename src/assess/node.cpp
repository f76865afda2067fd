#include <poolfit/assess/node.hpp>

namespace poolfit {

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

FigureId Figures::add(Node node, std::span<const FigureId> inputs) {
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
