// simulate_bench CASE: one run of the simulator, for simulate.py. Prints the transactions, the CPU and wall seconds,
// the largest resident size in KiB, p99 of the wait with its half width, and the mean to its last bit.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>

#include <poolfit/simulate/pool.hpp>

using namespace poolfit::simulate;

int main(int argc, char** argv) {
    const std::string name = argc > 1 ? argv[1] : "";
    Options options;
    options.precision = 0;
    options.transactions = 4e7;
    PoolModel m;
    m.connections = 10;
    m.gap = exponential(1 / 8.0);
    m.hold = exponential(1);
    if (name == "lognormal") {
        m.hold = lognormal(1, 2);
    } else if (name == "closed" || name == "closed-cpu") {
        m.users = 28;
        m.gap = exponential(2.5);
        m.hold = exponential(1.5);
        if (name == "closed-cpu") {
            m.vcpus = 4;
            m.cpu_mean = 0.02;
        }
    } else if (name == "p99") {
        options.precision = 0.01;
        options.transactions = 1e9;
    } else if (name == "two-threads" || name == "one-thread") {
        options.transactions = 2e8;
        options.threads = name == "two-threads" ? 2 : 1;
    } else if (name == "long") {
        options.transactions = 1e9;
    } else if (name == "1000") {
        m.connections = 1000;
        m.gap = exponential(1 / 900.0);
    } else if (name != "open") {
        std::fprintf(stderr, "simulate_bench open|lognormal|closed|closed-cpu|p99|one-thread|two-threads|long|1000\n");
        return 2;
    }
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t cpu = std::clock();
    const PoolRun run = simulate_pool(m, options);
    const double used = static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
    const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    // Not getrusage: that counts what was resident before the exec too, in a child of Python: Python.
    long kib = 0;
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;)
        if (word == "VmHWM:") status >> kib;
    std::printf("%.0f %.6f %.6f %ld %.6f %.6f %a\n", run.transactions, used, wall, kib, run.wait_p99.value,
                run.wait_p99.half_width, run.wait_mean.value);
    return run.outcome == PoolRun::Outcome::done ? 0 : 1;
}
