#include "stream.hpp"

#include <algorithm>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include <poolfit/load/document.hpp>
#include <poolfit/render/render.hpp>
#include <poolfit/render/stream.hpp>

#include "files.hpp"
#include "inputs.hpp"
#include "lines.hpp"
#include "terminal.hpp"
#include "today.hpp"

namespace poolfit::cli {
namespace {

constexpr std::size_t longest_mib = 16, longest_line = longest_mib << 20;

/// The object that begins there, of text that is JSON.
std::string_view object_at(std::string_view text, std::size_t begin) {
    std::size_t depth = 0;
    bool quoted = false;
    for (std::size_t i = begin; i < text.size(); ++i) {
        if (quoted) {
            if (text[i] == '\\')
                ++i;
            else if (text[i] == '"')
                quoted = false;
        } else if (text[i] == '"') {
            quoted = true;
        } else if (text[i] == '{') {
            ++depth;
        } else if (text[i] == '}' && --depth == 0) {
            return text.substr(begin, i + 1 - begin);
        }
    }
    return text.substr(begin);
}

/// The first member's value where that is a text or a whole number and its key is "id"; else "".
std::string_view leading_id(std::string_view line) {
    constexpr std::string_view blank = " \t\r", digits = "0123456789";
    const auto skip = [&](std::string_view what) {
        line.remove_prefix(std::min(line.find_first_not_of(blank), line.size()));
        const bool there = line.starts_with(what);
        if (there) line.remove_prefix(what.size());
        return there;
    };
    if (!skip("{") || !skip("\"id\"") || !skip(":")) return {};
    skip("");
    if (!line.starts_with('"')) {
        const std::size_t first = line.starts_with('-') ? 1 : 0;
        const std::size_t end = std::min(line.find_first_not_of(digits, first), line.size());
        const std::string_view number = line.substr(0, end);
        line.remove_prefix(end);
        return skip(",") || skip("}") ? number : std::string_view();
    }
    for (std::size_t i = 1; i < line.size(); ++i) {
        if (line[i] == '"') return line.substr(0, i + 1);
        if (line[i] == '\\') ++i;
    }
    return {};
}

render::StreamId id_of(const load::Value& value) {
    if (const auto* text = value.as<std::string>()) return *text;
    if (const auto* whole = value.as<std::int64_t>()) return *whole;
    return {};
}

/// Of a line that may be no JSON behind its id, or no UTF-8, or too long: an error needs the id most.
render::StreamId id_before(std::string_view line) {
    const std::string_view written = leading_id(line);
    if (written.empty()) return {};
    const SourceText source("", fmt::format("{{\"id\": {}}}", written));
    Diagnostics ignored;
    const auto document = load::parse(source, ignored);
    const load::Value* value = document ? load::find(document->root, "id") : nullptr;
    return value != nullptr ? id_of(*value) : render::StreamId();
}

/// A line is an inventory, or {"id": …, "inventory": {…}}: no inventory has either key. `id` is what the line calls
/// itself, and is there before anything else of the line is known.
std::variant<const SourceText*, Failure> given(Context& context, const std::string& name, std::string line,
                                               std::size_t number, render::StreamId& id) {
    id = id_before(line);
    const Position first{static_cast<std::uint32_t>(number), 1};
    const std::size_t begin = line.find_first_not_of(" \t\r");
    // 0xFE and 0xFF are in no text that is UTF-8: the parser says so.
    if (line[begin] != '{' && static_cast<unsigned char>(line[begin]) < 0xFE) {
        const SourceText& source = context.sources.add(name, std::move(line), first);
        context.diagnostics.error({&source, {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + 1)}},
                                  "a line of a stream is one JSON object", "an inventory as JSON, without line breaks");
        return has_errors(context, "inventory", fmt::format("line {}", number));
    }
    const bool may_wrap = line.find("\"inventory\"") != std::string::npos || line.find("\"id\"") != std::string::npos;
    const SourceText& source = context.sources.add(name, std::move(line), first);
    if (!may_wrap) return &source;
    const auto document = load::parse(source, context.diagnostics);
    if (!document) return has_errors(context, "inventory", fmt::format("line {}", number));
    const load::Value* inventory = load::find(document->root, "inventory");
    const load::Value* own = load::find(document->root, "id");
    if (inventory == nullptr && own == nullptr) return &source;
    if (own != nullptr) id = id_of(*own);
    if (own != nullptr && id.index() == 0 && own->as<load::Null>() == nullptr)
        context.diagnostics.error(own->place, "id: not a string or an integer below 2^63", "\"id\": \"orders\"");
    if (inventory == nullptr)
        context.diagnostics.error(own->place, "no inventory beside the id", R"({"id": …, "inventory": {…}})");
    else if (inventory->as<load::Table>() == nullptr)
        context.diagnostics.error(inventory->place, "inventory: not an object", R"({"id": …, "inventory": {…}})");
    for (const load::Member& member : document->root.members)
        if (inventory != nullptr && member.key != "id" && member.key != "inventory")
            context.diagnostics.error(member.key_place, fmt::format("unknown key '{}' beside an inventory", member.key),
                                      "beside \"inventory\" there is \"id\" alone");
    if (context.diagnostics.has_errors()) return has_errors(context, "inventory", fmt::format("line {}", number));
    const std::uint32_t at = inventory->place.span.begin;
    return &context.sources.add(name, std::string(object_at(source.text(), at)), source.position(at));
}

class Stream {
public:
    Stream(Context& context, OneReport make, std::string path) : outer_(context), make_(make), path_(std::move(path)) {}

    /// Each line's answer goes to the sink as soon as it is there.
    void run(int fd, const render::Sink& sink) {
        Lines lines(fd, longest_line);
        std::string line;
        while (true) {
            const Lines::Got got = lines.next(line);
            if (got == Lines::Got::end) return;
            if (got == Lines::Got::failed) {
                const std::string what = cannot_read(path_ == "-" ? "standard input" : path_).message;
                answer(sink, lines.number(), {}, Failure{"io", what, exit_code::fault}, {});
                return;
            }
            if (got == Lines::Got::line && line.find_first_not_of(" \t\r") == std::string::npos) continue;
            if (got == Lines::Got::too_long) {
                const Failure failure{"inventory",
                                      fmt::format("line {} is longer than {} MiB", lines.number(), longest_mib)};
                answer(sink, lines.number(), id_before(line), failure, {});
                continue;
            }
            one(sink, std::move(line), lines.number());
            line = std::string();
        }
    }

private:
    std::string name() const { return path_ == "-" ? "<stdin>" : path_; }

    void one(const render::Sink& sink, std::string line, std::size_t number) {
        render::StreamId id;
        std::optional<Failure> failure;
        Context own{outer_.options, {}, {}, {}, exit_code::ok};
        try {
            auto found = given(own, name(), std::move(line), number, id);
            if (auto* wrong = std::get_if<Failure>(&found)) {
                failure = std::move(*wrong);
            } else {
                Inputs inputs;
                inputs.inventory = {path_, "the command line"};
                auto report = planned(own, inputs, *std::get<const SourceText*>(found));
                if (auto* text = std::get_if<std::string>(&report)) {
                    worst(own.exit_code);
                    sink(render::stream_line(number, id, own.exit_code, *text));
                    warn(own.diagnostics);
                    return;
                }
                failure = std::move(std::get<Failure>(report));
            }
        } catch (const std::bad_alloc&) {
            failure = Failure{"memory", "out of memory", exit_code::fault};
        } catch (const std::exception& error) {
            // A sink that ends throws nothing of the kind.
            failure = Failure{"internal", fmt::format("internal error: {}", error.what()), exit_code::fault};
        }
        answer(sink, number, id, *failure, own.diagnostics);
    }

    std::variant<std::string, Failure> planned(Context& own, Inputs& inputs, const SourceText& source) {
        if (auto failure = load_catalog(own, inputs.catalog, path_)) return std::move(*failure);
        if (auto failure = read_inputs(own, inputs, source)) return std::move(*failure);
        return make_(own, inputs);
    }

    void answer(const render::Sink& sink, std::size_t number, const render::StreamId& id, const Failure& failure,
                const Diagnostics& diagnostics) {
        worst(failure.exit_code);
        sink(render::stream_error(number, id, failure.kind, failure.message, failure.exit_code, diagnostics));
    }

    /// Of a line that has a report; errors are in the answer.
    void warn(const Diagnostics& diagnostics) const {
        if (outer_.options.quiet) return;
        const diag::Style style = style_of(stderr_fd, outer_.options.colour, outer_.options.width);
        for (const Diagnostic& diagnostic : diagnostics.all())
            write_stream(stderr_fd, diag::print(diagnostic, style) + "\n");
    }

    void worst(int code) { outer_.exit_code = std::max(outer_.exit_code, code); }

    Context& outer_;
    OneReport make_;
    std::string path_;
};

struct Opened {
    int fd = -1;
    explicit Opened(int f) : fd(f) {}
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;
    ~Opened() {
        if (fd > 0) close(fd);
    }
};

}  // namespace

Answer stream(Context& context, OneReport make) {
    const Options& options = context.options;
    const auto usage = [&](std::string message, std::string fix) {
        return fail(context.diagnostics, "usage", std::move(message), std::move(fix));
    };
    std::vector<std::string> files = options.configs;
    files.insert(files.end(), options.arguments.begin(), options.arguments.end());
    if (files.size() > 1)
        return usage(fmt::format("--stream: one argument too many: {}", files[1]),
                     "name a file of inventories, or none for standard input; --only chooses databases");
    if (!options.against.empty())
        return usage("--stream: --against compares one inventory", "leave out one of the two");
    for (const Output& output : options.outputs)
        if (output.format != "json" || !output.path.empty())
            return usage("--stream: reports go to standard output, as JSON", "poolfit plan --stream < IN > OUT");
    const std::string path = files.empty() ? "-" : files.front();
    if (path.empty()) return usage("--stream: empty name of a file", "name a file of lines, or none");
    if (path.ends_with(".toml"))
        return usage(fmt::format("--stream: {} is not a JSON Lines file", path), "an inventory as JSON on each line");
    if (path != "-" && is_directory(path))
        return fail(context.diagnostics, "config", fmt::format("{} is a directory", path), "name a file of lines");
    const auto file = std::make_shared<Opened>(path == "-" ? 0 : open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file->fd < 0) {
        FileFault fault = cannot_read(path);
        return fail(context.diagnostics, fault.wrong_use ? "config" : "io", std::move(fault.message), {},
                    fault.wrong_use ? exit_code::wrong_use : exit_code::fault);
    }
    const auto lines = std::make_shared<Stream>(context, make, path);
    std::vector<Document> documents;
    documents.push_back({{}, {}, [file, lines](const render::Sink& sink) { lines->run(file->fd, sink); }});
    return documents;
}

}  // namespace poolfit::cli
