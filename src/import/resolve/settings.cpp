#include "settings.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "../tree/sealed.hpp"

namespace poolfit::imports {
namespace {

load::Value value_of(const std::string& text) {
    load::Value value;
    if (const auto number = Sealed(text).number())
        value.data = *number;
    else if (text == "true" || text == "false")
        value.data = text == "true";
    else
        value.data = text;
    return value;
}

}  // namespace

Settings::Settings(const std::vector<std::string>& given, Known known, Diagnostics& diagnostics)
    : known_(std::move(known)) {
    for (const std::string& text : given) {
        const std::size_t equals = text.find('=');
        const std::string path = text.substr(0, equals);
        const std::size_t first = path.find('.'), last = path.rfind('.');
        const std::string kind = path.substr(0, first);
        if (path == "region" && equals != text.npos && equals + 1 < text.size()) {
            region_ = text.substr(equals + 1);
            region_text_ = text;
            continue;
        }
        if (equals == text.npos || equals + 1 == text.size() || first == path.npos || last <= first + 1 ||
            last + 1 == path.size() || (kind != "database" && kind != "service" && kind != "pooler")) {
            diagnostics.error({}, fmt::format("--set {}: not KIND.NAME.KEY=VALUE", text),
                              "write --set database.orders.class=db.m6g.large, or --set region=eu-west-1");
            continue;
        }
        all_.push_back({path.substr(0, last), path.substr(last + 1), text.substr(equals + 1), text, false});
    }
}

const std::string* Settings::find(std::string_view record, std::string_view key) {
    const std::string* found = nullptr;
    for (Given& given : all_) {
        if (given.record != record || given.key != key) continue;
        given.used = true;
        found = &given.value;
    }
    return found == nullptr ? known_.find(record, key) : found;
}

bool Settings::has(std::string_view record, std::string_view key) const {
    return known_.find(record, key) != nullptr ||
           std::ranges::any_of(all_, [&](const Given& given) { return given.record == record && given.key == key; });
}

bool Settings::gives(std::string_view flag) const {
    constexpr std::string_view set = "--set ";
    if (!flag.starts_with(set)) return false;
    flag.remove_prefix(set.size());
    return std::ranges::any_of(all_, [&](const Given& given) {
        return flag.starts_with(given.record) && flag.substr(given.record.size()).starts_with('.') &&
               flag.substr(given.record.size() + 1).starts_with(given.key) &&
               flag.substr(given.record.size() + 1 + given.key.size()).starts_with('=');
    });
}

bool Settings::mention(std::string_view record) const {
    return knows(record) || std::ranges::find(all_, record, &Given::record) != all_.end();
}

void Settings::apply(std::string_view record, load::Table& table) {
    for (Given& given : all_) {
        if (given.record != record) continue;
        given.used = true;
        load::Value value = value_of(given.value);
        load::comment(value, {}, "--set");
        load::set(table, given.key, std::move(value));
    }
}

const std::string* Settings::text_of(std::string_view record, std::string_view key) const {
    const std::string below = std::string(record) + '.';
    for (const Given& given : all_)
        if (given.key == key && (given.record == record || given.record.starts_with(below))) return &given.text;
    return key == "region" && !region_text_.empty() ? &region_text_ : nullptr;
}

void Settings::report_unused(const std::vector<std::string>& records, Diagnostics& diagnostics) const {
    if (!region_text_.empty() && !region_used_)
        diagnostics.error({}, fmt::format("--set {}: no database of the files lacks its region", region_text_),
                          "--set database.NAME.region=REGION changes the region of one");
    const std::vector<std::string_view> names(records.begin(), records.end());
    for (const Given& given : all_) {
        if (given.used) continue;
        if (std::ranges::find(names, given.record) != names.end()) {
            diagnostics.error({},
                              fmt::format("--set {}: {} is in the files, and is not taken", given.text, given.record),
                              "the notes of the import say why, and what changes that");
            continue;
        }
        const std::string_view near = diag::nearest(given.record, names);
        diagnostics.error({}, fmt::format("--set {}: no {} is in the files", given.text, given.record),
                          near.empty() ? std::string("the notes of the import name what there is")
                                       : fmt::format("did you mean {}?", near));
    }
}

}  // namespace poolfit::imports
