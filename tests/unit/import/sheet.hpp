// Importing from text in tests.
#pragma once

#include <optional>
#include <string>

#include <poolfit/import/csv.hpp>
#include <poolfit/model/fleet.hpp>

namespace poolfit::test {

/// An import and what its places point into.
struct Imported {
    Sources sources;
    Diagnostics diagnostics;
    std::optional<load::Document> document;

    std::string text() const { return document ? load::print(*document) : std::string(); }
    /// "2:7 error message = fix", one a line; what is only said begins with its message.
    std::string said() const;
    /// The inventory as it is checked; errors of it are a fault of the import.
    std::optional<Fleet> fleet();
};
Imported import_text(std::string text, const imports::CsvOptions& options = {});

}  // namespace poolfit::test
