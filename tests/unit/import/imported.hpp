// Importing other tools' files in tests.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <poolfit/import/importers.hpp>
#include <poolfit/model/fleet.hpp>

namespace poolfit::test {

/// An import of several files, and all that it says.
struct FromFiles {
    Sources sources;
    Diagnostics diagnostics;
    std::optional<imports::ImportedInventory> result;

    /// The inventory as TOML; empty after an error.
    std::string text() const;
    std::string notes() const;
    bool says(std::string_view note) const;
    /// The errors with their excerpts.
    std::string errors() const;
    /// Everything that could be shown, in both formats.
    std::string all() const;
    /// The value of a key of a record, as TOML writes it, without its comment: value("database", "orders", "class").
    std::string value(std::string_view kind, std::string_view name, std::string_view key) const;
    /// The same of a pool of a service.
    std::string pool(std::string_view service, std::string_view name, std::string_view key) const;
};

/// Files by kind: {"rds", text}; names are the kinds with a number, or the name after a colon: {"compose:.env", text}.
using Texts = std::vector<std::pair<std::string_view, std::string>>;
FromFiles import_texts(const Texts& texts, imports::ImportOptions options = {});
/// A file of tests/unit/import/files.
std::string import_file(std::string_view name);

/// A check that shows both.
void expect(const std::string& text, std::string_view part);
void expect_not(const std::string& text, std::string_view part);

}  // namespace poolfit::test
