// What holds of every row.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <tuple>

#include <poolfit/catalog/catalog.hpp>

using namespace poolfit;

TEST_CASE("platforms: each has its id, and its provider and engine, for itself") {
    std::set<std::string_view> ids, labels;
    std::set<std::tuple<std::string_view, std::string_view, bool>> kinds;
    for (const Platform* row : platform::all()) {
        CAPTURE(row->id);
        CHECK(ids.insert(row->id).second);
        CHECK(labels.insert(row->label).second);
        CHECK(kinds.emplace(row->provider, row->engine, row->elastic != nullptr).second);
        CHECK(platform::by_id(row->id) == row);
        CHECK((row->elastic ? platform::elastic_of(*row) : platform::find(row->provider, row->engine)) == row);
        if (const auto* with_classes = platform::with_classes(*row)) CHECK(with_classes->has_classes);
        CHECK(platform::all()[platform::index_of(*row)] == row);
    }
    CHECK(platform::by_id("") == nullptr);
    CHECK(platform::find(platform::usual_provider, "oracle") == nullptr);
}

TEST_CASE("platforms: a spelling and a product mean one engine, and are none themselves") {
    const auto engines = platform::engines();
    std::map<std::string_view, std::string_view> meant;
    for (const Platform* row : platform::all())
        for (const auto& words : {row->spellings, row->compatible})
            for (const std::string_view word : words) {
                CAPTURE(word);
                CHECK(meant.emplace(word, row->engine).first->second == row->engine);
                CHECK(std::ranges::find(engines, word) == engines.end());
            }
    CHECK(platform::engine_meant("pg") == "postgresql");
    CHECK(platform::engine_meant("maria") == "mariadb");
    CHECK(platform::engine_meant("aurora_postgres") == "aurora-postgresql");
    CHECK(platform::engine_meant("postgresql").empty());
    CHECK(platform::engine_spoken("alloydb-omni") == "postgresql");
    CHECK(platform::engine_spoken("percona-server") == "mysql");
    CHECK(platform::engine_spoken("alloy").empty());
}

TEST_CASE("platforms: a volume is known by its name in the provider's API, too") {
    const auto meant = [](std::string_view engine, std::string_view name) {
        const VolumeKind* const found = platform::volume_meant(*platform::find(platform::usual_provider, engine), name);
        return found == nullptr ? std::string_view() : found->name;
    };
    CHECK(meant("postgresql", "standard") == "magnetic");
    CHECK(meant("postgresql", "gp3") == "gp3");
    CHECK(meant("postgresql", "aurora").empty());
    CHECK(meant("aurora-mysql", "standard") == "standard");
    CHECK(meant("aurora-mysql", "aurora") == "standard");
    CHECK(meant("aurora-mysql", "aurora-iopt1") == "io-optimized");
    CHECK(meant("aurora-mysql", "").empty());
    for (const Platform* row : platform::all()) {
        if (row->volumes == nullptr) continue;
        for (const VolumeKind* kind : row->volumes->kinds)
            if (!kind->in_api.empty()) CHECK(platform::find_volume(*row, kind->in_api) == nullptr);
    }
}

TEST_CASE("platforms: every row is complete") {
    for (const Platform* row : platform::all()) {
        CAPTURE(row->id);
        for (const std::string_view text :
             {row->names.full, row->names.brief, row->names.engine, row->versions.example, row->words.limit_command,
              row->words.settings, row->words.activity, row->words.by_client, row->words.monitoring, row->words.disk,
              row->words.connections, row->words.cpu, row->words.freeable_memory, row->words.swap, row->words.read_iops,
              row->words.write_iops, row->connection_source, row->limit.basis, row->limit.source})
            CHECK(!text.empty());
        CHECK(std::holds_alternative<EngineVersion>(row->versions.parse(row->versions.example)));
        CHECK(!row->versions.mainstream.empty());
        CHECK(!row->deployments.empty());
        CHECK(row->limit.least >= 1);
        CHECK(row->limit.least < row->limit.most);
        CHECK(row->connection_memory.low <= row->connection_memory.high);
        CHECK(row->connection_memory.low.value > 0);
        CHECK(row->has_classes == !row->class_example.empty());
        CHECK(!(row->has_classes && row->elastic));
        // Where there are classes, or capacity beside classes, prices depend on the region and memory on the class.
        const bool priced = row->has_classes || platform::with_classes(*row) != nullptr;
        CHECK(priced == platform::has_regions(*row));
        CHECK(priced == (row->is_region != nullptr));
        if (priced) CHECK(row->is_region(row->region_example));
        CHECK(priced == !row->catalog_region.empty());
        CHECK(row->has_classes == !row->terms.empty());
        CHECK(priced == (row->buffers != nullptr));
        CHECK((row->provider == platform::own_provider) == (row->limit.untouched != 0));
        if (!row->words.following.empty()) CHECK(priced);
        CHECK(!row->words.standby.empty());
        if (row->elastic) {
            CHECK(!row->elastic->source.empty());
            CHECK(row->elastic->capped_source.empty() == (row->elastic->capped_at == 0));
            CHECK(platform::is_elastic_class(row->elastic->class_name));
            CHECK(!row->elastic->name.empty());
            CHECK(row->elastic->min_key != row->elastic->max_key);
        }
        if (row->built_in_pooler) {
            CHECK(!row->built_in_pooler->source.empty());
            CHECK((row->built_in_pooler->pool_size > 0) != (row->built_in_pooler->share.value > 0));
        }
        if (row->connector) {
            CHECK(platform::connector(row->connector->word) == row->connector);
            CHECK(!row->connector->source.empty());
        }
    }
}

TEST_CASE("platforms: the rows and the folders of data are the same") {
    std::set<std::string> folders;
    for (const auto& entry : std::filesystem::directory_iterator("data/platforms"))
        folders.insert(entry.path().filename().string());
    std::set<std::string> ids;
    for (const Platform* row : platform::all()) ids.insert(std::string(row->id));
    CHECK(folders == ids);
}

TEST_CASE("platforms: where there are classes, the catalog has them, with a limit for each") {
    const Catalog catalog;
    for (const Platform* row : platform::all()) {
        CAPTURE(row->id);
        CHECK(catalog.classes(*row).empty() == !row->has_classes);
        if (!row->has_classes) {
            CHECK((row->elastic == nullptr || catalog.limit_by_units(*row, row->elastic->most)));
            CHECK((row->elastic == nullptr || !platform::has_regions(*row) ||
                   catalog.capacity_price(*row, row->region_example)));
            CHECK((row->elastic == nullptr || !catalog.capacity_versions(*row).empty()));
            continue;
        }
        CHECK(catalog.find_class(*row, row->class_example) != nullptr);
        CHECK(!catalog.prices_as_of(*row, row->region_example).empty());
        for (const InstanceClass* cls : catalog.classes(*row)) {
            CAPTURE(cls->name);
            CHECK(cls->name.starts_with(row->class_prefix));
            const auto expected = catalog::max_connections_expected(catalog, *row, *cls);
            const bool known = catalog::knows_limit(catalog, *row, *cls);
            CHECK((expected.low.value > 20) == known);
            CHECK(expected.low <= expected.high);
            CHECK(expected.high.value <= catalog::max_connections_nominal(catalog, *row, *cls));
            const auto memory = catalog::engine_memory(*row, *cls).range;
            const auto buffers = row->buffers(memory, std::nullopt).range;
            CHECK(buffers.low.value > 0);
            CHECK(buffers.low <= buffers.high);
            CHECK(buffers.high < memory.high);
        }
    }
}

TEST_CASE("platforms: the schema of inventories names the providers and engines that there are") {
    std::ifstream file("data/schemas/inventory.schema.json");
    std::stringstream text;
    text << file.rdbuf();
    const auto list = [](const std::vector<std::string_view>& words) {
        std::string out;
        for (const std::string_view word : words) out += (out.empty() ? "\"" : ", \"") + std::string(word) + '"';
        return out;
    };
    CHECK(text.str().find("\"provider\": {\"enum\": [" + list(platform::providers()) + "]") != std::string::npos);
    CHECK(text.str().find("\"engine\": {\"enum\": [" + list(platform::engines()) + "]") != std::string::npos);
}

TEST_CASE("platforms: words of terms and poolers lead back to them") {
    for (const PriceTermRow& row : platform::terms()) CHECK(&platform::term(row.term) == &row);
    CHECK(platform::terms().size() == std::size(all_price_terms));
    for (const PoolerKind& row : platform::pooler_kinds()) CHECK(&platform::pooler_kind(row.kind) == &row);
    CHECK(platform::class_prefix("db.m5.large") == "db.");
    CHECK(platform::class_prefix("m5.large") == "");
}
