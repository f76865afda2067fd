#include "files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <fnmatch.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <poolfit/unit/date.hpp>
#include <poolfit/unit/print.hpp>

#include "failure.hpp"
#include "progress.hpp"

namespace poolfit::cli {
namespace {

std::string failed(std::string_view what, const std::string& path) {
    return fmt::format("cannot {} {}: {}", what, path, std::strerror(errno));
}

}  // namespace

FileFault cannot_read(const std::string& path) {
    const int error = errno;
    if (error == ENOENT || error == ENOTDIR) return {fmt::format("no such file: {}", path), true};
    return {failed("read", path), error == ENAMETOOLONG || error == ELOOP};
}

namespace {

/// A text that is written beside the file whose name it is to get.
struct Beside {
    std::string path, target, name;
};

/// The unfinished file that an interrupt removes; empty where there is none.
std::array<char, 4096> unfinished{};
/// Finished ones that wait for others, which it removes too.
const Beside* waiting = nullptr;
volatile std::size_t waiting_count = 0;

extern "C" void interrupted(int) {
    if (unfinished[0] != '\0') unlink(unfinished.data());
    for (std::size_t i = 0; i < waiting_count; ++i) unlink(waiting[i].name.c_str());
    clear_progress();
    _exit(exit_code::interrupted);
}

/// A descriptor that is closed on the way out.
struct Open {
    int fd;
    explicit Open(int opened) : fd(opened) {}
    Open(const Open&) = delete;
    Open& operator=(const Open&) = delete;
    ~Open() {
        if (fd >= 0) close(fd);
    }
};

std::variant<std::string, FileFault> read_all(int fd, const std::string& name, std::size_t limit) {
    std::string text;
    struct stat status {};
    std::size_t chunk = std::size_t{64} << 10;
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size >= 0) {
        chunk = std::min(static_cast<std::size_t>(status.st_size), limit) + 1;
    }
    std::size_t used = 0;
    while (true) {
        if (used == text.size()) text.resize(used + chunk);  // not for the read that finds the end
        const ssize_t count = read(fd, text.data() + used, text.size() - used);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return cannot_read(name);
        used += static_cast<std::size_t>(count);
        if (used > limit) return FileFault{fmt::format("{} is larger than {} MiB", name, limit >> 20), true};
        if (count == 0) break;
    }
    text.resize(used);
    return text;
}

/// Where a link leads, so that the link stays; the path itself where it leads nowhere yet.
std::string target_of(const std::string& path) {
    std::array<char, 4096> resolved{};
    static_assert(resolved.size() >= 4096, "PATH_MAX");
    return realpath(path.c_str(), resolved.data()) != nullptr ? resolved.data() : path;
}

std::optional<std::string> write_in_place(const std::string& path, std::string_view text) {
    const Open file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (file.fd < 0 || write_stream(file.fd, text) != Written::all) return failed("write", path);
    return {};
}

bool same(const struct stat& a, const struct stat& b) { return a.st_dev == b.st_dev && a.st_ino == b.st_ino; }

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }
std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

mode_t mode_of_new_files() {
    const mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

}  // namespace

std::variant<std::string, FileFault> read_file(const std::string& path, std::size_t limit) {
    if (path == "-") return read_all(0, "standard input", limit);
    if (is_directory(path)) return FileFault{fmt::format("{} is a directory", path), true};
    const Open file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.fd < 0) return cannot_read(path);
    return read_all(file.fd, path, limit);
}

std::variant<imports::Feed, FileFault> open_stream(const std::string& path, bool progress) {
    if (path != "-" && is_directory(path)) return FileFault{fmt::format("{} is a directory", path), true};
    const std::string name = path == "-" ? "<stdin>" : path;
    const auto file = std::make_shared<Open>(path == "-" ? dup(0) : open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file->fd < 0) return cannot_read(path);
    struct stat status {};
    const bool sized = fstat(file->fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
    const double size = sized ? static_cast<double>(status.st_size) : 0;
    const auto bar = std::make_shared<Progress>("reading " + name, progress && sized);
    return imports::Feed{name, [file, bar, size, name, done = 0.0](char* buffer, std::size_t room) mutable {
                             while (true) {
                                 const ssize_t count = read(file->fd, buffer, room);
                                 if (count < 0 && errno == EINTR) continue;
                                 if (count < 0) throw imports::FeedFault{cannot_read(name).message};
                                 done += static_cast<double>(count);
                                 if (size > 0) bar->tell(std::min(done / size, 1.0));
                                 return static_cast<std::size_t>(count);
                             }
                         }};
}

std::optional<std::string> day_written(const std::string& path) {
    struct stat status {};
    if (path == "-" || stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
    return unit::print(unit::date_of_epoch_seconds(static_cast<long long>(status.st_mtime)));
}

namespace {

/// Nothing where the text went to its place directly.
std::variant<std::optional<Beside>, std::string> write_beside(const std::string& path, std::string_view text) {
    struct stat status {};
    const std::string target = target_of(path);
    const bool exists = stat(target.c_str(), &status) == 0;
    const auto in_place = [&]() -> std::variant<std::optional<Beside>, std::string> {
        if (auto fault = write_in_place(path, text)) return std::move(*fault);
        return std::nullopt;
    };
    if (exists && !S_ISREG(status.st_mode)) return in_place();
    Beside made{path, target, target + ".XXXXXX"};
    if (made.name.size() >= unfinished.size()) return in_place();
    const Open file(mkstemp(made.name.data()));
    if (file.fd < 0 && exists) return in_place();  // a folder that takes no new files
    if (file.fd < 0) return failed("write", path);
    std::memcpy(unfinished.data(), made.name.c_str(), made.name.size() + 1);
    const mode_t mode = exists ? status.st_mode & 07777 : mode_of_new_files();
    if (write_stream(file.fd, text) != Written::all || fchmod(file.fd, mode) != 0) {
        std::string fault = failed("write", path);
        unlink(made.name.c_str());
        unfinished[0] = '\0';
        return fault;
    }
    return made;
}

}  // namespace

std::optional<Unwritten> write_files(const std::vector<std::pair<std::string, std::string_view>>& files) {
    std::vector<Beside> all;
    std::optional<Unwritten> fault;
    all.reserve(files.size());
    for (const auto& [path, text] : files) {
        auto made = write_beside(path, text);
        if (auto* what = std::get_if<std::string>(&made)) {
            fault = Unwritten{path, std::move(*what)};
            break;
        }
        if (auto& beside = std::get<std::optional<Beside>>(made)) all.push_back(std::move(*beside));
        waiting = all.data();
        waiting_count = all.size();
        unfinished[0] = '\0';
    }
    for (const Beside& each : all) {
        if (!fault && rename(each.name.c_str(), each.target.c_str()) != 0)
            fault = Unwritten{each.path, failed("write", each.path)};
        if (fault) unlink(each.name.c_str());
    }
    waiting_count = 0;
    return fault;
}

bool is_read_only(const std::string& path) {
    struct stat status {};
    return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
           ((status.st_mode & 0222) == 0 || access(path.c_str(), W_OK) != 0);
}

Written write_stream(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = write(fd, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno == EPIPE ? Written::closed : Written::failed;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return Written::all;
}

std::string folder_before(const std::string& path) { return path.substr(0, path.rfind('/') + 1); }

std::vector<std::string> matching_files(const std::string& folder, const std::string& pattern) {
    const std::string path = (pattern.starts_with('/') ? std::string() : folder) + pattern;
    if (is_file(path)) return {path};
    std::string wanted;
    if (!pattern.starts_with('/'))
        for (const char c : folder) {  // its own characters stand for themselves
            if (c == '*' || c == '?' || c == '[' || c == '\\') wanted += '\\';
            wanted += c;
        }
    wanted += pattern;
    std::vector<std::string> files;
    glob_t found{};
    if (glob(wanted.c_str(), GLOB_NOSORT, nullptr, &found) == 0)
        for (std::size_t i = 0; i < found.gl_pathc; ++i)
            if (is_file(found.gl_pathv[i])) files.emplace_back(found.gl_pathv[i]);
    globfree(&found);
    std::sort(files.begin(), files.end());
    return files;
}

bool would_match(const std::string& folder, const std::string& pattern, const std::string& path) {
    if (!is_file(path))
        return path.starts_with(folder) && fnmatch(pattern.c_str(), path.c_str() + folder.size(), FNM_PATHNAME) == 0;
    const std::vector<std::string> files = matching_files(folder, pattern);
    return std::any_of(files.begin(), files.end(), [&](const std::string& each) { return is_same_file(each, path); });
}

bool is_inventory_file(const std::string& path) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
    const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr), &std::free);
    const std::string_view name = real ? std::string_view(real.get()) : std::string_view();
    return name.ends_with(".toml") || name.ends_with(".json");
}

std::optional<std::pair<std::uint64_t, std::uint64_t>> identity_of(const std::string& path) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
    return std::pair(static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino));
}

bool is_special(const std::string& path) {
    struct stat status {};
    return stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

bool is_directory(const std::string& path) {
    struct stat status {};
    return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool is_file(const std::string& path) {
    struct stat status {};
    return stat(path.c_str(), &status) == 0 && !S_ISDIR(status.st_mode);
}

bool is_same_folder(const std::string& a, const std::string& b) {
    struct stat first {
    }, second{};
    return stat(a.c_str(), &first) == 0 && stat(b.c_str(), &second) == 0 && same(first, second);
}

bool is_same_file(const std::string& a, const std::string& b) {
    struct stat first {
    }, second{};
    const bool has_first = stat(a.c_str(), &first) == 0, has_second = stat(b.c_str(), &second) == 0;
    if (has_first && has_second) return S_ISREG(first.st_mode) && same(first, second);
    return !has_first && !has_second && name_of(a) == name_of(b) && is_same_folder(folder_of(a), folder_of(b));
}

void set_up_signals() {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGINT, interrupted);
}

}  // namespace poolfit::cli
