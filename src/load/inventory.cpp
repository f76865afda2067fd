// The inventory as a whole: its top-level keys, in the order of work.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/load/load.hpp>
#include <poolfit/threads/parallel.hpp>

#include "drafts.hpp"
#include "editors_key.hpp"
#include "joined.hpp"
#include "parsers.hpp"
#include "settings.hpp"
#include "suppressions.hpp"
#include "values.hpp"

namespace poolfit::load {
namespace {

using C = Context;
using E = Entry;
constexpr std::string_view schema = "poolfit-inventory/1";
constexpr std::string_view header = "the inventory";

void read_schema(C& c, const E& e, Draft&) {
    const auto found = text(c, e);
    if (!found || found->value == schema) return;
    c.out.error(found->place, fmt::format("schema: {} is not one this version reads", quote(found->value)),
                c.assign("schema", e.example));
}

using Row = Field<Draft>;
constexpr std::array fields{
    Row{"schema", R"("poolfit-inventory/1")", true, read_schema},
    Row{"name", R"("agora")", false, [](C& c, const E& e, Draft& d) { d.name = text(c, e); }},
    Row{"provider", R"("aws")", false, [](C& c, const E& e, Draft& d) { d.provider = text(c, e); }},
    Row{"region", R"("eu-central-1")", false,
        [](C& c, const E& e, Draft& d) {
            d.has_region = true;
            d.region = text(c, e);
        }},
    Row{"environment", R"("production")", false,
        [](C& c, const E& e, Draft& d) { d.environment = read_environment(c, e); }},
    Row{"include", R"(["teams/*.toml"])", false, [](C& c, const E& e, Draft&) { (void)texts(c, e); }},
    Row{"policy", "{}", false, [](C& c, const E& e, Draft& d) { read_policy(c, e, d.policy); }},
    Row{"host", "[]", false, read_hosts},
    Row{"database", "[]", false, read_databases},
    Row{"service", "[]", false, read_services},
    Row{"pooler", "[]", false, read_poolers},
    Row{"price", "[]", false, read_prices},
    Row{"commitment", "[]", false, read_commitments},
    Row{"growth", "{}", false, read_growth},
    Row{"ignore", "[]", false, read_ignores},
    // What an import wrote of itself into JSON, where there are no comments: nothing that is judged.
    Row{"bindings", "{}", false, [](C& c, const E& e, Draft&) { (void)read_single(c, e, "[bindings]"); }},
    Row{"env", "{}", false, [](C& c, const E& e, Draft&) { (void)read_single(c, e, "[env.NAME]"); }},
};

constexpr std::string_view minimal_toml = R"(schema = "poolfit-inventory/1"
region = "eu-central-1"
[[database]]
name = "primary"
engine = "postgresql"
class = "db.m5.large")";
constexpr std::string_view minimal_json = R"({"schema": "poolfit-inventory/1", "region": "eu-central-1",
 "database": [{"name": "primary", "engine": "postgresql", "class": "db.m5.large"}]})";

}  // namespace

const std::vector<KeyTable>& inventory_keys() {
    static const std::vector<KeyTable> tables{
        {header, keys_of(fields), read_alone<fields>},
        policy_keys(),
        host_keys(),
        database_keys(),
        observed_keys(),
        storage_keys(),
        service_keys(),
        pool_keys(),
        workload_keys(),
        pooler_keys(),
        alias_keys(),
        price_keys(),
        commitment_keys(),
        rate_keys(),
        growth_keys(),
        ignore_keys(),
    };
    return tables;
}

namespace {

constexpr std::string_view name_characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

/// The name of the first database that has one, in quotes.
std::string some_database(const Table& root) {
    const auto* entry = find(root, "database");
    const auto* list = entry == nullptr ? nullptr : entry->as<Array>();
    if (list == nullptr) return {};
    for (const auto& item : list->items) {
        const auto* table = item.as<Table>();
        const auto* name = table == nullptr ? nullptr : find(*table, "name");
        const auto* text = name == nullptr ? nullptr : name->as<std::string>();
        if (text != nullptr && !text->empty() && text->find_first_not_of(name_characters) == std::string::npos)
            return fmt::format("\"{}\"", *text);
    }
    return {};
}

/// The trees of the further files. False after an error.
bool read_more(Context& context, const Files& files, Document& document, std::vector<Member>& environments) {
    for (const SourceText* source : files.more) {
        auto more = parse_values(*source, syntax_of(*source), context.out);
        if (!more) return false;
        drop_editors_key(context, *more);
        if (const auto at = std::ranges::find(more->root.members, "include", &Member::key);
            at != more->root.members.end())
            context.out.error(at->key_place,
                              fmt::format("include: {} is itself included or one of several", source->name()),
                              fmt::format("include it in {}", files.first->name()));
        std::erase_if(more->root.members, [](const Member& member) { return member.key == "include"; });
        take_environments(*more, environments);
        join(context, document, std::move(*more));
    }
    return true;
}

std::optional<Fleet> read_inventory(const Files& files, Syntax syntax, const std::vector<Setting>& settings,
                                    const Catalog& catalog, Sources& sources, Diagnostics& diagnostics) {
    const SourceText& source = *files.first;
    const auto before = diagnostics.error_count();
    const auto empty = [&] {
        diagnostics.error(Place{&source, {0, 0}}, fmt::format("no databases: {} is empty", source.name()),
                          std::string(syntax == Syntax::json ? minimal_json : minimal_toml));
    };
    const auto bom = bom_length(source.text());
    if (source.text().find_first_not_of(" \t\r\n", bom) == std::string_view::npos &&
        source.text().size() <= max_file_size) {
        empty();
        return std::nullopt;
    }
    auto document = parse_values(source, syntax, diagnostics);
    if (!document) {
        diagnostics.sort();
        return std::nullopt;
    }
    if (is_other_document(*document, "poolfit-inventory/", source.name(), diagnostics)) return std::nullopt;
    Context context(catalog, diagnostics, document->syntax, inventory_keys());
    drop_editors_key(context, *document);
    std::vector<Member> environments;
    take_environments(*document, environments);
    if (!read_more(context, files, *document, environments)) {
        diagnostics.sort();
        return std::nullopt;
    }
    const Coverage coverage = apply(context, files.environment, std::move(environments), *document);
    apply_settings(context, settings, sources, *document);

    if (document->root.members.empty()) {
        empty();
        diagnostics.sort();
        return std::nullopt;
    }
    context.some_database = some_database(document->root);
    Draft draft;
    const auto first_key = document->root.members.front().key_place;
    read_table(context, document->root, first_key, header, fields, draft);
    const auto* databases = find(document->root, "database");
    const auto* list = databases == nullptr ? nullptr : databases->as<Array>();
    // A key that isn't known may be the one that is missing.
    const auto keys = keys_of(fields);
    const bool all_known = std::ranges::all_of(document->root.members, [&](const Member& member) {
        return std::ranges::find(keys, member.key) != keys.end();
    });
    if ((databases == nullptr && all_known) || (list != nullptr && list->items.empty()))
        diagnostics.error(databases == nullptr ? Place{&source, {0, 0}} : databases->place,
                          fmt::format("no databases: {} declares none", source.name()),
                          document->syntax == Syntax::json
                              ? R"("database": [{"name": "primary", "engine": "postgresql", "class": "db.m5.large"}])"
                              : "[[database]]\nname = \"primary\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"");

    for (Ignore& ignore : draft.ignores)
        ignore.idle =
            coverage.is_idle(*ignore.place.source, ignore.place.source->position(ignore.place.span.begin).line);
    if (document->syntax == Syntax::toml) read_suppressions(context, source, coverage, draft.ignores);
    for (const SourceText* more : files.more)
        if (syntax_of(*more) == Syntax::toml) read_suppressions(context, *more, coverage, draft.ignores);
    // The drafts have it all: what follows uses its memory again. To free a large one takes as long as to resolve
    // names.
    Fleet fleet;
    const bool large = draft.databases.size() > threads::databases_at_once;
    threads::in_parallel(2, large ? threads::usable(2) : 1, [&](int piece) {
        if (piece == 0)
            document.reset();
        else
            fleet = resolve(context, std::move(draft));
    });
    fleet.path = source.name();
    for (const SourceText* more : files.more) fleet.more.push_back(more->name());
    fleet.environment = files.environment;
    diagnostics.sort();
    if (diagnostics.error_count() != before) return std::nullopt;
    return fleet;
}

}  // namespace

std::optional<Fleet> inventory(const SourceText& source, const std::vector<Setting>& settings, const Catalog& catalog,
                               Sources& sources, Diagnostics& diagnostics) {
    return read_inventory({&source, {}, {}}, syntax_of(source), settings, catalog, sources, diagnostics);
}

std::optional<Fleet> inventory(const Files& files, const std::vector<Setting>& settings, const Catalog& catalog,
                               Sources& sources, Diagnostics& diagnostics) {
    return read_inventory(files, syntax_of(*files.first), settings, catalog, sources, diagnostics);
}

std::vector<Located<std::string>> includes(const SourceText& source) {
    // Nearly all inventories are one file, which is not to be read twice.
    if (source.text().size() > max_file_size || source.text().find("include") == std::string_view::npos) return {};
    Diagnostics unseen;
    const auto document = parse_values(source, syntax_of(source), unseen);
    const Value* value = document ? find(document->root, "include") : nullptr;
    const auto* list = value == nullptr ? nullptr : value->as<Array>();
    std::vector<Located<std::string>> patterns;
    if (list == nullptr) return patterns;
    for (const Value& item : list->items)
        if (const auto* text = item.as<std::string>(); text != nullptr && !text->empty())
            patterns.push_back({*text, item.place});
    return patterns;
}

std::optional<Fleet> check(const Document& document, const Catalog& catalog, Sources& sources, Diagnostics& diagnostics,
                           const SourceText** written) {
    auto text = print(document);
    const auto* source = document.source;
    if (source == nullptr || source->text() != text)
        source = &sources.add(source == nullptr ? document.name : source->name(), std::move(text));
    if (written != nullptr) *written = source;
    return read_inventory({source, {}, {}}, document.syntax, {}, catalog, sources, diagnostics);
}

}  // namespace poolfit::load
