#include "imported.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../support/fleet.hpp"
#include "../../support/text.hpp"

namespace poolfit::test {
namespace {

/// A value of JSON's kinds, as TOML writes it.
std::string shown(const load::Value& value) {
    if (const auto* text = value.as<std::string>()) return *text;
    if (const auto* number = value.as<std::int64_t>()) return fmt::format("{}", *number);
    if (const auto* number = value.as<double>()) return fmt::format("{:g}", *number);
    if (const auto* flag = value.as<bool>()) return *flag ? "true" : "false";
    if (const auto* table = value.as<load::Table>()) {
        std::string text;
        for (const load::Member& member : table->members)
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", member.key, shown(member.value));
        return text;
    }
    return "?";
}

const load::Table* record(const load::Table& of, std::string_view kind, std::string_view name) {
    const load::Value* list = load::find(of, kind);
    if (list == nullptr || list->as<load::Array>() == nullptr) return nullptr;
    for (const load::Value& item : list->as<load::Array>()->items) {
        const load::Table* table = item.as<load::Table>();
        const load::Value* found = load::find(*table, "name");
        if (found != nullptr && *found->as<std::string>() == name) return table;
    }
    return nullptr;
}

std::string member(const load::Table* table, std::string_view key) {
    if (table == nullptr) return "no record";
    const load::Value* value = load::find(*table, key);
    return value == nullptr ? std::string("-") : shown(*value);
}

}  // namespace

std::string FromFiles::text() const { return result ? load::print(result->document) : std::string(); }
std::string FromFiles::notes() const { return result ? imports::print(result->notes) : std::string(); }

bool FromFiles::says(std::string_view note) const { return contains(notes(), note); }

std::string FromFiles::errors() const {
    std::string text;
    for (const Diagnostic& each : diagnostics.all()) text += diag::print(each, {});
    return text;
}

std::string FromFiles::all() const {
    std::string text = this->text() + notes() + errors();
    if (result) {
        load::Document json = result->document;
        json.syntax = load::Syntax::json;
        text += load::print(json);
    }
    for (const auto& source : sources.all()) text += source->text();
    return text;
}

std::string FromFiles::value(std::string_view kind, std::string_view name, std::string_view key) const {
    return result ? member(record(result->document.root, kind, name), key) : "no inventory";
}

std::string FromFiles::pool(std::string_view service, std::string_view name, std::string_view key) const {
    if (!result) return "no inventory";
    const load::Table* table = record(result->document.root, "service", service);
    return table == nullptr ? "no service" : member(record(*table, "pool", name), key);
}

FromFiles import_texts(const Texts& texts, imports::ImportOptions options) {
    FromFiles out;
    std::vector<imports::FilesOfKind> kinds;
    for (const auto& each : texts) {
        const std::string& text = each.second;
        const std::string_view kind = each.first.substr(0, each.first.find(':'));
        const imports::Importer* importer = imports::find_importer(kind);
        REQUIRE(importer != nullptr);
        auto same = std::ranges::find(kinds, importer, &imports::FilesOfKind::importer);
        if (same == kinds.end()) same = kinds.insert(kinds.end(), {importer, {}});
        same->files.push_back({kind.size() < each.first.size() ? std::string(each.first.substr(kind.size() + 1))
                                                               : fmt::format("{}-{}", kind, same->files.size() + 1),
                               text,
                               {}});
    }
    out.result = imports::import_files(std::move(kinds), options, catalog(), out.sources, out.diagnostics);
    return out;
}

std::string import_file(std::string_view name) {
    std::ifstream in(fmt::format("tests/unit/import/files/{}", name), std::ios::binary);
    REQUIRE(in.good());
    return {std::istreambuf_iterator<char>(in), {}};
}

void expect(const std::string& text, std::string_view part) {
    CAPTURE(text);
    CAPTURE(part);
    CHECK(contains(text, part));
}

void expect_not(const std::string& text, std::string_view part) {
    CAPTURE(text);
    CAPTURE(part);
    CHECK_FALSE(contains(text, part));
}

}  // namespace poolfit::test
