#include <poolfit/render/render.hpp>

#include "built_from.hpp"
#include "commands.hpp"
#include "output.hpp"

namespace poolfit::cli {

Answer version(Context& context) {
    const Catalog catalog;
    return rendered(context, render::Versioned{&catalog, built_from()});
}

std::string version_line() {
    const Catalog catalog;
    return render::version_line({&catalog, built_from()});
}

}  // namespace poolfit::cli
