// Which kinds the files of an import are, and what it says of them.
#include "import_files.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <poolfit/import/series.hpp>
#include <poolfit/load/load.hpp>
#include <poolfit/model/command.hpp>

#include "files.hpp"
#include "inputs.hpp"
#include "tree.hpp"

namespace poolfit::cli {

Failure unreadable(Context& context, const std::string& path, const FileFault& fault, std::string_view in_folder,
                   std::string_view otherwise) {
    if (!fault.wrong_use) return fail(context.diagnostics, "io", fault.message, {}, exit_code::fault);
    std::string fix = is_directory(path) ? std::string(in_folder) : meant(disk(), path);
    return fail(context.diagnostics, "import", fault.message, fix.empty() ? std::string(otherwise) : std::move(fix));
}

namespace {

constexpr std::string_view workbooks[] = {"xls", "xlsx", "xlsm", "ods", "excel"};

Failure unknown_kind(Context& context, const std::string& word) {
    std::vector<std::string_view> kinds;
    for (const imports::Importer& each : imports::importers()) kinds.push_back(each.kind);
    Failure failure{"usage", fmt::format("unknown kind of file: {}", word)};
    const std::string_view near = diag::nearest(word, kinds);
    std::string fix;
    if (std::ranges::find(workbooks, std::string_view(word).substr(word.rfind('.') + 1)) != std::end(workbooks))
        fix = "save the sheet as CSV (UTF-8), then poolfit import csv FILE";
    else if (word.ends_with(".csv"))
        fix = fmt::format("poolfit import csv {}", model::file_in_shell(word));
    else if (!near.empty())
        fix = fmt::format("did you mean poolfit import {}?", near);
    else if (is_file(word))
        fix = fmt::format("poolfit import --auto {}", model::file_in_shell(word));
    context.diagnostics.error({}, failure.message, std::move(fix))
        .notes.emplace_back("kinds", fmt::format("{}", fmt::join(kinds, ", ")));
    return failure;
}

/// Of a kind that is read as a stream.
std::variant<imports::RawFile, Failure> streamed_file(Context& context, const std::string& path) {
    auto opened = open_stream(path, !context.options.quiet);
    if (const auto* fault = std::get_if<FileFault>(&opened)) return unreadable(context, path, *fault);
    auto& feed = std::get<imports::Feed>(opened);
    if (path == "-") feed.name = "<stdin>";
    imports::RawFile file{feed.name, {}, {}};
    file.feed = std::move(feed);
    return file;
}

std::variant<imports::RawFile, Failure> raw_file(Context& context, const std::string& path) {
    auto read = read_file(path, load::max_file_size);
    if (const auto* fault = std::get_if<FileFault>(&read)) return unreadable(context, path, *fault);
    return imports::RawFile{path == "-" ? "<stdin>" : path, std::move(std::get<std::string>(read)), {}};
}

/// The kind that a file's content says.
std::variant<const imports::Importer*, Failure> kind_of(Context& context, const imports::RawFile& file) {
    std::vector<std::string_view> kinds;
    const imports::Importer* found = nullptr;
    for (const imports::Importer& each : imports::importers()) {
        if (!each.recognise(file.text)) continue;
        kinds.push_back(each.kind);
        found = &each;
    }
    if (kinds.size() == 1) return found;
    if (const auto [what, fix] = imports::known_as_other(file.text); kinds.empty() && !what.empty())
        return fail(context.diagnostics, "import", fmt::format("--auto: {}: {}", file.name, what),
                    fix.empty() ? fmt::format("poolfit import KIND {}", file.name) : fix);
    return fail(context.diagnostics, "import",
                kinds.empty() ? fmt::format("--auto: {} is not a kind of file that poolfit imports", file.name)
                              : fmt::format("--auto: {} may be {}", file.name, fmt::join(kinds, " or ")),
                fmt::format("poolfit import KIND {}", file.name));
}

/// What a Compose file names is read with it, whatever else it may be.
void join_compose(std::vector<imports::FilesOfKind>& kinds) {
    const imports::Importer* const compose = imports::find_importer("compose");
    const auto own = std::ranges::find(kinds, compose, &imports::FilesOfKind::importer);
    if (own == kinds.end()) return;
    std::vector<imports::RawFile> named;
    for (imports::FilesOfKind& kind : kinds) {
        if (kind.importer == compose || kind.importer->stream != nullptr) continue;
        std::erase_if(kind.files, [&](imports::RawFile& file) {
            const bool is_named = std::ranges::any_of(
                own->files, [&](const imports::RawFile& each) { return imports::compose_names(each, file); });
            if (is_named) named.push_back(std::move(file));
            return is_named;
        });
    }
    for (imports::RawFile& file : named) own->files.push_back(std::move(file));
    std::erase_if(kinds, [](const imports::FilesOfKind& kind) { return kind.files.empty(); });
}

}  // namespace

/// Files of a kind come together.
std::variant<std::vector<imports::FilesOfKind>, Failure> files_of(Context& context,
                                                                  const std::vector<std::string>& words, bool automatic,
                                                                  std::string_view command) {
    std::vector<imports::FilesOfKind> kinds;
    const imports::Importer* current = nullptr;
    bool any = false, guess = automatic;
    if (words.empty())
        return fail(context.diagnostics, "usage", fmt::format("{} what?", command),
                    fmt::format("poolfit {} KIND FILE...: --help lists the kinds", command));
    for (const std::string& word : words) {
        const imports::Importer* kind = automatic ? nullptr : imports::find_importer(word);
        if (kind != nullptr || (!automatic && word == "auto")) {
            if (current != nullptr && !any) break;
            current = kind;
            guess = kind == nullptr;
            any = false;
            continue;
        }
        if (current == nullptr && !guess) return unknown_kind(context, word);
        auto file = !guess && current->stream != nullptr ? streamed_file(context, word) : raw_file(context, word);
        if (auto* failure = std::get_if<Failure>(&file)) return std::move(*failure);
        auto& raw = std::get<imports::RawFile>(file);
        if (guess) {
            const auto found = kind_of(context, raw);
            if (const auto* failure = std::get_if<Failure>(&found)) return *failure;
            current = std::get<const imports::Importer*>(found);
        }
        any = true;
        auto same = std::ranges::find(kinds, current, &imports::FilesOfKind::importer);
        if (same == kinds.end()) same = kinds.insert(kinds.end(), {current, {}});
        same->files.push_back(std::move(raw));
    }
    if (!any)
        return fail(context.diagnostics, "usage",
                    fmt::format("{} {} of what?", command, current == nullptr ? "auto" : current->kind),
                    fmt::format("poolfit {} {} FILE", command, current == nullptr ? "auto" : current->kind));
    if (automatic) join_compose(kinds);
    return kinds;
}

std::variant<imports::ImportedInventory, Failure> read_kinds(Context& context, std::vector<imports::FilesOfKind> files,
                                                             const imports::ImportOptions& how,
                                                             const Catalog& catalog) {
    const std::string name = files.back().files.back().name;
    try {
        auto imported = imports::import_files(std::move(files), how, catalog, context.sources, context.diagnostics);
        if (imported) return std::move(*imported);
    } catch (const imports::FeedFault& fault) {
        return fail(context.diagnostics, "io", fault.message, {}, exit_code::fault);
    }
    return has_errors(context, "import", name);
}

std::optional<Failure> add_series(Context& context, const imports::ImportedInventory& imported,
                                  const std::function<std::string(const std::string&)>& beside, bool replace,
                                  std::vector<Document>& documents) {
    const Options& options = context.options;
    if (options.series == "-")
        return fail(context.diagnostics, "usage", "--series -: series go into files", "name a folder: --series series");
    for (const imports::SeriesFile& file : imported.series) {
        const std::string path = file.path.starts_with('/') ? file.path : folder_before(beside(file.path)) + file.path;
        std::string text = file.text;
        if (is_file(path)) {
            if (!replace)
                return fail(context.diagnostics, "usage", fmt::format("{} already exists", path),
                            "name another folder with --series, or add to it: --into FILE");
            auto before = read_file(path, load::max_file_size);
            if (const auto* fault = std::get_if<FileFault>(&before))
                return fail(context.diagnostics, "io", fault->message, {}, exit_code::fault);
            const std::string& old = std::get<std::string>(before);
            if (old == text) continue;
            auto joined = imports::join_series(old, text);
            if (!joined)
                return fail(context.diagnostics, "import",
                            fmt::format("{} is no series that an import wrote: it would be overwritten", path),
                            "name another folder: --series DIR");
            if (joined->text == old) continue;
            auto& lines = options.dry_run ? context.log : context.done;
            if (!options.quiet)
                lines.push_back(fmt::format("{} {}: {} added, {} replaced, {} kept",
                                            options.dry_run ? "would write" : "wrote", path,
                                            counted_records(joined->added, "row"), joined->replaced, joined->kept));
            text = std::move(joined->text);
        } else if (options.dry_run) {
            if (!options.quiet) context.log.push_back(fmt::format("would write {}", path));
        }
        if (options.dry_run) continue;
        std::error_code ignored;  // writing says what is wrong
        std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
        documents.push_back({path, std::move(text), {}, replace});
    }
    return {};
}

std::string counted_records(std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

void tell(Context& context, const imports::ImportedInventory& imported) {
    std::string_view rest;
    const std::string notes = imports::print(imported.notes);
    for (rest = notes; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        context.log.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    context.log.push_back(fmt::format(
        "{}, {}, {}, {}", counted_records(imported.databases, "database"), counted_records(imported.poolers, "pooler"),
        counted_records(imported.services, "service"), counted_records(imported.pools, "pool")));
    if (imported.databases == 0 && !context.options.into)
        context.log.emplace_back(
            "no database is in the files: plan needs one, --map HOST=NAME --set database.NAME.engine=postgresql");
}

}  // namespace poolfit::cli
