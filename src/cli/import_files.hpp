// Arguments that are kinds of files, each followed by its files: of `import` and of `check --against`.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <poolfit/import/importers.hpp>

#include "commands.hpp"
#include "failure.hpp"
#include "files.hpp"

namespace poolfit::cli {

/// The files by their kinds, read. `automatic`: all words are files; the word "auto" is a kind too. `command` is what
/// an error advises: "import".
std::variant<std::vector<imports::FilesOfKind>, Failure> files_of(Context& context,
                                                                  const std::vector<std::string>& words, bool automatic,
                                                                  std::string_view command);

/// Why a file that an import names cannot be read, with its fix: of a folder `in_folder`, else the nearest name beside
/// it, else `otherwise`.
Failure unreadable(Context& context, const std::string& path, const FileFault& fault,
                   std::string_view in_folder = "name the files in it", std::string_view otherwise = {});
/// The files as one inventory, or why there is none.
std::variant<imports::ImportedInventory, Failure> read_kinds(Context& context, std::vector<imports::FilesOfKind> files,
                                                             const imports::ImportOptions& how, const Catalog& catalog);
/// The series files of an import are written too, in folders beside the inventory that `beside` gives for the path of
/// each; over those that are there with `replace`.
std::optional<Failure> add_series(Context& context, const imports::ImportedInventory& imported,
                                  const std::function<std::string(const std::string&)>& beside, bool replace,
                                  std::vector<Document>& documents);

std::string counted_records(std::size_t count, std::string_view noun);
/// What an import says of its files, for standard error.
void tell(Context& context, const imports::ImportedInventory& imported);

/// Makes or changes the inventory of --into.
Answer import_into(Context& context, std::vector<imports::FilesOfKind> files, const std::string& path);
/// The inventory as documents, read from these sources; the first of them first.
std::vector<load::Document> documents_of(const std::vector<const SourceText*>& sources);

}  // namespace poolfit::cli
