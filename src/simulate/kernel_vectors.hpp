// Vectors of POOLFIT_WIDTH doubles: arithmetic, draws, and insertion into sorted arrays. Only for kernel_body.hpp.
namespace poolfit::simulate {
namespace {

constexpr int width = POOLFIT_WIDTH;
using Reals = double __attribute__((vector_size(8 * width)));
using Words = std::uint64_t __attribute__((vector_size(8 * width)));

#define POOLFIT_INLINE [[gnu::always_inline]] inline

POOLFIT_INLINE Words to_bits(Reals x) { return (Words)x; }
POOLFIT_INLINE Reals from_bits(Words x) { return (Reals)x; }
POOLFIT_LN(Reals, Words)

POOLFIT_INLINE Reals load(const double* p) {
    Reals x;
    __builtin_memcpy(&x, p, sizeof x);
    return x;
}
POOLFIT_INLINE Words load(const std::uint64_t* p) {
    Words x;
    __builtin_memcpy(&x, p, sizeof x);
    return x;
}
POOLFIT_INLINE void store(double* p, Reals x) { __builtin_memcpy(p, &x, sizeof x); }
POOLFIT_INLINE void store(std::uint64_t* p, Words x) { __builtin_memcpy(p, &x, sizeof x); }
POOLFIT_INLINE Reals smaller(Reals a, Reals b) { return a < b ? a : b; }
POOLFIT_INLINE Reals larger(Reals a, Reals b) { return a > b ? a : b; }

/// Four insertions into one sorted array in a single pass: each takes the smallest out and puts a value in. The pass of
/// the first runs one place ahead of the second's, and so on; what moves up stays in registers. Infinite entries behind
/// the end take the place of special cases there.
struct Insertions {
    double* array;  // of this lane group, `lanes` apart
    Reals carried[4];

    /// The smallest, after k of the four (k = 0…3, in this order).
    POOLFIT_INLINE Reals smallest(int k) {
        Reals x = load(array + k * lanes);
        for (int i = 0; i < k; ++i) {
            const Reals low = smaller(carried[i], x);
            carried[i] = larger(carried[i], x);
            x = low;
        }
        return x;
    }
    POOLFIT_INLINE void finish(int size) {
        Reals a = carried[0], b = carried[1], c = carried[2], d = carried[3];
        for (int j = 4; j < size + spare; ++j) {
            const Reals x = load(array + j * lanes);
            const Reals p = smaller(a, x), q = smaller(b, p), r = smaller(c, q);
            a = larger(a, x);
            b = larger(b, p);
            c = larger(c, q);
            store(array + (j - 4) * lanes, smaller(d, r));
            d = larger(d, r);
        }
    }
};

struct Chunk {
    alignas(64) double gap[chunk][width], hold[chunk][width], cpu[chunk][width], wait[chunk][width];
    alignas(64) std::uint64_t index[chunk][width];
};

POOLFIT_INLINE Words rotated(Words x, int k) { return (x << k) | (x >> (64 - k)); }

POOLFIT_INLINE void draw(const Source& source, std::uint64_t (*state)[lanes], double (*out)[width], Chunk& c) {
    if (source.kind == Sampler::Kind::constant) {
        for (int k = 0; k < chunk; ++k) store(out[k], Reals{} + source.offset);
        return;
    }
    Words s0 = load(state[0]), s1 = load(state[1]), s2 = load(state[2]), s3 = load(state[3]);
    const bool table = source.kind == Sampler::Kind::table;
    const Reals smallest = Reals{} + CellTable::smallest;
    for (int k = 0; k < chunk; ++k) {
        const Words x = rotated(s0 + s3, 23) + s0, t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = rotated(s3, 45);
        const Reals u = from_bits((x >> 12) | 0x3ff0000000000000) - (1.0 - 0x1p-53);
        if (table) {
            const Reals v = larger(u, smallest);
            store(out[k], v);
            store(c.index[k], (to_bits(v) >> CellTable::shift) - CellTable::first);
        } else {
            store(out[k], source.offset - source.scale * ln(u));
        }
    }
    store(state[0], s0);
    store(state[1], s1);
    store(state[2], s2);
    store(state[3], s3);
    if (!table) return;
    for (int k = 0; k < chunk; ++k) {
        for (int lane = 0; lane < width; ++lane) {
            const Cell& cell = source.cells[c.index[k][lane]];
            out[k][lane] = cell.base + cell.slope * out[k][lane];
        }
    }
}

}  // namespace
}  // namespace poolfit::simulate
