#include <poolfit/model/command.hpp>

namespace poolfit::model {

std::string command(const Fleet& fleet, std::string_view verb, std::string_view rest) {
    std::string text = "poolfit ";
    text += verb;
    for (const std::string_view part : {std::string_view(fleet.arguments), rest}) {
        if (part.empty()) continue;
        text += ' ';
        text += part;
    }
    return text;
}

}  // namespace poolfit::model
