// The readers of the table of importers, one for each kind.
#pragma once

#include <span>
#include <string_view>

#include <poolfit/import/importers.hpp>

#include "mapped.hpp"
#include "tree/in_file.hpp"

namespace poolfit::imports {

void read_rds(std::span<const InFile> files, Mapped& mapped, Estate& estate, Diagnostics& diagnostics);
bool recognise_rds(std::string_view text);
void read_terraform(std::span<const InFile> files, Mapped& mapped, Estate& estate, Diagnostics& diagnostics);
bool recognise_terraform(std::string_view text);
void read_cloudsql(std::span<const InFile> files, Mapped& mapped, Estate& estate, Diagnostics& diagnostics);
bool recognise_cloudsql(std::string_view text);
void read_azure(std::span<const InFile> files, Mapped& mapped, Estate& estate, Diagnostics& diagnostics);
bool recognise_azure(std::string_view text);
void read_table(std::span<const InFile> files, Mapped& mapped, Estate& estate, Diagnostics& diagnostics);
bool recognise_table(std::string_view text);
void read_kubernetes(std::span<const InFile> files, Mapped& mapped, Estate& estate, Diagnostics& diagnostics);
bool recognise_kubernetes(std::string_view text);
void read_compose(std::span<const InFile> files, Mapped& mapped, Estate& estate, Diagnostics& diagnostics);
bool recognise_compose(std::string_view text);
void read_env(std::span<const InFile> files, Mapped& mapped, Estate& estate, Diagnostics& diagnostics);
bool recognise_env(std::string_view text);

void read_pgbouncer(std::span<const InFile> files, Mapped& mapped, Estate& estate, Diagnostics& diagnostics);
bool recognise_pgbouncer(std::string_view text);
void read_app(std::span<const InFile> files, Mapped& mapped, Estate& estate, Diagnostics& diagnostics);
bool recognise_app(std::string_view text);

/// An empty file, HCL, a spreadsheet …: what is none of the kinds is reported with a line of advice. False where the
/// file may be read on.
bool refuse_wrong_file(const InFile& file, std::string_view kind, Diagnostics& diagnostics);

}  // namespace poolfit::imports
