// Inputs without which a verdict is unknown.
#include <fmt/format.h>

#include <poolfit/model/command.hpp>
#include <poolfit/platform/platform.hpp>

#include "words.hpp"

namespace poolfit::render {

std::string server_keys(const Database& database, std::string_view between) {
    if (const Elastic* elastic = database.platform->elastic)
        return fmt::format("{}{}{}", elastic->min_key, between, elastic->max_key);
    return database.platform->has_classes ? std::string("class") : fmt::format("vcpus{}memory", between);
}

std::string server_missing_text(const Fleet& fleet, Index index, const MissingInput& input) {
    const std::string keys = server_keys(fleet.databases[input.database], " and ");
    return fmt::format("{} {} not in the inventory",
                       input.database == index ? "its " + keys : fmt::format("the {} of its primary", keys),
                       keys == "class" ? "is" : "are");
}

std::string server_title(const Database& database) {
    const bool alone = !database.max_connections && (database.platform->has_classes || database.platform->elastic);
    return fmt::format("{}: add {} = …{}", *database.name, server_keys(database, " = … and "),
                       alone ? ", or max_connections = …" : "");
}

std::string server_lines(const Database& database) {
    const Platform& platform = *database.platform;
    std::string text = platform.has_classes
                           ? fmt::format("Add class = \"…\", such as {}, to {}", platform.class_example, *database.name)
                           : fmt::format("Add {} = … to {}", server_keys(database, " = … and "), *database.name);
    if (!platform.words.server_command.empty())
        text += fmt::format(": {} shows it{}", platform.words.server_command, platform.words.server_import);
    if (!database.max_connections && (platform.has_classes || platform.elastic != nullptr))
        text +=
            fmt::format(". For its connections alone max_connections = … is enough: {}", platform.words.limit_command);
    return text + ".";
}

std::string missing_text(const Fleet& fleet, PriceTerm term, Index index, const MissingInput& input) {
    const Database& database = fleet.databases[index];
    switch (input.kind) {
        case MissingInput::Kind::observed:
            break;
        case MissingInput::Kind::server:
            return fmt::format("database.{}.{}", *fleet.databases[input.database].name,
                               server_keys(fleet.databases[input.database], " and "));
        case MissingInput::Kind::max_connections:
            return fmt::format("database.{}.max_connections", *fleet.databases[input.database].name);
        case MissingInput::Kind::pool_max: {
            const Pool& pool = fleet.pools[input.pool];
            return fmt::format("service.{}.pool.{}.max", *fleet.services[pool.service].name, *pool.name);
        }
        case MissingInput::Kind::price:
            return fmt::format("a price of {} in {}: {}", input.cls->name, *database.region,
                               price_keys(term, input.cls->name, needs_standby_price(database)));
        case MissingInput::Kind::plan_rate:
            return fmt::format(
                "the savings plan's rate of {}{} in {}: [[commitment.rate]], or {} and poolfit catalog import {} "
                "rates.json",
                input.cls->name, *database.multi_az ? ", Multi-AZ," : "", *database.region,
                model::filled(std::string(database.platform->commitment->rates_command), "{region}", *database.region),
                database.platform->words.prices_kind);
        case MissingInput::Kind::credit_price:
            return fmt::format("price of CPU credits of {} in {}", input.cls->name, *database.region);
        case MissingInput::Kind::connections:
            return fmt::format("database.{}.observed.connections of this server, or remove what does not connect to it",
                               *database.name);
        case MissingInput::Kind::activity:
            return fmt::format("database.{}.observed from one server and the same days", *database.name);
        case MissingInput::Kind::days:
            return fmt::format("database.{}.observed.series of 3 days or more", *database.name);
        case MissingInput::Kind::version_lists:
            return fmt::format("which classes run {} {}: newer than the catalog's lists", engine_name(database),
                               database.version_text);
    }
    const std::string_view key = input.what == Missing::cpu_mean   ? "cpu_mean"
                                 : input.what == Missing::cpu_peak ? "cpu_peak"
                                                                   : "freeable_memory";
    return fmt::format("database.{}.observed.{}", *fleet.databases[input.database].name, key);
}

std::vector<std::string> missing_texts(const Fleet& fleet, const Plan& plan, Index database) {
    std::vector<std::string> texts;
    for (const MissingInput& input : plan.databases[database].recommendation.missing)
        texts.push_back(missing_text(fleet, plan.term, database, input));
    return texts;
}

}  // namespace poolfit::render
