// The readers of the table of importers, one for each kind.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/import/importers.hpp>

#include "mapped.hpp"
#include "tree/in_file.hpp"

namespace poolfit::imports {

/// As Importer::read, Importer::stream and Importer::recognise.
using KindReader = void(std::span<const InFile> files, Mapped& mapped, Estate& estate, Diagnostics& diagnostics);
using StreamKindReader = void(const StreamInput& input, Mapped& mapped, Estate& estate, Sources& sources,
                              Diagnostics& diagnostics);
using Recogniser = bool(std::string_view text);

KindReader read_rds, read_terraform, read_cloudsql, read_azure, read_table, read_kubernetes, read_compose, read_env,
    read_pgbouncer, read_app;
StreamKindReader read_cloudwatch, read_pi, read_prometheus;
Recogniser recognise_rds, recognise_terraform, recognise_cloudsql, recognise_azure, recognise_table,
    recognise_kubernetes, recognise_compose, recognise_env, recognise_pgbouncer, recognise_app, recognise_cloudwatch,
    recognise_pi, recognise_prometheus;

/// Files of variables without an address of a database belong to the application whose configuration is beside them.
void give_to_app(std::vector<FilesOfKind>& kinds, const std::string& service);

/// The beginning of a feed, looked at before all of it is read.
class Head {
public:
    explicit Head(const Feed& feed);
    std::string_view text() const { return text_; }
    /// All bytes, from the first on.
    std::size_t read(char* buffer, std::size_t size);

private:
    static constexpr std::size_t size = std::size_t{64} << 10;
    const Feed& feed_;
    std::string text_;
    std::size_t at_ = 0;
};

/// Not the file of any kind: an error message, a web page, a table for people, an archive, HCL.
struct WrongForm {
    std::string message;
    std::string fix;  ///< empty: how the expected file is made
};
std::optional<WrongForm> wrong_form(std::string_view text);

/// An empty file, HCL, a spreadsheet …: what is none of the kinds is reported with a line of advice. False where the
/// file may be read on.
bool refuse_wrong_file(const InFile& file, std::string_view kind, Diagnostics& diagnostics);

}  // namespace poolfit::imports
