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

std::string filled(std::string text, std::string_view hole, std::string_view value) {
    for (std::size_t at = text.find(hole); at != text.npos; at = text.find(hole, at + value.size()))
        text.replace(at, hole.size(), value);
    return text;
}

std::string in_shell(std::string_view word) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:@%+=,";
    if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos) return std::string(word);
    std::string quoted = "'";
    for (const char c : word) {
        if (c == '\'') quoted += "'\\'";
        quoted += c;
    }
    return quoted + "'";
}

std::string file_in_shell(std::string_view path) {
    if (path == "-" || path == "<stdin>") return "-";
    return in_shell(path.starts_with('-') ? "./" + std::string(path) : std::string(path));
}

std::string own_catalog(std::string_view inventory) {
    return std::string(inventory.substr(0, inventory.rfind('/') + 1)) + "poolfit.catalog.json";
}

}  // namespace poolfit::model
