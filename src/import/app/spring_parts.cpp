#include "spring_parts.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>

#include "../facts/program.hpp"
#include "../tree/node.hpp"
#include "profiles.hpp"

namespace poolfit::imports {
namespace {

std::string relaxed(std::string_view key) {
    std::string out;
    for (const char c : lower(key))
        if (c != '-' && c != '_') out += c;
    return out;
}

constexpr std::size_t most_settings = 10'000;

void flatten(const InFile& file, const Node& node, const std::string& path, std::vector<SpringSetting>& into) {
    if (into.size() > most_settings || path.size() > 500) return;
    if (node.kind == Node::Kind::scalar && !node.withheld)
        into.push_back({relaxed(path), path, node.text, file.place(node.offset)});
    for (const Node::Item& item : node.items) {
        if (!node.is_map()) continue;
        if (is_secret_key(item.key)) continue;
        if (item.value->is_list() && (item.key == "on-profile" || item.key == "active" || item.key == "profiles")) {
            std::string list;
            for (const Node::Item& each : item.value->items)
                list += (list.empty() ? "" : ",") + std::string(each.value->text.opened());
            const std::string full = path.empty() ? item.key : path + '.' + item.key;
            into.push_back({relaxed(full), full, Sealed(std::move(list)), file.place(item.value->offset)});
            continue;
        }
        flatten(file, *item.value, path.empty() ? item.key : path + '.' + item.key, into);
    }
}

/// "prod" of application-prod.yml.
std::string profile_of(const std::string& path) {
    std::string_view base = std::string_view(path).substr(path.rfind('/') + 1);
    base = base.substr(0, base.rfind('.'));
    constexpr std::string_view begin = "application-";
    return base.starts_with(begin) ? std::string(base.substr(begin.size())) : std::string();
}

/// What Maven puts in, @project.version@, is no YAML: as many other bytes.
std::string without_maven(std::string_view text) {
    std::string out(text);
    for (std::size_t at = out.find('@'); at != out.npos; at = out.find('@', at + 1)) {
        const std::size_t end =
            out.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_", at + 1);
        if (end == out.npos || out[end] != '@' || end == at + 1) continue;
        std::fill(out.begin() + static_cast<std::ptrdiff_t>(at), out.begin() + static_cast<std::ptrdiff_t>(end + 1),
                  'x');
    }
    return out;
}

/// Quarkus has the profile at the front of a key: "%prod.quarkus.datasource.jdbc.max-size".
void split_quarkus(std::vector<SpringPart>& parts) {
    std::vector<SpringPart> of_profiles;
    for (SpringPart& part : parts) {
        for (SpringSetting& setting : part.settings) {
            const std::size_t dot = setting.shown.find('.');
            if (!setting.shown.starts_with('%') || dot == std::string::npos) continue;
            const std::string profile = setting.shown.substr(1, dot - 1);
            auto same = std::ranges::find(of_profiles, profile, &SpringPart::profile);
            if (same == of_profiles.end()) same = of_profiles.insert(of_profiles.end(), SpringPart{profile, {}});
            SpringSetting moved = setting;
            moved.key = setting.key.substr(setting.key.find('.') + 1);
            same->settings.push_back(std::move(moved));
        }
        std::erase_if(part.settings, [](const SpringSetting& setting) { return setting.shown.starts_with('%'); });
    }
    std::ranges::move(of_profiles, std::back_inserter(parts));
}

}  // namespace

std::vector<SpringSetting> spring_variables(const Variables& variables, const std::vector<std::string>& keys) {
    std::vector<SpringSetting> all;
    for (const std::string& key : keys)
        for (const Variable& variable : variables.all())
            if (variable.known && squashed_key(variable.name) == squashed_key(key))
                all.push_back({key, variable.name, variable.value, variable.place, true});
    const Variable* const json = variables.find("SPRING_APPLICATION_JSON");
    if (json == nullptr || !json->known) return all;
    for (FileSetting& setting : settings_in_json(json->value, json->place))
        all.push_back({relaxed(setting.key), setting.key, std::move(setting.value), setting.place, true});
    return all;
}

namespace {

/// The first tab in the blanks that a line begins with; npos where there is none.
std::size_t tab_that_indents(std::string_view text) {
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find_first_not_of(" \t", begin), text.size());
        const std::size_t tab = text.substr(0, end).find('\t', begin);
        if (tab != text.npos) return tab;
        const std::size_t line = text.find('\n', begin);
        if (line == text.npos) break;
        begin = line + 1;
    }
    return text.npos;
}

}  // namespace

std::vector<SpringPart> spring_parts(const InFile& file, AppFile what, Diagnostics& diagnostics) {
    std::vector<SpringPart> parts;
    if (what == AppFile::spring_yaml) {
        const std::vector<NodePtr> documents = read_inner_yaml(Sealed(without_maven(file.text())));
        if (documents.empty()) {
            const std::size_t tab = tab_that_indents(file.text());
            if (tab != std::string_view::npos)
                diagnostics.error(file.place(tab), "a tab indents this line, and YAML allows only spaces there",
                                  "replace tabs with spaces");
            else
                diagnostics.error(file.place(0), "this YAML cannot be read", "check it with the application itself");
        }
        for (const NodePtr& document : documents) flatten(file, *document, {}, parts.emplace_back().settings);
    } else {
        parts.emplace_back();
        for (const PropertyLine& line : property_lines(file.text())) {
            if (line.divides) {
                parts.emplace_back();
                continue;
            }
            const std::string_view plain = std::string_view(line.key).substr(line.key.starts_with('%') ? 1 : 0);
            if (!is_secret_key(line.key) && is_plain_key(plain))
                parts.back().settings.push_back({relaxed(line.key), line.key, line.value, file.place(line.offset)});
        }
    }
    const std::string of_file = profile_of(file.name());
    for (SpringPart& part : parts) {
        part.profile = of_file;
        for (const SpringSetting& setting : part.settings)
            if (setting.key == "spring.config.activate.onprofile" || setting.key == "spring.profiles")
                part.profile = profiles_of(setting.value);
    }
    split_quarkus(parts);
    return parts;
}

}  // namespace poolfit::imports
