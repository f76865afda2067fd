// YAML by libfyaml: its events, not its documents, so that aliases are shared and never copied. A long stream is read
// in parts, at the lines that begin a document.
#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <string>

#include <libfyaml.h>

#include <poolfit/threads/parallel.hpp>

#include "build.hpp"

namespace poolfit::imports {
namespace {

struct Closed {
    void operator()(fy_parser* parser) const { fy_parser_destroy(parser); }
    void operator()(fy_diag* diag) const { fy_diag_destroy(diag); }
};

constexpr int most_threads = 8;

/// What the library has to say may quote the text: none of it is printed, only where it is.
void say_nothing(fy_diag*, void*, const char*, std::size_t) {}

std::string text_of(fy_token* token) {
    std::size_t length = 0;
    const char* const text = token == nullptr ? nullptr : fy_token_get_text(token, &length);
    return text == nullptr ? std::string() : std::string(text, length);
}

struct Trouble {
    std::uint32_t line = 0, column = 0;  ///< from 1; 0: nowhere
    std::optional<std::uint32_t> offset;
    Builder::Stop stop = Builder::Stop::none;
};

/// Where the next line that begins with '%' does; npos: nowhere.
std::size_t directive(std::string_view text, std::size_t from = 0) {
    for (std::size_t at = text.find('%', from); at != text.npos; at = text.find('%', at + 1))
        if (at == 0 || text[at - 1] == '\n' || text[at - 1] == '\r') return at;
    return text.npos;
}

class Yaml {
public:
    /// `base`: where the text begins in its file.
    explicit Yaml(std::string_view text, std::size_t base = 0) : text_(text), base_(static_cast<std::uint32_t>(base)) {
        fy_diag_cfg quiet{};
        fy_diag_cfg_default(&quiet);
        quiet.fp = nullptr;
        quiet.output_fn = say_nothing;
        diag_.reset(fy_diag_create(&quiet));
        if (diag_) fy_diag_set_collect_errors(diag_.get(), true);
        fy_parse_cfg how{};
        how.flags = static_cast<fy_parse_cfg_flags>(FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_JSON_NONE |
                                                    FYPCF_DISABLE_MMAP_OPT | FYPCF_DEFAULT_VERSION_1_2 |
                                                    FYPCF_SLOPPY_FLOW_INDENTATION);
        how.diag = diag_.get();
        parser_.reset(fy_parser_create(&how));
    }

    std::optional<Trouble> read(std::vector<NodePtr>& documents) {
        // libfyaml does not come back from a directive with a byte that is no UTF-8; one with any but ASCII is none.
        for (std::size_t at = directive(text_); at != text_.npos; at = directive(text_, at + 1)) {
            const std::string_view line = text_.substr(at, text_.find_first_of("\r\n", at) - at);
            if (std::ranges::any_of(line, [](char c) { return (c & 0x80) != 0; }))
                return Trouble{0, 0, base_ + static_cast<std::uint32_t>(at), {}};
        }
        if (!parser_ || fy_parser_set_string(parser_.get(), text_.data(), text_.size()) != 0)
            return Trouble{1, 1, {}, {}};
        while (fy_event* const event = fy_parser_parse(parser_.get())) {
            const fy_mark* const mark = fy_event_start_mark(event);
            const auto offset =
                base_ + (mark == nullptr ? std::uint32_t{} : static_cast<std::uint32_t>(mark->input_pos));
            take(*event, offset, documents);
            fy_parser_event_free(parser_.get(), event);
            if (builder_.stopped() != Builder::Stop::none) return Trouble{0, 0, offset, builder_.stopped()};
        }
        if (!fy_parser_get_stream_error(parser_.get())) return std::nullopt;
        Trouble trouble{1, 1, {}, {}};
        void* at = nullptr;
        if (const fy_diag_error* const error = fy_diag_errors_iterate(diag_.get(), &at)) {
            trouble.line = error->line > 0 ? static_cast<std::uint32_t>(error->line) : 1;
            trouble.column = error->column > 0 ? static_cast<std::uint32_t>(error->column) : 1;
        }
        return trouble;
    }

    std::size_t nodes() const { return builder_.nodes(); }

private:
    void take(const fy_event& event, std::uint32_t offset, std::vector<NodePtr>& documents) {
        switch (event.type) {
            case FYET_MAPPING_START:
                return builder_.begin(Node::Kind::map, offset, text_of(event.mapping_start.anchor));
            case FYET_SEQUENCE_START:
                return builder_.begin(Node::Kind::list, offset, text_of(event.sequence_start.anchor));
            case FYET_MAPPING_END:
            case FYET_SEQUENCE_END:
                return builder_.end();
            case FYET_SCALAR: {
                const bool plain =
                    event.scalar.value == nullptr || fy_token_scalar_style(event.scalar.value) == FYSS_PLAIN;
                return builder_.scalar(text_of(event.scalar.value), plain, offset, text_of(event.scalar.anchor));
            }
            case FYET_ALIAS:
                return builder_.alias(text_of(event.alias.anchor), offset);
            case FYET_DOCUMENT_END:
                if (NodePtr document = builder_.take(); document && document->kind != Node::Kind::none)
                    documents.push_back(std::move(document));
                return;
            default:
                return;
        }
    }

    std::string_view text_;
    std::uint32_t base_;
    std::unique_ptr<fy_diag, Closed> diag_;
    std::unique_ptr<fy_parser, Closed> parser_;
    Builder builder_;
};

std::size_t offset_of(std::string_view text, const Trouble& trouble) {
    if (trouble.offset) return *trouble.offset;
    std::size_t at = 0;
    for (std::uint32_t line = 1; line < trouble.line && at != text.npos; ++line) {
        const std::size_t end = text.find('\n', at);
        if (end == text.npos) break;
        at = end + 1;
    }
    for (std::uint32_t column = 1; column < trouble.column && at < text.size() && text[at] != '\n'; ++column) {
        ++at;
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0u) == 0x80u) ++at;
    }
    return at;
}

/// Of a Helm chart: "{{" on the line or the one before.
bool is_template(std::string_view text, std::size_t offset) {
    offset = std::min(offset, text.size());
    std::size_t from = offset;
    for (int lines = 0; from > 0 && lines < 3; --from) lines += text[from - 1] == '\n' ? 1 : 0;
    const std::size_t end = std::min(text.find('\n', offset), text.size());
    return text.substr(from, end - from).find("{{") != text.npos;
}

bool is_indented_by_tab(std::string_view text, std::size_t offset) {
    offset = std::min(offset, text.size());
    const std::size_t begin = offset == 0 ? 0 : text.rfind('\n', offset - 1) + 1;  // npos + 1 is 0
    const std::size_t end = std::min(text.find_first_not_of(" \t", begin), text.size());
    return text.substr(begin, end - begin).find('\t') != text.npos;
}

void report(const InFile& file, const Trouble& trouble, Diagnostics& diagnostics) {
    const std::size_t offset = offset_of(file.text(), trouble);
    const auto error = [&](std::string message, std::string fix) {
        diagnostics.error(file.place(offset), std::move(message), std::move(fix));
    };
    using Stop = Builder::Stop;
    if ((trouble.stop == Stop::none || trouble.stop == Stop::key_of_values) && is_template(file.text(), offset))
        return error("a template, not YAML yet", "render the chart first: helm template CHART > manifests.yaml");
    switch (trouble.stop) {
        case Stop::none:
            if (is_indented_by_tab(file.text(), offset))
                return error("a tab indents this line, and YAML allows only spaces there", "replace tabs with spaces");
            return error("not valid YAML from here on", "check the lines above, or export the file again");
        case Stop::deep:
            return error("values nested too deep", "no such file has more than 60 levels: export it again");
        case Stop::many:
            return error("too many values", "split the file");
        case Stop::key_of_values:
            return error("a list or a map as a key", "write a name before the colon");
        case Stop::unknown_anchor:
            return error("an alias of an anchor that does not exist",
                         "define the anchor (&name) above its alias (*name)");
        case Stop::own_anchor:
            return error("an alias inside its own anchor", "a value cannot contain itself: remove the alias");
    }
}

struct Part {
    std::size_t begin = 0, end = 0;
    std::vector<NodePtr> documents;
    std::optional<Trouble> trouble;
    std::size_t nodes = 0;
};

/// A line of "---" ends whatever is open, a block of text too (YAML 1.2.2, 9.1.2). Directives hold for what follows
/// them, so a text that has any is one part.
std::vector<Part> parts_of(std::string_view text, std::size_t size) {
    std::vector<Part> parts;
    std::size_t begin = 0;
    const bool whole = text.size() <= size || directive(text) != text.npos;
    while (!whole && text.size() - begin > size) {
        constexpr std::string_view blank = " \t\r\n";
        std::size_t mark = text.find("\n---", begin + size);
        while (mark != text.npos && mark + 4 < text.size() && blank.find(text[mark + 4]) == blank.npos)
            mark = text.find("\n---", mark + 1);
        if (mark == text.npos) break;
        parts.push_back({begin, mark + 1, {}, {}, 0});
        begin = mark + 1;
    }
    parts.push_back({begin, text.size(), {}, {}, 0});
    return parts;
}

}  // namespace

std::optional<std::vector<NodePtr>> read_yaml(const InFile& file, Diagnostics& diagnostics, std::size_t part) {
    std::vector<Part> parts = parts_of(file.text(), part);
    const int count = static_cast<int>(parts.size());
    threads::in_parallel(count, threads::usable(most_threads), [&](int i) {
        Part& each = parts[static_cast<std::size_t>(i)];
        Yaml yaml(file.text().substr(each.begin, each.end - each.begin), each.begin);
        each.trouble = yaml.read(each.documents);
        each.nodes = yaml.nodes();
    });
    std::vector<NodePtr> documents;
    std::size_t nodes = 0;
    const Trouble* trouble = nullptr;
    for (Part& each : parts) {
        nodes += each.nodes;
        if (each.trouble && trouble == nullptr) trouble = &*each.trouble;
        std::ranges::move(each.documents, std::back_inserter(documents));
    }
    if (trouble == nullptr && nodes <= most_nodes) return documents;
    if (count > 1) return read_yaml(file, diagnostics, file.text().size());  // says where the whole text goes wrong
    report(file, *trouble, diagnostics);
    return std::nullopt;
}

std::vector<NodePtr> read_inner_yaml(const Sealed& text) {
    std::vector<NodePtr> documents;
    if (Yaml(text.opened()).read(documents)) documents.clear();
    return documents;
}

}  // namespace poolfit::imports
