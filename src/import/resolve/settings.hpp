// What --set gives: values that complete a record, or win over what the files say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/load/document.hpp>

#include "../into/known.hpp"

namespace poolfit::imports {

class Settings {
public:
    /// `--set database.orders.class=db.m6g.large`; what cannot be read so is an error.
    Settings(const std::vector<std::string>& given, Known known, Diagnostics& diagnostics);

    /// The text that is given for a key of a record, or that the inventory has: find("database.orders", "class"). Null
    /// where there is none.
    const std::string* find(std::string_view record, std::string_view key);
    bool has(std::string_view record, std::string_view key) const;
    /// Is it "--set RECORD.KEY=…" of a key that is given?
    bool gives(std::string_view flag) const;
    /// Is any key of the record given?
    bool mention(std::string_view record) const;
    /// Has the inventory that the import is for this record?
    bool knows(std::string_view record) const { return known_.has(record); }
    /// The region of all databases whose files do not say it: --set region=eu-west-1. Empty where it is not given.
    const std::string& region() const { return region_; }
    const std::string& take_region() {
        region_used_ = true;
        return region_;
    }
    /// Sets all keys of the record that are given.
    void apply(std::string_view record, load::Table& table);
    /// What was typed for a key of the record, or of a record below it; null where it was not given.
    const std::string* text_of(std::string_view record, std::string_view key) const;
    /// An error for each that named no record; `records` are those there are.
    void report_unused(const std::vector<std::string>& records, Diagnostics& diagnostics) const;

private:
    struct Given {
        std::string record, key, value, text;
        bool used = false;
    };
    std::vector<Given> all_;
    std::string region_{}, region_text_{};
    bool region_used_ = false;
    Known known_;
};

}  // namespace poolfit::imports
