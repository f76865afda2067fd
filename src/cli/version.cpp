#include "commands.hpp"
#include "output.hpp"

namespace poolfit::cli {

Answer version(Context& context) {
    const Catalog catalog;
    return rendered(context, render::Versioned{&catalog});
}

}  // namespace poolfit::cli
