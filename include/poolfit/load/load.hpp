// Our own files: TOML and JSON text to one Document tree with regions, and the tree to the checked model.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/catalog/overlay.hpp>
#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/diag/source.hpp>
#include <poolfit/model/fleet.hpp>

namespace poolfit::load {

/// Largest file read, in bytes; a larger one is an error before any of it is parsed.
inline constexpr std::size_t max_file_size = 96u << 20;

/// `--set KEY=VALUE`: "service.api.instances=4", "host.app.vcpus=8", "policy.allow_arm=true",
/// "database.primary.observed.cpu_peak=20%", "service.math-updater.pool.drizzle.max=5". The key must address an
/// existing record by name; the value is read as the key requires. Its own text is its source.
struct Setting {
    std::string text;
};

/// TOML (or JSON: by the name's ending, else by the first character being '{') to a checked fleet. All
/// errors of the file are reported in one go, in order of position; nothing is returned if there is one.
/// `catalog` resolves classes, hosts and drivers. Never throws.
std::optional<Fleet> inventory(const SourceText& source, const std::vector<Setting>& settings, const Catalog& catalog,
                               Sources& sources, Diagnostics& diagnostics);

/// What an inventory is read from: one file, or several whose records are one inventory.
struct Files {
    const SourceText* first = nullptr;
    std::vector<const SourceText*> more;
    std::string environment;  ///< of [env.NAME], whose keys win; empty: none
};
/// The same of several files, with an environment. Values keep their places; a key that is no list of records stands in
/// one of them. The fleet goes by the first file's name.
std::optional<Fleet> inventory(const Files& files, const std::vector<Setting>& settings, const Catalog& catalog,
                               Sources& sources, Diagnostics& diagnostics);

/// Is no more memory free than the server has? False after an error. True where it is not known how much it has.
bool fits_memory(const Database& database, const Located<Bytes>& free, Diagnostics& diagnostics);

/// The patterns of paths that the file's `include` names, relative to its folder. None where its text can not be read:
/// inventory() says why.
std::vector<Located<std::string>> includes(const SourceText& source);

/// A user's catalog file on top of the catalog (--catalog in docs/contract.md; its format in poolfit-inventory(5)).
/// False, and the catalog unchanged, after an error.
bool overlay(const SourceText& source, Catalog& catalog, Diagnostics& diagnostics);
/// Its rows alone; nothing after an error.
std::optional<catalog::OverlayRows> overlay_rows(const SourceText& source, const Catalog& catalog,
                                                 Diagnostics& diagnostics);
/// The rows as such a file, JSON, with a line for each class: they are read back as they are. The same rows give the
/// same bytes.
std::string print(const catalog::OverlayRows& rows);

}  // namespace poolfit::load
