#include "../../../src/render/parts.hpp"

#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace poolfit;

namespace {

std::string numbers(std::size_t first, std::size_t last) {
    std::string text;
    for (std::size_t i = first; i < last; ++i) text += fmt::format("{},", i);
    return text;
}

}  // namespace

TEST_CASE("parts are taken in order, each once, on any number of threads") {
    for (const std::size_t count : {0U, 1U, 7U, 32U, 33U, 1000U})
        for (const int threads : {1, 2, 8}) {
            std::string all;
            render::in_parts(count, threads, numbers, [&](const std::string& part) { all += part; });
            INFO(count << " on " << threads);
            CHECK(all == numbers(0, count));
        }
    std::string one_by_one;
    render::in_parts(
        20, 4, numbers, [&](const std::string& part) { one_by_one += part; }, 1);
    CHECK(one_by_one == numbers(0, 20));
}

TEST_CASE("no part is taken after one that cannot be, on any number of threads") {
    for (const int threads : {1, 8}) {
        std::vector<std::string> taken;
        const auto take = [&](const std::string& part) {
            taken.push_back(part);
            if (taken.size() == 3) throw std::runtime_error("closed");
        };
        CHECK_THROWS_WITH(render::in_parts(1000, threads, numbers, take), "closed");
        CHECK(taken.size() == 3);
    }
}
