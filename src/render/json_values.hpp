// Values of the JSON report that may not be there: null then.
#pragma once

#include <optional>
#include <string_view>

#include "json_report.hpp"
#include "json_writer.hpp"

namespace poolfit::render {

inline void write(JsonWriter& json, std::string_view name, const std::optional<Figure<Connections>>& figure) {
    figure ? json.whole(name, figure->value.value) : json.null(name);
}
inline void write(JsonWriter& json, std::string_view name, const std::optional<Figure<Fraction>>& figure) {
    figure ? json.number(name, figure->value.value) : json.null(name);
}
inline void write(JsonWriter& json, std::string_view name, const std::optional<Figure<MicroUsdPerMonth>>& figure) {
    figure ? json.usd(name, figure->value) : json.null(name);
}
inline void write(JsonWriter& json, std::string_view name, const std::optional<MicroUsdPerMonth>& amount) {
    amount ? json.usd(name, *amount) : json.null(name);
}
inline void write(JsonWriter& json, std::string_view name, const std::optional<Figure<Interval<Connections>>>& figure) {
    figure ? json.range(name, figure->value) : json.null(name);
}
inline void write(JsonWriter& json, std::string_view name, const std::optional<Figure<Interval<Fraction>>>& figure) {
    figure ? json.range(name, figure->value) : json.null(name);
}
inline void write_gib(JsonWriter& json, std::string_view name, const std::optional<Figure<Interval<Bytes>>>& figure) {
    figure ? json.range_gib(name, figure->value) : json.null(name);
}
inline void write(JsonWriter& json, std::string_view name, const std::optional<Dimension>& dimension) {
    dimension ? json.text(name, assess::name(*dimension)) : json.null(name);
}

/// A figure of what the inventory lists, where it lists anything.
template <class T>
void write_if(bool listed, JsonWriter& json, const char* key, const std::optional<Figure<T>>& figure) {
    listed ? write(json, key, figure) : json.null(key);
}

}  // namespace poolfit::render
