// The same of an inventory however it is written: in one file or in several, TOML or JSON, below headers or in braces.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/import/into.hpp>
#include <poolfit/load/load.hpp>

#include "../support/sanitized.hpp"
#include "deployed.hpp"

using namespace poolfit;
using namespace poolfit::test::deployed;
using test::Random;
using test::sampled;

namespace {

/// As TOML writes it on one line.
void into_braces(load::Value& value) {
    if (auto* list = value.as<load::Array>()) {
        list->of_headers = false;
        for (load::Value& item : list->items) into_braces(item);
    }
    if (auto* table = value.as<load::Table>()) {
        table->form = load::Form::in_line;
        for (load::Member& member : table->members) into_braces(member.value);
    }
}

/// A new inventory in some form: the records may be spread over files, each in JSON or TOML, lists and tables in
/// braces or not.
Texts any_texts(Random& random, const load::Document& made) {
    std::vector<load::Document> files(1 + random.next(4));
    for (load::Document& file : files) file.syntax = random.coin() ? load::Syntax::json : load::Syntax::toml;
    for (const load::Member& member : made.root.members) {
        const auto* list = member.value.as<load::Array>();
        if (list == nullptr || !list->of_headers) {
            load::set(files.front().root, member.key, member.value);
            continue;
        }
        for (const load::Value& item : list->items)
            load::append(files[random.next(files.size())].root, member.key, *item.as<load::Table>());
    }
    if (files.size() > 1) {
        load::Value include;
        include.data = load::Array{{load::Value{.data = std::string("teams/*")}}, false};
        load::set(files.front().root, "include", include);
    }
    Texts texts;
    for (load::Document& file : files) {
        for (load::Member& member : file.root.members) {
            auto* list = member.value.as<load::Array>();
            if (list == nullptr || !list->of_headers) continue;
            if (random.coin()) {
                into_braces(member.value);
                continue;
            }
            for (load::Value& item : list->items)
                for (load::Member& part : item.as<load::Table>()->members)
                    if (random.coin()) into_braces(part.value);
        }
        // What stands in braces has no header, so it comes first.
        for (load::Member& member : file.root.members)
            if (auto* list = member.value.as<load::Array>(); list != nullptr && list->of_headers)
                for (load::Value& item : list->items) {
                    auto& members = item.as<load::Table>()->members;
                    std::stable_partition(members.begin(), members.end(), [](const load::Member& each) {
                        const auto* table = each.value.as<load::Table>();
                        const auto* inner = each.value.as<load::Array>();
                        return (table == nullptr || table->form == load::Form::in_line) &&
                               (inner == nullptr || !inner->of_headers);
                    });
                }
        std::stable_partition(file.root.members.begin(), file.root.members.end(), [](const load::Member& each) {
            const auto* list = each.value.as<load::Array>();
            return list == nullptr || !list->of_headers;
        });
        imports::bindings_to_key(file);
        texts.push_back(load::print(file));
    }
    return texts;
}

std::string shown(const Texts& texts) { return fmt::format("{}", fmt::join(texts, "\n---\n")); }

}  // namespace

TEST_CASE("what --into can heal is healed in whatever files and form the inventory is written") {
    const Catalog catalog;
    for (std::uint64_t seed = 1; seed <= sampled(300); ++seed) {
        CAPTURE(seed);
        Random random{seed * 104'729};
        Files estate = any_estate(random);
        Texts texts = any_texts(random, Run(catalog, "", estate).imported->document);
        CAPTURE(shown(texts));
        CHECK(Run(catalog, texts, estate).drifts().empty());
        CHECK(shown(Run(catalog, texts, estate).all_into(false)) == shown(texts));
        for (int round = 0; round < 3; ++round) {
            const Files before = estate;
            for (std::size_t i = 0; i <= random.next(4); ++i) change(random, estate);
            const Run run(catalog, texts, estate);
            const Texts after = run.all_into(false);
            CAPTURE(shown(after));
            CHECK((shown(after) == shown(texts)) == run.drifts().empty());
            const Run healed(catalog, after, estate);
            CHECK(healed.drifts().empty());
            CHECK(shown(healed.all_into(false)) == shown(after));
            Sources sources;
            Diagnostics found;
            CHECK(imports::is_valid(healed.inventory, catalog, sources, found));
            CHECK(shown(after).find("PLANTED") == std::string::npos);
            texts = after;
        }
    }
}
