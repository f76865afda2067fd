// The differences between an inventory and an import, each with what mends it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/import/into.hpp>

namespace poolfit::imports {

struct Difference {
    Drift drift;
    std::size_t document = 0;         ///< of the inventory, where it stands; the first for what is new
    std::string kind, record;         ///< "service", its identity
    std::string inner, part;          ///< "pool" and its identity, where it is in one
    std::vector<std::string> tables;  ///< "observed", of a key inside it
    /// The import's. Of what is gone none; nor of a value that the files no longer say, whose `deployed` is empty. Of a
    /// record that is gone `deployed` is why it is not taken, if the files have it, and `written` what completes it.
    const load::Value* value = nullptr;
    bool caught_up = false;  ///< no difference: only the binding of a value that the user had changed is an old one
};

/// The import, with what it refers to by the names that the inventory has for it: the user may have renamed records.
ImportedInventory by_our_names(const Inventory& inventory, ImportedInventory imported);

/// Of an import by our names, which the differences point into.
std::vector<Difference> differences(const Inventory& inventory, const ImportedInventory& imported,
                                    std::string_view environment);

/// A table of what was measured, which is no declaration.
bool is_measured(std::string_view table);

/// The key at the top of the first file that has it.
const load::Value* top_value(const Inventory& inventory, std::string_view key);

}  // namespace poolfit::imports
