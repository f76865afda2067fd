// What becomes of a document that can not be written, or not be finished.
#include "../../../src/cli/write_out.hpp"

#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

using namespace poolfit::cli;

namespace {

/// What came of it: the exit code, what is on each stream, and how many pieces were made.
struct Outcome {
    int code = -1;
    std::string out, said;
    int made = 0;
};

template <class Make>
Outcome outcome(const Make& make, int takes = 100, Written then = Written::all) {
    Outcome result;
    Document document;
    document.stream = [&](const auto& sink) { make(sink, result.made); };
    result.code = write_out(
        document,
        [&](std::string_view text) {
            if (takes-- <= 0) {
                errno = ENOSPC;
                return then;
            }
            result.out += text;
            return Written::all;
        },
        [&](std::string_view text) {
            errno = 0;  // which is not asked for again
            result.said += text;
        });
    return result;
}

constexpr auto three = [](const auto& sink, int& made) {
    for (const char* piece : {"one ", "two ", "three\n"}) {
        ++made;
        sink(piece);
    }
};

}  // namespace

TEST_CASE("write out: a whole document") {
    const Outcome whole = outcome(three);
    CHECK(whole.code == exit_code::ok);
    CHECK(whole.out == "one two three\n");
    CHECK(whole.said.empty());
}

TEST_CASE("write out: where no more is taken, no more is made") {
    const Outcome closed = outcome(three, 1, Written::closed);
    CHECK(closed.code == exit_code::ok);
    CHECK(closed.out == "one ");
    CHECK(closed.said.empty());
    CHECK(closed.made == 2);
    const Outcome full = outcome(three, 1, Written::failed);
    CHECK(full.code == exit_code::fault);
    CHECK(full.said == "error: cannot write to standard output: No space left on device\n");
    CHECK(full.made == 2);
}

TEST_CASE("write out: what fails midway is said on the other stream alone, before that it is the caller's") {
    const auto failing = [](const char* begin, auto failure) {
        return [=](const auto& sink, int&) {
            sink(begin);
            throw failure;
        };
    };
    const Outcome memory = outcome(failing("{", std::bad_alloc()));
    CHECK(memory.code == exit_code::fault);
    CHECK(memory.out == "{");
    CHECK(memory.said == "error: out of memory; the document on standard output is incomplete\n");
    const Outcome fault = outcome(failing("{", std::runtime_error("odd")));
    CHECK(fault.code == exit_code::fault);
    CHECK(fault.said == "error: internal error: odd; the document on standard output is incomplete\n");
    CHECK_THROWS_AS(outcome(failing("", std::bad_alloc())), std::bad_alloc);
    CHECK_THROWS_AS(outcome(failing("", std::runtime_error("odd"))), std::runtime_error);
}
