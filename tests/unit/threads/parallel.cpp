#include <poolfit/threads/parallel.hpp>

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

using namespace poolfit;

TEST_CASE("each piece is done once, on any number of threads") {
    for (const int pieces : {0, 1, 2, 7, 100})
        for (const int count : {1, 2, 8, 200}) {
            std::vector<int> done(static_cast<std::size_t>(pieces));
            threads::in_parallel(pieces, count, [&](int i) { ++done[static_cast<std::size_t>(i)]; });
            INFO(pieces << " on " << count);
            CHECK(done == std::vector<int>(static_cast<std::size_t>(pieces), 1));
        }
}

TEST_CASE("pieces have pieces of their own, and several threads ask at once") {
    std::atomic<int> done{0};
    const auto nested = [&] {
        threads::in_parallel(8, 4, [&](int) { threads::in_parallel(8, 8, [&](int) { ++done; }); });
    };
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < 4; ++i) callers.emplace_back(nested);
    }
    CHECK(done == 4 * 8 * 8);
}

TEST_CASE("what a piece throws is thrown once all threads have ended, and the threads go on with other work") {
    for (int round = 0; round < 20; ++round) {
        std::atomic<int> at_work{0};
        const auto fail = [&](int i) {
            ++at_work;
            if (i == 3) {
                --at_work;
                throw std::runtime_error("3");
            }
            --at_work;
        };
        CHECK_THROWS_WITH_AS(threads::in_parallel(50, 4, fail), "3", std::runtime_error);
        CHECK(at_work == 0);
        std::atomic<int> done{0};
        threads::in_parallel(50, 4, [&](int) { ++done; });
        CHECK(done == 50);
    }
}

TEST_CASE("the calling thread hears how many are done, and other threads do not") {
    std::vector<int> heard;
    std::atomic<int> others{0};
    const auto caller = std::this_thread::get_id();
    threads::in_parallel(
        20, 4, [](int) {},
        [&](int done) { std::this_thread::get_id() == caller ? heard.push_back(done) : static_cast<void>(++others); });
    CHECK(others == 0);
    CHECK(std::ranges::is_sorted(heard));
    for (const int done : heard) CHECK((done >= 1 && done <= 20));
}
