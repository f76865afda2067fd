#include "names.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <unordered_set>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>
#include <poolfit/load/names.hpp>

namespace poolfit::imports {
namespace {

/// Letters of U+00C0 to U+017F without their marks.
constexpr std::string_view plain_letters =
    "A A A A A A AE C E E E E I I I I D N O O O O O - O U U U U Y Th ss a a a a a a ae c e e e e i i i i "
    "d n o o o o o - o u u u u y th y A a A a A a C c C c C c C c D d D d E e E e E e E e E e G g G g G g "
    "G g H h H h I i I i I i I i I i IJ ij J j K k k L l L l L l L l L l N n N n N n n N n O o O o O o OE "
    "oe R r R r R r S s S s S s S s T t T t T t U u U u U u U u U u U u W w Y y Y Z z Z z Z z s";

/// "Müller" is "Muller": marks of Latin letters are left out, so that a name stays one to read.
std::string without_marks(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const diag::CodePoint letter = diag::decode(text, at);
        if (letter.valid && letter.value >= 0xC0 && letter.value < 0x180) {
            std::string_view rest = plain_letters;
            for (char32_t i = 0xC0; i < letter.value; ++i) rest.remove_prefix(rest.find(' ') + 1);
            out += rest.substr(0, rest.find(' '));
        } else if (!letter.valid || letter.value < 0x300 || letter.value >= 0x370) {  // not a mark of its own
            out += text.substr(at, letter.length);
        }
        at += letter.length;
    }
    return out;
}

}  // namespace

std::vector<std::string> database_names(const std::vector<std::string>& given) {
    const auto is_valid = [](const std::string& name) {
        return name.size() <= load::longest_name && load::not_of_a_name(name) == name.size();
    };
    std::vector<std::string> names(given.size());
    std::unordered_set<std::string> taken;
    for (std::size_t i = 0; i < given.size(); ++i)
        if (is_valid(given[i]) && taken.insert(given[i]).second) names[i] = given[i];

    std::unordered_map<std::string, std::size_t> last;  // the number that a name was last told apart by
    for (std::size_t i = 0; i < given.size(); ++i) {
        if (!names[i].empty()) continue;
        std::string base = load::as_name(without_marks(given[i]));
        if (base.empty()) base = "database";
        std::string name = base;
        for (std::size_t& number = last[base]; !taken.insert(name).second;) {
            number = std::max<std::size_t>(number + 1, 2);
            const std::string ending = fmt::format("-{}", number);
            name = base.substr(0, std::min(base.size(), load::longest_name - ending.size())) + ending;
        }
        names[i] = name;
    }
    return names;
}

}  // namespace poolfit::imports
