#include <poolfit/assess/node.hpp>

#include <algorithm>
#include <cmath>

namespace poolfit {

std::size_t Figures::Hash::operator()(const Key& key) const {
    std::size_t h = std::hash<std::string_view>()(key.detail);
    const auto mix = [&](std::size_t v) { h = (h ^ v) * 0x9E3779B97F4A7C15ull; };
    mix(static_cast<std::size_t>(key.subject.kind) << 32 | key.subject.index);
    mix(static_cast<std::size_t>(key.name) << 8 | static_cast<std::size_t>(key.phase));
    mix(reinterpret_cast<std::uintptr_t>(key.cls) >> 4);
    return h;
}

std::optional<FigureId> Figures::find(const Key& key) const {
    const auto at = by_key_.find(key);
    if (at == by_key_.end()) return std::nullopt;
    return at->second;
}

/// Inner nodes are made anew each time, so they are compared by what they are, keyed ones by which they are.
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

namespace assess {

namespace {

constexpr double hair = 1e-9;  // products like 0.25 × 8 that miss a whole number by rounding

Interval<double> product(const Interval<double>& a, const Interval<double>& b) {
    const double ends[] = {a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high};
    return {*std::min_element(std::begin(ends), std::end(ends)), *std::max_element(std::begin(ends), std::end(ends))};
}

Interval<double> quotient(const Interval<double>& a, const Interval<double>& b) {
    if (b.low == 0 || b.high == 0) return Interval<double>(0.0);
    return product(a, {1 / b.high, 1 / b.low});
}

}  // namespace

Interval<double> evaluate(Op op, std::span<const Interval<double>> values) {
    Interval<double> v = values.empty() ? Interval<double>(0.0) : values[0];
    const auto fold = [&](auto combine) {
        for (std::size_t i = 1; i < values.size(); ++i) v = combine(v, values[i]);
    };
    switch (op) {
        case Op::same:
            break;
        case Op::sum:
            fold([](const auto& a, const auto& b) { return a + b; });
            break;
        case Op::difference:
            fold([](const auto& a, const auto& b) { return a - b; });
            break;
        case Op::product:
            fold(product);
            break;
        case Op::quotient:
            fold(quotient);
            break;
        case Op::floor:
            return {std::floor(v.low + hair), std::floor(v.high + hair)};
        case Op::ceil:
            return {std::ceil(v.low - hair), std::ceil(v.high - hair)};
        case Op::least:
            fold([](const auto& a, const auto& b) {
                return Interval<double>{std::min(a.low, b.low), std::min(a.high, b.high)};
            });
            break;
        case Op::most:
            fold([](const auto& a, const auto& b) {
                return Interval<double>{std::max(a.low, b.low), std::max(a.high, b.high)};
            });
            break;
        case Op::low:
            return Interval<double>(v.low);
        case Op::high:
            return Interval<double>(v.high);
        case Op::between:
            return {values[0].low, values[1].high};
    }
    return v;
}

}  // namespace assess
}  // namespace poolfit
