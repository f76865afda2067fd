#include "app.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <poolfit/load/names.hpp>

#include "../env/env.hpp"
#include "../facts/url.hpp"
#include "../readers.hpp"

namespace poolfit::imports {
namespace {

constexpr std::string_view usage = "poolfit import app src/main/resources/application.yml --service NAME";

/// The lines of a text, without blanks around them.
template <class Visit>
void each_line(std::string_view text, Visit visit) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        visit(text.substr(0, end), trimmed_blanks(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

bool is_variables(const InFile& file) {
    const std::string_view base = std::string_view(file.name()).substr(file.name().rfind('/') + 1);
    return base.starts_with(".env") || base.ends_with(".env");
}

/// Where what a file of an application does not say stands.
std::string instead_of(std::string_view name) {
    if (name.ends_with("puma.rb"))
        return "this is code, which is not run: poolfit import app config/database.yml, and say the workers with "
               "--set service.NAME.processes=N";
    for (const std::string_view end : {".rb", ".py", ".js", ".ts", ".json", ".toml"})
        if (name.ends_with(end)) return "the variables of the application say it: poolfit import env .env";
    return std::string(usage);
}

/// "shop" of "shop/config/database.yml": the folder that holds the application.
std::string folder_of(const std::string& path) {
    std::vector<std::string_view> parts;
    std::string_view rest = path;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('/'), rest.size());
        if (end > 0) parts.push_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (!parts.empty()) parts.pop_back();
    constexpr std::string_view inside[] = {"config", "prisma", "src", "main", "resources", "db", ".", ".."};
    while (!parts.empty() && std::ranges::find(inside, parts.back()) != std::end(inside)) parts.pop_back();
    return parts.empty() ? std::string() : load::as_name(parts.back());
}

}  // namespace

AppFile app_file_of(std::string_view text) {
    bool spring = false, source = false, adapter = false, datasource = false, provider = false, other = false;
    bool properties = false;
    each_line(text, [&](std::string_view line, std::string_view inner) {
        if (inner.starts_with('#') || inner.starts_with('!') || inner.starts_with("//")) return;
        other = other || line.starts_with("apiVersion:") || line.starts_with("services:");
        spring = spring || line.starts_with("spring:") || line.starts_with("quarkus:");
        source = source || inner.starts_with("datasource:") || inner.starts_with("r2dbc:") ||
                 inner.find("jdbc:") != inner.npos;
        properties = properties || ((line.starts_with("spring.datasource.") || line.starts_with("spring.r2dbc.") ||
                                     line.starts_with("quarkus.datasource.")) &&
                                    (line.find('=') != line.npos || line.find(": ") != line.npos));
        if (inner.starts_with("adapter:"))
            for (const std::string_view word : {"postgresql", "postgis", "mysql2", "trilogy", "sqlite3"})
                adapter = adapter || inner.find(word) != inner.npos;
        datasource = datasource || (line.starts_with("datasource ") && inner.find('{') != inner.npos);
        provider = provider || inner.starts_with("provider");
    });
    if (other) return AppFile::none;
    if (datasource && provider) return AppFile::prisma;
    if (spring && source) return AppFile::spring_yaml;
    if (properties) return AppFile::spring_properties;
    return adapter ? AppFile::rails : AppFile::none;
}

bool recognise_app(std::string_view text) { return app_file_of(text) != AppFile::none; }

std::string app_pool_name(std::string_view part, const App& app) {
    std::string name = app.pools.empty() ? "main" : load::as_name(lower(part));
    if (name.empty()) name = fmt::format("pool-{}", app.pools.size() + 1);
    name.resize(std::min<std::size_t>(name.size(), 40));
    const std::string base = name;
    for (int n = 2; std::ranges::find(app.pools, name, &PoolFact::name) != app.pools.end(); ++n)
        name = fmt::format("{}-{}", base, n);
    return name;
}

bool take_url(const Sealed& text, const From& from, const std::string& subject, PoolFact& pool, Estate& estate) {
    auto url = read_url(text);
    if (!url) return false;
    pool.address.hosts = std::move(url->hosts);
    pool.address.port = url->port;
    pool.address.database = url->database;
    pool.address.engine = url->engine;
    pool.address.engine_by.clear();
    pool.address.from = from;
    FoundAddress found;
    found.address = pool.address;
    found.parameters = std::move(url->parameters);
    find_size({}, found, true, subject, pool, estate);
    return true;
}

void lack_address(PoolFact& pool, std::string_view key) {
    pool.address.secret = pool.name == "main" ? std::string(key) : fmt::format("{}.{}", pool.name, key);
    pool.address.reason = fmt::format("its {} is an expression, which is not run", key);
}

void read_app(std::span<const InFile> files, Mapped& mapped, Estate& estate, Diagnostics& diagnostics) {
    AppFiles known;
    bool spring = false;
    for (const InFile& file : files) {
        const AppFile what = app_file_of(file.text());
        if (what == AppFile::none && (is_variables(file) || recognise_env(file.text()))) {
            const Variables read = read_variables(file.text(), [&](std::size_t at) { return file.place(at); });
            for (const Variable& variable : read.all()) known.variables.add(variable);
            continue;
        }
        if (refuse_wrong_file(file, "app", diagnostics)) continue;
        if (what == AppFile::none) {
            diagnostics.error(file.place(0),
                              "no data source: expected Spring's application.yml or application.properties, Rails' "
                              "database.yml or a schema of Prisma",
                              instead_of(file.name()));
            continue;
        }
        spring = spring || what == AppFile::spring_yaml || what == AppFile::spring_properties;
        known.files.emplace_back(&file, what);
    }
    if (known.files.empty() || diagnostics.has_errors()) {
        if (!diagnostics.has_errors() && !files.empty())
            diagnostics.error(files.front().place(0), "only files of variables: the file that reads them is missing",
                              std::string(usage));
        return;
    }
    const InFile& first = *known.files.front().first;
    App app;
    // Spring's name is known only once its files are read; notes before that go by the folder.
    std::string subject = mapped.service.empty() ? folder_of(first.name()) : mapped.service;
    if (subject.empty()) subject = "app";
    if (spring) read_spring(known, subject, app, estate, diagnostics);
    for (const auto& each : known.files) {
        if (each.second == AppFile::rails) read_rails(*each.first, known.variables, subject, app, estate, diagnostics);
        if (each.second == AppFile::prisma) read_prisma(*each.first, known.variables, subject, app, estate);
    }
    if (diagnostics.has_errors()) return;
    ServiceFact service;
    service.name = !mapped.service.empty() ? mapped.service : app.name.empty() ? subject : app.name;
    service.partial = true;
    service.from = {first.place(0), "its configuration", Truth::declared};
    service.pools = std::move(app.pools);
    Program program;
    program.variables = known.variables;
    program.words_place = first.place(0);
    service.processes = find_processes(program, service.name, estate);
    for (PoolFact& pool : service.pools) {
        pool.address.kept_in = "variable";
        if (pool.address.secret == "a variable") lack_address(pool, "address");
    }
    if (service.pools.empty()) {
        estate.not_taken(service.name, "its files have no database address and no size", first.place(0));
        return;
    }
    estate.services.push_back(std::move(service));
}

}  // namespace poolfit::imports
