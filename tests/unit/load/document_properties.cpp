// What holds of every document: printed and read it is itself, and an edit touches its own lines only.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <poolfit/load/document.hpp>

#include "../../support/sanitized.hpp"
#include "../../support/text.hpp"
#include "random_document.hpp"

namespace {

using namespace poolfit;
using load::Document;
using load::Syntax;

struct Read {
    Sources sources;
    Diagnostics diagnostics;
    std::optional<Document> document;

    Read(std::string text, Syntax syntax) {
        const auto& source = sources.add(syntax == Syntax::json ? "a.json" : "a.toml", std::move(text));
        document = load::parse(source, diagnostics);
        for (const auto& made : diagnostics.all()) MESSAGE(diag::print(made, {}));
    }
};

std::string file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Every inventory of the examples and of the fuzz corpus.
std::vector<std::filesystem::path> inventories() {
    std::vector<std::filesystem::path> out;
    for (const auto* folder : {"data/examples", "tests/fuzz/corpus"})
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
            if (entry.path().extension() == ".toml" || entry.path().extension() == ".json") out.push_back(entry.path());
    std::ranges::sort(out);
    return out;
}

Syntax syntax_of(const std::filesystem::path& path) {
    return path.extension() == ".json" ? Syntax::json : Syntax::toml;
}

/// By what TOML can't say in JSON: dates and numbers that are none are text there.
void as_json(load::Value& value) {
    value.comments.reset();
    if (const auto* date = value.as<load::DateText>()) {
        value.data = std::string(date->text);
    } else if (const auto* real = value.as<double>(); real != nullptr && !std::isfinite(*real)) {
        value.data = std::string(std::isnan(*real) ? "nan" : *real < 0 ? "-inf" : "inf");
    } else if (auto* list = value.as<load::Array>()) {
        for (auto& item : list->items) as_json(item);
    } else if (auto* table = value.as<load::Table>()) {
        for (auto& member : table->members) as_json(member.value);
        std::ranges::sort(table->members, {}, &load::Member::key);
    }
}
load::Value plain(const Document& document) {
    load::Value out;
    out.data = document.root;
    as_json(out);
    return out;
}

}  // namespace

TEST_CASE("load: a document that was built is read back as it is") {
    for (const auto syntax : {Syntax::toml, Syntax::json})
        for (std::uint64_t seed = 0; seed < test::sampled(1500); ++seed) {
            CAPTURE(seed);
            const auto built = test::random_document(seed, syntax);
            const auto text = load::print(built);
            CAPTURE(text);
            const Read read(text, syntax);
            REQUIRE(read.document);
            REQUIRE(*read.document == built);
            REQUIRE(load::print(*read.document) == text);
        }
}

TEST_CASE("load: a document says the same in both syntaxes") {
    for (std::uint64_t seed = 0; seed < test::sampled(500); ++seed) {
        CAPTURE(seed);
        const auto built = test::random_document(seed, Syntax::toml);
        Read toml(load::print(built), Syntax::toml);
        REQUIRE(toml.document);
        toml.document->syntax = Syntax::json;
        Read json(load::print(*toml.document), Syntax::json);
        REQUIRE(json.document);
        REQUIRE(plain(*json.document) == plain(built));
        json.document->syntax = Syntax::toml;
        const Read again(load::print(*json.document), Syntax::toml);
        REQUIRE(again.document);
        REQUIRE(plain(*again.document) == plain(built));
    }
}

TEST_CASE("load: a file that is printed unchanged is its bytes") {
    std::size_t files = 0;
    for (const auto& path : inventories()) {
        CAPTURE(path.string());
        const auto text = file(path);
        Sources sources;
        Diagnostics diagnostics;
        const auto document = load::parse(sources.add(path.string(), text), diagnostics);
        if (!document) continue;
        ++files;
        CHECK(load::print(*document) == text);
        std::string windows;
        for (const char c : text) windows += c == '\n' ? "\r\n" : std::string(1, c);
        const Read other("\xEF\xBB\xBF" + windows, syntax_of(path));
        REQUIRE(other.document);
        CHECK(load::print(*other.document) == "\xEF\xBB\xBF" + windows);
    }
    CHECK(files >= 14);
}

TEST_CASE("load: edits one after the other are printed and read back") {
    std::vector<std::pair<std::string, Syntax>> texts;
    for (const auto& path : inventories()) texts.emplace_back(file(path), syntax_of(path));
    for (std::uint64_t seed = 0; seed < test::sampled(60); ++seed)
        for (const auto syntax : {Syntax::toml, Syntax::json})
            texts.emplace_back(load::print(test::random_document(seed, syntax)), syntax);
    for (const auto& written : texts) {
        // Not structured bindings: CAPTURE's lambda cannot refer to those in C++20 with clang.
        const std::string& text = written.first;
        const Syntax syntax = written.second;
        Sources sources;
        Diagnostics diagnostics;
        const auto read = load::parse(sources.add(syntax == Syntax::json ? "a.json" : "a.toml", text), diagnostics);
        if (!read) continue;
        for (std::uint64_t seed = 0; seed < test::sampled(40); ++seed) {
            CAPTURE(seed);
            CAPTURE(text);
            auto document = *read;
            std::string edits;
            CAPTURE(edits);
            for (std::uint64_t edit = 0; edit < 1 + seed % 3; ++edit) {
                edits += test::random_edit(seed * 3 + edit, document) + "; ";
                const auto printed = load::print(document);
                CAPTURE(printed);
                const Read again(printed, syntax);
                REQUIRE(again.document);
                REQUIRE(*again.document == document);
            }
        }
    }
}

TEST_CASE("load: an edit changes the lines that it is about, and no other") {
    for (const auto& path : inventories()) {
        if (path.extension() != ".toml") continue;
        CAPTURE(path.string());
        const auto text = file(path);
        const auto before = test::lines_of(text);
        Read read(text, Syntax::toml);
        if (!read.document) continue;
        for (std::size_t m = 0; m < read.document->root.members.size(); ++m) {
            const auto key = read.document->root.members[m].key;
            CAPTURE(key);
            auto removed = *read.document;
            REQUIRE(load::remove(removed, removed.root, key));
            const auto without = test::lines_of(load::print(removed));
            CHECK(without.size() < before.size());
            CHECK(test::is_part(without, before));
            auto& value = read.document->root.members[m].value;
            if (const auto* list = value.as<load::Array>(); list != nullptr && list->of_headers) {
                for (std::size_t i = 0; i < list->items.size(); ++i) {
                    auto fewer = *read.document;
                    REQUIRE(load::remove(fewer, fewer.root, key, i));
                    const auto less = test::lines_of(load::print(fewer));
                    CHECK(less.size() < before.size());
                    CHECK(test::is_part(less, before));
                }
                auto more = *read.document;
                load::set(load::append(more.root, key, {}), "name", {.data = std::string("new")});
                const auto grown = test::lines_of(load::print(more));
                CHECK(test::is_part(before, grown));
                CHECK(grown.size() <= before.size() + 3);
            } else if (value.as<std::string>() != nullptr &&
                       text.substr(value.place.span.begin, value.place.span.end - value.place.span.begin).find('\n') ==
                           text.npos) {
                auto changed = *read.document;
                load::set(changed.root, key, {.data = std::string("something else")});
                const auto after = test::lines_of(load::print(changed));
                REQUIRE(after.size() == before.size());
                std::size_t differ = 0;
                for (std::size_t i = 0; i < after.size(); ++i) differ += after[i] != before[i];
                CHECK(differ == 1);
            }
        }
    }
}
