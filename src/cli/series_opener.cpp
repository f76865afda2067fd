#include "series_opener.hpp"

#include <utility>
#include <variant>

#include <fmt/format.h>

#include <poolfit/load/load.hpp>

#include "files.hpp"

namespace poolfit::cli {

const SourceText* SeriesOpener::operator()(const Located<std::string>& path) const {
    const std::string& from = path.place ? path.place.source->name() : inputs.inventory.path;
    const bool by_hand = from.starts_with('<') || from.starts_with("--");
    const std::string folder = context.tree->folder(by_hand ? inputs.inventory.path : from);
    const std::string at = path->starts_with('/') ? *path : folder + *path;
    const std::string name = at == "-" ? "./-" : at;  // a file, not standard input
    if (const auto found = opened->find(name); found != opened->end()) return found->second;
    auto read = context.tree->is_special(name) ? FileFault{fmt::format("{} is not a regular file", name), true}
                                               : context.tree->read(name, load::max_file_size);
    if (const auto* fault = std::get_if<FileFault>(&read)) {
        context.diagnostics.error(path.place, fmt::format("series: {}", fault->message),
                                  "name a file relative to this one, or remove the key");
        return nullptr;
    }
    const SourceText& text = context.sources.add(name, std::move(std::get<std::string>(read)));
    opened->emplace(name, &text);
    return &text;
}

}  // namespace poolfit::cli
