#include "run.hpp"

#include <exception>
#include <filesystem>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>
#include <poolfit/model/command.hpp>
#include <poolfit/render/render.hpp>
#include <poolfit/report/report.hpp>

#include "args.hpp"
#include "built_from.hpp"
#include "commands.hpp"
#include "files.hpp"
#include "help.hpp"
#include "terminal.hpp"
#include "write_out.hpp"

namespace poolfit::cli {
namespace {

void say(std::string_view text) { write_stream(stderr_fd, text); }

std::string counted(std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

/// "3 errors, 1 warning; 12 more are not shown".
std::string summary(const Diagnostics& diagnostics) {
    std::size_t warnings = 0;
    for (const Diagnostic& diagnostic : diagnostics.all()) warnings += diagnostic.severity == Severity::warning ? 1 : 0;
    std::string text;
    if (diagnostics.error_count() > 0) text = counted(diagnostics.error_count(), "error");
    if (warnings > 0) text += (text.empty() ? "" : ", ") + counted(warnings, "warning");
    if (diagnostics.dropped() > 0) text += fmt::format("; {} more are not shown", diagnostics.dropped());
    return text;
}

void print_all(const Diagnostics& diagnostics, const Options& options) {
    const diag::Style style = style_of(stderr_fd, options.colour, options.width);
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics.all()) {
        if (options.quiet && diagnostic.severity != Severity::error) continue;
        if (!text.empty()) text += '\n';
        text += diag::print(diagnostic, style);
    }
    const bool of_a_file = !diagnostics.all().empty() && diagnostics.all().front().place;
    if (!text.empty() && of_a_file) text += '\n' + summary(diagnostics) + '\n';
    say(text);
}

int report(const Failure& failure, const Options& options, const Diagnostics& diagnostics) {
    print_all(diagnostics, options);
    if (options.json) {
        write_stream(stdout_fd, render::error_json(failure.kind, failure.message, failure.exit_code, diagnostics));
    }
    for (const Output& output : options.outputs) {
        if (!output.path.empty() || options.command == nullptr) continue;
        const render::Format* const format = render::find_format(options.command->name, output.format);
        if (format != nullptr && format->failure != nullptr) write_stream(stdout_fd, format->failure(diagnostics));
    }
    return failure.exit_code;
}

/// No document goes where another goes, or over what was read.
std::optional<Failure> clash(const std::vector<Document>& documents, const Sources& sources, Diagnostics& diagnostics) {
    for (auto document = documents.begin(); document != documents.end(); ++document) {
        if (document->path.empty()) continue;
        if (document->merged && is_read_only(document->path))
            return fail(diagnostics, "usage", fmt::format("{} is read-only: it stays as it is", document->path),
                        fmt::format("chmod u+w {}", model::file_in_shell(document->path)));
        for (const auto& input : sources.all())
            if (!document->merged && is_same_file(document->path, input->name()))
                return fail(diagnostics, "usage",
                            fmt::format("{} is an input: it would be overwritten", document->path),
                            "name another file for the output");
        for (auto other = documents.begin(); other != document; ++other)
            if (!other->path.empty() && (document->set == 0 || document->set != other->set) &&
                is_same_file(document->path, other->path))
                return fail(diagnostics, "usage", fmt::format("two formats for one file: {}", document->path),
                            "use a separate file for each");
    }
    return {};
}

Written to_stdout(std::string_view text) { return write_stream(stdout_fd, text); }

/// "mkdir -p reports" for a file whose folder is not there and could be; "" for others.
std::string making_folder(const std::string& path) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    std::error_code none;
    std::filesystem::path there = folder;
    while (!there.empty() && !std::filesystem::exists(there, none)) there = there.parent_path();
    if (there == folder || (!there.empty() && !std::filesystem::is_directory(there, none))) return {};
    return fmt::format("mkdir -p {}", model::file_in_shell(folder.string()));
}

/// Files before standard output: a document there means that all is written.
int write(const std::vector<Document>& documents, const Options& options, Diagnostics& diagnostics) {
    std::vector<std::pair<std::string, std::string_view>> files;
    for (const Document& document : documents)
        if (!document.path.empty()) files.emplace_back(document.path, document.text);
    if (const auto fault = write_files(files))
        return report(fail(diagnostics, "io", fault->message, making_folder(fault->path), exit_code::fault), options,
                      diagnostics);
    print_all(diagnostics, options);
    for (const Document& document : documents)
        if (document.path.empty())
            if (const int code = write_out(document, to_stdout, say); code != exit_code::ok) return code;
    return exit_code::ok;
}

std::string help_of(const Options& options) {
    if (options.command != nullptr) return command_help(*options.command);
    return options.group.empty() ? main_help() : group_help(options.group);
}

/// At spaces, with what follows below the text; a word that is too long stays whole.
std::string broken(std::string_view line, int width) {
    constexpr std::string_view indent = "           ";
    std::string out;
    int column = 0;
    while (!line.empty()) {
        std::size_t end = line.find_first_not_of(' ');
        end = end == line.npos ? line.size() : std::min(line.find(' ', end), line.size());
        std::string_view word = line.substr(0, end);
        line.remove_prefix(end);
        if (column > static_cast<int>(indent.size()) && column + diag::width(word) > width) {
            word.remove_prefix(std::min(word.find_first_not_of(' '), word.size()));
            out.append("\n").append(indent);
            column = static_cast<int>(indent.size());
        }
        out += word;
        column += diag::width(word);
    }
    return out + '\n';
}

int run_command(const Options& options) {
    Context context{options, {}, {}, {}, exit_code::ok};
    const Answer answer = options.command->run(context);
    const auto style = style_of(stderr_fd, options.colour, options.width);
    const auto tell = [&](const std::vector<std::string>& lines) {
        for (const std::string& line : lines)
            say(broken(fmt::format("poolfit: {}", diag::visible(line, style.unicode)),
                       options.width ? style.width : 1 << 20));
    };
    tell(context.log);
    if (const auto* failure = std::get_if<Failure>(&answer)) return report(*failure, options, context.diagnostics);
    const auto& documents = std::get<std::vector<Document>>(answer);
    if (const auto failure = clash(documents, context.sources, context.diagnostics))
        return report(*failure, options, context.diagnostics);
    const int written = write(documents, options, context.diagnostics);
    if (written != exit_code::ok) return written;
    tell(context.done);
    return context.exit_code;
}

int dispatch(const Options& options, Diagnostics& diagnostics) {
    Diagnostics none;
    const bool unknown = options.command == nullptr && diagnostics.has_errors();
    if (options.help && !unknown) return write({{"", help_of(options)}}, options, none);
    if (options.version) return write({{"", version_line()}}, options, none);
    if (diagnostics.has_errors()) {
        return report({"usage", diagnostics.all().front().message, exit_code::wrong_use}, options, diagnostics);
    }
    if (options.command != nullptr) return run_command(options);
    if (options.json) return report(fail(diagnostics, "usage", "no command given"), options, diagnostics);
    say(help_of(options));
    return exit_code::wrong_use;
}

int fault(std::string_view what, const Options& options) {
    Diagnostics diagnostics;
    const Failure failure = fail(diagnostics, "internal", fmt::format("internal error: {}", what),
                                 "this is a bug in poolfit; please report it with the inventory", exit_code::fault);
    return report(failure, options, diagnostics);
}

/// The memory is free by now, so there is room for a few lines; if there is none, then for these.
int out_of_memory(const Options& options) {
    constexpr std::string_view what = "out of memory", fix = "provide more memory, or split the inventory";
    try {
        Diagnostics diagnostics;
        const Failure failure = fail(diagnostics, "memory", std::string(what), std::string(fix), exit_code::fault);
        return report(failure, options, diagnostics);
    } catch (const std::bad_alloc&) {
        write_stream(stderr_fd, "error: out of memory\n");
        if (options.json)
            write_stream(
                stdout_fd,
                R"({"error": {"kind": "memory", "message": "out of memory", "exit_code": 3, "diagnostics": [], )"
                R"("dropped": 0}})"
                "\n");
        return exit_code::fault;
    }
}

}  // namespace

int run(int argc, char** argv) {
    set_up_signals();
    Options options;
    try {
        Diagnostics diagnostics;
        options = parse({argv + (argc > 0 ? 1 : 0), argv + argc}, diagnostics);
        return dispatch(options, diagnostics);
    } catch (const std::bad_alloc&) {
        return out_of_memory(options);
    } catch (const std::exception& error) {
        return fault(error.what(), options);
    } catch (...) {
        return fault("unknown exception", options);
    }
}

}  // namespace poolfit::cli
