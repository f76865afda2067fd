
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/load/load.hpp>
#include <poolfit/model/command.hpp>

#include "parsers.hpp"
#include "toml_layout.hpp"

namespace poolfit::load {

Place Value::inside(std::size_t offset, std::size_t length) const {
    const auto* text = as<std::string>();
    if (text == nullptr || !text_begin) return place;
    offset = std::min(offset, text->size());
    length = std::min(length, text->size() - offset);
    const auto begin = static_cast<std::uint32_t>(*text_begin + offset);
    return {place.source, {begin, static_cast<std::uint32_t>(begin + length)}};
}

Syntax syntax_of(const SourceText& source) {
    const std::string_view name = source.name();
    if (name.ends_with(".json")) return Syntax::json;
    if (name.ends_with(".toml")) return Syntax::toml;
    std::string_view text = source.text();
    text.remove_prefix(bom_length(text));
    const auto first = text.find_first_not_of(" \t\r\n");
    return first != text.npos && text[first] == '{' ? Syntax::json : Syntax::toml;
}

namespace {

/// Length of the well-formed UTF-8 sequence at the start of `text`, or 0.
std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto tail = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xC0u) == 0x80u; };
    const unsigned lead = byte(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        if (!tail(1) || !tail(2)) return 0;
        if (lead == 0xE0 && byte(1) < 0xA0) return 0;
        if (lead == 0xED && byte(1) > 0x9F) return 0;  // surrogates
        return 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        if (!tail(1) || !tail(2) || !tail(3)) return 0;
        if (lead == 0xF0 && byte(1) < 0x90) return 0;
        if (lead == 0xF4 && byte(1) > 0x8F) return 0;
        return 4;
    }
    return 0;
}

}  // namespace

bool is_other_document(const Document& document, std::string_view own, std::string_view file,
                       Diagnostics& diagnostics) {
    const Value* const value = find(document.root, "schema");
    const auto* const schema = value == nullptr ? nullptr : value->as<std::string>();
    if (schema == nullptr || !schema->starts_with("poolfit-") || schema->starts_with(own)) return false;
    std::string what = "is a report of poolfit", fix = "name the inventory that it was made from";
    if (schema->starts_with("poolfit-inventory/")) {
        what = "is an inventory, not a catalog file";
        fix = fmt::format("poolfit plan {}", model::file_in_shell(file));
    } else if (schema->starts_with("poolfit-catalog/")) {
        what = "is a catalog file, not an inventory";
        fix = fmt::format("poolfit plan INVENTORY --catalog {}", model::file_in_shell(file));
    }
    diagnostics.error(value->place, fmt::format("{} {}", file, what), std::move(fix));
    return true;
}

bool check_text(const SourceText& source, Diagnostics& diagnostics) {
    const std::string_view text = source.text();
    const auto at = [&](std::size_t offset) {
        const auto begin = static_cast<std::uint32_t>(offset);
        return Place{&source, {begin, begin + 1}};
    };
    if (text.size() > max_file_size) {
        diagnostics.error(Place{&source, {0, 0}},
                          fmt::format("the file is {} MiB long; at most {} MiB are read",
                                      (text.size() >> 20) + (text.size() % (1u << 20) != 0), max_file_size >> 20),
                          "check that this is the right file, or split it");
        return false;
    }
    for (std::size_t i = source.is_ascii() ? std::min(text.find('\0'), text.size()) : 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte == 0) {
            diagnostics.error(at(i), "a NUL byte: this is not a text file, or it is UTF-16",
                              "save the file as UTF-8 text");
            return false;
        }
        if (byte < 0x80) {
            ++i;
            continue;
        }
        const auto length = sequence_length(text.substr(i));
        if (length == 0) {
            diagnostics.error(at(i), fmt::format("byte 0x{:02x} is not valid UTF-8", byte),
                              "save the file as UTF-8 text");
            return false;
        }
        i += length;
    }
    return true;
}

std::optional<Document> parse_values(const SourceText& source, Syntax syntax, Diagnostics& diagnostics) {
    if (!check_text(source, diagnostics)) return std::nullopt;
    return syntax == Syntax::json ? parse_json(source, diagnostics) : parse_toml(source, diagnostics);
}

std::optional<Document> parse(const SourceText& source, Diagnostics& diagnostics) {
    auto document = parse_values(source, syntax_of(source), diagnostics);
    if (document && document->syntax == Syntax::toml) attach_comments(*document);
    return document;
}

}  // namespace poolfit::load
