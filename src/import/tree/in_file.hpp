// A file that is being imported: its text, which stays in the importer, and a masked copy of it, which messages show.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <poolfit/diag/source.hpp>

namespace poolfit::imports {

/// The text with every word replaced by '*' but those that the formats themselves consist of: byte for byte as long,
/// its lines and columns where they were.
std::string masked(std::string_view text);

/// UTF-8 without byte order mark of UTF-8 or UTF-16 with one. Nothing of a text is lost but what is not valid.
std::string as_utf8(std::string text);

class InFile {
public:
    InFile(std::string name, std::string text, Sources& sources)
        : name_(std::move(name)), text_(as_utf8(std::move(text))), shown_(&sources.add(name_, masked(text_))) {}

    const std::string& name() const { return name_; }
    std::string_view text() const { return text_; }
    Place place(std::size_t offset, std::size_t length = 1) const;

private:
    std::string name_, text_;
    const SourceText* shown_;
};

}  // namespace poolfit::imports
