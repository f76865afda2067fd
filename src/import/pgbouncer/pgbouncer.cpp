// pgbouncer.ini with the files that it includes, and answers of PgBouncer's console. A file with sections is a process
// of its own; answers are those of one process.
#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>

#include "../readers.hpp"
#include "ini.hpp"
#include "show.hpp"

namespace poolfit::imports {
namespace {

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool has_line(std::string_view text, std::string_view wanted) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (trimmed_blanks(text.substr(0, end)) == wanted) return true;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return false;
}
bool has_sections(std::string_view text) { return has_line(text, "[databases]") || has_line(text, "[pgbouncer]"); }

/// Names of files after %include.
void add_included(std::string_view text, std::set<std::string, std::less<>>& names) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = trimmed_blanks(text.substr(0, end));
        if (line.starts_with("%include")) names.emplace(file_name(trimmed_blanks(line.substr(8))));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

IniText ini_of(const InFile& file) {
    return {file.text(), [&file](std::size_t offset) { return file.place(offset); }};
}

PoolerFact named(const InFile& file, std::string_view usual, Mapped& mapped) {
    PoolerFact pooler;
    const std::string_view base = file_name(file.name());
    const std::string* ours = mapped.find(base);
    if (ours == nullptr) ours = mapped.find(file.name());
    pooler.name = ours != nullptr ? *ours : load::as_name(usual.empty() ? base.substr(0, base.rfind('.')) : usual);
    pooler.mapped = ours != nullptr;
    if (pooler.name.empty()) pooler.name = "pgbouncer";
    pooler.kind = "pgbouncer";
    pooler.ids.push_back("pgbouncer:" + lower(pooler.name));
    pooler.from = {file.place(0), std::string(process_of_pgbouncer), Truth::declared};
    return pooler;
}

/// A database on the machine's own socket is on no server of the inventory.
void leave_out_sockets(PoolerFact& pooler, Estate& estate) {
    std::erase_if(pooler.aliases, [&](const PoolerAlias& alias) {
        if (!alias.address.hosts.empty() || !alias.address.secret.empty()) return false;
        const std::string& why = alias.address.unknown;
        estate.not_taken(fmt::format("{}/{}", pooler.name, alias.name),
                         why.empty() ? "it has no host: a socket on the same machine" : why, alias.address.from.place);
        return true;
    });
}

void tell_shared(const PoolerFact& pooler, Estate& estate) {
    if (pooler.aliases.size() < 2) return;
    estate.told(pooler.name,
                pooler.max_client_conn ? fmt::format("its {} databases share one process and its {} clients",
                                                     pooler.aliases.size(), pooler.max_client_conn->value)
                                       : fmt::format("its {} databases share one process", pooler.aliases.size()),
                pooler.from.place);
}

}  // namespace

bool recognise_pgbouncer(std::string_view text) {
    // At the start of a line: a manifest may have such a file inside, with blanks before each line.
    for (const std::string_view section : {"[databases]", "[pgbouncer]"})
        for (std::size_t at = text.find(section); at != text.npos; at = text.find(section, at + 1))
            if (at == 0 || text[at - 1] == '\n') return true;
    return show_of(text) != Show::none;
}

void read_pgbouncer(std::span<const InFile> files, Mapped& mapped, Estate& estate, Diagnostics& diagnostics) {
    std::set<std::string, std::less<>> included_names;
    for (const InFile& file : files)
        if (show_of(file.text()) == Show::none) add_included(file.text(), included_names);
    const Included included = [&](std::string_view name) -> std::optional<IniText> {
        for (const InFile& file : files)
            if (file_name(file.name()) == file_name(name)) return ini_of(file);
        return std::nullopt;
    };
    std::vector<PoolerFact> poolers;
    std::vector<std::pair<const InFile*, Show>> shown;
    for (const InFile& file : files) {
        if (const Show what = show_of(file.text()); what != Show::none) {
            shown.emplace_back(&file, what);
            continue;
        }
        if (refuse_wrong_file(file, "pgbouncer", diagnostics)) continue;
        if (included_names.contains(file_name(file.name()))) continue;
        if (!has_sections(file.text())) {
            diagnostics.error(
                file.place(0), "no [databases] and no [pgbouncer]: this is not a pgbouncer.ini",
                "name pgbouncer.ini, with what it includes, or answers of psql --csv -c 'SHOW DATABASES'");
            continue;
        }
        PoolerFact pooler = named(file, {}, mapped);
        read_pgbouncer_ini(ini_of(file), included, pooler, estate);
        poolers.push_back(std::move(pooler));
    }
    if (!shown.empty()) {
        if (poolers.size() > 1) {
            diagnostics.error(
                shown.front().first->place(0),
                "answers of the console beside several pgbouncer.ini: it is not known which one they belong to",
                "import the files of each process by themselves");
            return;
        }
        if (poolers.empty()) {
            poolers.push_back(named(*shown.front().first, "pgbouncer", mapped));
            poolers.front().shown = true;
        }
        // Sizes first: the rows of pools name databases only.
        std::ranges::stable_sort(shown, {}, &std::pair<const InFile*, Show>::second);
        for (const auto& each : shown) read_show(*each.first, each.second, poolers.front(), estate, diagnostics);
        poolers.front().from.truth = Truth::running;
    }
    for (PoolerFact& pooler : poolers) {
        leave_out_sockets(pooler, estate);
        tell_shared(pooler, estate);
        if (pooler.aliases.empty())
            estate.not_taken(pooler.name, "no database with a host is in the files", pooler.from.place,
                             "add the answer of SHOW DATABASES");
        else
            estate.poolers.push_back(std::move(pooler));
    }
}

}  // namespace poolfit::imports
