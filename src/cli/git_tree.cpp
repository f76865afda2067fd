#include "git_tree.hpp"

#include <algorithm>

#include <fnmatch.h>

#include <fmt/format.h>

namespace poolfit::cli {
namespace {

constexpr std::string_view link = "120000", submodule = "160000";
constexpr int most_links = 40;
constexpr std::size_t longest_link = 4096;

/// Without "." and ".."; nothing where it leads above the first folder. A pattern's signs are characters like others.
std::optional<std::string> normal(std::string_view path) {
    std::vector<std::string_view> parts;
    while (!path.empty()) {
        const std::string_view part = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(part.size() + 1, path.size()));
        if (part == "..") {
            if (parts.empty()) return std::nullopt;
            parts.pop_back();
        } else if (!part.empty() && part != ".") {
            parts.push_back(part);
        }
    }
    return fmt::format("{}", fmt::join(parts, "/"));
}

}  // namespace

GitTree::GitTree(std::string revision, git::Repository repository, const std::vector<git::Entry>& entries)
    : revision_(std::move(revision)), repository_(std::move(repository)) {
    std::uint64_t number = 0;
    for (const git::Entry& entry : entries) files_.emplace(entry.path, File{entry.mode, entry.object, ++number});
}

std::string GitTree::with_revision(std::string_view path) const { return fmt::format("{}:{}", revision_, path); }

std::optional<std::string> GitTree::inside(const std::string& path) const {
    const std::string own = revision_ + ":";
    if (path.starts_with(own)) return normal(std::string_view(path).substr(own.size()));
    if (!path.starts_with('/')) return normal(repository_.prefix + path);
    const std::string root = repository_.root + "/";
    if (repository_.root.empty() || !path.starts_with(root)) return std::nullopt;
    return normal(std::string_view(path).substr(root.size()));
}

std::string GitTree::named(const std::string& path) const {
    const auto found = inside(path);
    return found ? with_revision(*found) : path;
}

std::string GitTree::folder(const std::string& path) const {
    const std::string found = inside(path).value_or("");
    return with_revision(found.substr(0, found.rfind('/') + 1));
}

GitTree::Files::const_iterator GitTree::find(const std::string& path) const {
    std::optional<std::string> at = inside(path);
    for (int followed = 0; at && followed < most_links; ++followed) {
        // The first part of the path that is a link decides where the rest is.
        auto through = files_.end();
        std::size_t end = 0;
        do {
            end = at->find('/', end + 1);
            const auto found = files_.find(std::string_view(*at).substr(0, end));
            if (found != files_.end() && found->second.mode == link) through = found;
        } while (through == files_.end() && end != std::string::npos);
        if (through == files_.end()) return files_.find(*at);
        const auto read = git::contents(through->second.object, longest_link);
        const auto* text = std::get_if<std::optional<std::string>>(&read);
        if (text == nullptr || !*text || (*text)->starts_with('/')) return files_.end();
        const std::string& name = through->first;
        const std::string rest = end == std::string::npos ? std::string() : at->substr(end);
        at = normal(name.substr(0, name.rfind('/') + 1) + **text + rest);
    }
    return files_.end();
}

std::variant<std::string, FileFault> GitTree::read(const std::string& path, std::size_t limit) const {
    const std::string name = named(path);
    const auto file = find(path);
    if (!inside(path))
        return FileFault{fmt::format("{} is outside the repository: {} does not have it", path, revision_), true};
    if (file == files_.end() || file->second.mode == submodule) {
        if (is_directory(path)) return FileFault{fmt::format("{} is a directory", name), true};
        return FileFault{fmt::format("no such file: {}", name), true};
    }
    auto answer = git::contents(file->second.object, limit);
    if (const auto* fault = std::get_if<git::Fault>(&answer))
        return FileFault{fmt::format("cannot read {}: {}", name, fault->message), fault->wrong_use};
    auto& text = std::get<std::optional<std::string>>(answer);
    if (!text) return FileFault{fmt::format("{} is larger than {} MiB", name, limit >> 20), true};
    return std::move(*text);
}

bool GitTree::is_file(const std::string& path) const {
    const auto found = find(path);
    return found != files_.end() && found->second.mode != submodule;
}

bool GitTree::is_directory(const std::string& path) const {
    const auto at = inside(path);
    if (!at) return false;
    if (at->empty()) return true;
    const auto next = files_.lower_bound(*at + "/");
    if (next != files_.end() && next->first.starts_with(*at + "/")) return true;
    const auto own = files_.find(*at);
    return own != files_.end() && own->second.mode == submodule;
}

bool GitTree::is_inventory_file(const std::string& path) const {
    const auto found = find(path);
    return found != files_.end() && found->second.mode != submodule &&
           (found->first.ends_with(".toml") || found->first.ends_with(".json"));
}

std::vector<std::string> GitTree::matching(const std::string& folder, const std::string& pattern) const {
    const std::string own = pattern.starts_with('/') ? pattern : folder + pattern;
    if (is_file(own)) return {named(own)};
    std::string wanted;
    if (pattern.starts_with('/')) {
        wanted = pattern.starts_with(repository_.root + "/") && !repository_.root.empty()
                     ? pattern.substr(repository_.root.size() + 1)
                     : std::string();
    } else {
        for (const char c : inside(folder).value_or("")) {  // its own characters stand for themselves
            if (c == '*' || c == '?' || c == '[' || c == '\\') wanted += '\\';
            wanted += c;
        }
        if (!wanted.empty()) wanted += '/';
        wanted += pattern;
    }
    std::vector<std::string> all;
    const auto glob = normal(wanted);
    if (!glob || glob->empty()) return all;
    for (const auto& [path, file] : files_)
        if (file.mode != submodule && fnmatch(glob->c_str(), path.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0)
            all.push_back(with_revision(path));
    return all;
}

std::optional<std::pair<std::uint64_t, std::uint64_t>> GitTree::identity(const std::string& path) const {
    const auto found = find(path);
    if (found == files_.end()) return std::nullopt;
    return std::pair(std::uint64_t{0}, found->second.number);
}

std::optional<std::string> GitTree::nearest_inventory() const {
    std::string at = repository_.prefix;
    while (true) {
        if (std::string path = with_revision(at + std::string(usual_name)); is_file(path)) return path;
        if (at.empty()) return std::nullopt;
        at.pop_back();
        at.resize(at.rfind('/') + 1);
    }
}

}  // namespace poolfit::cli
