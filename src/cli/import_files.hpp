// Arguments that are kinds of files, each followed by its files: of `import` and of `check --against`.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <poolfit/import/importers.hpp>

#include "commands.hpp"
#include "failure.hpp"

namespace poolfit::cli {

/// The files by their kinds, read. `automatic`: all words are files; the word "auto" is a kind too. `command` is what
/// an error advises: "import".
std::variant<std::vector<imports::FilesOfKind>, Failure> files_of(Context& context,
                                                                  const std::vector<std::string>& words, bool automatic,
                                                                  std::string_view command);

std::string counted_records(std::size_t count, std::string_view noun);
/// What an import says of its files, for standard error.
void tell(Context& context, const imports::ImportedInventory& imported);

/// Makes or changes the inventory of --into.
Answer import_into(Context& context, std::vector<imports::FilesOfKind> files, const std::string& path);
/// The inventory as documents, read from these sources; the first of them first.
std::vector<load::Document> documents_of(const std::vector<const SourceText*>& sources);

}  // namespace poolfit::cli
