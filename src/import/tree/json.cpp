#include <utility>

#include "../stream/json_reader.hpp"
#include "build.hpp"

namespace poolfit::imports {

bool looks_like_json(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos) return false;
    const std::size_t next = text.find_first_not_of(" \t\r\n", first + 1);
    const char after = next == text.npos ? '\0' : text[next];
    if (text[first] == '{') return after == '"' || after == '}';
    return text[first] == '[' && (after == '{' || after == '[' || after == ']' || after == '"');
}

std::optional<std::vector<NodePtr>> read_json(const InFile& file, Diagnostics& diagnostics) {
    // The reader's own excerpts show the text: its message is said at the same place of the masked one.
    Sources unmasked;
    Diagnostics said;
    Input bytes(file.name(), file.text(), unmasked, said);
    JsonReader json(bytes);
    Builder builder;
    std::vector<NodePtr> documents;
    const auto refuse = [&](std::string message, std::string fix) {
        diagnostics.error(file.place(json.began()), std::move(message), std::move(fix));
        return std::nullopt;
    };
    for (Token token = json.next(); token != Token::end; token = json.next()) {
        const auto offset = static_cast<std::uint32_t>(json.began());
        switch (token) {
            case Token::object:
                builder.begin(Node::Kind::map, offset);
                break;
            case Token::list:
                builder.begin(Node::Kind::list, offset);
                break;
            case Token::object_end:
            case Token::list_end:
                builder.end();
                break;
            case Token::key:
            case Token::text:
                builder.scalar(json.text(), false, offset);
                break;
            case Token::number:
            case Token::word:
                builder.scalar(json.text(), true, offset);
                break;
            case Token::end:
            case Token::bad:
                return refuse(said.all().front().message, said.all().front().fix);
        }
        if (builder.stopped() == Builder::Stop::deep) return refuse("values nested too deep", "export the file again");
        if (builder.stopped() != Builder::Stop::none) return refuse("too many values", "split the file");
        if (builder.open()) continue;
        if (NodePtr document = builder.take(); document && document->kind != Node::Kind::none)
            documents.push_back(std::move(document));
    }
    return documents;
}

}  // namespace poolfit::imports
