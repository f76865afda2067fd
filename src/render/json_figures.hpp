// A pool's figures at a size, as every JSON document writes them.
#pragma once

#include <optional>
#include <string_view>

#include <poolfit/report/pool.hpp>

#include "json_writer.hpp"

namespace poolfit::render {

/// null for nothing; a quantity as its number, in the unit of the key.
template <class T>
void maybe(JsonWriter& json, std::string_view name, const std::optional<T>& value) {
    if (!value) return json.null(name);
    if constexpr (std::is_same_v<T, double>) {
        json.number(name, *value);
    } else if constexpr (std::is_same_v<T, std::int64_t>) {
        json.whole(name, *value);
    } else {
        json.number(name, static_cast<double>(value->value));
    }
}

/// The keys of an object that is open; the waits of an overloaded pool are nothing.
void write_figures(JsonWriter& json, const sizing::Figures& figures, const Erlangs& offered, bool met);

}  // namespace poolfit::render
