// A file of prices in pieces, and what an import made of it.
#pragma once

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/import/prices.hpp>
#include <poolfit/load/load.hpp>

namespace poolfit::test {

/// In pieces of so many bytes, as a pipe gives them.
inline imports::Feed feed_of(std::string text, std::size_t piece) {
    return {"prices.json", [text = std::move(text), piece, at = std::size_t{0}](char* to, std::size_t room) mutable {
                const std::size_t count = std::min({piece, room, text.size() - at});
                std::memcpy(to, text.data() + at, count);
                at += count;
                return count;
            }};
}

struct Read {
    Sources sources;
    Diagnostics diagnostics;
    std::optional<imports::Imported> file;

    std::string error() const {
        if (diagnostics.all().empty()) return {};
        const Diagnostic& first = diagnostics.all().front();
        return diag::print(first.place) + ' ' + first.message;
    }
    std::size_t left(imports::Left why) { return (*file)[why]; }
    std::string rows() const { return file ? load::print(file->rows) : std::string(); }
};

}  // namespace poolfit::test
