// The files of a revision, read from git's objects.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "git.hpp"
#include "tree.hpp"

namespace poolfit::cli {

/// Paths that it gives begin with the revision: "main:infra/poolfit.toml". It takes these, paths relative to this
/// folder, and absolute ones under the repository's root. Links are followed inside the tree.
class GitTree final : public Tree {
public:
    GitTree(std::string revision, git::Repository repository, const std::vector<git::Entry>& entries);

    std::string named(const std::string& path) const override;
    std::string folder(const std::string& path) const override;
    std::variant<std::string, FileFault> read(const std::string& path, std::size_t limit) const override;
    bool is_file(const std::string& path) const override;
    bool is_directory(const std::string& path) const override;
    /// A submodule has no files in the tree; nothing here is a FIFO.
    bool is_special(const std::string&) const override { return false; }
    bool is_inventory_file(const std::string& path) const override;
    std::vector<std::string> matching(const std::string& folder, const std::string& pattern) const override;
    std::optional<std::pair<std::uint64_t, std::uint64_t>> identity(const std::string& path) const override;
    std::optional<std::string> nearest_inventory() const override;

private:
    struct File {
        std::string mode, object;
        std::uint64_t number = 0;
    };
    using Files = std::map<std::string, File, std::less<>>;

    /// From the root, without "." and ".."; nothing where it leads out of the repository.
    std::optional<std::string> inside(const std::string& path) const;
    /// Of a file, where links have been followed; end() where there is none.
    Files::const_iterator find(const std::string& path) const;
    std::string with_revision(std::string_view path) const;

    std::string revision_;
    git::Repository repository_;
    Files files_;
};

}  // namespace poolfit::cli
