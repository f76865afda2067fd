// The published schemas know the keys that are read, no more and no fewer.
#include <set>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <poolfit/render/render.hpp>

#include "../../../src/load/reader.hpp"

namespace poolfit::test {
namespace {

using Json = nlohmann::json;

/// "[service.pool.workload]" is described by "workload", a whole file by the schema itself.
const Json& described(const Json& schema, std::string_view header) {
    if (!header.starts_with('[')) return schema;
    if (header == "[[pooler.database]]") return schema["$defs"]["alias"];
    std::string name(header.substr(0, header.find(']')));
    name.erase(0, name.find_last_of("[.") + 1);
    return schema["$defs"][name];
}

void check_keys(std::string_view name, const std::vector<load::KeyTable>& tables) {
    const Json schema = Json::parse(render::schema(name));
    for (const load::KeyTable& table : tables) {
        CAPTURE(std::string(table.header));
        const Json& record = described(schema, table.header);
        std::set<std::string> published;
        for (const auto& [key, value] : record.at("properties").items()) published.insert(key);
        std::set<std::string> keys(table.keys.begin(), table.keys.end());
        if (!table.header.starts_with('[')) keys.insert("$schema");  // an editor's key: of a whole file, and never read
        CHECK(published == keys);
        CHECK(record.at("additionalProperties") == false);
    }
}

TEST_CASE("the inventory's schema has the inventory's keys") { check_keys("inventory", load::inventory_keys()); }

TEST_CASE("the catalog's schema has the catalog file's keys") { check_keys("catalog", load::overlay_keys()); }

TEST_CASE("every object of the report's schema is closed, and all its keys are required") {
    const Json schema = Json::parse(render::schema("report"));
    const auto check = [](const auto& self, const Json& node) -> void {
        if (node.is_object() && node.contains("properties") && node["properties"].is_object()) {
            CAPTURE(node.dump().substr(0, 200));
            CHECK(node.at("additionalProperties") == false);
            std::set<std::string> keys;
            for (const auto& [key, value] : node["properties"].items()) keys.insert(key);
            CHECK(keys == node.at("required").get<std::set<std::string>>());
        }
        if (!node.is_structured()) return;
        for (const Json& child : node) self(self, child);
    };
    check(check, schema);
}

}  // namespace
}  // namespace poolfit::test
