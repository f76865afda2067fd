#include <poolfit/load/names.hpp>

#include <algorithm>

namespace poolfit::load {
namespace {

bool may_stand(char c, bool first) {
    const bool word = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    return word || (!first && (c == '.' || c == '_' || c == '-'));
}

}  // namespace

std::size_t not_of_a_name(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size() && may_stand(text[at], at == 0)) ++at;
    return at;
}

std::string as_name(std::string_view text) {
    std::string name;
    for (const char c : text) {
        if (may_stand(c, name.empty()))
            name += c;
        else if (!name.empty() && name.back() != '-')
            name += '-';
    }
    name.resize(std::min(name.size(), longest_name));
    while (name.ends_with('-')) name.pop_back();
    return name;
}

}  // namespace poolfit::load
