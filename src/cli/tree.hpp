// Where an inventory and all that it names is read from: the files of the disk, or those of a revision.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "files.hpp"

namespace poolfit::cli {

/// Paths are as the user writes them, or as the tree gave them.
class Tree {
public:
    virtual ~Tree() = default;

    /// What messages call a file that the user named: "infra/poolfit.toml", "main:infra/poolfit.toml".
    virtual std::string named(const std::string& path) const = 0;
    /// "infra/" of "infra/poolfit.toml"; "" of a bare name.
    virtual std::string folder(const std::string& path) const = 0;
    /// As the functions of files.hpp.
    virtual std::variant<std::string, FileFault> read(const std::string& path, std::size_t limit) const = 0;
    virtual bool is_file(const std::string& path) const = 0;
    virtual bool is_directory(const std::string& path) const = 0;
    virtual bool is_special(const std::string& path) const = 0;
    virtual bool is_inventory_file(const std::string& path) const = 0;
    virtual std::vector<std::string> matching(const std::string& folder, const std::string& pattern) const = 0;
    virtual std::optional<std::pair<std::uint64_t, std::uint64_t>> identity(const std::string& path) const = 0;
    /// The nearest poolfit.toml from this folder up to the repository's root.
    virtual std::optional<std::string> nearest_inventory() const = 0;
};

/// The files that the process sees.
const Tree& disk();

/// "did you mean infra/poolfit.toml?" of a file that is not there: the nearest name beside it. "" where there is none.
std::string meant(const Tree& tree, const std::string& path);

inline constexpr std::string_view usual_name = "poolfit.toml";

}  // namespace poolfit::cli
