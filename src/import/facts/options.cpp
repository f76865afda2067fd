// Options of processes that set what a variable or a file of Spring and Quarkus may set too.
#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "../tree/node.hpp"
#include "program.hpp"

namespace poolfit::imports {
namespace {

// The JVM reads the first two by itself, JDK 9 and later; start scripts of images and of Tomcat pass on the others.
constexpr std::array<std::string_view, 7> of_java{"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "JAVA_OPTS",
                                                  "JAVA_OPTIONS",      "JAVA_ARGS",        "CATALINA_OPTS",
                                                  "_JAVA_OPTIONS"};
constexpr std::size_t most = 10'000;

bool is_of_framework(std::string_view key) { return key.starts_with("spring.") || key.starts_with("quarkus."); }

/// "maximumPoolSize" as "maximum-pool-size", which the rows of data/import have.
std::string with_dashes(std::string_view key) {
    std::string out;
    for (const char c : key) {
        const bool capital = c >= 'A' && c <= 'Z';
        if (capital && !out.empty() && out.back() != '.' && out.back() != '-') out += '-';
        out += capital ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

void take(std::string_view word, std::string_view begin, const Place& place, std::vector<FileSetting>& into) {
    if (!word.starts_with(begin)) return;
    word.remove_prefix(begin.size());
    const std::size_t equals = word.find('=');
    if (equals == word.npos) return;
    const std::string_view key = word.substr(0, equals);
    if (!is_of_framework(key) || !is_plain_key(key) || is_secret_key(key)) return;
    FileSetting& setting = into.emplace_back();
    setting.key = with_dashes(key);
    setting.value = Sealed(std::string(word.substr(equals + 1)));
    setting.place = place;
    setting.option = true;
}

void flatten(const Node& node, const std::string& path, const Place& place, std::vector<FileSetting>& into) {
    if (into.size() > most || path.size() > 500) return;
    if (node.kind == Node::Kind::scalar && !node.withheld && is_of_framework(path) && is_plain_key(path))
        into.push_back({with_dashes(path), node.text, place, true});
    if (!node.is_map()) return;
    for (const Node::Item& item : node.items)
        if (!is_secret_key(item.key))
            flatten(*item.value, path.empty() ? item.key : path + '.' + item.key, place, into);
}

}  // namespace

std::string squashed_key(std::string_view name) {
    std::string out = lower(name);
    std::erase_if(out, [](char c) { return c == '.' || c == '-' || c == '_'; });
    return out;
}

std::vector<FileSetting> settings_in_json(const Sealed& text, const Place& place) {
    std::vector<FileSetting> all;
    for (const NodePtr& document : read_inner_json(text)) flatten(*document, {}, place, all);
    return all;
}

std::vector<FileSetting> read_options(const Program& program) {
    std::vector<FileSetting> all;
    const auto has = [](std::string_view text) {
        return text.find("spring.") != text.npos || text.find("quarkus.") != text.npos;
    };
    const bool in_words = std::ranges::any_of(program.words, [&](const Sealed& word) { return has(word.opened()); });
    const std::vector<std::string> words = in_words ? command_words(program.words) : std::vector<std::string>();
    // Of one key given twice in a command the last counts.
    for (auto word = words.rbegin(); word != words.rend(); ++word) take(*word, "--", program.words_place, all);
    if (const Variable* json = program.variables.find("SPRING_APPLICATION_JSON"); json != nullptr && json->known)
        for (FileSetting& setting : settings_in_json(json->value, json->place)) all.push_back(std::move(setting));
    for (auto word = words.rbegin(); word != words.rend(); ++word) take(*word, "-D", program.words_place, all);
    for (const std::string_view name : of_java) {
        const Variable* const variable = program.variables.find(name);
        if (variable == nullptr || !variable->known || !has(variable->value.opened())) continue;
        const std::vector<std::string> options = command_words({variable->value});
        for (auto word = options.rbegin(); word != options.rend(); ++word) take(*word, "-D", variable->place, all);
    }
    std::vector<FileSetting> once;
    for (FileSetting& setting : all)
        if (std::ranges::find(once, setting.key, &FileSetting::key) == once.end()) once.push_back(std::move(setting));
    return once;
}

}  // namespace poolfit::imports
