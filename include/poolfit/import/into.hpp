// An import into an inventory that is there: where the two part, and the inventory with what the files say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <poolfit/import/importers.hpp>
#include <poolfit/load/document.hpp>
#include <poolfit/model/drift.hpp>

namespace poolfit::imports {

/// An inventory as it is written: its file, and those that it includes.
using Inventory = std::vector<load::Document>;

struct Merged {
    load::Document document;   ///< the first file, with what was taken
    std::vector<Drift> taken;  ///< what was changed or added
    std::vector<Drift> kept;   ///< what parts from the files and stays
};

/// Where the inventory parts from the import, in order of the import. `environment`: of [env.NAME], whose keys count.
std::vector<Drift> compare(const Inventory& inventory, const ImportedInventory& imported,
                           std::string_view environment = {});

/// The inventory's first file with what the import says. Values without a binding, or that were changed since, are the
/// user's and stay, unless `overwrite`; so does all that further files have. A file without `schema` is part of an
/// inventory and gets no records. A value that its file no longer says goes, where its default is known or nothing
/// needs it; records stay.
Merged merge(const Inventory& inventory, const ImportedInventory& imported, bool overwrite);

/// JSON has no comments: there the key `bindings` has what stands behind the values of TOML. Makes it of the comments,
/// which are then removed; a document in TOML stays as it is.
void bindings_to_key(load::Document& document);
/// The other way.
void bindings_from_key(load::Document& document);

/// Two texts as a unified diff with 3 lines of context, as `diff -u` and `patch` have it. Empty where they are equal.
std::string unified_diff(std::string_view before, std::string_view after, std::string_view before_name,
                         std::string_view after_name);

}  // namespace poolfit::imports
