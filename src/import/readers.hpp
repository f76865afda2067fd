// The readers of the table of importers, one for each kind.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
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

void read_cloudwatch(const StreamInput& input, Mapped& mapped, Estate& estate, Sources& sources,
                     Diagnostics& diagnostics);
bool recognise_cloudwatch(std::string_view text);
void read_pi(const StreamInput& input, Mapped& mapped, Estate& estate, Sources& sources, Diagnostics& diagnostics);
bool recognise_pi(std::string_view text);
void read_prometheus(const StreamInput& input, Mapped& mapped, Estate& estate, Sources& sources,
                     Diagnostics& diagnostics);
bool recognise_prometheus(std::string_view text);

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
