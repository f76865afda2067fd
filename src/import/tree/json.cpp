#include <algorithm>
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

namespace {

struct Parsed {
    std::vector<NodePtr> documents;
    std::size_t end = 0;  ///< of what was read
    std::size_t at = 0;   ///< of what is wrong
    std::string wrong, fix;
};

/// `one`: no more than the first value, whatever follows. `base`: what the text's first byte is in its file.
Parsed parse(const std::string& name, std::string_view text, bool one, std::size_t base = 0) {
    // The reader's own excerpts show the text: its message is said at the same place of the masked one.
    Sources unmasked;
    Diagnostics said;
    Input bytes(name, text, unmasked, said);
    JsonReader json(bytes);
    Builder builder;
    Parsed out;
    const auto refuse = [&](std::string message, std::string fix) {
        out.at = base + json.began();
        out.wrong = std::move(message);
        out.fix = std::move(fix);
    };
    for (Token token = json.next(); token != Token::end; token = json.next()) {
        const auto offset = static_cast<std::uint32_t>(base + json.began());
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
                refuse(said.all().front().message, said.all().front().fix);
                return out;
        }
        if (builder.stopped() == Builder::Stop::deep) {
            refuse("values nested too deep", "export the file again");
            return out;
        }
        if (builder.stopped() != Builder::Stop::none) {
            refuse("too many values", "split the file");
            return out;
        }
        if (builder.open()) continue;
        if (NodePtr document = builder.take(); document && document->kind != Node::Kind::none)
            out.documents.push_back(std::move(document));
        out.end = base + bytes.offset();
        if (one) break;
    }
    return out;
}

/// Where a line begins with what looks like JSON, from an offset that is the beginning of a line; npos: nowhere.
std::size_t next_json(std::string_view text, std::size_t from) {
    for (; from < text.size(); ++from) {
        if (looks_like_json(text.substr(from, 200))) return text.find_first_not_of(" \t\r\n", from);
        from = text.find('\n', from);
        if (from == text.npos) break;
    }
    return text.npos;
}

}  // namespace

std::optional<std::vector<NodePtr>> read_json(const InFile& file, Diagnostics& diagnostics) {
    Parsed parsed = parse(file.name(), file.text(), false);
    if (parsed.wrong.empty()) return std::move(parsed.documents);
    diagnostics.error(file.place(parsed.at), std::move(parsed.wrong), std::move(parsed.fix));
    return std::nullopt;
}

std::optional<JsonAmongLines> read_json_among_lines(const InFile& file, Diagnostics& diagnostics) {
    const std::string_view text = file.text();
    JsonAmongLines out;
    const auto pass_over = [&](std::size_t from, std::size_t to) {
        const std::size_t first = text.substr(0, to).find_first_not_of(" \t\r\n", from);
        if (first != text.npos) out.passed_over.push_back(first);
    };
    std::size_t end = 0;
    for (std::size_t at = next_json(text, 0); at != text.npos; at = next_json(text, end)) {
        pass_over(end, at);
        Parsed parsed = parse(file.name(), text.substr(at), true, at);
        if (!parsed.wrong.empty()) {
            diagnostics.error(file.place(parsed.at), std::move(parsed.wrong), std::move(parsed.fix));
            return std::nullopt;
        }
        for (NodePtr& document : parsed.documents) out.documents.push_back(std::move(document));
        end = std::max(parsed.end, at + 1);
    }
    pass_over(end, text.size());
    return out;
}

std::vector<NodePtr> read_inner_json(const Sealed& text) {
    Parsed parsed = parse("inner", text.opened(), false);
    if (!parsed.wrong.empty()) parsed.documents.clear();
    return std::move(parsed.documents);
}

}  // namespace poolfit::imports
