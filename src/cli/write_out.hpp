// A document to standard output, also one that is written while it is made.
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

/// What is written while it is made can not be taken back: what making it may take has to be there before. That finds
/// a limit of addresses (ulimit -v), not memory that the system has promised and does not have.
inline void need_memory() {
    constexpr std::size_t pieces = std::size_t{32} << 20;  // several times what is made between two writes
    void* volatile room = std::malloc(pieces);
    if (room == nullptr) throw std::bad_alloc();
    std::free(room);
}

/// Writes by `write(text)`, which tells how that went (errno of a failure), and says what goes wrong by `say(text)`.
/// Returns the exit code. Throws what making the document throws, if nothing of it is out; once a part of it is, a
/// second document would only spoil it.
template <class Write, class Say>
int write_out(const Document& document, const Write& write, const Say& say) {
    constexpr std::string_view cut = "; the document on standard output is not complete\n";
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
        if (end.why == Written::closed) return exit_code::ok;  // its reader has seen enough
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
