// The commands, as rows of a table: name, description, arguments, flags and function of each.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/diag/source.hpp>

#include "failure.hpp"
#include "flags.hpp"
#include "options.hpp"
#include "tree.hpp"

namespace poolfit::cli {

/// What a command works with.
struct Context {
    const Options& options;
    Diagnostics diagnostics;
    Sources sources;                  ///< outlive everything that has places
    std::vector<std::string> log;     ///< lines of `--verbose`, for standard error
    int exit_code = exit_code::ok;    ///< once all is written
    std::vector<std::string> done{};  ///< what is said on standard error once all is written
    const Tree* tree = &disk();       ///< that inventories, and what they name, are read from
};

struct Command {
    std::string_view name;       ///< "plan", "catalog list"
    std::string_view arguments;  ///< "[FILE] [DB...]"
    std::string_view summary;    ///< a line of the list of commands
    std::string_view about;      ///< paragraphs, wrapped
    std::string_view examples;   ///< lines
    std::span<const Flag> flags;
    std::size_t most_arguments = 0;
    Answer (*run)(Context&) = nullptr;
};

std::span<const Command> commands();

// One file each.
Answer plan(Context&);
Answer check(Context&);
Answer baseline(Context&);
Answer completion(Context&);
Answer diff(Context&);
Answer emit_files(Context&);
Answer explain(Context&);
Answer import_csv(Context&);
Answer import_kinds(Context&);
Answer init(Context&);
Answer pool(Context&);
Answer catalog_list(Context&);
Answer catalog_show(Context&);
Answer catalog_platforms(Context&);
Answer catalog_check(Context&);
Answer catalog_import(Context&);
Answer schema(Context&);
Answer simulate(Context&);
Answer validate(Context&);
Answer version(Context&);

}  // namespace poolfit::cli
