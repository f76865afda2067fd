#include <poolfit/threads/pages.hpp>

#include <barrier>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include <poolfit/threads/parallel.hpp>

using namespace poolfit;

namespace {

/// The flags of the mapping that an address is in, as the kernel lists them: "rd wr mr … hg".
std::string flags_of(const void* block) {
    const auto wanted = reinterpret_cast<std::uintptr_t>(block);
    std::ifstream maps("/proc/self/smaps");
    bool inside = false;
    for (std::string line; std::getline(maps, line);) {
        unsigned long long first = 0, last = 0;
        if (std::sscanf(line.c_str(), "%llx-%llx ", &first, &last) == 2) inside = wanted >= first && wanted < last;
        if (inside && line.starts_with("VmFlags:")) return line.substr(8);
    }
    return {};
}

}  // namespace

TEST_CASE("memory for thousands of databases comes in large pages on all threads, and for a few in small ones") {
    if (!threads::has_large_pages() || !std::ifstream("/sys/kernel/mm/transparent_hugepage/enabled")) {
        MESSAGE("not tested: this build or this kernel has no large pages");
        return;
    }
    const auto in_large_pages = [] {
        const std::unique_ptr<void, decltype(&std::free)> block(std::malloc(32 << 10), &std::free);
        return flags_of(block.get()).find(" hg") != std::string::npos;
    };
    // Threads of their own, so that none has asked before; both pieces wait until each thread has one.
    for (const bool much : {false, true}) {
        threads::expect_much_memory(much);
        std::vector<int> large(2);
        std::barrier both(2);
        std::jthread([&] {
            threads::in_parallel(2, 2, [&](int i) {
                both.arrive_and_wait();
                large[static_cast<std::size_t>(i)] = in_large_pages();
            });
        }).join();
        INFO((much ? "much" : "little"));
        CHECK(large == std::vector<int>(2, much));
    }
    threads::expect_much_memory(false);
}
