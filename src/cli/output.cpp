#include "output.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include <poolfit/load/load.hpp>

#include "environment.hpp"
#include "files.hpp"
#include "terminal.hpp"

namespace poolfit::cli {
namespace {

/// What each command of a job of GitHub Actions adds to: the job's summary.
bool is_job_summary(const std::string& path) { return !path.empty() && path == variable("GITHUB_STEP_SUMMARY"); }

/// The text behind what the file has so far.
std::variant<std::string, FileFault> added(const std::string& path, const std::string& text) {
    if (!is_file(path)) return text;
    auto read = read_file(path, load::max_file_size);
    if (auto* so_far = std::get_if<std::string>(&read); so_far != nullptr && !so_far->empty())
        *so_far += (so_far->ends_with('\n') ? "\n" : "\n\n") + text;
    else if (so_far != nullptr)
        *so_far = text;
    return read;
}

}  // namespace

Answer rendered(Context& context, const render::Content& content) {
    std::vector<Document> documents;
    std::size_t sets = 0;
    const Options& options = context.options;
    for (const Output& output : options.outputs) {
        const int fd = output.path.empty() ? stdout_fd : no_fd;
        const render::Format& format = *render::find_format(options.command->name, output.format);
        if (output.path.empty() && format.stream != nullptr) {
            documents.push_back(
                {{}, {}, [&format, content](const render::Sink& sink) { format.stream(content, sink); }});
            continue;
        }
        if (format.files != nullptr) {
            std::error_code ignored;  // writing says what is wrong
            std::filesystem::create_directories(output.path, ignored);
            ++sets;
            for (render::NamedText& file : format.files(content))
                documents.push_back(
                    {(std::filesystem::path(output.path) / file.name).string(), std::move(file.text), {}, false, sets});
            continue;
        }
        std::string text = format.render(content, style_of(fd, options.colour, options.width));
        if (is_job_summary(output.path)) {
            auto whole = added(output.path, text);
            if (const auto* fault = std::get_if<FileFault>(&whole))
                return fail(context.diagnostics, "io", fault->message, {}, exit_code::fault);
            text = std::get<std::string>(std::move(whole));
        }
        documents.push_back({output.path, std::move(text)});
    }
    return documents;
}

}  // namespace poolfit::cli
