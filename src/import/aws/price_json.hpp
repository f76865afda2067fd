// A price list in JSON: an offer file, or answers of get-products.
#pragma once

#include "../stream/csv_reader.hpp"
#include "../stream/json_reader.hpp"
#include "price_book.hpp"

namespace poolfit::imports::aws {

/// False after an error, which was said.
bool read_price_json(JsonReader& json, PriceBook& book);
bool read_price_csv(CsvReader& csv, PriceBook& book);

}  // namespace poolfit::imports::aws
