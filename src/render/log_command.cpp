#include "log_command.hpp"

#include <algorithm>

#include <poolfit/diag/text.hpp>

namespace poolfit::render {

std::string escaped(std::string_view text, std::span<const LogEscape> escapes, bool property) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const diag::CodePoint c = diag::decode(text, i);
        i += c.length;
        const auto found = std::ranges::find_if(escapes, [&](const LogEscape& each) {
            return c.value == static_cast<unsigned char>(each.of) && (property || !each.in_property);
        });
        out += found != escapes.end() ? std::string(found->as) : diag::visible(c, true);
    }
    return out;
}

std::string message_and_fix(const Diagnostic& diagnostic) {
    std::string text = diagnostic.message;
    if (!diagnostic.label.empty()) text += '\n' + diagnostic.label;
    if (!diagnostic.fix.empty()) text += "\nfix: " + diagnostic.fix;
    return text;
}

}  // namespace poolfit::render
