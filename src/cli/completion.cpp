// Completion scripts, made from the same tables as the help.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/emit/emit.hpp>
#include <poolfit/import/importers.hpp>
#include <poolfit/report/report.hpp>

#include "commands.hpp"
#include "output.hpp"

namespace poolfit::cli {
namespace {

/// First words of commands, each once: "plan", "catalog".
std::vector<std::string> first_words() {
    std::vector<std::string> words;
    for (const Command& command : commands()) {
        std::string word(command.name.substr(0, command.name.find(' ')));
        if (words.empty() || words.back() != word) words.push_back(std::move(word));
    }
    return words;
}

/// Commands that start with the word: one, or those of a group.
std::vector<const Command*> of_word(std::string_view word) {
    std::vector<const Command*> found;
    for (const Command& command : commands())
        if (command.name == word || command.name.starts_with(fmt::format("{} ", word))) found.push_back(&command);
    return found;
}

/// Kinds of files that are no command of their own, as `import csv` is.
std::vector<const imports::Importer*> kinds() {
    std::vector<const imports::Importer*> out;
    for (const imports::Importer& each : imports::importers())
        if (std::ranges::find(commands(), fmt::format("import {}", each.kind), &Command::name) == commands().end())
            out.push_back(&each);
    return out;
}

/// Second words of a command that is a group too: "csv" and the kinds of files of `import`.
std::vector<std::string> second_words(std::string_view word) {
    std::vector<std::string> words;
    for (const Command* command : of_word(word)) {
        if (command->name == word)
            for (const imports::Importer* each : kinds()) words.emplace_back(each->kind);
        else
            words.emplace_back(command->name.substr(word.size() + 1));
    }
    return words;
}

std::string flag_words(const Command& command) {
    std::string words;
    for (const Flag flag : command.flags) words += fmt::format("{}{}", words.empty() ? "" : " ", row_of(flag).name);
    return words;
}

/// Words that may stand among files: the parts of a database, or kinds of files.
std::string words_beside(const Command& command) {
    std::string parts;
    if (command.run == emit_files)
        for (const emit::Kind& each : emit::kinds()) parts += fmt::format("{}{}", parts.empty() ? "" : " ", each.name);
    if (command.run != explain) return parts;
    for (int i = 0; i <= static_cast<int>(report::last_section); ++i)
        parts += fmt::format("{}{}", i == 0 ? "" : " ", report::name(static_cast<report::Section>(i)));
    return parts;
}

/// Arguments that are not files: "report|inventory|catalog|pool", or nothing.
std::string choices(const Command& command) {
    if (command.arguments.find('|') == std::string_view::npos) return {};
    std::string words(command.arguments);
    std::replace(words.begin(), words.end(), '|', ' ');
    return words;
}

std::string bash() {
    std::string out =
        "# bash completion of poolfit: poolfit completion bash > /etc/bash_completion.d/poolfit\n"
        "_poolfit() {\n"
        "    local words=\"\"\n"
        "    local word=${COMP_WORDS[COMP_CWORD]}\n"
        "    if ((COMP_CWORD == 1)); then\n";
    out += fmt::format("        words=\"{} --help --version\"\n", fmt::join(first_words(), " "));
    out += "    else\n        case \"${COMP_WORDS[1]}\" in\n";
    for (const std::string& word : first_words()) {
        const auto of = of_word(word);
        out += fmt::format("            {})\n", word);
        if (of.size() == 1 && of.front()->name == word) {
            const std::string fixed = choices(*of.front()) + words_beside(*of.front());
            out += fmt::format("                words=\"{}{}{}\"\n", fixed, fixed.empty() ? "" : " ",
                               flag_words(*of.front()));
        } else {
            out += fmt::format("                if ((COMP_CWORD == 2)); then words=\"{}\"; else\n",
                               fmt::join(second_words(word), " "));
            out += "                    case \"${COMP_WORDS[2]}\" in\n";
            for (const Command* command : of)
                if (command->name != word)
                    out += fmt::format("                        {}) words=\"{}\" ;;\n",
                                       command->name.substr(word.size() + 1), flag_words(*command));
            if (of.front()->name == word)
                out += fmt::format("                        *) words=\"{} {}\" ;;\n",
                                   fmt::join(second_words(word), " "), flag_words(*of.front()));
            out += "                    esac\n                fi\n";
        }
        out += "                ;;\n";
    }
    out +=
        "        esac\n    fi\n"
        "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
        "}\n"
        "complete -o default -F _poolfit poolfit\n";
    return out;
}

/// A text inside '…' of a shell, with the brackets and colons that _arguments reads escaped.
std::string quoted(std::string_view text, bool zsh) {
    std::string out;
    for (const char c : text) {
        if (c == '\'') {
            out += zsh ? "'\\''" : "\\'";
        } else {
            if (zsh && (c == '[' || c == ']' || c == ':')) out += '\\';
            if (!zsh && c == '\\') out += '\\';
            out += c;
        }
    }
    return out;
}

std::string help_of(Flag flag, const Command& command) {
    const FlagRow& row = row_of(flag);
    return flag == Flag::format ? fmt::format("{}", fmt::join(render::format_names(command.name), ", "))
                                : std::string(row.help);
}

std::string zsh_arguments(const Command& command, std::string_view indent) {
    std::string out = fmt::format("{}_arguments", indent);
    for (const Flag flag : command.flags) {
        const FlagRow& row = row_of(flag);
        const std::string value = row.value.empty() ? "" : fmt::format(":{}:_files", quoted(row.value, true));
        out += fmt::format(" \\\n{}    '{}{}[{}]{}'", indent, row.repeats ? "*" : "", row.name,
                           quoted(help_of(flag, command), true), value);
    }
    const std::string fixed = choices(command);
    if (const std::string beside = words_beside(command); !beside.empty())
        return out + fmt::format(" \\\n{}    '*:what:{{_files; compadd -- {}}}'\n", indent, beside);
    out += fixed.empty() ? fmt::format(" \\\n{}    '*:file:_files'\n", indent)
                         : fmt::format(" \\\n{}    '*:what:({})'\n", indent, fixed);
    return out;
}

std::string zsh() {
    std::string out =
        "#compdef poolfit\n# zsh completion of poolfit: poolfit completion zsh > ~/.zfunc/_poolfit\n_poolfit() {\n"
        "    if (( CURRENT == 2 )); then\n        local -a commands=(\n";
    for (const std::string& word : first_words()) {
        const auto of = of_word(word);
        const std::string about =
            of.front()->name == word ? std::string(of.front()->summary) : fmt::format("commands of {}", word);
        out += fmt::format("            '{}:{}'\n", word, quoted(about, true));
    }
    out +=
        "        )\n        _describe command commands\n        return\n    fi\n"
        "    local command=$words[2]\n    shift words; (( CURRENT-- ))\n    case $command in\n";
    for (const std::string& word : first_words()) {
        const auto of = of_word(word);
        out += fmt::format("        {})\n", word);
        if (of.size() == 1 && of.front()->name == word) {
            out += zsh_arguments(*of.front(), "            ");
        } else {
            out += "            if (( CURRENT == 2 )); then\n                local -a commands=(\n";
            for (const Command* command : of)
                if (command->name != word)
                    out += fmt::format("                    '{}:{}'\n", command->name.substr(word.size() + 1),
                                       quoted(command->summary, true));
            if (of.front()->name == word)
                for (const imports::Importer* each : kinds())
                    out += fmt::format("                    '{}:{}'\n", each->kind, quoted(each->reads, true));
            out +=
                "                )\n                _describe command commands\n                return\n            "
                "fi\n"
                "            command=$words[2]\n            shift words; (( CURRENT-- ))\n            case $command "
                "in\n";
            for (const Command* command : of)
                if (command->name != word)
                    out += fmt::format("                {})\n{}                    ;;\n",
                                       command->name.substr(word.size() + 1),
                                       zsh_arguments(*command, "                    "));
            if (of.front()->name == word)
                out += fmt::format("                *)\n{}                    ;;\n",
                                   zsh_arguments(*of.front(), "                    "));
            out += "            esac\n";
        }
        out += "            ;;\n";
    }
    out += "    esac\n}\ncompdef _poolfit poolfit\n";
    return out;
}

std::string fish() {
    std::string out =
        "# fish completion of poolfit: poolfit completion fish > ~/.config/fish/completions/poolfit.fish\n";
    for (const std::string& word : first_words()) {
        const auto of = of_word(word);
        const std::string about =
            of.front()->name == word ? std::string(of.front()->summary) : fmt::format("commands of {}", word);
        out +=
            fmt::format("complete -c poolfit -n __fish_use_subcommand -f -a {} -d '{}'\n", word, quoted(about, false));
        for (const Command* command : of) {
            std::string when = fmt::format("__fish_seen_subcommand_from {}", word);
            if (command->name == word && of.size() > 1)
                for (const imports::Importer* each : kinds())
                    out += fmt::format("complete -c poolfit -n '{}' -f -a {} -d '{}'\n", when, each->kind,
                                       quoted(each->reads, false));
            if (command->name != word) {
                const std::string_view second = command->name.substr(word.size() + 1);
                std::string seconds;
                for (const std::string& other : second_words(word)) seconds += " " + other;
                out +=
                    fmt::format("complete -c poolfit -n '{}; and not __fish_seen_subcommand_from{}' -f -a {} -d '{}'\n",
                                when, seconds, second, quoted(command->summary, false));
                when += fmt::format("; and __fish_seen_subcommand_from {}", second);
            }
            if (const std::string fixed = choices(*command); !fixed.empty())
                out += fmt::format("complete -c poolfit -n '{}' -f -a '{}'\n", when, fixed);
            if (const std::string beside = words_beside(*command); !beside.empty())
                out += fmt::format("complete -c poolfit -n '{}' -a '{}'\n", when, beside);
            for (const Flag flag : command->flags) {
                const FlagRow& row = row_of(flag);
                const std::string letter = row.letter != 0 ? fmt::format(" -s {}", row.letter) : std::string();
                out += fmt::format("complete -c poolfit -n '{}' -l {}{}{} -d '{}'\n", when, row.name.substr(2), letter,
                                   row.value.empty() ? "" : " -r", quoted(help_of(flag, *command), false));
            }
        }
    }
    return out;
}

struct Shell {
    std::string_view name;
    std::string (*script)();
};
constexpr Shell shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};

}  // namespace

Answer completion(Context& context) {
    std::vector<std::string_view> names;
    for (const Shell& shell : shells) names.push_back(shell.name);
    const std::string known = fmt::format("name one of {}", fmt::join(names, ", "));
    if (context.options.arguments.empty())
        return fail(context.diagnostics, "usage", "completion for which shell?", known);
    const std::string& name = context.options.arguments.front();
    for (const Shell& shell : shells)
        if (shell.name == name) return rendered(context, std::string_view(shell.script()));
    const std::string_view near = diag::nearest(name, names);
    return fail(context.diagnostics, "usage", fmt::format("no completion for {}", name),
                near.empty() ? known : fmt::format("did you mean {}?", near));
}

}  // namespace poolfit::cli
