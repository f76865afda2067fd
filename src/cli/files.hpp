// Bytes in and out: files, standard input, the streams.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <poolfit/import/feed.hpp>

namespace poolfit::cli {

struct FileFault {
    std::string message;  ///< "no such file: infra/poolfit.toml"
    bool wrong_use;       ///< the name is wrong, or what it names; else reading failed
};

/// The whole file, or standard input for "-". A directory, or more than `limit` bytes, is wrong use.
std::variant<std::string, FileFault> read_file(const std::string& path, std::size_t limit);

/// What errno says of a path that could not be opened or read.
FileFault cannot_read(const std::string& path);

/// Is it there, and neither a file nor a directory: a FIFO, a device? Reading it may never end.
bool is_special(const std::string& path);

/// The file piece by piece, or standard input for "-", with a bar while it takes long, if that is wanted.
std::variant<imports::Feed, FileFault> open_stream(const std::string& path, bool progress);
/// The day on which the file was last written, UTC: "2026-11-30". Nothing for standard input.
std::optional<std::string> day_written(const std::string& path);

struct Unwritten {
    std::string path, message;
};

/// Writes a file beside each path, and renames them once all are there, so that no reader sees half of one; anything
/// but a regular file (a pipe, /dev/null) is written directly. Returns what went wrong.
std::optional<Unwritten> write_files(const std::vector<std::pair<std::string, std::string_view>>& files);
/// Has a file no permission to be written, of whoever runs? For root too, as editors have it.
bool is_read_only(const std::string& path);

enum class Written { all, closed, failed };
/// All bytes to a stream; `closed` if its reader is gone. errno has the reason for `failed`.
Written write_stream(int fd, std::string_view text);

/// "infra/" of "infra/poolfit.toml"; "" of a bare name.
std::string folder_before(const std::string& path);
/// Is it a file, not a device or a pipe, whose name ends in .toml or .json where links have been followed? Others may
/// hold what no error message should show.
bool is_inventory_file(const std::string& path);
/// Files in `folder` ("" or with its slash at the end), or anywhere if the pattern begins with a slash, whose path
/// matches: `*`, `?` and `[a-z]` stand for characters but a slash. A file of the pattern's own name is the only one.
/// In the order of their bytes.
std::vector<std::string> matching_files(const std::string& folder, const std::string& pattern);

/// Is the file one of these? One that is not there yet: would it be?
bool would_match(const std::string& folder, const std::string& pattern, const std::string& path);

/// Which file a path leads to, by its device and inode: nothing for pipes, devices, and what is not there.
std::optional<std::pair<std::uint64_t, std::uint64_t>> identity_of(const std::string& path);

bool is_directory(const std::string& path);
/// A file, a pipe, a device: anything there but a directory.
bool is_file(const std::string& path);

bool is_same_folder(const std::string& a, const std::string& b);
/// Would writing to one change the other? Also by links, and where neither is there yet; never pipes and devices.
bool is_same_file(const std::string& a, const std::string& b);

/// Closed pipes become errors of write; an interrupt leaves no half-written file behind and exits with 130.
void set_up_signals();

}  // namespace poolfit::cli
