#include <poolfit/assess/recorder.hpp>

#include <algorithm>
#include <array>

namespace poolfit {

namespace {

Node inner(Op op, const Interval<double>& value) {
    Node node;
    node.inner = true;
    node.op = op;
    node.value = value;
    return node;
}

/// What a sum of nothing is called.
Name name_of_none(Grounds grounds) {
    switch (grounds) {
        case Grounds::no_pools:
            return Name::no_pools;
        case Grounds::no_users:
            return Name::no_users;
        case Grounds::no_pinned:
            return Name::no_pinned;
        default:
            return Name::nothing_listed;
    }
}

Node named(const Key& key, const Measured& value, const Remark& remark) {
    Node node;
    node.key = key;
    node.value = value.value;
    node.measure = value.measure;
    node.remark = remark;
    return node;
}

}  // namespace

namespace assess {

Term apply(Op op, std::span<const Term> terms) {
    std::array<FigureId, 8> inputs;
    const std::size_t count = std::min(terms.size(), inputs.size());
    Term result{count == 1 ? evaluate(op, terms[0].value) : terms[0].value, {}, terms[0].figures};
    for (std::size_t i = 1; i < count; ++i) result.value = evaluate(op, result.value, terms[i].value);
    if (result.figures == nullptr) return result;
    for (std::size_t i = 0; i < count; ++i) inputs[i] = terms[i].id;
    result.id = result.figures->add(inner(op, result.value), std::span(inputs).first(count));
    return result;
}

Term sum(const std::vector<Term>& terms, Figures* figures, Grounds none) {
    Term result;
    result.figures = figures;
    for (const Term& term : terms) result.value = result.value + term.value;
    if (figures == nullptr) return result;
    std::vector<FigureId> inputs;
    for (const Term& term : terms) inputs.push_back(term.id);
    if (inputs.empty()) {
        const bool connections = none == Grounds::no_pools || none == Grounds::no_pinned;
        const Measured zero{Interval<double>(0.0), connections ? Measure::connections : Measure::count};
        inputs.push_back(Recorder(figures).constant({{}, name_of_none(none)}, zero, none));
    }
    result.id = figures->add(inner(Op::sum, result.value), inputs);
    return result;
}

}  // namespace assess

Origin origin_of(const Place& place) {
    // A default of the inventory's format has no line: it is a constant of ours.
    if (!place) return {Origin::Kind::constant, {}, {}, {}, {}, Grounds::format_default};
    return {Origin::Kind::input, place, {}, {}, {}};
}

Origin origin_of(const Provenance& row) { return {Origin::Kind::catalog, row.place, row.source, row.id, row.as_of}; }

Recorder::Term Recorder::note_literal(double value) const {
    Term term{Interval<double>(value), {}, figures_};
    Node node = inner(Op::same, term.value);
    node.kind = Node::Kind::constant;
    term.id = figures_->add(node, {});
    return term;
}

FigureId Recorder::note_input(const Key& key, const Measured& value, const Place& place, const Remark& remark) const {
    Node node = named(key, value, remark);
    node.origin = origin_of(place);
    node.kind = place ? Node::Kind::input : Node::Kind::constant;
    return figures_->add(node, {});
}

FigureId Recorder::note_row(const Key& key, const Measured& value, const Provenance& row, const Remark& remark) const {
    Node node = named(key, value, remark);
    node.kind = Node::Kind::row;
    node.origin = origin_of(row);
    return figures_->add(node, {});
}

FigureId Recorder::note_constant(const Key& key, const Measured& value, std::string_view source, Grounds grounds,
                                 const Remark& remark) const {
    Node node = named(key, value, remark);
    node.kind = Node::Kind::constant;
    node.origin = {Origin::Kind::constant, {}, source, {}, {}, grounds};
    return figures_->add(node, {});
}

/// A number of ours alone, or as the only part of a sum.
bool Recorder::is_literal(FigureId id) const {
    if (!id) return false;
    const Node& node = (*figures_)[id];
    if (!node.inner) return false;
    if (node.kind == Node::Kind::constant) return true;
    const auto inputs = figures_->inputs(id);
    return node.op == Op::sum && inputs.size() == 1 && is_literal(inputs.front());
}

FigureId Recorder::by_formula(const Key& key, const Measured& value, std::string_view text, Formula::Dialect dialect,
                              const Origin& origin, std::span<const FigureId> variables, Remark remark) const {
    if (figures_ == nullptr) return {};
    Node node = named(key, value, remark);
    node.kind = Node::Kind::formula;
    node.dialect = dialect;
    node.text = text;
    node.origin = origin;
    return figures_->add(node, variables);
}

FigureId Recorder::by_model(const Key& key, const Measured& value, Model model, std::string_view method,
                            std::span<const FigureId> inputs, Remark remark, const Provenance* row) const {
    if (figures_ == nullptr) return {};
    Node node = named(key, value, remark);
    node.kind = Node::Kind::model;
    node.model = model;
    node.text = method;
    if (row != nullptr) node.origin = origin_of(*row);
    return figures_->add(node, inputs);
}

FigureId Recorder::keep_node(const Key& key, Measure measure, const Interval<double>& value, const Term& term,
                             const Remark& remark) const {
    const Node& computed = (*figures_)[term.id];
    if (is_literal(term.id)) return note_constant(key, {value, measure}, {}, Grounds::fixed, remark);
    if (computed.inner && computed.kind == Node::Kind::computed) {
        Node node = named(key, {value, measure}, remark);
        node.op = computed.op;
        const auto have = figures_->inputs(term.id);
        const std::vector<FigureId> inputs(have.begin(), have.end());
        return figures_->add(node, inputs);
    }
    Node node = named(key, {value, measure}, remark);
    node.op = Op::same;
    return figures_->add(node, std::span(&term.id, 1));
}

}  // namespace poolfit
