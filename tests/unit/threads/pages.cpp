#include <poolfit/threads/pages.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include <doctest/doctest.h>

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

TEST_CASE("memory for thousands of databases comes in large pages, where the kernel has them") {
    if (!std::ifstream("/sys/kernel/mm/transparent_hugepage/enabled")) {
        MESSAGE("not tested: this kernel has no transparent huge pages");
        return;
    }
    threads::expect_much_memory();
    const std::unique_ptr<void, decltype(&std::free)> block(std::malloc(32 << 10), &std::free);
    REQUIRE(block != nullptr);
    const std::string flags = flags_of(block.get());
    INFO(flags);
    CHECK(flags.find(" hg") != std::string::npos);
}
