// The output of commands that report success.
#include <fmt/format.h>

#include <poolfit/render/render.hpp>

#include "layout.hpp"
#include "phrase.hpp"

namespace poolfit::render {

std::string valid_text(const Fleet& fleet, const Style& style) {
    Page page(style);
    page.write({fmt::format("ok: {} has {}, {}, {}", inputs_text(fleet), counted(fleet.databases.size(), "database"),
                            counted(fleet.services.size(), "service"), counted(fleet.pools.size(), "pool"))},
               2);
    return page.take();
}

std::string catalog_check_text(std::size_t classes, std::size_t prices) {
    return fmt::format("ok: {} class{}, {} price{}\n", classes, classes == 1 ? "" : "es", prices,
                       prices == 1 ? "" : "s");
}

std::string version_text(const Catalog& catalog) {
    return fmt::format("poolfit {}\ncatalog {}\n", report::version(), catalog.as_of());
}

}  // namespace poolfit::render
