// What derivations say: formulas by their operations, and models.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "derivation.hpp"
#include "model_words.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

constexpr std::size_t most_parts = 8;  // of a sum that is written out

/// How a figure or a number inside a formula is written.
class FormulaWriter {
public:
    enum class With : std::uint8_t { names, numbers };
    FormulaWriter(const Derivations& all, FigureId of, With with) : all_(all), of_(all.name(of)), with_(with) {
        if (with == With::names)
            for (const FigureId input : all.inputs(of)) names_.push_back(all.name(input));
    }

    /// What computes the node itself, keyed or not.
    std::string computed(FigureId id) const {
        const Node& node = all_.figures[id];
        const auto inputs = all_.figures.inputs(id);
        switch (node.kind) {
            case Node::Kind::computed:
                return operation(node.op, inputs, true).text;
            case Node::Kind::formula:
                return formula(node, inputs);
            case Node::Kind::model:
                return model(node, inputs);
            case Node::Kind::input:
            case Node::Kind::row:
            case Node::Kind::constant:
                break;
        }
        return number(id);
    }

private:
    /// How tightly a text holds together: whoever puts it beside an operator asks this, and nothing else.
    enum class Bond : std::uint8_t { sum, product, whole };
    struct Text {
        std::string text;
        Bond bond = Bond::whole;

        std::string at_least(Bond least) const { return bond < least ? fmt::format("({})", text) : text; }
    };

    std::string number(FigureId id) const {
        const Node& node = all_.figures[id];
        if (node.inner) return unit::print_digits(node.value.high);
        return with_ == With::numbers ? all_.in_full(id) : label(all_.name(id));
    }

    /// What it is of, or from, belongs to it: "deploy_peak.of.api".
    static std::string_view own_part(std::string_view name) {
        std::size_t start = 0;
        for (std::size_t end = part_end(name, 0); end != name.npos; end = part_end(name, start)) {
            const std::string_view next = name.substr(end);
            if (next.starts_with(".of.") || next.starts_with(".from.")) break;
            start = end + 1;
        }
        return name.substr(start);
    }

    /// "usable": an input's last part where it is the only one of that name, else as much of it as the figure's own
    /// name does not share.
    std::string label(std::string_view name) const {
        const std::string_view last = own_part(name);
        const auto alike = std::count_if(names_.begin(), names_.end(),
                                         [&](const std::string& other) { return own_part(other) == last; });
        return std::string(alike > 1 ? short_name(name, of_) : last);
    }

    bool is_literal(FigureId id) const {
        const Node& node = all_.figures[id];
        return node.inner && node.kind == Node::Kind::constant;
    }

    Text part(FigureId id) const {
        const Node& node = all_.figures[id];
        if (node.inner && node.kind == Node::Kind::computed) return operation(node.op, all_.figures.inputs(id), false);
        std::string text = number(id);
        // "−5", "596 MiB – 1.2 GiB", "1 h 5 min".
        const bool loose = text.starts_with("−") || text.starts_with('-') || text.find(" – ") != text.npos;
        return {std::move(text), loose ? Bond::sum : Bond::whole};
    }

    /// "−12 × price": at the beginning a sign needs no brackets.
    std::string leading(FigureId id) const {
        const Text text = part(id);
        return is_literal(id) ? text.text : text.at_least(Bond::product);
    }

    /// A bound that is a plain number and does not bind is left out: "max(x, 0)" of a positive x is x.
    std::optional<FigureId> unbound(Op op, std::span<const FigureId> inputs) const {
        if ((op != Op::least && op != Op::most) || inputs.size() != 2) return std::nullopt;
        for (const std::size_t at : {std::size_t{0}, std::size_t{1}}) {
            if (!is_literal(inputs[at])) continue;
            const Interval<double>& bound = all_.figures[inputs[at]].value;
            const Interval<double>& value = all_.figures[inputs[1 - at]].value;
            if (op == Op::most ? value.low >= bound.low : value.high <= bound.high) return inputs[1 - at];
        }
        return std::nullopt;
    }

    Text end(FigureId id, bool high) const {
        const Node& node = all_.figures[id];
        if (with_ == With::names || node.inner) {
            Text text = part(id);
            if (node.value.is_point()) return text;
            return {fmt::format("{}.{}", text.at_least(Bond::whole), high ? "high" : "low")};
        }
        return {
            assess::print_in_full(Measured{Interval<double>(high ? node.value.high : node.value.low), node.measure})};
    }

    Text rounded(FigureId id, std::string_view open, std::string_view close) const {
        const Node& node = all_.figures[id];
        const bool whole =
            node.value.low == std::floor(node.value.low) && node.value.high == std::floor(node.value.high);
        const bool end_of_leaf = node.inner && (node.op == Op::high || node.op == Op::low);
        Text text = part(id);
        if (whole && with_ == With::numbers && (!node.inner || end_of_leaf)) return text;
        return {fmt::format("{}{}{}", open, text.text, close)};
    }

    Text listed(std::string_view function, std::span<const FigureId> inputs) const {
        std::vector<std::string> parts;
        for (const FigureId input : inputs) parts.push_back(part(input).text);
        return {fmt::format("{}({})", function, fmt::join(parts, ", "))};
    }

    /// Sums within a sum are parts of it.
    void flatten(std::span<const FigureId> inputs, std::vector<FigureId>& parts) const {
        for (const FigureId input : inputs) {
            const Node& node = all_.figures[input];
            if (node.inner && node.kind == Node::Kind::computed && node.op == Op::sum)
                flatten(all_.figures.inputs(input), parts);
            else
                parts.push_back(input);
        }
    }

    Text sum(std::span<const FigureId> inputs) const {
        std::vector<FigureId> all;
        flatten(inputs, all);
        if (all.size() == 1) return part(all.front());
        if (all.size() > most_parts) return {fmt::format("Σ of {}", all.size()), Bond::sum};
        std::vector<std::string> parts;
        for (const FigureId input : all) parts.push_back(part(input).text);
        return {joined(parts, " + "), Bond::sum};
    }

    Text operation(Op op, std::span<const FigureId> inputs, bool outermost) const {
        if (const auto only = unbound(op, inputs)) return part(*only);
        switch (op) {
            case Op::same:
                return part(inputs[0]);
            case Op::sum:
                return sum(inputs);
            case Op::difference:
                return {fmt::format("{} − {}", part(inputs[0]).text, part(inputs[1]).at_least(Bond::product)),
                        Bond::sum};
            case Op::product: {
                if (inputs.size() == 1) return part(inputs[0]);
                std::vector<std::string> parts{leading(inputs[0])};
                for (const FigureId input : inputs.subspan(1)) parts.push_back(part(input).at_least(Bond::product));
                return {joined(parts, " × "), Bond::product};
            }
            case Op::quotient:
                return {fmt::format("{} / {}", leading(inputs[0]), part(inputs[1]).at_least(Bond::whole)),
                        Bond::product};
            case Op::floor:
                return rounded(inputs[0], "⌊", "⌋");
            case Op::ceil:
                return rounded(inputs[0], "⌈", "⌉");
            case Op::least:
                return listed("min", inputs);
            case Op::most:
                return listed("max", inputs);
            case Op::low:
                return end(inputs[0], false);
            case Op::high:
                return end(inputs[0], true);
            case Op::between: {
                Text low = part(inputs[0]), high = part(inputs[1]);
                if (low.text == high.text) return high;
                if (outermost) return {fmt::format("{} to {}", low.text, high.text), Bond::sum};
                return {fmt::format("({} to {})", low.text, high.text)};
            }
        }
        return {};
    }

    /// The formula's own text; with numbers, its variables are replaced.
    std::string formula(const Node& node, std::span<const FigureId> inputs) const {
        if (with_ == With::names) return std::string(node.text);
        const auto is_word = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        };
        std::string out;
        for (std::size_t at = 0; at < node.text.size();) {
            std::size_t end = at;
            while (end < node.text.size() && is_word(node.text[end])) ++end;
            const std::string_view word = node.text.substr(at, std::max<std::size_t>(end - at, 1));
            const auto input = std::find_if(inputs.begin(), inputs.end(), [&](FigureId id) {
                return assess::variable(all_.figures[id].key) == word;
            });
            out += input != inputs.end() ? number(*input) : std::string(word);
            at += word.size();
        }
        return out;
    }

    /// A model's text that names its inputs: with numbers, those stand in their places.
    std::string filled(std::string text, std::span<const FigureId> inputs) const {
        if (with_ == With::names) return text;
        const auto joins = [&](std::size_t at) {
            const char c = at < text.size() ? text[at] : ' ';
            return c == '_' || c == '-' || c == '.' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
        };
        for (const FigureId input : inputs) {
            if (all_.figures[input].inner) continue;
            const std::string full = all_.name(input), name(own_part(full)), number = all_.in_full(input);
            for (std::size_t at = text.find(name); at != text.npos; at = text.find(name, at)) {
                const bool word = !joins(at + name.size()) && (at == 0 || !joins(at - 1));
                if (word) text.replace(at, name.size(), number);
                at += word ? number.size() : name.size();
            }
        }
        return text;
    }

    std::string model(const Node& node, std::span<const FigureId> inputs) const {
        const std::string_view pattern = model_text(node.model);
        std::string out;
        for (std::size_t at = 0; at < pattern.size(); ++at) {
            if (pattern[at] != '{' || at + 2 >= pattern.size() || pattern[at + 2] != '}') {
                out += pattern[at];
                continue;
            }
            const char which = pattern[at + 1];
            if (which == 'm')
                out += node.text.empty() ? "the method that fits them" : filled(std::string(node.text), inputs);
            else if (const auto i = static_cast<std::size_t>(which - '0'); i < inputs.size())
                out += number(inputs[i]);
            at += 2;
        }
        return out;
    }

    const Derivations& all_;
    std::string of_;
    std::vector<std::string> names_;  ///< of the inputs
    With with_;
};

bool is_leaf(const Node& node) {
    return node.kind == Node::Kind::input || node.kind == Node::Kind::row || node.kind == Node::Kind::constant;
}

}  // namespace

std::string Derivations::value(FigureId id) const {
    const Node& node = figures[id];
    return assess::print(Measured{node.value, node.measure});
}

std::string Derivations::in_full(FigureId id) const {
    const Node& node = figures[id];
    return assess::print_in_full(Measured{node.value, node.measure});
}

std::string formula_text(const Derivations& all, FigureId id) {
    if (is_leaf(all.figures[id])) return {};
    return FormulaWriter(all, id, FormulaWriter::With::names).computed(id);
}

std::string with_numbers(const Derivations& all, FigureId id) {
    const Node& node = all.figures[id];
    if (is_leaf(node)) return origin_brief(node.origin);
    return FormulaWriter(all, id, FormulaWriter::With::numbers).computed(id);
}

}  // namespace poolfit::render
