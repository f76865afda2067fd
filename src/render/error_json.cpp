#include <poolfit/diag/secret.hpp>
#include <poolfit/render/render.hpp>

#include "json_writer.hpp"

namespace poolfit::render {
namespace {

void write(JsonWriter& json, const Diagnostic& given) {
    const Diagnostic diagnostic = diag::masked(given);
    json.open_object();
    json.text("severity", diag::name(diagnostic.severity));
    json.text("message", diagnostic.message);
    if (const auto& [source, span] = diagnostic.place; source != nullptr) {
        const Position begin = source->position(span.begin);
        const Position end = source->position(span.end);
        json.text("file", source->name());
        json.whole("line", begin.line);
        json.whole("column", begin.column);
        json.whole("end_line", end.line);
        json.whole("end_column", end.column);
    } else {
        for (const char* key : {"file", "line", "column", "end_line", "end_column"}) json.null(key);
    }
    json.text_or_null("label", diagnostic.label);
    json.text_or_null("fix", diagnostic.fix);
    json.open_array("notes");
    for (const auto& [about, note] : diagnostic.notes) {
        json.open_object(JsonWriter::Layout::line);
        json.text("about", about);
        json.text("text", note);
        json.close();
    }
    json.close();
    json.close();
}

}  // namespace

std::string error_json(std::string_view kind, std::string_view message, int exit_code, const Diagnostics& diagnostics) {
    JsonWriter json;
    json.open_object();
    json.open_object("error");
    json.text("kind", kind);
    json.text("message", message);
    json.whole("exit_code", exit_code);
    json.open_array("diagnostics");
    for (const Diagnostic& diagnostic : diagnostics.all()) write(json, diagnostic);
    json.close();
    json.whole("dropped", static_cast<std::int64_t>(diagnostics.dropped()));
    json.close();
    json.close();
    return json.take();
}

}  // namespace poolfit::render
