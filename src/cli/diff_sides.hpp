// What `diff` compares: the words of the command line to two states of an inventory.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "commands.hpp"
#include "tree.hpp"

namespace poolfit::cli {

struct Side {
    std::string label;                       ///< "main", "plan.json", "working tree"
    std::shared_ptr<const Tree> tree;        ///< of a revision; null: the disk
    std::vector<std::string> files;          ///< as named(); none: the usual inventory
    bool may_miss = false;                   ///< its inventory may be missing, since the other side is a revision
    std::vector<std::string> inventories{};  ///< of a revision: what may be one, from its root
    const Tree& from() const { return tree ? *tree : disk(); }
};

std::variant<std::pair<Side, Side>, Failure> sides_of(Context& context);

/// The inventory of a revision that is meant by a path from its root where there is no such file; "" where none is
/// near.
std::string near_inventory(const Side& side, std::string_view path);
/// The same, if the other side does not have it: the inventory of `path` may have moved there, or from there.
std::string moved_to(const Side& side, const Side& other, std::string_view path);

/// "infra/poolfit.toml": a file of the side, from the root of the repository where a side is a revision; "" for
/// standard input.
std::string path_of(const Side& side, const Side& other, const std::string& file);

/// The inventory that it reads first; "" where there is none. A file of the disk that is not there counts as none where
/// it may be missing.
std::string inventory_of(const Side& side);

}  // namespace poolfit::cli
