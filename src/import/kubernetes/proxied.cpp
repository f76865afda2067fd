// What a proxy beside a container leads to.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "workload.hpp"

namespace poolfit::imports::kubernetes {
namespace {

/// "project:region:name", also of a project with its domain, "example.com:project:region:name".
bool is_connection_name(std::string_view word) {
    if (word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.:") != word.npos) return false;
    const auto colons = std::ranges::count(word, ':');
    if (colons < 2 || colons > 3 || word.front() == ':' || word.back() == ':') return false;
    const std::size_t last = word.rfind(':'), before = word.rfind(':', last - 1);
    const std::string_view region = word.substr(before + 1, last - before - 1);
    return region.find('-') != region.npos && region.back() >= '0' && region.back() <= '9';
}

}  // namespace

std::string proxied_instance(const std::vector<Sealed>& words) {
    std::vector<std::string> found;
    for (const std::string& word : command_words(words)) {
        std::string_view rest = word;
        // Version 1 has -instances=NAME=tcp:5432,NAME; version 2 has the names as words, with ?port=5432.
        for (const std::string_view flag : {"--instances=", "-instances="})
            if (rest.starts_with(flag)) rest.remove_prefix(flag.size());
        while (!rest.empty()) {
            const std::size_t comma = std::min(rest.find(','), rest.size());
            const std::string_view one = rest.substr(0, comma);
            const std::string_view name = one.substr(0, std::min(one.find_first_of("=?"), one.size()));
            if (!name.empty() && is_connection_name(name)) found.emplace_back(name);
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
    }
    return found.size() == 1 ? found.front() : std::string();
}

}  // namespace poolfit::imports::kubernetes
