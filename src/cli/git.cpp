#include "git.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

extern char** environ;

namespace poolfit::cli::git {
namespace {

constexpr std::size_t most_of_a_list = std::size_t{1} << 30, most_said = 4096;

struct Ran {
    int status = 0;          ///< as a shell has it
    bool too_large = false;  ///< stopped, for it wrote more than was asked for
    std::string out, error;
};

struct Pipe {
    std::array<int, 2> ends{-1, -1};
    Pipe() = default;
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        shut(0);
        shut(1);
    }
    bool open() { return pipe2(ends.data(), O_CLOEXEC) == 0; }
    void shut(std::size_t end) {
        if (ends[end] >= 0) close(ends[end]);
        ends[end] = -1;
    }
};

/// The user's, so that GIT_DIR and the like count; but git asks nothing, fetches nothing and locks nothing, and its
/// messages are those that users find elsewhere.
std::vector<std::string> environment() {
    constexpr std::array<std::string_view, 4> own{"GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0",
                                                  "GIT_NO_LAZY_FETCH=1", "LC_ALL=C"};
    std::vector<std::string> all(own.begin(), own.end());
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const std::string_view name = text.substr(0, text.find('=') + 1);
        if (std::ranges::none_of(own, [&](std::string_view each) { return each.starts_with(name); }))
            all.emplace_back(text);
    }
    return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (std::string& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

/// What both streams have, until both end or the first has more than `limit`.
bool collect(Pipe& out, Pipe& error, Ran& ran, std::size_t limit) {
    std::array<char, 65536> buffer{};
    while (out.ends[0] >= 0 || error.ends[0] >= 0) {
        std::array<pollfd, 2> waits{{{out.ends[0], POLLIN, 0}, {error.ends[0], POLLIN, 0}}};
        if (poll(waits.data(), waits.size(), -1) < 0) {
            if (errno == EINTR) continue;
            return false;
        }
        for (std::size_t i = 0; i < waits.size(); ++i) {
            if (waits[i].revents == 0) continue;
            Pipe& from = i == 0 ? out : error;
            const ssize_t count = read(from.ends[0], buffer.data(), buffer.size());
            if (count < 0 && errno == EINTR) continue;
            if (count <= 0) {
                from.shut(0);
                continue;
            }
            std::string& into = i == 0 ? ran.out : ran.error;
            if (i == 0 || into.size() < most_said) into.append(buffer.data(), static_cast<std::size_t>(count));
            if (ran.out.size() > limit) return ran.too_large = true;
        }
    }
    return true;
}

/// `git WORD…`, without a shell; `input` is its standard input, at most a line.
Answer<Ran> run(std::vector<std::string> words, std::string_view input = {}, std::size_t limit = most_of_a_list) {
    words.insert(words.begin(), "git");
    std::vector<std::string> variables = environment();
    const std::vector<char*> arguments = pointers(words), with = pointers(variables);
    Pipe in, out, error;
    if (!in.open() || !out.open() || !error.open())
        return Fault{fmt::format("cannot start git: {}", std::strerror(errno)), {}, false};
    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in.ends[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out.ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, error.ends[1], 2);
    pid_t child = 0;
    const int failed = posix_spawnp(&child, "git", &actions, nullptr, arguments.data(), with.data());
    posix_spawn_file_actions_destroy(&actions);
    if (failed == ENOENT) return Fault{"git is not installed", "install git, or compare files", true};
    if (failed != 0) return Fault{fmt::format("cannot start git: {}", std::strerror(failed)), {}, false};
    in.shut(0);
    out.shut(1);
    error.shut(1);
    // A line fits into the pipe, whether git reads it or not.
    if (!input.empty() && write(in.ends[1], input.data(), input.size()) < 0 && errno != EPIPE) ::kill(child, SIGTERM);
    in.shut(1);
    Ran ran;
    if (!collect(out, error, ran, limit) || ran.too_large) ::kill(child, SIGTERM);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return ran;
}

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

/// What git says of itself.
Fault said(const Ran& ran, std::string_view what) {
    std::string_view line = first_line(ran.error);
    if (line.starts_with("fatal: ")) line.remove_prefix(7);
    return {
        line.empty() ? fmt::format("git {} failed with exit code {}", what, ran.status) : fmt::format("git: {}", line),
        {},
        ran.status == 128};
}

}  // namespace

Answer<Repository> repository() {
    const auto answer = run({"rev-parse", "--is-inside-work-tree", "--show-prefix"});
    if (const auto* fault = std::get_if<Fault>(&answer)) return *fault;
    const Ran& ran = std::get<Ran>(answer);
    if (ran.status != 0) {
        Fault fault = said(ran, "rev-parse");
        if (fault.message.find("not a git repository") != std::string::npos)
            fault = {"not a git repository: neither this folder nor one above it",
                     "compare files, or run in a repository"};
        return fault;
    }
    const std::string_view text = ran.out;
    Repository out;
    if (first_line(text) != "true") return out;
    out.prefix = first_line(text.substr(std::min(text.find('\n') + 1, text.size())));
    const auto top = run({"rev-parse", "--show-toplevel"});
    if (const auto* found = std::get_if<Ran>(&top); found != nullptr && found->status == 0)
        out.root = found->out.substr(0, found->out.find_last_not_of('\n') + 1);
    return out;
}

bool may_name(std::string_view revision) {
    return !revision.empty() && revision.front() != '-' && revision.front() != ':' && revision.front() != '^' &&
           std::ranges::none_of(revision, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; });
}

Answer<std::optional<std::string>> tree_of(const std::string& revision) {
    if (!may_name(revision)) return std::optional<std::string>();
    const auto answer = run({"rev-parse", "--verify", "--quiet", revision + "^{tree}"});
    if (const auto* fault = std::get_if<Fault>(&answer)) return *fault;
    const Ran& ran = std::get<Ran>(answer);
    if (ran.status == 0) return std::optional(std::string(first_line(ran.out)));
    if (ran.status == 1 || ran.error.empty()) return std::optional<std::string>();
    return said(ran, "rev-parse");
}

Answer<std::string> merge_base(const std::string& a, const std::string& b) {
    const auto answer = run({"merge-base", a, b});
    if (const auto* fault = std::get_if<Fault>(&answer)) return *fault;
    const Ran& ran = std::get<Ran>(answer);
    if (ran.status == 0) return std::string(first_line(ran.out));
    if (ran.status == 1)
        return Fault{
            fmt::format("{} and {} have no commit in common", a, b),
            fmt::format("{}..{} compares the two as they are; in a shallow clone, git fetch --unshallow", a, b)};
    return said(ran, "merge-base");
}

std::vector<std::string> names() {
    std::vector<std::string> all{"HEAD"};
    const auto answer =
        run({"for-each-ref", "--count=10000", "--format=%(refname:short)", "refs/heads", "refs/remotes", "refs/tags"});
    const auto* ran = std::get_if<Ran>(&answer);
    if (ran == nullptr || ran->status != 0) return all;
    std::string_view rest = ran->out;
    while (!rest.empty()) {
        const std::string_view line = first_line(rest);
        if (!line.empty()) all.emplace_back(line);
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    }
    return all;
}

Answer<std::vector<Entry>> list(const std::string& tree) {
    const auto answer = run({"ls-tree", "-r", "-z", "--full-tree", tree});
    if (const auto* fault = std::get_if<Fault>(&answer)) return *fault;
    const Ran& ran = std::get<Ran>(answer);
    if (ran.too_large) return Fault{"the revision has too many files", "compare files"};
    if (ran.status != 0) return said(ran, "ls-tree");
    // "100644 blob 3b18e5…\tinfra/poolfit.toml", each ended by a zero.
    std::vector<Entry> all;
    std::string_view rest = ran.out;
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\0'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        const std::size_t tab = line.find('\t'), first = line.find(' ');
        const std::size_t second = first == line.npos ? line.npos : line.find(' ', first + 1);
        if (tab == line.npos || second == line.npos || second > tab)
            return Fault{"git ls-tree: not understood", {}, false};
        all.push_back({std::string(line.substr(0, first)), std::string(line.substr(second + 1, tab - second - 1)),
                       std::string(line.substr(tab + 1))});
    }
    return all;
}

Answer<std::optional<std::string>> contents(const std::string& object, std::size_t limit) {
    constexpr std::size_t most_of_head = 200;  // "3b18e5… blob 12\n", and a line break behind the contents
    auto answer = run({"cat-file", "--batch"}, object + "\n", limit + most_of_head);
    if (const auto* fault = std::get_if<Fault>(&answer)) return *fault;
    Ran& ran = std::get<Ran>(answer);
    if (ran.too_large) return std::optional<std::string>();
    if (ran.status != 0) return said(ran, "cat-file");
    const std::string_view head = first_line(ran.out);
    if (head.ends_with(" missing"))
        return Fault{fmt::format("the repository does not have the object {}", object), "git fetch it first"};
    const std::size_t space = head.rfind(' ');
    std::size_t size = 0;
    const char* begin = head.data() + (space == head.npos ? 0 : space + 1);
    const auto [end, error] = std::from_chars(begin, head.data() + head.size(), size);
    if (space == head.npos || error != std::errc{} || end != head.data() + head.size() ||
        ran.out.size() < head.size() + 1 + size)
        return Fault{"git cat-file: not understood", {}, false};
    if (size > limit) return std::optional<std::string>();
    return std::optional(ran.out.substr(head.size() + 1, size));
}

}  // namespace poolfit::cli::git
