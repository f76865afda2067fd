#include "output.hpp"

#include "terminal.hpp"

namespace poolfit::cli {

Answer rendered(const Context& context, const render::Content& content) {
    std::vector<Document> documents;
    const Options& options = context.options;
    for (const Output& output : options.outputs) {
        const int fd = output.path.empty() ? stdout_fd : no_fd;
        const render::Format& format = *render::find_format(options.command->name, output.format);
        if (output.path.empty() && format.stream != nullptr)
            documents.push_back(
                {{}, {}, [&format, content](const render::Sink& sink) { format.stream(content, sink); }});
        else
            documents.push_back({output.path, format.render(content, style_of(fd, options.colour, options.width))});
    }
    return documents;
}

}  // namespace poolfit::cli
