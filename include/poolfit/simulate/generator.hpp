// Chance that is the same on every machine: xoshiro256++ 1.0 (Blackman and Vigna, "Scrambled linear
// pseudorandom number generators", 2021), seeded by SplitMix64. Every (purpose, pool, replication) has a stream
// of its own, so two systems that are compared see the same arrivals and the same holds (common random numbers).
#pragma once

#include <array>
#include <cstdint>

namespace poolfit::simulate {

/// One step of SplitMix64: a bijection of 64 bits that mixes well.
constexpr std::uint64_t mix(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

/// What a stream of random numbers is for.
enum class Purpose : std::uint64_t { arrival, hold, cpu, external, rest, nested, nested_hold, start, world };

class Generator {
public:
    /// The stream of one purpose of one pool in one replication.
    constexpr Generator(std::uint64_t seed, Purpose purpose, std::uint64_t pool, std::uint64_t replication) {
        std::uint64_t x = mix(seed);
        for (std::uint64_t id : {static_cast<std::uint64_t>(purpose), pool, replication}) x = mix(x ^ mix(id));
        for (std::uint64_t& word : state_) word = x = mix(x);
    }

    constexpr std::uint64_t next() {
        const std::uint64_t result = rotate(state_[0] + state_[3], 23) + state_[0];
        const std::uint64_t t = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= t;
        state_[3] = rotate(state_[3], 45);
        return result;
    }

    /// Uniform on (0, 1): an odd multiple of 2^-53, never an end.
    constexpr double uniform() { return (static_cast<double>(next() >> 12) + 0.5) * 0x1p-52; }

    constexpr const std::array<std::uint64_t, 4>& state() const { return state_; }

private:
    static constexpr std::uint64_t rotate(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
    std::array<std::uint64_t, 4> state_{};
};

}  // namespace poolfit::simulate
