#include "diff_sides.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "environment.hpp"
#include "git.hpp"
#include "git_tree.hpp"

namespace poolfit::cli {
namespace {

constexpr std::string_view work_tree = "working tree";

bool looks_like_file(std::string_view word) {
    return word == "-" || word.ends_with(".toml") || word.ends_with(".json") || word.starts_with("./") ||
           word.starts_with("../") || word.starts_with('/');
}

/// Where a revision ends and a path in it begins: the first colon outside of braces ("HEAD^{/fix: it}").
std::size_t colon_of(std::string_view word) {
    int depth = 0;
    for (std::size_t i = 0; i < word.size(); ++i) {
        depth += word[i] == '{' ? 1 : word[i] == '}' ? -1 : 0;
        if (word[i] == ':' && depth == 0) return i;
    }
    return word.npos;
}

class Resolver {
public:
    explicit Resolver(Context& context) : context_(context) {}

    std::variant<std::pair<Side, Side>, Failure> sides() {
        std::vector<std::string> words = context_.options.arguments;
        if (words.empty()) return usage("nothing to compare with", "poolfit diff main, or poolfit diff OLD NEW");
        if (!range(words)) {
            base_ = side(words.front());
            if (failure_) return std::move(*failure_);
            words.erase(words.begin());
            // Files behind a revision name the inventory in it, and in the working tree.
            const bool named_in_revision = base_->tree != nullptr && base_->files.empty();
            if (!words.empty() &&
                (!named_in_revision || !is_file_word(words.front()) || is_in_revision(words.front()))) {
                head_ = side(words.front());
                words.erase(words.begin());
            }
        }
        if (failure_) return std::move(*failure_);
        if (!head_) {
            if (repository_ && repository_->bare)
                return usage("a bare repository has no working tree to compare with",
                             fmt::format("poolfit diff {} HEAD", context_.options.arguments.front()));
            head_ = Side{std::string(work_tree), nullptr, {}, false};
            if (base_->tree != nullptr && !base_->files.empty()) head_->files = beside(base_->files);
        }
        if (words.empty() && base_->tree != nullptr && head_->tree != nullptr) {
            if (base_->files.empty()) take_place(*base_, head_->files);
            if (head_->files.empty()) take_place(*head_, base_->files);
        }
        const bool revisions = base_->tree != nullptr || head_->tree != nullptr;
        base_->may_miss = revisions && base_->files.empty();
        head_->may_miss = revisions && (head_->files.empty() || head_->label == work_tree);
        for (const std::string& word : words)
            if (auto failure = add_file(word)) return std::move(*failure);
        find_inventory();
        if (base_->files == std::vector<std::string>{"-"} && head_->files == base_->files)
            return usage("standard input cannot be both sides", "name a file");
        return std::pair(std::move(*base_), std::move(*head_));
    }

private:
    struct Known {
        git::Repository repository;
        bool bare = false;
    };

    /// Where none is named, both sides have that of the folder nearest to this one in which either side has one.
    void find_inventory() {
        const bool revisions = base_->tree != nullptr || head_->tree != nullptr;
        if (!revisions || !base_->files.empty() || !head_->files.empty() || !variable("POOLFIT_CONFIG").empty()) return;
        const std::string& prefix = repository_->repository.prefix;
        std::string path(usual_name);
        for (auto levels = std::ranges::count(prefix, '/'); levels >= 0; --levels) {
            const std::string base = base_->from().named(path), head = head_->from().named(path);
            if (base_->from().is_file(base) || head_->from().is_file(head)) {
                base_->files = {base};
                head_->files = {head};
                return;
            }
            path.insert(0, "../");
        }
    }

    Failure usage(std::string message, std::string fix) {
        return fail(context_.diagnostics, "usage", std::move(message), std::move(fix));
    }
    Failure of(const git::Fault& fault) {
        return fail(context_.diagnostics, fault.wrong_use ? "usage" : "io", fault.message, fault.fix,
                    fault.wrong_use ? exit_code::wrong_use : exit_code::fault);
    }

    static bool is_file_word(const std::string& word) { return looks_like_file(word) || is_file(word); }

    /// "main" beside "v1:infra/x.toml" is that file of main, where main has it.
    static void take_place(Side& revision, const std::vector<std::string>& files) {
        for (const std::string& file : files) {
            const std::string path = fmt::format("{}:{}", revision.label, file.substr(colon_of(file) + 1));
            if (revision.tree->is_file(path)) revision.files.push_back(path);
        }
    }

    /// A file of the revision, at the same place of the working tree.
    std::vector<std::string> beside(const std::vector<std::string>& files) const {
        std::vector<std::string> out;
        for (const std::string& file : files) {
            const std::string path = file.substr(colon_of(file) + 1);
            out.push_back(repository_ && !repository_->repository.root.empty() ? relative(path) : path);
        }
        return out;
    }
    /// From the root of the repository to this folder.
    std::string relative(std::string path) const {
        std::string prefix = repository_->repository.prefix;
        std::string up;
        while (!prefix.empty() && !path.starts_with(prefix)) {
            up += "../";
            prefix.pop_back();
            prefix.resize(prefix.rfind('/') + 1);
        }
        return up + path.substr(prefix.size());
    }

    bool open_repository(const std::string& name) {
        if (repository_) return true;
        auto found = git::repository();
        if (auto* fault = std::get_if<git::Fault>(&found)) {
            // It may have been meant as a file.
            if (fault->wrong_use)
                fault->message = fmt::format("{}: no such file, and no revision: {}", name, fault->message);
            failure_ = of(*fault);
            return false;
        }
        repository_ = Known{std::get<git::Repository>(std::move(found)), false};
        repository_->bare = repository_->repository.root.empty();
        return true;
    }

    /// "main..HEAD": both sides.
    bool range(std::vector<std::string>& words) {
        const std::string word = words.front();
        const std::size_t dots = word.find("..");
        if (dots == word.npos || looks_like_file(word) || is_file(word) || is_directory(word)) return false;
        const bool symmetric = word.compare(dots, 3, "...") == 0;
        std::string first = word.substr(0, dots), second = word.substr(dots + (symmetric ? 3 : 2));
        if (first.empty()) first = "HEAD";
        if (second.empty()) second = "HEAD";
        if (second.find("..") != second.npos || second.starts_with('.')) return false;
        words.erase(words.begin());
        base_ = revision(first);
        if (!failure_) head_ = revision(second);
        if (failure_ || !symmetric) return true;
        const auto found = git::merge_base(first, second);
        if (const auto* fault = std::get_if<git::Fault>(&found)) {
            failure_ = of(*fault);
            return true;
        }
        const std::string& commit = std::get<std::string>(found);
        base_ = revision(commit);
        base_->label = fmt::format("{} at {}", first, commit.substr(0, 10));
        return true;
    }

    std::optional<Side> side(const std::string& word) {
        if (looks_like_file(word) && colon_of(word) == word.npos) return file(word);
        if (is_file(word)) return ambiguous(word, "file", "./" + word) ? std::optional<Side>() : file(word);
        if (is_directory(word)) {
            const bool meant = is_file(inside(word));
            if (meant && ambiguous(word, "directory", inside(word))) return std::nullopt;
            if (meant || !is_revision(word)) {
                failure_ = directory(disk(), word);
                return std::nullopt;
            }
        }
        const std::size_t colon = colon_of(word);
        if (colon == word.npos) return revision(word);
        if (colon == 0) {
            failure_ = usage(fmt::format("not a revision: {}", word), "HEAD" + word + ", or the file by itself");
            return std::nullopt;
        }
        auto found = revision(word.substr(0, colon));
        if (!found) return std::nullopt;
        std::string path = word.substr(colon + 1);
        // As git has it: from the root, unless it begins with a dot.
        const bool from_here = path.starts_with("./") || path.starts_with("../");
        path = found->tree->named(from_here ? path : fmt::format("{}:{}", found->label, path));
        if (found->tree->is_directory(path)) {
            failure_ = directory(*found->tree, path);
            return std::nullopt;
        }
        if (const std::string own = found->label + ":"; path.starts_with(own) && !found->tree->is_file(path)) {
            const std::string_view rest = std::string_view(path).substr(own.size());
            const std::string near = near_inventory(*found, rest);
            failure_ = fail(context_.diagnostics, "config", fmt::format("{} has no such file: {}", found->label, rest),
                            near.empty() ? std::string() : fmt::format("did you mean {}{}?", own, near));
            return std::nullopt;
        }
        found->files = {path};
        found->label = path;
        return found;
    }

    static Side file(const std::string& path) {
        return {path == "-" ? "standard input" : path, nullptr, {path}, false};
    }

    static std::string inside(const std::string& folder) {
        return folder + (folder.ends_with('/') || folder.ends_with(':') ? "" : "/") + std::string(usual_name);
    }

    /// A folder is no inventory, even if it has one.
    Failure directory(const Tree& tree, const std::string& path) {
        return fail(context_.diagnostics, "config", fmt::format("{} is a directory", path),
                    tree.is_file(inside(path)) ? "name " + inside(path) : std::string("name a file in it"));
    }

    /// "feature:infra/poolfit.toml"?
    static bool is_in_revision(const std::string& word) {
        const std::size_t colon = colon_of(word);
        return colon != word.npos && colon > 0 && !is_file(word) && is_revision(word.substr(0, colon));
    }

    static bool is_revision(const std::string& word) {
        const auto tree = git::tree_of(word);
        const auto* found = std::get_if<std::optional<std::string>>(&tree);
        return found != nullptr && found->has_value();
    }

    /// Something of this name is there; is a revision too?
    bool ambiguous(const std::string& word, std::string_view what, const std::string& file) {
        if (looks_like_file(word) || !is_revision(word)) return false;
        failure_ = usage(fmt::format("{} is both a {} and a revision", word, what),
                         fmt::format("{} is the file, {}~0 the revision", file, word));
        return true;
    }

    std::optional<Side> revision(const std::string& name) {
        if (!git::may_name(name)) {
            failure_ = usage(fmt::format("not a revision: {}", name), "name a branch, a tag, a commit or a file");
            return std::nullopt;
        }
        if (!open_repository(name)) return std::nullopt;
        const auto tree = git::tree_of(name);
        if (const auto* fault = std::get_if<git::Fault>(&tree)) {
            failure_ = of(*fault);
            return std::nullopt;
        }
        const auto& found = std::get<std::optional<std::string>>(tree);
        if (!found) {
            failure_ = unknown(name);
            return std::nullopt;
        }
        const auto entries = git::list(*found);
        if (const auto* fault = std::get_if<git::Fault>(&entries)) {
            failure_ = of(*fault);
            return std::nullopt;
        }
        const auto& files = std::get<std::vector<git::Entry>>(entries);
        Side out{name, std::make_shared<GitTree>(name, repository_->repository, files), {}, true};
        for (const git::Entry& entry : files)
            if (entry.path.ends_with(".toml") || entry.path.ends_with(".json")) out.inventories.push_back(entry.path);
        return out;
    }

    Failure unknown(const std::string& name) {
        if (name.find("..") != name.npos)
            return usage(fmt::format("neither a file nor a revision: {}", name),
                         "two revisions are BASE..HEAD, or BASE...HEAD");
        const std::vector<std::string> names = git::names();
        const std::string_view near = diag::nearest(name, {names.begin(), names.end()});
        return usage(fmt::format("neither a file nor a revision: {}", name),
                     near.empty() ? std::string("git fetch it first; a CI clone often has only one commit")
                                  : fmt::format("did you mean {}?", near));
    }

    std::optional<Failure> add_file(const std::string& word) {
        if (base_->tree == nullptr && head_->tree == nullptr)
            return usage(fmt::format("one argument too many: {}", word), "poolfit diff BASE HEAD");
        if (!is_file_word(word) && !is_directory(word) && word.find('/') == word.npos)
            return usage(fmt::format("not a file: {}", word),
                         "poolfit diff BASE HEAD FILE: an inventory, TOML or JSON");
        if (auto failure = directory_behind(word)) return failure;
        for (Side* each : {&*base_, &*head_}) {
            if (named_.insert(each).second && !each->files.empty())
                return usage(fmt::format("two inventories: {} and {}", each->files.front(), word),
                             "name the inventory once");
            std::string path = each->from().named(word);
            if (each->tree != nullptr && path == word)
                return usage(fmt::format("{} is outside the repository, so {} does not have it", word, each->label),
                             "name a file of the repository");
            each->files.push_back(std::move(path));
        }
        return {};
    }

    /// A folder as the inventory of both sides: what is in it is named as the user would name it.
    std::optional<Failure> directory_behind(const std::string& word) {
        bool is = false, has = false;
        for (const Side* each : {&*base_, &*head_}) {
            const Tree& tree = each->from();
            is = is || tree.is_directory(tree.named(word));
            has = has || tree.is_file(tree.named(inside(word)));
        }
        if (!is) return {};
        return fail(context_.diagnostics, "config", fmt::format("{} is a directory", word),
                    has ? "name " + inside(word) : std::string("name a file in it"));
    }

    Context& context_;
    std::optional<Known> repository_;
    std::optional<Side> base_, head_;
    std::set<const Side*> named_;  ///< sides that files behind the revisions name
    std::optional<Failure> failure_;
};

}  // namespace

std::variant<std::pair<Side, Side>, Failure> sides_of(Context& context) { return Resolver(context).sides(); }

std::string near_inventory(const Side& side, std::string_view path) {
    std::vector<std::string_view> all;
    for (const std::string& each : side.inventories)
        if (each != path) all.emplace_back(each);  // itself, where it is a link that leads nowhere
    if (const std::string_view near = diag::nearest(path, all); !near.empty()) return std::string(near);
    const auto name_of = [](std::string_view each) { return each.substr(each.rfind('/') + 1); };
    const auto same_name = [&](std::string_view each) { return name_of(each) == name_of(path); };
    if (std::ranges::count_if(all, same_name) != 1) return {};
    return std::string(*std::ranges::find_if(all, same_name));
}

std::string moved_to(const Side& side, const Side& other, std::string_view path) {
    std::string near = near_inventory(side, path);
    if (near.empty() || std::ranges::find(other.inventories, near) != other.inventories.end()) return {};
    if (other.tree == nullptr)
        if (const auto found = git::repository(); const auto* repository = std::get_if<git::Repository>(&found))
            if (is_file(fmt::format("{}/{}", repository->root, near))) return {};
    return near;
}

std::string path_of(const Side& side, const Side& other, const std::string& file) {
    if (file == "-") return {};
    const Tree* tree = side.tree != nullptr ? side.tree.get() : other.tree.get();
    if (tree == nullptr) return file;
    const std::string named = tree->named(file);
    // A file of the disk may be outside of the repository.
    return side.tree == nullptr && named == file ? file : named.substr(colon_of(named) + 1);
}

std::string inventory_of(const Side& side) {
    const Tree& tree = side.from();
    std::string path;
    if (!side.files.empty())
        path = side.files.front();
    else if (const std::string_view named = variable("POOLFIT_CONFIG"); !named.empty())
        path = tree.named(std::string(named));
    else
        path = tree.nearest_inventory().value_or("");
    // A directory is refused where it is read.
    if (path != "-" && side.may_miss && !tree.is_file(path) && (path.empty() || !tree.is_directory(path))) return {};
    return path;
}

}  // namespace poolfit::cli
