// An import into an inventory that is there: where the two part, and the inventory with what the files say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <poolfit/import/importers.hpp>
#include <poolfit/load/document.hpp>
#include <poolfit/model/drift.hpp>

namespace poolfit::imports {

/// An inventory as it is written: its file first, then those that it includes.
using Inventory = std::vector<load::Document>;

struct Merged {
    Inventory documents;       ///< the inventory's files, with what was taken
    std::vector<Drift> taken;  ///< what was changed or added
    std::vector<Drift> kept;   ///< what parts from the files and stays
};

/// Where the inventory parts from the import, in order of the import. `environment`: of [env.NAME], whose keys count.
std::vector<Drift> compare(const Inventory& inventory, const ImportedInventory& imported,
                           std::string_view environment = {});

/// The inventory's files with what the import says. Values without a binding, or that were changed since, are the
/// user's and stay, unless `overwrite`. New records go into the only file that has others from theirs, else into the
/// first; one without `schema` is part of an inventory and gets none. A value that its file no longer says goes, where
/// its default is known or nothing needs it; records stay.
Merged merge(const Inventory& inventory, const ImportedInventory& imported, bool overwrite);

/// Would the merged files be an inventory, as `plan` reads it? An inventory whose own errors are known is not asked.
/// What is wrong points into the text as it would be written.
bool is_valid(const Inventory& merged, const Catalog& catalog, Sources& sources, Diagnostics& found);
/// Records whose values `merge` without `overwrite` leaves out, since they do not fit beside the user's own:
/// "database.orders", "database.orders.storage", by the inventory's names.
std::vector<std::string> unfit(const Inventory& inventory, const ImportedInventory& imported, const Catalog& catalog,
                               Sources& sources);
/// The same diagnostics, each with a note that its line is not written yet.
void add_as_merged(const Inventory& inventory, const Diagnostics& found, Diagnostics& to);

/// JSON has no comments, and TOML none in braces: there the key `bindings` has what would stand behind a value. Makes
/// it of the comments, which are then removed. False: the document stayed as it was.
bool bindings_to_key(load::Document& document);
/// The other way.
void bindings_from_key(load::Document& document);

/// Two texts as a unified diff with 3 lines of context, as `diff -u` and `patch` have it. Empty where they are equal.
std::string unified_diff(std::string_view before, std::string_view after, std::string_view before_name,
                         std::string_view after_name);

}  // namespace poolfit::imports
