#include <poolfit/render/render.hpp>

namespace poolfit::render {

// data/schemas/, compiled in by scripts/embed.py.
std::string_view catalog_schema();
std::string_view emission_schema();
std::string_view inventory_schema();
std::string_view pool_schema();
std::string_view report_schema();
std::string_view simulation_schema();

std::string_view schema(std::string_view name) {
    if (name == "report") return report_schema();
    if (name == "inventory") return inventory_schema();
    if (name == "catalog") return catalog_schema();
    if (name == "pool") return pool_schema();
    if (name == "simulation") return simulation_schema();
    if (name == "emission") return emission_schema();
    return {};
}

}  // namespace poolfit::render
