#include <fmt/format.h>

#include <poolfit/render/render.hpp>

#include "commands.hpp"
#include "output.hpp"

namespace poolfit::cli {

Answer version(Context& context) {
    const Catalog catalog;
    return rendered(context, [&](const Output& output, const diag::Style&) {
        if (output.format == "json") return render::version_json(catalog);
        return fmt::format("poolfit {}\ncatalog {}\n", report::version(), catalog.as_of());
    });
}

}  // namespace poolfit::cli
