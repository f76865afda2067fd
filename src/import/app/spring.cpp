// Spring Boot: documents and files of profiles, relaxed names of keys, ${NAME:default}. A data source is whatever has a
// url; its size is what the pool behind it is called.
#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "../facts/url.hpp"
#include "../tree/node.hpp"
#include "app.hpp"
#include "profiles.hpp"
#include "spring_parts.hpp"

namespace poolfit::imports {
namespace {

using Settings = std::map<std::string, SpringSetting, std::less<>>;

/// A text with its references to variables replaced.
struct Replaced {
    Sealed text;
    std::vector<std::pair<std::string, Sealed>> defaults;  ///< variables whose default was taken
    std::string unknown{};                                 ///< the name of one that has no value and no default
    std::vector<std::string> unknowns{};                   ///< of all of them, in the order of their marks in the text
};

/// The variable that the host of a URL is, or begins with; empty where its host is known or all of it is not.
std::string variable_of_host(const Replaced& url) {
    const std::string_view text = url.text.opened();
    std::size_t begin = text.find("://");
    if (begin == text.npos) return {};
    const std::size_t end = std::min(text.find_first_of("/?", begin + 3), text.size());
    if (const std::size_t at = text.rfind('@', end); at != text.npos && at > begin) begin = at;
    const std::size_t mark = text.find(unknown_value, begin);
    if (mark >= end) return {};
    const auto before = static_cast<std::size_t>(std::ranges::count(text.substr(0, mark), unknown_value));
    return before < url.unknowns.size() ? url.unknowns[before] : std::string();
}

/// ${NAME:default}, also nested, from the variables that are known.
Replaced replaced(const Sealed& value, const Variables& variables, int level = 0) {
    Replaced out;
    std::string text;
    const std::string_view all = value.opened();
    for (std::size_t i = 0; i < all.size();) {
        if (all.substr(i, 2) != "${") {
            text += all[i++];
            continue;
        }
        std::size_t end = i + 2, depth = 1;
        for (; end < all.size() && depth > 0; ++end) {
            if (all.substr(end, 2) == "${") ++depth;
            if (all[end] == '}') --depth;
        }
        if (depth > 0 || level > 8) {
            out.unknown = "a variable";
            break;
        }
        const std::string_view inside = all.substr(i + 2, end - i - 3);
        const std::size_t colon = inside.find(':');
        const std::string_view name = inside.substr(0, colon);
        const Variable* found = variables.find(name);
        if (found == nullptr) {  // Spring reads DB_URL for db.url
            std::string upper;
            for (const char c : name)
                upper += c == '.' || c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
            found = variables.find(upper);
        }
        const std::string shown = is_plain_key(name) ? std::string(name) : std::string("a variable");
        if (found != nullptr && found->known) {
            text += found->value.opened();
        } else if (colon != inside.npos) {
            Replaced inner = replaced(Sealed(std::string(inside.substr(colon + 1))), variables, level + 1);
            if (!inner.unknown.empty()) out.unknown = inner.unknown;
            out.unknowns.insert(out.unknowns.end(), inner.unknowns.begin(), inner.unknowns.end());
            out.defaults.emplace_back(shown, inner.text);
            text += inner.text.opened();
        } else {
            out.unknown = shown;
            out.unknowns.push_back(shown);
            text += unknown_value;
        }
        i = end;
    }
    out.text = Sealed(std::move(text));
    return out;
}

/// Where the size of a pool stands below its data source, and what that pool is.
struct SizeKey {
    std::string_view end, driver;
};
constexpr SizeKey sizes[] = {
    {".hikari.maximumpoolsize", "hikaricp"},
    {".configuration.maximumpoolsize", "hikaricp"},
    {".maximumpoolsize", "hikaricp"},
    {".tomcat.maxactive", "tomcat-jdbc"},
    {".dbcp2.maxtotal", "dbcp2"},
    {".pool.maxsize", "r2dbc-pool"},
    {".druid.maxactive", ""},
    {".maxsize", "quarkus"},
};

class Spring {
public:
    Spring(const AppFiles& files, const std::string& subject, App& app, Estate& estate, Diagnostics& diagnostics)
        : files_(files), subject_(subject), app_(app), estate_(estate), diagnostics_(diagnostics) {}

    void run() {
        std::vector<SpringPart> parts;
        // Of two files in one place the properties win.
        for (const AppFile kind : {AppFile::spring_yaml, AppFile::spring_properties})
            for (const auto& each : files_.files)
                if (each.second == kind)
                    std::ranges::move(spring_parts(*each.first, kind, diagnostics_), std::back_inserter(parts));
        // What always counts, then the profile that runs.
        for (const SpringPart& part : parts)
            if (part.profile.empty()) take(part);
        take_variables();
        choose(parts);
        const Settings always = settings_;
        for (const SpringPart& part : parts) {
            if (part.profile.empty()) continue;
            if (runs(part))
                take(part);
            else
                tell_left(part, always);
        }
        take_variables();
        if (const auto name = settings_.find("spring.application.name"); name != settings_.end())
            app_.name = replaced(name->second.value, files_.variables).text.name();
        sources();
    }

private:
    void take(const SpringPart& part) {
        for (const SpringSetting& setting : part.settings) settings_[setting.key] = setting;
    }
    /// The environment is over the files: the keys that they have, and those of data sources.
    void take_variables() {
        std::vector<std::string> keys{"spring.profiles.active", "spring.application.name"};
        std::set<std::string, std::less<>> sources{"spring.datasource", "spring.r2dbc", "quarkus.datasource.jdbc"};
        for (const auto& each : settings_) {
            keys.push_back(each.first);
            if (each.first.ends_with(".url")) sources.insert(each.first.substr(0, each.first.size() - 4));
        }
        for (const std::string& source : sources) {
            for (const std::string_view end : {".url", ".jdbcurl", ".hikari.jdbcurl", ".type"})
                keys.push_back(source + std::string(end));
            for (const SizeKey& row : sizes) keys.push_back(source + std::string(row.end));
        }
        for (SpringSetting& setting : spring_variables(files_.variables, keys)) settings_[setting.key] = setting;
    }
    /// Is a document or a file of the profiles that run? What no file says runs is no more than a name.
    bool runs(const SpringPart& part) const {
        return std::ranges::any_of(profile_names(part.profile), [&](const std::string& each) {
            if (!is_profile_expression(each)) return std::ranges::find(active_, each) != active_.end();
            return said_ && profile_expression_holds(each, active_);
        });
    }

    /// Those that spring.profiles.active names, else production's, else the only one.
    void choose(const std::vector<SpringPart>& parts) {
        std::set<std::string> all;
        Place place{};
        for (const SpringPart& part : parts)
            if (!part.profile.empty()) {
                for (const std::string& name : profile_names(part.profile)) all.insert(name);
                if (!part.settings.empty()) place = part.settings.front().place;
            }
        if (all.empty()) return;
        if (const auto named = settings_.find("spring.profiles.active"); named != settings_.end()) {
            const Replaced value = replaced(named->second.value, files_.variables);
            if (value.unknown.empty() && profiles_of(value.text) != "?") active_ = profile_names(value.text.opened());
            said_ = !active_.empty() && value.defaults.empty();
        }
        std::erase_if(active_, [&](const std::string& name) { return !said_ && !all.contains(name); });
        if (active_.empty()) {
            for (const std::string_view word : {"production", "prod"})
                if (all.contains(std::string(word))) active_ = {std::string(word)};
            if (active_.empty() && all.size() == 1 && *all.begin() != "?" && !is_profile_expression(*all.begin()) &&
                !is_profile_of_tests(*all.begin()))
                active_ = {*all.begin()};
        }
        for (const std::string& name : active_) {
            if (all.contains(name))
                estate_.told(subject_, fmt::format("the profile {} is assumed to run", name), place);
            all.erase(name);
        }
        for (const SpringPart& part : parts)
            if (!part.profile.empty() && runs(part))
                for (const std::string& name : profile_names(part.profile)) all.erase(name);
        if (!all.empty())
            estate_.told(subject_,
                         fmt::format("left out: the profile{} {}", all.size() == 1 ? "" : "s", fmt::join(all, ", ")),
                         place, "import the file of the profile that runs beside it");
    }

    /// Sizes that would be others where the profile runs.
    void tell_left(const SpringPart& part, const Settings& always) {
        const bool is_expression = is_profile_expression(part.profile);
        for (const SpringSetting& setting : part.settings) {
            const bool is_size = std::ranges::any_of(sizes, [&](const SizeKey& row) {
                return setting.key.ends_with(row.end) && setting.key.find("datasource") != std::string::npos;
            });
            const auto number = replaced(setting.value, files_.variables).text.number();
            const auto base = always.find(setting.key);
            if (!is_size || !number || (base != always.end() && base->second.value.number() == number)) continue;
            estate_.told(subject_,
                         fmt::format("where {}{}{}, {} is {}", is_expression ? "" : "the profile ", part.profile,
                                     is_expression ? " holds" : " runs", setting.shown, *number),
                         setting.place);
        }
    }

    /// Each key that ends in a URL of a database is a data source; Spring's own comes first.
    void sources() {
        for (const bool first : {true, false})
            for (const auto& each : settings_) source(each.second, first);
        // A size whose address comes from the environment.
        if (!app_.pools.empty()) return;
        for (const std::string_view prefix : {"spring.datasource", "spring.r2dbc", "quarkus.datasource.jdbc"}) {
            PoolFact pool;
            size(std::string(prefix), pool);
            if (!pool.max) continue;
            pool.name = app_pool_name({}, app_);
            pool.address.from = pool.max->from;
            app_.pools.push_back(std::move(pool));
        }
    }

    /// A data source, if the key is the URL of one; `first`: of those that Spring itself has.
    void source(const SpringSetting& setting, bool first) {
        std::string_view prefix;
        for (const std::string_view end : {".hikari.jdbcurl", ".jdbcurl", ".url"})
            if (prefix.empty() && setting.key.ends_with(end))
                prefix = std::string_view(setting.key).substr(0, setting.key.size() - end.size());
        if (prefix.empty()) return;
        const bool usual =
            prefix == "spring.datasource" || prefix == "spring.r2dbc" || prefix == "quarkus.datasource.jdbc";
        // Hikari's own URL wins over that of the data source that it is made of.
        if (usual != first || done_.contains(prefix)) return;
        const bool named = prefix.find("datasource") != prefix.npos || prefix.find("r2dbc") != prefix.npos;
        const Replaced url = replaced(setting.value, files_.variables);
        if (!usual && !named && !url.text.opened().starts_with("jdbc:") && !url.text.opened().starts_with("r2dbc:"))
            return;
        if (prefix.starts_with("spring.flyway") || prefix.starts_with("spring.liquibase")) return;
        PoolFact pool;
        std::string_view last = prefix;
        for (const std::string_view end : {".datasource", ".jdbc", ".reactive"})
            if (last.ends_with(end) && !usual) last.remove_suffix(end.size());
        last = last.substr(last.rfind('.') + 1);
        pool.name = app_pool_name(last, app_);
        From from{setting.place, setting.shown, Truth::declared};
        for (const auto& each : url.defaults) from.how += fmt::format(", the default of {}", each.first);
        std::string text(url.text.opened());
        if (text.starts_with("r2dbc:")) {
            text.erase(0, 6);
            if (text.starts_with("pool:")) text.erase(0, 5);
            pool.driver = "r2dbc-pool";
        }
        if (!take_url(Sealed(text), from, subject_, pool, estate_)) {
            if (url.unknown.empty()) {
                if (usual || named)
                    estate_.told(subject_, fmt::format("{} is not the address of a database server", setting.shown),
                                 setting.place);
                return;
            }
            pool.address.secret = url.unknown;
            pool.address.from = from;
        } else if (pool.address.hosts.empty()) {
            pool.address.secret = variable_of_host(url);
        } else {
            for (const auto& [name, value] : url.defaults)
                if (pool.address.secret.empty() &&
                    value.opened().find(pool.address.hosts.front()) != std::string_view::npos)
                    pool.address.secret = name;
        }
        size(std::string(prefix), pool);
        done_.emplace(prefix);
        app_.pools.push_back(std::move(pool));
    }

    void size(const std::string& prefix, PoolFact& pool) {
        for (const SizeKey& row : sizes) {
            const auto at = settings_.find(prefix + std::string(row.end));
            if (at == settings_.end()) continue;
            const Replaced value = replaced(at->second.value, files_.variables);
            const auto number = value.text.number();
            pool.driver = row.driver;
            if (!number || *number == 0 || *number > 1'000'000) {
                pool.unsized =
                    value.unknown.empty()
                        ? fmt::format("{} is not a number of connections", at->second.shown)
                        : fmt::format("{} is {}, a variable without a default", at->second.shown, value.unknown);
                pool.unsized_at = at->second.place;
                continue;
            }
            std::string how = fmt::format("{} {}", at->second.shown, *number);
            for (const auto& each : value.defaults) how += fmt::format(", the default of {}", each.first);
            pool.max = Fact<std::int64_t>{*number, {at->second.place, std::move(how), Truth::declared}};
            pool.set_in = at->second.variable ? "env" : "code";
            pool.unsized.clear();
            return;
        }
        if (pool.driver.empty()) pool.driver = driver_of(prefix);
    }

    /// What the pool is whose size no file says; empty where it is one that poolfit has no default of.
    std::string driver_of(const std::string& prefix) const {
        if (prefix.starts_with("quarkus.")) return prefix.ends_with(".jdbc") ? "quarkus" : "";
        if (prefix.find("r2dbc") != prefix.npos) return "r2dbc-pool";
        const auto type = settings_.find(prefix + ".type");
        if (type == settings_.end()) return "hikaricp";
        const std::string name = lower(type->second.value.name());
        for (const auto& [word, driver] :
             {std::pair("hikari", "hikaricp"), std::pair("tomcat", "tomcat-jdbc"), std::pair("dbcp2", "dbcp2")})
            if (name.find(word) != name.npos) return driver;
        return {};
    }

    const AppFiles& files_;
    const std::string& subject_;
    App& app_;
    Estate& estate_;
    Diagnostics& diagnostics_;
    Settings settings_;
    std::vector<std::string> active_;  ///< profiles
    bool said_ = false;                ///< are they all that run, as a file says?
    std::set<std::string, std::less<>> done_;
};

}  // namespace

void read_spring(const AppFiles& files, const std::string& subject, App& app, Estate& estate,
                 Diagnostics& diagnostics) {
    Spring(files, subject, app, estate, diagnostics).run();
}

}  // namespace poolfit::imports
