#include <fmt/format.h>

#include <poolfit/render/render.hpp>

#include "commands.hpp"
#include "output.hpp"

namespace poolfit::cli {

Answer schema(Context& context) {
    const std::vector<std::string_view> names{"report", "inventory", "catalog", "pool", "simulation", "emission"};
    const std::string known = fmt::format("{}", fmt::join(names, ", "));
    if (context.options.arguments.empty()) {
        return fail(context.diagnostics, "usage", "schema of what?", "name one of " + known);
    }
    const std::string& name = context.options.arguments.front();
    const std::string_view text = render::schema(name);
    if (text.empty()) {
        const std::string_view near = diag::nearest(name, names);
        return fail(context.diagnostics, "usage", fmt::format("no such schema: {}", name),
                    near.empty() ? "name one of " + known : fmt::format("did you mean {}?", near));
    }
    return rendered(context, text);
}

}  // namespace poolfit::cli
