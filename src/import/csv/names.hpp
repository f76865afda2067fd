// Names of rows to names of databases.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace poolfit::imports {

/// Valid and different names for the given ones, of which none is empty; names that are both already stay. "orders db"
/// is "orders-db", the second "orders" is "orders-2".
std::vector<std::string> database_names(const std::vector<std::string>& given);

}  // namespace poolfit::imports
