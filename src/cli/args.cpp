#include "args.hpp"

#include <algorithm>
#include <deque>

#include <fmt/format.h>
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <poolfit/model/command.hpp>
#include <poolfit/render/format.hpp>

#include "commands.hpp"
#include "files.hpp"

namespace poolfit::cli {
namespace {

using Words = std::vector<std::string>;

bool is_flag(std::string_view word) { return word.size() > 1 && word[0] == '-'; }

/// Does the flag's value stand in the next word?
bool takes_next(std::string_view word) {
    const FlagRow* row = find_flag(word);
    if (row == nullptr || row->value.empty()) return false;
    return word.starts_with("--") ? word.find('=') == std::string_view::npos : word.size() == 2;
}

/// The first word from `from` on that is neither a flag nor a flag's value.
std::size_t next_plain(const Words& words, std::size_t from) {
    for (std::size_t i = from; i < words.size(); ++i) {
        if (words[i] == "--") return words.size();
        if (!is_flag(words[i])) return i;
        if (takes_next(words[i])) ++i;
    }
    return words.size();
}

bool given(const Words& words, std::string_view name, std::string_view letter = "") {
    return std::any_of(words.begin(), words.end(),
                       [&](const std::string& word) { return word == name || (!letter.empty() && word == letter); });
}

bool json_given(const Words& words) {
    if (given(words, "--json") || given(words, "--format=json")) return true;
    const auto format = std::find(words.begin(), words.end(), "--format");
    return format != words.end() && format + 1 != words.end() && format[1] == "json";
}

bool looks_like_file(std::string_view word) { return word.ends_with(".toml") || word.ends_with(".json"); }

void unknown_command(std::string_view given, std::string_view prefix, Diagnostics& diagnostics) {
    std::vector<std::string_view> names;
    for (const Command& command : commands()) {
        if (!command.name.starts_with(prefix)) continue;
        const std::string_view word = command.name.substr(prefix.size());
        const std::string_view first = word.substr(0, word.find(' '));
        if (names.empty() || names.back() != first) names.push_back(first);
    }
    const std::string_view near = diag::nearest(given, names);
    std::string fix;
    if (given.ends_with(".csv")) {
        fix = fmt::format("poolfit import csv {}", model::file_in_shell(given));
    } else if (looks_like_file(given) && prefix.empty()) {
        fix = fmt::format("poolfit plan {}", model::file_in_shell(given));
    } else if (!near.empty()) {
        fix = fmt::format("did you mean poolfit {}{}?", prefix, near);
    } else if (names.size() == 1) {
        fix = fmt::format("poolfit {}{} --help", prefix, names.front());
    }
    diagnostics.error({}, fmt::format("unknown command: {}{}", prefix, given), fix)
        .notes.emplace_back("commands", fmt::format("{}", fmt::join(names, ", ")));
}

/// Takes the command's words out, wherever they stand among the flags.
void take_command(Words& words, Options& options, Diagnostics& diagnostics) {
    const std::size_t first = next_plain(words, 0);
    if (first == words.size()) return;
    const std::string word = words[first];
    const std::string prefix = word + ' ';
    const std::size_t second = next_plain(words, first + 1);
    const auto in_group = second == words.size()
                              ? commands().end()
                              : std::find_if(commands().begin(), commands().end(), [&](const Command& command) {
                                    return command.name == prefix + words[second];
                                });
    if (in_group != commands().end()) {
        options.group = word;
        options.command = &*in_group;
        words.erase(words.begin() + static_cast<std::ptrdiff_t>(second));
        words.erase(words.begin() + static_cast<std::ptrdiff_t>(first));
        return;
    }
    bool is_group = false;
    for (const Command& command : commands()) {
        if (command.name == word) {
            options.command = &command;
            words.erase(words.begin() + static_cast<std::ptrdiff_t>(first));
            return;
        }
        is_group = is_group || command.name.starts_with(prefix);
    }
    if (!is_group) return unknown_command(word, "", diagnostics);

    options.group = word;
    if (second != words.size()) unknown_command(words[second], prefix, diagnostics);
}

/// "catalog list, catalog show": commands that have the flag.
std::string owners_of(std::string_view name) {
    std::vector<std::string_view> owners;
    for (const Command& command : commands()) {
        const auto& flags = command.flags;
        if (std::any_of(flags.begin(), flags.end(), [&](Flag flag) { return row_of(flag).name == name; })) {
            owners.push_back(command.name);
        }
    }
    return fmt::format("{}", fmt::join(owners, ", "));
}

void unknown_flag(const Command& command, const std::string& word, Diagnostics& diagnostics) {
    std::vector<std::string_view> names;
    for (const Flag flag : command.flags) names.push_back(row_of(flag).name);
    const std::string_view name = std::string_view(word).substr(0, word.find('='));
    const std::string owners = owners_of(name);
    const std::string_view near = owners.empty() ? diag::nearest(name, names) : std::string_view();
    Diagnostic& error = diagnostics.error({}, fmt::format("unknown flag of {}: {}", command.name, name),
                                          near.empty() ? fmt::format("poolfit {} --help lists the flags", command.name)
                                                       : fmt::format("did you mean {}?", near));
    if (!owners.empty()) error.notes.emplace_back("note", fmt::format("a flag of {}", owners));
}

/// The words of one flag, as the library splits them.
struct Given {
    const FlagRow* row = nullptr;
    Words values;
    std::int64_t count = 0;
};

/// What is left over: unknown flags, and the arguments, where "--" ends the flags.
void take_rest(const Command& command, const Words& rest, Options& options, Diagnostics& diagnostics) {
    bool only_arguments = false, after_unknown = false;
    std::size_t values = 0;  // what may be the value of an unknown flag
    for (const std::string& word : rest) {
        if (after_unknown && !is_flag(word)) ++values;
        after_unknown = !only_arguments && is_flag(word) && word != "--" && word.find('=') == std::string::npos;
        if (word == "--" && !only_arguments) {
            only_arguments = true;
        } else if (is_flag(word) && !only_arguments) {
            unknown_flag(command, word, diagnostics);
        } else {
            options.arguments.push_back(word);
        }
    }
    if (options.arguments.size() > command.most_arguments + values) {
        const std::string& extra = options.arguments[command.most_arguments];
        diagnostics.error({}, fmt::format("{}: one argument too many: {}", command.name, extra),
                          command.arguments.empty()
                              ? fmt::format("remove it: poolfit {} --help lists the flags", command.name)
                              : fmt::format("poolfit {} {}", command.name, command.arguments));
    }
}

/// What follows --against up to the next flag is its: "--against kubernetes a.yaml b.yaml" is one flag with three
/// values. An inventory in TOML is none of them.
Words with_values_of_against(const Words& words) {
    Words out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "--") {
            out.insert(out.end(), words.begin() + static_cast<std::ptrdiff_t>(i), words.end());
            break;
        }
        out.push_back(words[i]);
        const std::string name(row_of(Flag::against).name);
        if (words[i] != name && !words[i].starts_with(name + '=')) continue;
        bool first = words[i] == name;
        for (; i + 1 < words.size(); ++i) {
            const std::string& next = words[i + 1];
            const bool guess = next == row_of(Flag::automatic).name;
            if ((is_flag(next) && !guess) || next.ends_with(".toml")) break;
            if (!first) out.push_back(name);
            out.push_back(guess ? std::string("auto") : next);
            first = false;
        }
    }
    return out;
}

void read_flags(const Words& given_words, Options& options, Diagnostics& diagnostics) {
    const Command& command = *options.command;
    const bool compares = std::ranges::find(command.flags, Flag::against) != command.flags.end();
    const Words words = compares ? with_values_of_against(given_words) : given_words;
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    std::deque<Given> flags;  // the library keeps addresses into it
    for (const Flag flag : command.flags) {
        const FlagRow& row = row_of(flag);
        Given& into = flags.emplace_back(Given{&row, {}, 0});
        std::string name = row.letter != 0 ? fmt::format("-{},{}", row.letter, row.name) : std::string(row.name);
        if (!row.alias.empty()) name += fmt::format(",{}", row.alias);
        if (row.value.empty()) {
            app.add_flag(name, into.count)->disable_flag_override();
        } else {
            app.add_option(name, into.values)->allow_extra_args(false);
        }
    }
    try {
        app.parse(Words(words.rbegin(), words.rend()));
    } catch (const CLI::ParseError& error) {
        const std::string what = error.what();
        const std::string name = what.substr(0, what.find_first_of(": "));
        const FlagRow* row = find_flag(name.starts_with('-') ? name : "--" + name);
        if (row != nullptr && !row->value.empty()) {
            diagnostics.error({}, fmt::format("{} needs a value", row->name),
                              fmt::format("write {} {}", row->name, row->value));
        } else if (row != nullptr) {
            diagnostics.error({}, fmt::format("{} takes no value", row->name));
        } else {
            diagnostics.error({}, what);
        }
        options.json = json_given(words);
        options.stream = given(words, row_of(Flag::stream).name);
        options.help = given(words, "--help", "-h");
        return;
    }
    for (const Given& flag : flags) {
        if (flag.row->value.empty()) {
            if (flag.count > 0) flag.row->take(options, "", diagnostics);
        } else if (flag.row->repeats) {
            for (const std::string& value : flag.values) flag.row->take(options, value, diagnostics);
        } else if (!flag.values.empty()) {
            flag.row->take(options, flag.values.back(), diagnostics);
        }
    }
    take_rest(command, app.remaining(), options, diagnostics);
}

/// Each output has a known format and a place of its own; text to standard output where none is given.
void check_outputs(Options& options, Diagnostics& diagnostics) {
    const std::vector<std::string_view> formats = render::format_names(options.command->name);
    if (options.outputs.empty()) options.outputs.push_back({std::string(formats.front()), ""});
    if (options.output_path && options.output_path->empty()) {
        diagnostics.error({}, "--output: empty path", "name a file; without --output, standard output");
    } else if (options.output_path) {
        const auto open = std::find_if(options.outputs.rbegin(), options.outputs.rend(),
                                       [](const Output& output) { return output.path.empty(); });
        if (open != options.outputs.rend()) {
            open->path = *options.output_path;
        } else {
            diagnostics.error({}, "--output: every format already has its own file", "remove --output");
        }
    }
    std::size_t to_stdout = 0;
    for (Output& output : options.outputs) {
        if (output.path == "-") output.path.clear();
        if (output.path.empty() && !output.empty_path) ++to_stdout;
        const render::Format* format = render::find_format(options.command->name, output.format);
        if (format != nullptr && format->files != nullptr && (output.path.empty() || output.empty_path))
            diagnostics.error({}, fmt::format("--format {} needs a folder: it writes several files", output.format),
                              fmt::format("--format {}=pictures", output.format));
        else if (output.empty_path)
            diagnostics.error({}, fmt::format("--format {}=: empty path", output.format),
                              fmt::format("--format {0}=FILE, or --format {0} for standard output", output.format));
        if (format != nullptr && format->files != nullptr && is_file(output.path))
            diagnostics.error({}, fmt::format("--format {}: {} is a file", output.format, output.path),
                              fmt::format("--format {}=pictures", output.format));
        if (format != nullptr) continue;
        const std::string_view near = diag::nearest(output.format, formats);
        diagnostics
            .error({}, fmt::format("{}: unknown format: {}", options.command->name, output.format),
                   near.empty() ? std::string() : fmt::format("did you mean {}?", near))
            .notes.emplace_back("formats", fmt::format("{}", fmt::join(formats, ", ")));
    }
    if (to_stdout > 1) {
        diagnostics.error({}, "two formats for standard output", "give all but one a file: --format json=plan.json");
    }
}

/// The service of an application's configuration, of which there is none without such a file.
void check_service(const Options& options, Diagnostics& diagnostics) {
    if (options.service.empty() || options.command->run != check) return;
    for (const std::string& word : options.against)
        if (word == "app" || word == "auto") return;
    diagnostics.error({}, "--service without --against app", "add --against app FILE, or remove --service");
}

Options parsed(std::vector<std::string> words, Diagnostics& diagnostics) {
    Options options;
    take_command(words, options, diagnostics);
    if (options.command != nullptr) {
        read_flags(words, options, diagnostics);
        if (options.command->run == emit_files && !options.arguments.empty()) {
            options.kind = options.arguments.front();
            options.arguments.erase(options.arguments.begin());
        }
        check_outputs(options, diagnostics);
        check_service(options, diagnostics);
        return options;
    }
    options.help = given(words, "--help", "-h");
    options.version = given(words, "--version");
    options.json = json_given(words);
    options.stream = given(words, row_of(Flag::stream).name);
    const auto unknown = std::find_if(words.begin(), words.end(), [](const std::string& word) {
        return is_flag(word) && find_flag(word) == nullptr;
    });
    if (unknown != words.end() && !diagnostics.has_errors()) {
        diagnostics.error({}, fmt::format("unknown flag: {}", *unknown), "poolfit --help lists the commands");
    }
    return options;
}

}  // namespace

Options parse(std::vector<std::string> words, Diagnostics& diagnostics) {
    Options options = parsed(std::move(words), diagnostics);
    // Whoever reads a stream reads it by lines, and a failure before the first one has none.
    if (options.stream) options.json = false;
    return options;
}

}  // namespace poolfit::cli
