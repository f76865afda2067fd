// Pictures as files: their names are safe on any system, and no two are the same.
#include <algorithm>
#include <set>
#include <string>

#include <fmt/format.h>

#include <poolfit/render/format.hpp>

#include "parts.hpp"
#include "pictures.hpp"

namespace poolfit::render {
namespace {

constexpr std::size_t longest_name = 60;

/// Lower-case letters, digits and single hyphens: "orders-2" of "Orders/2".
std::string file_name(std::string_view text) {
    std::string name;
    for (const char c : text) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        const bool plain = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
        if (plain)
            name += lower;
        else if (!name.empty() && name.back() != '-')
            name += '-';
        if (name.size() == longest_name) break;
    }
    while (!name.empty() && name.back() == '-') name.pop_back();
    return name;
}

}  // namespace

std::vector<NamedText> picture_files(const Report& report) {
    struct Drawn {
        std::string stem, text;
    };
    std::vector<Drawn> all;
    in_parts(
        report.shown.size(), report.threads,
        [&](std::size_t first, std::size_t last) {
            std::vector<Drawn> part;
            for (std::size_t k = first; k < last; ++k)
                for (const Picture& picture : pictures_of(report, report.shown[k])) {
                    const std::string of = file_name(picture.of);
                    part.push_back(
                        {(of.empty() ? "" : of + "-") + std::string(picture.kind), picture.draw(svg::Use::file)});
                }
            return part;
        },
        [&](std::vector<Drawn> part) {
            for (Drawn& each : part) all.push_back(std::move(each));
        },
        4);
    std::set<std::string> taken;
    std::vector<NamedText> files;
    for (Drawn& each : all) {
        std::string name = each.stem;
        for (int n = 2; !taken.insert(name).second; ++n) name = fmt::format("{}-{}", each.stem, n);
        files.push_back({name + ".svg", std::move(each.text)});
    }
    return files;
}

}  // namespace poolfit::render
