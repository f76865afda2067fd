// Git, asked by its plumbing: revisions to trees, trees to paths, objects to bytes. Nothing is checked out or written.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace poolfit::cli::git {

/// Why git has no answer, and what to do.
struct Fault {
    std::string message, fix;
    bool wrong_use = true;  ///< else git itself failed
};
template <class T>
using Answer = std::variant<T, Fault>;

/// Which repository this folder is in.
struct Repository {
    std::string prefix;  ///< of this folder under its root: "infra/", "" at the root or where there is no working tree
    std::string root;    ///< absolute; empty where it is bare
};
Answer<Repository> repository();

/// May the word name a revision? No option, no empty word, no control characters.
bool may_name(std::string_view revision);
/// The tree of a revision ("main", "HEAD~1", "v1.2"); nothing where there is none of that name.
Answer<std::optional<std::string>> tree_of(const std::string& revision);
/// Where the histories of two revisions part: its commit.
Answer<std::string> merge_base(const std::string& a, const std::string& b);
/// Names of branches and tags, for did-you-mean.
std::vector<std::string> names();

struct Entry {
    std::string mode;    ///< "100644", "120000" of a link, "160000" of a submodule
    std::string object;  ///< its id
    std::string path;    ///< from the root: "infra/poolfit.toml"
};
/// Every file of a tree.
Answer<std::vector<Entry>> list(const std::string& tree);
/// The bytes of a file; nothing where there are more than `limit`.
Answer<std::optional<std::string>> contents(const std::string& object, std::size_t limit);

}  // namespace poolfit::cli::git
