// A service that several Compose files name, merged as the Compose file reference's chapter "Merge" has it: a value
// takes the place of the earlier one, maps are merged key by key, lists are joined; command and entrypoint are
// replaced, and variables go by their names in either form.
#pragma once

#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "../tree/node.hpp"

namespace poolfit::imports {

class Overlay {
public:
    /// `over`, which is from the file, on top of the first.
    NodePtr merge(const NodePtr& first, const NodePtr& over, const InFile& file);
    /// The same of a service that extends another, each with its own file.
    NodePtr extend(const NodePtr& base, const InFile& from, const NodePtr& over, const InFile& file);
    /// Where a part of a merged tree is from; of what no other file has, `first`.
    const InFile* file_of(const Node& part, const InFile& first) const;

private:
    void mark(const Node& node, const InFile& file);
    NodePtr merged(const NodePtr& first, const NodePtr& over, std::string_view key, const InFile& file);
    NodePtr as_list(const NodePtr& map);

    std::vector<NodePtr> kept_;  ///< those made here, which `files_` knows by their addresses
    std::unordered_map<const Node*, const InFile*> files_;
    std::size_t steps_ = 0;  ///< aliases can make few lines many
};

}  // namespace poolfit::imports
