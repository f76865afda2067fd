#include "inputs.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <poolfit/import/series.hpp>
#include <poolfit/load/load.hpp>
#include <poolfit/model/command.hpp>
#include <poolfit/model/scale.hpp>
#include <poolfit/platform/platform.hpp>
#include <poolfit/threads/pages.hpp>
#include <poolfit/unit/print.hpp>

#include "environment.hpp"
#include "files.hpp"
#include "series_opener.hpp"
#include "today.hpp"

namespace poolfit::cli {
namespace {

constexpr std::string_view by_hand = "the command line";

/// Bytes of an inventory of several hundred databases, whose plan takes more than 20 MiB.
constexpr std::size_t of_many_databases = 512 << 10;

/// Ends like an inventory, or exists; except for `explain`, whose names may have a slash, also any path.
bool names_file(const std::string& word, const Command& command) {
    if (word == "-" || word.ends_with(".toml") || word.ends_with(".json") || is_file(word)) return true;
    return command.run != explain && (word == "." || word == ".." || word.find('/') != std::string::npos);
}

/// Takes the file out of the arguments.
std::optional<Failure> take_file(Context& context, Inputs& inputs) {
    const Options& options = context.options;
    std::optional<std::string> config;
    if (!options.configs.empty()) config = options.configs.front();
    for (const std::string& word : options.arguments) {
        const bool file = !options.configs.empty() ? word.ends_with(".toml") || word.ends_with(".json")
                                                   : names_file(word, *options.command);
        if (!file) {
            inputs.names.push_back(word);
        } else if (config) {
            return fail(context.diagnostics, "usage", fmt::format("two inventories: {} and {}", *config, word),
                        "run poolfit once for each; or --config for each, if they are one inventory");
        } else {
            config = word;
        }
    }
    if (config) inputs.inventory = {*config, std::string(by_hand)};
    return {};
}

std::optional<Failure> find_inventory(Context& context, Inputs& inputs) {
    if (!inputs.inventory.path.empty()) return {};
    if (!context.options.configs.empty()) return fail(context.diagnostics, "usage", "--config: empty name");
    if (const std::string_view path = variable("POOLFIT_CONFIG"); !path.empty()) {
        inputs.inventory = {context.tree->named(std::string(path)), "POOLFIT_CONFIG"};
        return {};
    }
    if (auto path = context.tree->nearest_inventory()) {
        inputs.inventory = {std::move(*path), "the nearest poolfit.toml"};
        return {};
    }
    for (const std::string& name : inputs.names) {  // which may have been meant as a file
        if (!is_directory(name)) continue;
        const std::string inside = name + "/" + std::string(usual_name);
        return fail(context.diagnostics, "config", fmt::format("{} is a directory", name),
                    is_file(inside) ? "name " + inside : "name the inventory, a TOML or JSON file");
    }
    Failure failure{"config", "no inventory: no poolfit.toml in this folder or above, and none was given"};
    context.diagnostics
        .error({}, failure.message, fmt::format("poolfit {} --config FILE", context.options.command->name))
        .notes.emplace_back("format", "poolfit schema inventory");
    return failure;
}

/// Names that are near to what matched nothing.
Failure unknown_record(Context& context, std::string_view kind, std::vector<std::string_view> names,
                       std::string_view flag, const std::string& pattern) {
    const std::string_view near = diag::nearest(pattern, names);
    Failure failure{"usage", fmt::format("{}no {} matches {}", flag, kind, pattern)};
    std::string fix = near.empty() ? std::string() : fmt::format("did you mean {}?", near);
    constexpr std::size_t listed = 12;
    const std::size_t cut = names.size() > listed ? names.size() - listed : 0;
    names.resize(names.size() - cut);
    context.diagnostics.error({}, failure.message, std::move(fix))
        .notes.emplace_back(
            fmt::format("{}s", kind),
            fmt::format("{}{}", fmt::join(names, ", "), cut > 0 ? fmt::format(" and {} more", cut) : std::string()));
    return failure;
}

template <class Record>
std::vector<std::string_view> names_of(const std::vector<Record>& records) {
    std::vector<std::string_view> names;
    for (const Record& record : records) names.push_back(*record.name);
    return names;
}

template <class Record>
std::variant<Index, Failure> index_of(Context& context, std::string_view kind, const std::vector<Record>& records,
                                      std::string_view flag, const std::string& name) {
    for (Index i = 0; i < records.size(); ++i)
        if (*records[i].name == name) return i;
    return unknown_record(context, kind, names_of(records), flag, name);
}

/// Of records that have names, those that the arguments, --only and --exclude leave.
template <class Record>
std::variant<std::vector<Index>, Failure> choose(Context& context, const Inputs& inputs, std::string_view kind,
                                                 const std::vector<Record>& records) {
    const auto mark = [&](const std::vector<std::string>& patterns, std::vector<char>& marks) {
        for (const std::string& pattern : patterns) {
            bool any = false;
            for (std::size_t i = 0; i < records.size(); ++i) {
                if (!catalog::glob_matches(pattern, *records[i].name)) continue;
                marks[i] = 1;
                any = true;
            }
            if (!any) return &pattern;
        }
        return static_cast<const std::string*>(nullptr);
    };
    const auto unknown = [&](std::string_view flag, const std::string& pattern) {
        return unknown_record(context, kind, names_of(records), flag, pattern);
    };
    std::vector<char> named(records.size(), inputs.names.empty() ? 1 : 0);
    std::vector<char> only(records.size(), context.options.only.empty() ? 1 : 0);
    std::vector<char> excluded(records.size(), 0);
    if (const auto* pattern = mark(inputs.names, named)) return unknown("", *pattern);
    if (const auto* pattern = mark(context.options.only, only)) return unknown("--only: ", *pattern);
    if (const auto* pattern = mark(context.options.exclude, excluded)) return unknown("--exclude: ", *pattern);
    std::vector<Index> chosen;
    for (Index i = 0; i < records.size(); ++i) {
        if (named[i] != 0 && only[i] != 0 && excluded[i] == 0) chosen.push_back(i);
    }
    if (chosen.empty()) {
        return fail(context.diagnostics, "usage", fmt::format("no {} is left", kind),
                    "remove --only, --exclude, or a name");
    }
    return chosen;
}

}  // namespace

Failure has_errors(const Context& context, std::string_view kind, const std::string& name) {
    const std::size_t count = context.diagnostics.error_count();
    return {kind, fmt::format("{} has {} error{}", name, count, count == 1 ? "" : "s"), exit_code::wrong_use};
}

std::variant<const SourceText*, Failure> open_source(Context& context, const std::string& path, std::string_view kind,
                                                     std::string_view named_by, const Tree& tree) {
    auto read = tree.read(path, load::max_file_size);
    if (const auto* fault = std::get_if<FileFault>(&read)) {
        std::string fix;
        if (const std::string inside = path + (path.ends_with('/') ? "" : "/") + std::string(usual_name);
            tree.is_file(inside))
            fix = "name " + inside;
        else if (tree.is_directory(path))
            fix = "name a file in it";
        else
            fix = meant(tree, path);
        Failure failure{fault->wrong_use ? kind : "io", fault->message,
                        fault->wrong_use ? exit_code::wrong_use : exit_code::fault};
        Diagnostic& error = context.diagnostics.error({}, failure.message, std::move(fix));
        if (!named_by.empty()) error.notes.emplace_back("named by", std::string(named_by));
        return failure;
    }
    return &context.sources.add(path == "-" ? "<stdin>" : path, std::move(std::get<std::string>(read)));
}

std::string usual_inventory() {
    if (const std::string_view path = variable("POOLFIT_CONFIG"); !path.empty()) return std::string(path);
    return disk().nearest_inventory().value_or("");
}

std::optional<Failure> load_catalog(Context& context, Catalog& catalog, const std::string& inventory) {
    struct OwnFile {
        std::string path;
        std::string_view named_by;
        const Tree* tree;
    };
    std::vector<OwnFile> files;
    // --catalog names files of the disk, whatever the inventory is read from.
    const std::string own = context.tree->folder(inventory) + model::own_catalog({});
    const auto& named = context.options.catalogs;
    if (context.tree->is_file(own) &&
        std::ranges::none_of(named, [&](const std::string& path) { return is_same_file(own, path); }))
        files.push_back({own, "found beside the inventory", context.tree});
    for (const std::string& path : named) files.push_back({path, "--catalog", &disk()});
    for (const auto& [path, named_by, tree] : files) {
        auto source = open_source(context, path, "catalog", named_by, *tree);
        if (auto* failure = std::get_if<Failure>(&source)) return std::move(*failure);
        if (!load::overlay(*std::get<const SourceText*>(source), catalog, context.diagnostics)) {
            return has_errors(context, "catalog", path);
        }
        warn_of_future(context, *std::get<const SourceText*>(source), catalog.overlay_newest());
    }
    return {};
}

namespace {

/// A pattern of `include` that matches nothing, or less than it seems to.
struct PatternFault {
    std::string message, fix;
};
PatternFault fault_of(const Tree& tree, const std::string& folder, const std::string& pattern) {
    if (tree.is_directory((pattern.starts_with('/') ? std::string() : folder) + pattern))
        return {fmt::format("include: {} is a directory", pattern),
                fmt::format("include = [\"{}{}*.toml\"]", pattern, pattern.ends_with('/') ? "" : "/")};
    if (pattern.find("**") != std::string::npos)
        return {fmt::format("include: '{}': ** is not supported", pattern),
                "name each level of folders: [\"*/*.toml\", \"*/*/*.toml\"]"};
    return {fmt::format("include: no file matches '{}'", pattern),
            pattern.find('{') != std::string::npos
                ? "write a pattern for each name: only *, ? and [a-z] stand for others"
                : "name files relative to this one, or remove the pattern"};
}

}  // namespace

std::optional<Failure> included(Context& context, const std::string& first, const SourceText& source,
                                std::vector<Inventory>& more) {
    const Tree& tree = *context.tree;
    const std::string folder = first == "-" ? "" : tree.folder(first);
    for (const Located<std::string>& pattern : load::includes(source)) {
        const std::vector<std::string> matches = tree.matching(folder, *pattern);
        if (matches.empty() || pattern->find("**") != std::string::npos) {
            PatternFault fault = fault_of(tree, folder, *pattern);
            context.diagnostics.error(pattern.place, std::move(fault.message), std::move(fault.fix));
            return has_errors(context, "inventory", source.name());
        }
        for (const std::string& path : matches) {
            if (!tree.is_inventory_file(path)) {
                context.diagnostics.error(pattern.place,
                                          fmt::format("include: {} is not a file that ends in .toml or .json", path),
                                          "include inventories only");
                return has_errors(context, "inventory", source.name());
            }
            more.push_back({path, "include"});
        }
    }
    return {};
}

namespace {

/// The further files: those of the command line, and those that the first one includes.
std::optional<Failure> open_more(Context& context, const Inputs& inputs, load::Files& files,
                                 std::vector<Inventory>& more) {
    const std::vector<std::string>& configs = context.options.configs;
    for (std::size_t i = 1; i < configs.size(); ++i) more.push_back({configs[i], std::string(by_hand)});
    const std::string& first = inputs.inventory.path;
    if (auto failure = included(context, first, *files.first, more)) return failure;
    std::set<std::pair<std::uint64_t, std::uint64_t>> opened;
    if (const auto identity = context.tree->identity(first)) opened.insert(*identity);
    bool standard_input = first == "-";
    std::vector<Inventory> kept;
    for (Inventory& file : more) {
        // A pattern may match what is there already.
        if (const auto identity = context.tree->identity(file.path); identity && !opened.insert(*identity).second)
            continue;
        if (file.path == "-" && std::exchange(standard_input, true)) continue;
        auto source =
            open_source(context, file.path, "config", file.named_by == by_hand ? "" : file.named_by, *context.tree);
        if (auto* failure = std::get_if<Failure>(&source)) return std::move(*failure);
        files.more.push_back(std::get<const SourceText*>(source));
        kept.push_back(std::move(file));
    }
    more = std::move(kept);
    return {};
}

/// What gives another command the same catalog, files and environment. What `include` names comes by itself, and so
/// does the file that poolfit finds here.
std::string arguments_of(const Context& context, const Inputs& inputs) {
    std::string text;
    const auto add_shown = [&](std::string_view flag, const std::string& shown) {
        if (!text.empty()) text += ' ';
        text += flag;
        text += shown;
    };
    const auto add = [&](std::string_view flag, const std::string& word) { add_shown(flag, model::in_shell(word)); };
    const auto add_file = [&](std::string_view flag, const std::string& path) {
        add_shown(flag, model::file_in_shell(path));
    };
    const auto by_flag = [](const Inventory& file) { return file.named_by == by_hand; };
    const std::string& first = inputs.inventory.path;
    if (std::any_of(inputs.more.begin(), inputs.more.end(), by_flag)) {
        add_file("-c ", first);
        for (const Inventory& file : inputs.more)
            if (by_flag(file)) add_file("-c ", file.path);
    } else if (first != usual_name || !variable("POOLFIT_CONFIG").empty()) {
        add_file("", first);
    }
    for (const std::string& path : context.options.catalogs) add_file("--catalog ", path);
    if (!context.options.environment.empty()) add("--env ", context.options.environment);
    for (const std::string& setting : context.options.settings) add("--set ", setting);
    if (context.options.price != PriceTerm::list)
        for (const PriceTermRow& row : platform::terms())
            if (row.term == context.options.price) add("--price ", std::string(row.word));
    if (context.options.today) add("--today ", unit::print(*context.options.today));
    if (context.options.scale) add("--scale ", fmt::format("{:g}x", *context.options.scale));
    return text;
}

}  // namespace

std::optional<Failure> load_inputs(Context& context, Inputs& inputs) {
    if (auto failure = take_file(context, inputs)) return failure;
    if (auto failure = find_inventory(context, inputs)) return failure;
    if (auto failure = load_catalog(context, inputs.catalog, inputs.inventory.path)) return failure;
    const bool on_command_line = inputs.inventory.named_by == by_hand;
    auto source = open_source(context, inputs.inventory.path, "config",
                              on_command_line ? std::string_view() : inputs.inventory.named_by, *context.tree);
    if (auto* failure = std::get_if<Failure>(&source)) return std::move(*failure);

    const std::string& path = inputs.inventory.path;
    if (path.ends_with(".csv") || path.ends_with(".tsv"))
        return fail(context.diagnostics, "inventory", fmt::format("{} is a sheet, not an inventory", path),
                    fmt::format("poolfit import csv {} -o {}", model::file_in_shell(path), usual_name));

    return read_inputs(context, inputs, *std::get<const SourceText*>(source));
}

std::optional<Failure> read_inputs(Context& context, Inputs& inputs, const SourceText& source) {
    std::vector<load::Setting> settings;
    for (const std::string& setting : context.options.settings) settings.push_back({setting});
    load::Files files{&source, {}, context.options.environment};
    if (auto failure = open_more(context, inputs, files, inputs.more)) return failure;
    std::size_t bytes = source.text().size();
    for (const SourceText* more : files.more) bytes += more->text().size();
    threads::expect_much_memory(bytes >= of_many_databases);
    auto fleet = load::inventory(files, settings, inputs.catalog, context.sources, context.diagnostics);
    if (!fleet) return has_errors(context, "inventory", source.name());
    inputs.fleet = std::move(*fleet);
    if (!imports::attach_series(inputs.fleet, SeriesOpener{context, inputs}, context.diagnostics))
        return has_errors(context, "inventory", inputs.inventory.path);
    inputs.files = std::move(files);
    inputs.fleet.arguments = arguments_of(context, inputs);
    if (context.options.scale) model::scale_load(inputs.fleet, *context.options.scale);
    return {};
}

std::variant<std::vector<Index>, Failure> choose_databases(Context& context, const Inputs& inputs) {
    return choose(context, inputs, "database", inputs.fleet.databases);
}

std::variant<std::vector<Index>, Failure> choose_services(Context& context, const Inputs& inputs) {
    return choose(context, inputs, "service", inputs.fleet.services);
}

std::variant<Index, Failure> find_service(Context& context, const Fleet& fleet, std::string_view flag,
                                          const std::string& name) {
    return index_of(context, "service", fleet.services, flag, name);
}

std::variant<Index, Failure> find_database(Context& context, const Fleet& fleet, std::string_view flag,
                                           const std::string& name) {
    return index_of(context, "database", fleet.databases, flag, name);
}

}  // namespace poolfit::cli
