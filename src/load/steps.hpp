// How the keys of an inventory lead on, for paths and overlays that name records: by table, by list of named records.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <poolfit/load/document.hpp>

namespace poolfit::load {

/// How the keys of a record lead on: to a table, to a list of named records, or to a value.
struct Step {
    std::string_view key;
    enum class Kind : std::uint8_t { table, open_table, records } kind = Kind::table;
    std::span<const Step> inside;
    std::string_view header;             ///< whose keys stand inside
    std::string_view name_key = "name";  ///< of a record in a list
};

/// From the root of an inventory.
std::span<const Step> steps();

/// "" where the item has no name.
std::string_view record_name(const Value& item, std::string_view name_key);

}  // namespace poolfit::load
