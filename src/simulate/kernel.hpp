// The inner loops that step eight replications of one pool at once. They are compiled once per instruction set
// (kernel_portable.cpp, kernel_avx2.cpp, kernel_avx512.cpp) and give the same bits in each: a lane never sees another.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sampler.hpp"

namespace poolfit::simulate {

inline constexpr int lanes = 8;
inline constexpr int chunk = 32;            // transactions a lane takes in one step; counts are multiples of it
inline constexpr int spare = 4;             // infinite entries behind a sorted array: see Insertions
inline constexpr int sorted_servers = 384;  // more than this: a heap for each lane, whose work grows with the logarithm

/// Waits in bins of equal ratio, 128 an octave. Below the first one a wait is negligible.
struct Bins {
    static constexpr int per_octave = 128, octaves = 44, count = octaves * per_octave;
    static constexpr double smallest = 0x1p-22;  // in units of the mean hold
    static constexpr double largest = 0x1.fep21;
    static constexpr Bits first = 0x3e90000000000000 >> CellTable::shift;  // the bits of `smallest`
};

/// What a kernel needs of a Sampler.
struct Source {
    explicit Source(const Sampler& s) : kind(s.kind()), scale(s.scale()), offset(s.offset()), cells(s.cells()) {}
    Sampler::Kind kind;
    double scale, offset;
    const Cell* cells;
};

struct Totals {
    double wait[lanes], busy[lanes], cpu_busy[lanes], elapsed[lanes];
    std::uint64_t waited[lanes], late[lanes];
};

/// Eight replications. Times are relative to the end of the last step, so they never lose digits.
struct alignas(64) Lanes {
    std::uint64_t gaps[4][lanes], holds[4][lanes], cpus[4][lanes];  // generators' states, word by word
    Totals totals;
    double* servers;  // [servers + spare][lanes]: when each is free, rising, then infinity; as a heap: [lanes][servers]
    double* users;    // [users + spare][lanes]: when each asks next, rising; closed pools only
    double* cpu;      // [vcpus + spare][lanes]
    std::uint32_t* bins;  // [Bins::count][lanes]
};

struct Job {
    Source gaps, holds, cpus;    // gaps: between arrivals, or think times
    int servers, users, vcpus;   // users 0: open; vcpus 0: no CPU stage
    double timeout;              // infinite: none
    double unit;                 // the mean hold: what a bin's value is counted in
    std::uint64_t transactions;  // of each lane
    bool count;                  // false: warming up
};

struct Kernel {
    void (*run)(Lanes&, const Job&);
    const char* name;
};

extern const Kernel kernel_portable;
#if defined(__x86_64__)
extern const Kernel kernel_avx2;
extern const Kernel kernel_avx512;
#endif

/// The fastest for this processor.
const Kernel& best_kernel();
/// All that this processor can run.
const Kernel* const* runnable_kernels(std::size_t& count);

}  // namespace poolfit::simulate
