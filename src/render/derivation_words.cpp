// What derivations say: formulas by their operations, models and notes in words.
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
class Writer {
public:
    enum class With : std::uint8_t { names, numbers };
    Writer(const Derivations& all, FigureId of, With with) : all_(all), of_(all.name(of)), with_(with) {
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
    static std::string_view last_part(std::string_view name) {
        std::size_t end = name.size();
        for (const std::string_view of : {".of.", ".from."})
            if (const std::size_t at = name.find(of); at != name.npos) end = std::min(end, at);
        const std::size_t dot = name.substr(0, end).rfind('.');
        return dot == name.npos ? name : name.substr(dot + 1);
    }

    /// "usable": an input's last part where it is the only one of that name, else as much of it as the figure's own
    /// name does not share.
    std::string label(std::string_view name) const {
        const std::string_view last = last_part(name);
        const auto alike = std::count_if(names_.begin(), names_.end(),
                                         [&](const std::string& other) { return last_part(other) == last; });
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
                std::vector<std::string> parts;
                for (const FigureId input : inputs) parts.push_back(part(input).at_least(Bond::product));
                return {joined(parts, " × "), Bond::product};
            }
            case Op::quotient:
                return {fmt::format("{} / {}", part(inputs[0]).at_least(Bond::product),
                                    part(inputs[1]).at_least(Bond::whole)),
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
            const std::string full = all_.name(input), name(last_part(full)), number = all_.in_full(input);
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
                out += filled(std::string(node.text), inputs);
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

/// The words of notes that nothing fills in.
std::string_view plain_note(Note note) {
    switch (note) {
        case Note::surge_default:
            return "not set: 25 %, the Kubernetes default";
        case Note::deploy_recreate:
            return "deploy = recreate: old instances stop before new ones start";
        case Note::not_deployed:
            return "CI and jobs come and go: no deploy puts new instances beside old ones";
        case Note::deploy_blue_green:
            return "deploy = blue-green: both sets run";
        case Note::deploy_cut_over:
            return "deploy = cut-over: the new revision runs its minimum until it takes over";
        case Note::deploy_rolling:
            return "deploy = rolling: new instances start before old ones stop";
        case Note::any_minor_version:
            return "minor version not set: the highest of any";
        case Note::label_is_ceiling:
            return "an upper bound: the engine sees less memory than the class label says";
        case Note::server_wins:
            return "the server's own value overrides the formula";
        case Note::set_by_hand_stays:
            return "max_observed differs from the formula on the current class: it was set by hand and stays when the "
                   "class changes";
        case Note::limit_stays:
            return "the server keeps its max_connections when the class changes";
        case Note::low_end:
            return "the low end: max_connections was not read from the server";
        case Note::leaves_room:
            return "using more of a limit is a risk";
        case Note::label_memory:
            return "the class's label";
        case Note::os_sees:
            return "memory that the guest OS sees on the EC2 type";
        case Note::worst_failure:
            return "the worst single failure";
        case Note::worst_deploy:
            return "the worst deploy of one service (deploys_at_once = 1)";
        case Note::by_coremark:
            return "vCPU speed: CoreMark per vCPU with all vCPUs loaded";
        case Note::per_vcpu:
            return "per vCPU";
        case Note::mean_at_most_peak:
            return "mean not set: at most the peak";
        case Note::load_all_month:
            return "assumes the load stays at its high end all month";
        case Note::seen_by_os:
            return "used, of the memory that the guest OS sees";
        case Note::holds_always:
            return "baseline: always available";
        case Note::own_single:
            return "the inventory has its price without a standby";
        case Note::no_multi_az_row:
            return "the catalog has no price with a standby here";
        case Note::longer_end:
            return "uses the longer end of the range";
        case Note::shorter_end:
            return "uses the shorter end of the range";
        case Note::higher_end:
            return "uses the higher end of the range";
        case Note::records_of_services:
            return "[[service]] records";
        case Note::records_of_pools:
            return "[[service.pool]] records";
        case Note::within_ten_years:
            return "months from now";
        case Note::not_within_ten_years:
            return "not within 10 years";
        case Note::us_east_1:
            return "Linux, on demand, us-east-1";
        case Note::no_own_price:
            return "connections cost nothing themselves; classes are those of the plan";
        case Note::vcpu_column:
            return "a column of the table \"Pools by vCPUs\"";
        case Note::capped_by_runtime:
            return "at most what a process can hold";
        case Note::raised_by_runtime:
            return "at least what a process has to hold";
        case Note::one_thread_a_core:
            return "not set: assumes one thread per core, which needs more connections";
        default:
            return {};
    }
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
    return Writer(all, id, Writer::With::names).computed(id);
}

std::string with_numbers(const Derivations& all, FigureId id) {
    const Node& node = all.figures[id];
    if (is_leaf(node)) return origin_brief(node.origin);
    return Writer(all, id, Writer::With::numbers).computed(id);
}

std::string note_text(const Derivations& all, FigureId id) {
    const Node& node = all.figures[id];
    const auto& [note, text, number] = node.remark;
    switch (note) {
        case Note::autoscaling:
            return fmt::format("autoscaling from {}: the maximum counts", unit::print_number(number));
        case Note::reader_fails:
            return fmt::format("{} fails: its pools connect to the primary", text);
        case Note::primary_fails:
            return fmt::format("{} is promoted: the primary's pools connect to it",
                               *all.fleet.databases[node.key.subject.index].name);
        case Note::used_today:
            return fmt::format("{}{}connections and the memory kept by hardware and system", text,
                               text.empty() ? "" : ", ");
        case Note::no_coremark:
            return fmt::format("by vCPU count only: no CoreMark for {}", text);
        case Note::cpu_band:
            return moved_text(static_cast<CpuMove>(static_cast<int>(number)), node.key.cls->family,
                              node.value.high > 1);
        case Note::driver_default:
            return fmt::format("max is not set: default of {}", text);
        case Note::default_of:
            return fmt::format("default of {}", text);
        case Note::price_term:
            return text.empty() ? std::string("price from the inventory") : std::string(text);
        case Note::scaled:
            return fmt::format("× {} (--scale)", unit::print_number(number));
        case Note::higher_end_scaled:
            return fmt::format("uses the higher end of the range; × {} (--scale)", unit::print_number(number));
        case Note::of_host_type:
            return fmt::format("of {}", text);
        case Note::merged_into:
            return fmt::format("merged into {}", text);
        case Note::basis:
        case Note::driver_text:
        case Note::free_text:
            return std::string(text);
        default:
            return std::string(plain_note(note));
    }
}

}  // namespace poolfit::render
