// Other tools' files to one inventory: the kinds of file as rows of a table, and the way from files to a document.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/diag/source.hpp>
#include <poolfit/import/estate.hpp>
#include <poolfit/import/feed.hpp>
#include <poolfit/load/document.hpp>

namespace poolfit::imports {

/// A file as it was read.
struct RawFile {
    std::string name;  ///< as the user wrote it
    std::string text;
    std::optional<Feed> feed{};  ///< in place of the text, of a kind that is read as a stream
};

struct ImportOptions {
    std::vector<std::string> maps;          ///< HOST=NAME, secret:NAME=NAME, FILE=GROUP, PROXY=NAME
    std::vector<std::string> settings;      ///< database.NAME.class=db.m6g.large: wins over what the files say
    std::vector<std::string_view> engines;  ///< only databases of these; PostgreSQL where empty
    std::string series{};                   ///< the folder for series files, as the inventory is to name it
    /// The inventory that the import is for: what its records say completes what the files lack. Null: none.
    const std::vector<load::Document>* inventory = nullptr;
    std::string service{};   ///< what a file that says pools alone is about: the configuration of an application
    bool overwrite = false;  ///< the inventory's own values are to follow the files too
};

/// Files that are read piece by piece.
struct StreamInput {
    std::vector<Feed> files;
    bool series = false;  ///< series files are wanted
};

class InFile;  // src/import/tree/in_file.hpp
struct Mapped;

/// A kind of file. Help, completion, dispatch and the recognition of files read this row.
struct Importer {
    std::string_view kind;   ///< "rds"
    std::string_view reads;  ///< what such a file is, for people
    std::string_view usage;  ///< a command that makes one
    /// Does the text look like one of these?
    bool (*recognise)(std::string_view text);
    /// All files of the kind together, since they refer to each other. What is wrong is an error at its place.
    void (*read)(std::span<const InFile> files, Mapped& mapped, Estate& estate, Diagnostics& diagnostics);
    /// The same of a kind whose files may be larger than memory; `read` is null then. A feed's fault is thrown.
    void (*stream)(const StreamInput& input, Mapped& mapped, Estate& estate, Sources& sources,
                   Diagnostics& diagnostics) = nullptr;
};

std::span<const Importer> importers();
const Importer* find_importer(std::string_view kind);
/// Does a Compose file name the other, as an env_file, a file that it mounts, or the .env beside it?
bool compose_names(const RawFile& compose, const RawFile& other);
/// A table that the kind `csv` reads, and whose rows are services.
bool is_table_of_services(std::string_view text);

/// What a file is, and what to do with it, where it is known as one that no kind reads; empty of others.
std::pair<std::string, std::string> known_as_other(std::string_view text);

struct FilesOfKind {
    const Importer* importer = nullptr;
    std::vector<RawFile> files;
};

/// A file beside the inventory, which a `series` key names.
struct SeriesFile {
    std::string path, text;
};

struct ImportedInventory {
    load::Document document;
    std::vector<Note> notes;  ///< what was not taken, then what else there is to tell; in order of the files
    std::size_t databases = 0, poolers = 0, services = 0, pools = 0;
    std::vector<std::string> files;  ///< that were read, as the user named them
    std::vector<SeriesFile> series{};
    const SourceText* text = nullptr;  ///< the document as it was checked, in the document's syntax; null: it was not
    /// What the inventory was made from. To free it takes a tenth of an import: a process that ends keeps it.
    std::shared_ptr<const void> origin{};
};

/// The facts of all files, resolved into one inventory. Nothing after an error. The same files give the same bytes. No
/// source, diagnostic, note or document has a text of the files that may be a secret.
std::optional<ImportedInventory> import_files(std::vector<FilesOfKind> files, const ImportOptions& options,
                                              const Catalog& catalog, Sources& sources, Diagnostics& diagnostics);

/// The notes as lines for people: "not taken  crane-legacy  …  rds.json:812".
std::string print(const std::vector<Note>& notes);

}  // namespace poolfit::imports
