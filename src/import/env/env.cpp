#include "env.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>

#include "../facts/url.hpp"
#include "../readers.hpp"

namespace poolfit::imports {
namespace {

bool begins_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// From the first byte of a value; leaves `i` behind it.
std::string value_at(std::string_view text, std::size_t& i) {
    std::string value;
    const char quote = i < text.size() ? text[i] : '\0';
    if (quote == '"' || quote == '\'') {
        for (++i; i < text.size() && text[i] != quote; ++i) {
            if (quote == '"' && text[i] == '\\' && i + 1 < text.size()) ++i;
            value += text[i];
        }
        if (i < text.size()) ++i;
        return value;
    }
    const std::size_t end = std::min(text.find('\n', i), text.size());
    std::string_view rest = text.substr(i, end - i);
    for (std::size_t hash = rest.find('#'); hash != rest.npos; hash = rest.find('#', hash + 1))
        if (hash == 0 || rest[hash - 1] == ' ' || rest[hash - 1] == '\t') {
            rest = rest.substr(0, hash);
            break;
        }
    i = end;
    return std::string(trimmed_blanks(rest));
}

constexpr std::string_view unnamed = "app";

/// "production" of ".env.production", "app" of ".env", "billing" of "deploy/billing.env".
std::string name_of(std::string_view file) {
    std::string_view name = file.substr(file.rfind('/') + 1);
    if (name.starts_with(".env")) name.remove_prefix(4);
    if (name.ends_with(".env")) name.remove_suffix(4);
    std::string made = load::as_name(name);
    return made.empty() || name == "<stdin>" ? std::string(unnamed) : made;
}

}  // namespace

Variables read_variables(std::string_view text, const std::function<Place(std::size_t)>& at) {
    Variables variables;
    for (std::size_t i = 0; i < text.size();) {
        i = text.find_first_not_of(" \t\r\n", i);
        if (i == text.npos) break;
        const std::size_t line_end = std::min(text.find('\n', i), text.size());
        if (text.substr(i).starts_with("export ")) i = std::min(text.find_first_not_of(" \t", i + 7), line_end);
        const std::size_t begin = i;
        while (i < line_end &&
               (begins_name(text[i]) || (text[i] >= '0' && text[i] <= '9') || text[i] == '.' || text[i] == '-'))
            ++i;
        const std::string name(text.substr(begin, i - begin));
        while (i < line_end && (text[i] == ' ' || text[i] == '\t')) ++i;
        if (name.empty() || i >= line_end || text[i] != '=' || !begins_name(name[0])) {
            i = line_end;
            continue;
        }
        ++i;
        while (i < line_end && (text[i] == ' ' || text[i] == '\t')) ++i;
        std::string value = value_at(text, i);
        i = std::min(text.find('\n', std::min(i, text.size())), text.size());
        variables.add(
            {name, is_secret_key(name) ? Sealed() : Sealed(std::move(value)), at(begin), {}, !is_secret_key(name)});
    }
    return variables;
}

bool recognise_env(std::string_view text) {
    if (recognise_app(text)) return false;  // application.properties has pairs too
    std::size_t lines = 0, pairs = 0;
    while (!text.empty() && lines < 200) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = trimmed_blanks(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line[0] == '#') continue;
        ++lines;
        if (line.starts_with("export ")) line.remove_prefix(7);
        const std::size_t equals = line.find('=');
        if (equals != line.npos && equals > 0 && is_plain_key(line.substr(0, equals)) && begins_name(line[0])) ++pairs;
    }
    return lines > 0 && pairs == lines;
}

void give_to_app(std::vector<FilesOfKind>& kinds, const std::string& service) {
    const auto app = std::ranges::find(kinds, find_importer("app"), &FilesOfKind::importer);
    const auto env = std::ranges::find(kinds, find_importer("env"), &FilesOfKind::importer);
    if (app == kinds.end() || env == kinds.end()) return;
    const bool alone = env->files.size() == 1;
    std::erase_if(env->files, [&](RawFile& file) {
        const std::string name = name_of(file.name);
        if (!alone && name != unnamed && name != service) return false;
        Program program;
        program.variables = read_variables(file.text, [](std::size_t) { return Place{}; });
        if (program.variables.all().empty() || !find_addresses(program).empty()) return false;
        app->files.push_back(std::move(file));
        return true;
    });
    std::erase_if(kinds, [](const FilesOfKind& kind) { return kind.files.empty(); });
}

void read_env(std::span<const InFile> files, Mapped& mapped, Estate& estate, Diagnostics& diagnostics) {
    for (const InFile& file : files) {
        if (refuse_wrong_file(file, "env", diagnostics)) continue;
        const auto at = [&](std::size_t offset) { return file.place(offset); };
        const Variables raw = read_variables(file.text(), at);
        Program program;
        program.words_place = file.place(0);
        const Look look = [&](std::string_view name) -> const Sealed* {
            const Variable* found = raw.find(name);
            return found == nullptr || !found->known ? nullptr : &found->value;
        };
        for (Variable variable : raw.all()) {
            variable.value = with_shell_variables(variable.value, look);
            program.variables.add(std::move(variable));
        }
        if (raw.all().empty()) {
            diagnostics.error(file.place(0), "no variables: expected NAME=value on each line",
                              "name a file of variables, as docker run --env-file reads it");
            continue;
        }
        ServiceFact service;
        service.name = name_of(file.name());
        // A file that names no service is of the one that --service names, as its application's configuration is.
        if (service.name == unnamed && !mapped.service.empty()) service.name = mapped.service;
        service.from = {file.place(0), "variables", Truth::declared};
        ProgramFacts facts = read_program(program, service.name, estate);
        service.processes = std::move(facts.processes);
        service.pools = std::move(facts.pools);
        if (service.pools.empty()) {
            estate.not_taken(service.name, "no variable has a database address", file.place(0),
                             "DATABASE_URL=postgresql://HOST/NAME");
            continue;
        }
        estate.not_taken(service.name, "a file of variables does not say how many instances run: 1 is assumed",
                         file.place(0), fmt::format("--set service.{}.instances=N", service.name));
        estate.services.push_back(std::move(service));
    }
}

}  // namespace poolfit::imports
