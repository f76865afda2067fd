// The output of commands that report success.
#include <fmt/format.h>

#include <poolfit/render/format.hpp>
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

namespace {

std::string commit_text(const BuiltFrom& built_from) {
    if (built_from.commit.empty()) return "unknown";
    return fmt::format("{}{}", built_from.commit.substr(0, 12), built_from.working_tree ? " (working tree)" : "");
}

}  // namespace

std::string version_text(const Versioned& versioned) {
    return fmt::format("poolfit {}\ncommit {}\ncatalog {}\n", report::version(), commit_text(versioned.built_from),
                       versioned.catalog->as_of());
}

std::string version_line(const Versioned& versioned) {
    return fmt::format("poolfit {}, commit {}, catalog {}\n", report::version(), commit_text(versioned.built_from),
                       versioned.catalog->as_of());
}

}  // namespace poolfit::render
