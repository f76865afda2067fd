// What an inventory says of its records already, by the names that an import gives them.
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

}  // namespace poolfit::imports
