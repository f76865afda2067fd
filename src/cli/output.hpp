// One document for each output asked for.
#pragma once

#include <utility>

#include "commands.hpp"
#include "terminal.hpp"

namespace poolfit::cli {

/// `render(output, style)` makes the text of an output's format.
template <class Render>
Answer rendered(const Context& context, Render&& render) {
    std::vector<Document> documents;
    const Options& options = context.options;
    for (const Output& output : options.outputs) {
        const int fd = output.path.empty() ? stdout_fd : no_fd;
        documents.push_back({output.path, render(output, style_of(fd, options.colour, options.width))});
    }
    return documents;
}

}  // namespace poolfit::cli
