// A schema of Prisma: its datasource block has a URL, as text or as the name of a variable.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "../facts/url.hpp"
#include "app.hpp"

namespace poolfit::imports {
namespace {

std::string in_quotes(std::string_view text) {
    const std::size_t open = text.find('"');
    const std::size_t close = open == text.npos ? open : text.find('"', open + 1);
    return close == text.npos ? std::string() : std::string(text.substr(open + 1, close - open - 1));
}

}  // namespace

void read_prisma(const InFile& file, const Variables& variables, const std::string& subject, App& app, Estate& estate) {
    std::string_view rest = file.text();
    std::size_t offset = 0;
    bool inside = false;
    PoolFact pool;
    bool found = false, other = false;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = trimmed_blanks(rest.substr(0, end));
        const Place place = file.place(offset);
        offset += std::min(end + 1, rest.size());
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (line.starts_with("//")) continue;
        if (line.starts_with("datasource ")) {
            inside = true;
            pool.address.from = {place, "datasource", Truth::declared};
            continue;
        }
        if (line.starts_with('}')) inside = false;
        if (!inside) continue;
        const std::size_t equals = line.find('=');
        if (equals == line.npos) continue;
        const std::string_view key = trimmed_blanks(line.substr(0, equals));
        const std::string_view value = trimmed_blanks(line.substr(equals + 1));
        if (key == "provider") {
            const std::string word = in_quotes(value);
            other = word != "postgresql" && word != "postgres" && word != "mysql";
            pool.address.engine = word == "mysql" ? "mysql" : "postgresql";
        }
        if (key == "directUrl" || key == "shadowDatabaseUrl")
            estate.told(subject, fmt::format("{} is for migrations, and no pool", key), place);
        if (key != "url") continue;
        found = true;
        const std::string engine = pool.address.engine;
        std::string text = in_quotes(value);
        From from{place, "url", Truth::declared};
        std::string name;
        if (value.starts_with("env(")) {
            name = is_plain_key(text) ? text : std::string("a variable");
            from.how = fmt::format("url, of {}", name);
            const Variable* variable = variables.find(name);
            text = variable != nullptr && variable->known ? std::string(variable->value.opened()) : std::string();
        }
        if (!take_url(Sealed(text), from, subject, pool, estate)) {
            pool.address.secret = name.empty() ? "url" : name;
            pool.address.from = from;
        }
        if (pool.address.engine.empty()) pool.address.engine = engine;
    }
    if (other) return estate.told(subject, "its datasource is of another kind of database", file.place(0));
    if (!found) {
        // From version 7 on the URL stands in prisma.config.ts, which is code.
        pool.address.secret = "DATABASE_URL";
        estate.told(subject, "its datasource has no url: prisma.config.ts has it, which is not read",
                    pool.address.from.place);
    }
    pool.name = app_pool_name({}, app);
    app.pools.push_back(std::move(pool));
}

}  // namespace poolfit::imports
