#include <poolfit/render/render.hpp>
#include <poolfit/render/stream.hpp>

#include "json_writer.hpp"

namespace poolfit::render {
namespace {

/// Line breaks stand between values alone, and blanks behind them: those of texts are escaped.
void append_on_one_line(std::string& out, std::string_view json) {
    while (!json.empty()) {
        const std::size_t end = json.find('\n');
        out += json.substr(0, end);
        if (end == json.npos) return;
        const std::size_t next = json.find_first_not_of(' ', end + 1);
        json.remove_prefix(next == json.npos ? json.size() : next);
    }
}

/// {"schema": …, "line": 3, "id": null, "exit_code": 0, without its end.
std::string head(std::size_t number, const StreamId& id, int exit_code) {
    JsonWriter json;
    json.open_object(JsonWriter::Layout::line);
    json.text("schema", "poolfit-stream/1");
    json.whole("line", static_cast<std::int64_t>(number));
    if (const auto* text = std::get_if<std::string>(&id))
        json.text("id", *text);
    else if (const auto* whole = std::get_if<std::int64_t>(&id))
        json.whole("id", *whole);
    else
        json.null("id");
    json.whole("exit_code", exit_code);
    json.close();
    std::string text = json.take();
    text.resize(text.rfind('}'));
    return text + ", ";
}

}  // namespace

std::string stream_line(std::size_t number, const StreamId& id, int exit_code, std::string_view report) {
    std::string line = head(number, id, exit_code) + R"("error": null, "report": )";
    append_on_one_line(line, report);
    return line + "}\n";
}

std::string stream_error(std::size_t number, const StreamId& id, std::string_view kind, std::string_view message,
                         int exit_code, const Diagnostics& diagnostics) {
    std::string line = head(number, id, exit_code);
    std::string error;
    append_on_one_line(error, error_json(kind, message, exit_code, diagnostics));
    line += std::string_view(error).substr(1, error.rfind('}') - 1);  // its only member
    return line + R"(, "report": null})" + "\n";
}

}  // namespace poolfit::render
