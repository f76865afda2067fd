// What a driver or pool library does when its pool size is not set.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <poolfit/model/catalog.hpp>

namespace poolfit {

struct DriverDefault {
    std::string_view name;  ///< as an inventory writes it: "postgres.js"
    std::string_view id;    ///< key of data/drivers/drivers.csv: "postgres-js"
    enum class Kind : std::uint8_t {
        number,     ///< `number`
        formula,    ///< `formula` (pool dialect, HOST variables)
        unlimited,  ///< no limit unless one is set
        driver,     ///< has no pool of its own: name the driver below it
        mandatory,  ///< must be set: there is no default
    } kind = Kind::number;
    std::int64_t number = 0;
    std::string_view formula;
    std::string_view text;  ///< the default in the library's own words
    std::string_view max_option;
    Provenance row;
};

}  // namespace poolfit
