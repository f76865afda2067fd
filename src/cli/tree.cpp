#include "tree.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include <poolfit/diag/diagnostic.hpp>

namespace poolfit::cli {
namespace {

class Disk final : public Tree {
public:
    std::string named(const std::string& path) const override { return path; }
    std::string folder(const std::string& path) const override { return folder_before(path); }
    std::variant<std::string, FileFault> read(const std::string& path, std::size_t limit) const override {
        return read_file(path, limit);
    }
    bool is_file(const std::string& path) const override { return cli::is_file(path); }
    bool is_directory(const std::string& path) const override { return cli::is_directory(path); }
    bool is_special(const std::string& path) const override { return cli::is_special(path); }
    bool is_inventory_file(const std::string& path) const override { return cli::is_inventory_file(path); }
    std::vector<std::string> matching(const std::string& folder, const std::string& pattern) const override {
        return matching_files(folder, pattern);
    }
    std::optional<std::pair<std::uint64_t, std::uint64_t>> identity(const std::string& path) const override {
        return identity_of(path);
    }
    /// The repository's root is a folder with .git.
    std::optional<std::string> nearest_inventory() const override {
        std::string up;
        for (int level = 0; level < 64; ++level) {
            std::string path = up + std::string(usual_name);
            if (is_file(path)) return path;
            const std::string here = up.empty() ? "." : up;
            if (is_file(up + ".git") || is_directory(up + ".git") || is_same_folder(here, here + "/..")) break;
            up += "../";
        }
        return {};
    }
};

}  // namespace

const Tree& disk() {
    static const Disk tree;
    return tree;
}

std::string meant(const Tree& tree, const std::string& path) {
    if (path == "-" || tree.is_file(path) || tree.is_directory(path)) return {};
    const std::string folder = tree.folder(path);
    const std::vector<std::string> files = tree.matching(folder, "*");
    std::vector<std::string_view> names;
    for (const std::string& file : files)
        if (std::ranges::none_of(file, [](unsigned char c) { return c < 0x20 || c == 0x7f; }))  // one line, as it is
            names.push_back(std::string_view(file).substr(folder.size()));
    const std::string_view name = std::string_view(path).substr(folder.size());
    const std::string_view near = diag::nearest(name, names);
    const auto stem = [](std::string_view of) { return of.substr(0, of.rfind('.')); };  // ".json" makes all names alike
    if (near.empty() || diag::nearest(stem(name), {stem(near)}).empty()) return {};
    return fmt::format("did you mean {}{}?", folder, near);
}

}  // namespace poolfit::cli
