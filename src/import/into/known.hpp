// What an inventory says of its records already, by the names that an import gives them, and what counts where it says
// nothing.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include <poolfit/import/into.hpp>

namespace poolfit::imports {

class Known {
public:
    Known() = default;
    explicit Known(const Inventory& inventory);

    /// Has the inventory this record: "database.orders", "service.api.pool.main"?
    bool has(std::string_view record) const { return records_.find(record) != records_.end(); }
    /// What it says: find("database.orders", "class"). Null where it says nothing.
    const std::string* find(std::string_view record, std::string_view key) const;

private:
    using Keys = std::map<std::string, std::string, std::less<>>;
    std::map<std::string, Keys, std::less<>> records_;
};

inline constexpr std::string_view drivers_default = "the driver's default";

/// What counts where the inventory leaves a key out; empty where nothing does.
std::string default_of(std::string_view kind, std::string_view key);
/// The same of a record, whose primary or inventory may say it: the class of a replica, the region.
std::string assumed_of(const Inventory& inventory, std::string_view kind, const std::string& key,
                       const load::Table& record);
/// Is an inventory complete without the key, though nothing says what counts then? A class has a max_connections of its
/// own.
bool may_be_left_out(std::string_view key, const load::Table& record);
/// Is the record of an import, with the keys at the import's top, a replica on the volume of its primary? It has none
/// of its own then.
bool is_on_primarys_volume(const load::Table& record, const load::Table& top);
/// A number, a range or a share of them; no formula.
bool is_plain(std::string_view text);
/// Do the two say the same? A version of a series is in it: "16" and "16.4".
bool agree(std::string_view key, const std::string& declared, const std::string& deployed);

}  // namespace poolfit::imports
