// Sizes and counts: `max`, `vcpu_max`, `merged_max` (numbers or formulas), `instances`.
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "drafts.hpp"
#include "values.hpp"

namespace poolfit::load {
namespace {

struct Span2 {
    Maybe<std::int64_t> min, max;
};
using Row = Field<Span2>;
constexpr Bounds<std::int64_t> instances_bounds{1, max_instances};
constexpr Bounds<std::int64_t> fewest_bounds{0, max_instances};  // scaled to zero
constexpr std::string_view header = "instances";
constexpr std::array fields{
    Row{"min", "2", true, [](Context& c, const Entry& e, Span2& s) { s.min = whole(c, e, fewest_bounds); }},
    Row{"max", "10", true, [](Context& c, const Entry& e, Span2& s) { s.max = whole(c, e, instances_bounds); }},
};

/// "2-10", "2..10", "4" and the like as numbers of instances; else an example.
std::pair<std::int64_t, std::int64_t> meant(const Value& value) {
    constexpr std::pair<std::int64_t, std::int64_t> example{2, 10};
    const auto* text = value.as<std::string>();
    if (text == nullptr) return example;
    std::array<std::int64_t, 2> numbers{};
    std::size_t count = 0;
    const char* end = text->data() + text->size();
    for (const char* at = text->data(); at != end;) {
        if (*at < '0' || *at > '9') {
            if (*at != ' ' && *at != '-' && *at != '.' && *at != ':') return example;
            ++at;
            continue;
        }
        if (count == numbers.size()) return example;
        const auto [next, error] = std::from_chars(at, end, numbers[count++]);
        if (error != std::errc()) return example;
        at = next;
    }
    if (count == 1) numbers[1] = numbers[0];
    const bool valid = count != 0 && numbers[0] <= numbers[1] && numbers[1] <= instances_bounds.high;
    return valid ? std::pair(numbers[0], numbers[1]) : example;
}

}  // namespace

Maybe<Interval<std::int64_t>> read_instances(Context& context, const Entry& entry) {
    const auto& value = entry.value();
    if (const auto* table = value.as<Table>()) {
        Span2 found;
        read_table(context, *table, value.place, header, fields, found);
        if (!found.min || !found.max) return std::nullopt;
        if (found.min->value > found.max->value) {
            context.out.error(found.min->place, fmt::format("{}: min is above max", entry.key()),
                              context.assign("min", fmt::format("{}", found.max->value)));
            return std::nullopt;
        }
        return Located<Interval<std::int64_t>>{{found.min->value, found.max->value}, value.place};
    }
    const bool number = value.as<std::int64_t>() != nullptr || value.as<double>() != nullptr;
    if (!number) {
        auto& made = expected(context, entry, value, "a number or min and max");
        const auto [low, high] = meant(value);
        const bool json = context.syntax == Syntax::json;
        made.fix = low == high ? context.assign("instances", fmt::format("{}", low))
                   : json      ? fmt::format(R"("instances": {{"min": {}, "max": {}}})", low, high)
                               : fmt::format("instances = {{ min = {}, max = {} }}", low, high);
        return std::nullopt;
    }
    const auto count = whole(context, entry, instances_bounds);
    if (!count) return std::nullopt;
    return Located<Interval<std::int64_t>>{Interval<std::int64_t>(count->value), value.place};
}

std::optional<Size> read_size(Context& context, const Entry& entry) {
    const auto& value = entry.value();
    std::string text;
    if (const auto* integer = value.as<std::int64_t>()) {
        text = fmt::format("{}", *integer);
    } else if (const auto* real = value.as<double>()) {
        if (!std::isfinite(*real) || std::abs(*real) > 1e15) {
            context.out.error(value.place, fmt::format("{}: not a number of connections", entry.key()),
                              context.assign(entry.key(), entry.example));
            return std::nullopt;
        }
        text = fmt::format("{:.6f}", *real);
        while (text.back() == '0') text.pop_back();
        if (text.back() == '.') text.pop_back();
    } else if (const auto* string = value.as<std::string>()) {
        text = *string;
    } else {
        expected(context, entry, value, "a number or a formula");
        return std::nullopt;
    }
    auto parsed = formula::parse(text, Formula::Dialect::pool);
    if (const auto* error = std::get_if<FormulaError>(&parsed)) {
        const bool known = value.text_begin.has_value() && error->span.end > error->span.begin;
        context.out.error(known ? value.inside(error->span.begin, error->span.end - error->span.begin) : value.place,
                          fmt::format("{}: {}", entry.key(), error->message),
                          error->fix.empty() ? context.assign(entry.key(), entry.example) : error->fix);
        return std::nullopt;
    }
    Size size;
    size.formula = std::get<Formula>(std::move(parsed));
    size.place = value.place;
    size.is_formula = !size.formula.is_constant() && value.as<std::string>() != nullptr;
    if (value.text_begin)
        size.text_place = {value.place.source,
                           {*value.text_begin, static_cast<std::uint32_t>(*value.text_begin + text.size())}};
    return size;
}

}  // namespace poolfit::load
