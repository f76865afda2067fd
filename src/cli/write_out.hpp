// A document to standard output, possibly written while it is generated.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <string_view>

#include <fmt/format.h>

#include "failure.hpp"
#include "files.hpp"

namespace poolfit::cli {

/// Output written while it is generated cannot be undone, so the memory that it may need has to be there before. This
/// detects a limit on addresses (ulimit -v), not memory that the system has promised but does not have.
inline void need_memory() {
    constexpr std::size_t pieces = std::size_t{32} << 20;  // several times what is made between two writes
    void* volatile room = std::malloc(pieces);
    if (room == nullptr) throw std::bad_alloc();
    std::free(room);
}

/// Writes with `write(text)`, which returns the result (errno of a failure), and reports errors with `say(text)`.
/// Returns the exit code. Throws what generating the document throws, as long as nothing is written; after that, a
/// second document would only corrupt the first.
template <class Write, class Say>
int write_out(const Document& document, const Write& write, const Say& say) {
    constexpr std::string_view cut = "; the document on standard output is incomplete\n";
    struct Ended {
        Written why;
        int error;
    };
    bool begun = false;
    const auto sink = [&](std::string_view piece) {
        const Written written = write(piece);
        if (written != Written::all) throw Ended{written, errno};
        begun = begun || !piece.empty();
    };
    try {
        if (document.stream) {
            need_memory();
            document.stream(sink);
        } else {
            sink(document.text);
        }
    } catch (const Ended& end) {
        if (end.why == Written::closed) return exit_code::ok;  // its reader is gone
        say(fmt::format("error: cannot write to standard output: {}\n", std::strerror(end.error)));
        return exit_code::fault;
    } catch (const std::bad_alloc&) {
        if (!begun) throw;
        say("error: out of memory");
        say(cut);
        return exit_code::fault;
    } catch (const std::exception& error) {
        if (!begun) throw;
        say(fmt::format("error: internal error: {}{}", error.what(), cut));
        return exit_code::fault;
    }
    return exit_code::ok;
}

}  // namespace poolfit::cli
