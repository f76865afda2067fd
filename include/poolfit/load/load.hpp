// Our own files: TOML and JSON text to one Document tree with regions, and the tree to the checked model.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/catalog/catalog.hpp>
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

/// A user's catalog file on top of the catalog (--catalog in docs/contract.md; its format in poolfit-inventory(5)).
/// False, and the catalog unchanged, after an error.
bool overlay(const SourceText& source, Catalog& catalog, Diagnostics& diagnostics);

}  // namespace poolfit::load
