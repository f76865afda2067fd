#include "help.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/emit/emit.hpp>
#include <poolfit/import/importers.hpp>
#include <poolfit/render/format.hpp>
#include <poolfit/report/report.hpp>

namespace poolfit::cli {
namespace {

constexpr std::size_t columns = 79;

/// `text` in lines of at most `columns`, each but the first after `indent` blanks.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t first) {
    std::string out;
    std::size_t at = first;
    while (!text.empty()) {
        const std::size_t stop = std::min(text.find_first_of(" \n"), text.size());
        const std::string_view word = text.substr(0, stop);
        if (at > indent && at + 1 + word.size() > columns) {
            out += '\n';
            out.append(indent, ' ');
            at = indent;
        } else if (at > indent) {
            out += ' ';
            ++at;
        }
        out += word;
        at += word.size();
        text.remove_prefix(stop);
        while (text.starts_with('\n')) {
            out += '\n';
            text.remove_prefix(1);
            if (!text.starts_with('\n')) out.append(indent, ' ');
            at = indent;
        }
        if (text.starts_with(' ')) text.remove_prefix(1);
    }
    return out;
}

void add_row(std::string& out, std::string_view left, std::string_view right, std::size_t width) {
    out += fmt::format("  {:<{}}  ", left, width);
    out += wrapped(right, width + 4, width + 4);
    out += '\n';
}

std::string flag_label(const FlagRow& row, const Command& command) {
    std::string label = row.letter != 0 ? fmt::format("-{}, ", row.letter) : std::string("    ");
    label += row.name;
    const bool plain_map = row.flag == Flag::map && command.name == "import";
    if (!row.value.empty()) label += fmt::format(" {}", plain_map ? "THEIRS=OURS" : row.value);
    return label;
}

/// Of `import`: the rows of the table of importers, each with the command that makes its file.
void add_kinds(std::string& out) {
    out += "\n\nkinds:\n";
    std::size_t width = 0;
    for (const imports::Importer& each : imports::importers()) width = std::max(width, each.kind.size());
    for (const imports::Importer& each : imports::importers())
        add_row(out, each.kind, fmt::format("{}\n{}", each.reads, each.usage), width);
    out.pop_back();
}

/// The same of `emit`.
void add_kinds_to_emit(std::string& out) {
    out += "\n\nkinds:\n";
    std::size_t width = 0;
    for (const emit::Kind& each : emit::kinds()) width = std::max(width, each.name.size());
    for (const emit::Kind& each : emit::kinds()) add_row(out, each.name, each.summary, width);
    out.pop_back();
}

std::string flag_text(const FlagRow& row, const Command& command) {
    if (row.flag == Flag::format) {
        return fmt::format("{}; may be repeated, one to standard output",
                           fmt::join(render::format_names(command.name), ", "));
    }
    if (row.flag == Flag::sort && command.name == "plan")
        return "databases by action (default), saving, risk, connections or name; not of JSON";
    if (command.name == "import") {
        if (row.flag == Flag::map)
            return "HOST=DATABASE, secret:NAME=DATABASE, FILE=GROUP for parameters, or cpu:DATABASE=UNIT; may be "
                   "repeated";
        if (row.flag == Flag::set)
            return "database.NAME.class=db.m6g.large and the like, or region=eu-west-1 for all that lack it; may be "
                   "repeated";
        if (row.flag == Flag::engine) return "only databases of this engine; may be repeated; default all";
    }
    if (command.run == emit_files) {
        if (row.flag == Flag::service) return "only this service";
        if (row.flag == Flag::output) return "write to this file, or into this folder";
    }
    if (command.name == "catalog import") {
        if (row.flag == Flag::region) return "only this region, * and ? match; may be repeated; default all";
        if (row.flag == Flag::engine) return "only this engine; may be repeated; default all";
        if (row.flag == Flag::family) return "only this family or class: r7g, db.t*; may be repeated; default all";
        if (row.flag == Flag::today) return "the date of an answer that has none";
        if (row.flag == Flag::output) return "write to this file, - is standard output";
    }
    if (row.flag == Flag::fail_on && command.name == "diff")
        return "which new findings fail: error (default), warning, info, none, or new for any";
    if (row.flag == Flag::top && command.name == "plan")
        return "the first N databases only; totals count all; not of JSON";
    return std::string(row.help);
}

void add_commands(std::string& out, std::string_view group) {
    out += "commands:\n";
    std::size_t width = 0;
    for (const Command& command : commands())
        if (command.name.starts_with(group)) width = std::max(width, command.name.size());
    for (const Command& command : commands()) {
        if (!command.name.starts_with(group)) continue;
        add_row(out, command.name, command.summary, width);
    }
}

}  // namespace

std::string main_help() {
    std::string out =
        wrapped(fmt::format("poolfit {}: how big should each connection pool be, how close is a database "
                            "to its limit, and how small can its instance be? Answered offline, from files.",
                            report::version()),
                0, 0);
    out += "\n\nusage: poolfit COMMAND [ARGUMENT...] [FLAG...]\n\n";
    add_commands(out, {});
    out +=
        "\nexit codes:\n"
        "  0    done, whatever the recommendation; check: nothing at or above --fail-on\n"
        "  1    check: findings at or above --fail-on; diff: new ones, or more than --max-increase;\n"
        "       emit: something is missing\n"
        "  2    usage error: flags, inventory or catalog; nothing was planned\n"
        "  3    internal error, or reading or writing failed\n"
        "  130  interrupted\n"
        "\nexample:\n"
        "  poolfit plan infra/poolfit.toml\n"
        "\n`poolfit COMMAND --help` shows more.\n";
    return out;
}

std::string group_help(std::string_view group) {
    std::string out = fmt::format("usage: poolfit {} COMMAND [ARGUMENT...] [FLAG...]\n\n", group);
    add_commands(out, fmt::format("{} ", group));
    const auto first = std::ranges::find_if(
        commands(), [&](const Command& command) { return command.name.starts_with(fmt::format("{} ", group)); });
    out += fmt::format("\nexample:\n  {}\n\n`poolfit {} COMMAND --help` shows more.\n",
                       first->examples.substr(0, first->examples.find('\n')), group);
    return out;
}

std::string command_help(const Command& command) {
    std::string out = fmt::format("usage: poolfit {}{}{} [FLAG...]\n\n", command.name,
                                  command.arguments.empty() ? "" : " ", command.arguments);
    out += wrapped(command.about, 0, 0);
    if (command.name == "import") add_kinds(out);
    if (command.run == emit_files) add_kinds_to_emit(out);
    out += "\n\nflags:\n";
    std::size_t width = 0;
    for (const Flag flag : command.flags) width = std::max(width, flag_label(row_of(flag), command).size());
    for (const Flag flag : command.flags)
        add_row(out, flag_label(row_of(flag), command), flag_text(row_of(flag), command), width);
    out += "\nexamples:\n";
    std::string_view examples = command.examples;
    while (!examples.empty()) {
        const std::size_t stop = std::min(examples.find('\n'), examples.size());
        out += fmt::format("  {}\n", examples.substr(0, stop));
        examples.remove_prefix(std::min(stop + 1, examples.size()));
    }
    return out;
}

}  // namespace poolfit::cli
