// A document to standard output, possibly written while it is generated.
#pragma once

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <exception>
#include <new>
#include <string_view>

#include <fmt/format.h>
#include <sys/mman.h>

#include "failure.hpp"
#include "files.hpp"

namespace poolfit::cli {

/// Output written while it is generated cannot be undone, so addresses for the memory that it may need are set aside
/// before: where an allocation fails, they are given back, once, and the allocation is tried again. They are mapped,
/// not allocated, since each thread's allocator keeps what is freed in it. This is for a limit on addresses (ulimit
/// -v), not for memory that the system has promised but does not have. One at a time.
class Reserve {
public:
    Reserve() {
        void* const mapped =
            mmap(nullptr, several_pieces, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (mapped == MAP_FAILED) throw std::bad_alloc();
        room() = mapped;
        before_ = std::set_new_handler(use);
    }
    ~Reserve() {
        std::set_new_handler(before_);
        give_back();
    }
    Reserve(const Reserve&) = delete;
    Reserve& operator=(const Reserve&) = delete;

private:
    static constexpr std::size_t several_pieces = std::size_t{32} << 20;  // of what is made between two writes

    static std::atomic<void*>& room() {
        static std::atomic<void*> room = nullptr;
        return room;
    }
    static bool give_back() {
        void* const mapped = room().exchange(nullptr);
        return mapped != nullptr && munmap(mapped, several_pieces) == 0;
    }
    static void use() {
        if (!give_back()) throw std::bad_alloc();
    }

    std::new_handler before_;
};

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
            const Reserve reserve;
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
