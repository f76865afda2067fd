#include <algorithm>
#include <string>

#include <poolfit/catalog/catalog.hpp>

#include "built_in.hpp"
#include "tables.hpp"

namespace poolfit {
namespace {

namespace tables = catalog::tables;

/// As in scripts/generate_catalog.py: lower case, and one mark for those that spellings differ in.
std::string driver_key(std::string_view name) {
    std::string key(name);
    for (char& c : key) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (std::string_view("_./@ ").find(c) != std::string_view::npos) c = '-';
    }
    return key;
}

}  // namespace

const DriverDefault* Catalog::find_driver(std::string_view name) const {
    const std::string wanted = driver_key(name);
    auto key = [](const tables::DriverName& row) { return tables::text(row.key); };
    auto at = std::ranges::lower_bound(tables::driver_names, std::string_view(wanted), {}, key);
    if (at == tables::driver_names.end() || key(*at) != wanted) return nullptr;
    return &catalog::built_in_drivers()[at->driver];
}

std::vector<std::string_view> Catalog::driver_names() const {
    std::vector<std::string_view> names;
    for (const DriverDefault& driver : catalog::built_in_drivers()) names.push_back(driver.name);
    return names;
}

}  // namespace poolfit
