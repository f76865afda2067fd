#include "new_file.hpp"

#include <utility>

#include <fmt/format.h>

#include "files.hpp"

namespace poolfit::cli {

std::optional<Failure> must_be_new(Context& context, const std::string& path, std::string fix) {
    if (is_directory(path))
        return fail(context.diagnostics, "usage", fmt::format("{} is a directory", path), "name a file in it");
    if (is_file(path))
        return fail(context.diagnostics, "usage", fmt::format("{} already exists", path), std::move(fix));
    return {};
}

}  // namespace poolfit::cli
