// The body of a kernel, for vectors of POOLFIT_WIDTH doubles. Included once by each kernel_*.cpp, after the standard
// library and after the instruction set was chosen.
//
// Kiefer and Wolfowitz (1955): with first come, first served, a transaction starts at the later of its arrival and
// the time at which the first connection is free. So the state is one sorted array of times a lane, and no event list
// is needed. In a closed pool all is known when a user asks: when they start, end, and ask again; so the users are a
// second sorted array. A transaction that would wait longer than the timeout leaves both as they were.
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

// Later by all that has passed: times are relative to the end of the chunk.
POOLFIT_INLINE void rebase(double* array, int size, Reals passed) {
    for (int j = 0; j < size; ++j) store(array + j * lanes, load(array + j * lanes) - passed);
}

POOLFIT_INLINE Reals step_open(double* servers, const Job& job, Chunk& c) {
    Reals now{};
    for (int k = 0; k < chunk; k += 4) {
        Insertions in{servers, {}};
        for (int i = 0; i < 4; ++i) {
            now += load(c.gap[k + i]);
            const Reals first = in.smallest(i), start = larger(now, first), wait = start - now;
            store(c.wait[k + i], wait);
            in.carried[i] = wait > job.timeout ? first : start + load(c.hold[k + i]);
        }
        in.finish(job.servers);
    }
    rebase(servers, job.servers, now);
    return now;
}

// The same with a heap for each lane: the first to be free on top, four below each.
inline void sink(double* heap, int size, double value) {
    int at = 0;
    for (;;) {
        const int below = 4 * at + 1;
        if (below >= size) break;
        int least = below;
        for (int i = below + 1; i < below + 4 && i < size; ++i) least = heap[i] < heap[least] ? i : least;
        if (!(heap[least] < value)) break;
        heap[at] = heap[least];
        at = least;
    }
    heap[at] = value;
}

inline Reals step_open_heap(double* servers, const Job& job, Chunk& c) {
    alignas(64) double passed[width];
    for (int lane = 0; lane < width; ++lane) {
        double* heap = servers + static_cast<std::size_t>(lane) * static_cast<std::size_t>(job.servers);
        double now = 0;
        for (int k = 0; k < chunk; ++k) {
            now += c.gap[k][lane];
            const double start = heap[0] > now ? heap[0] : now, wait = start - now;
            c.wait[k][lane] = wait;
            if (!(wait > job.timeout)) sink(heap, job.servers, start + c.hold[k][lane]);
        }
        for (int j = 0; j < job.servers; ++j) heap[j] -= now;
        passed[lane] = now;
    }
    return load(passed);
}

POOLFIT_INLINE Reals step_closed(Lanes& l, int from, const Job& job, Chunk& c) {
    Reals now{};
    for (int k = 0; k < chunk; k += 4) {
        Insertions servers{l.servers + from, {}}, users{l.users + from, {}}, cpus{l.cpu + from, {}};
        for (int i = 0; i < 4; ++i) {
            now = users.smallest(i);
            const Reals first = servers.smallest(i), start = larger(now, first), wait = start - now;
            store(c.wait[k + i], wait);
            Reals end = start + load(c.hold[k + i]);
            if (job.vcpus > 0) {
                const Reals cpu = cpus.smallest(i), done = larger(start, cpu) + load(c.cpu[k + i]);
                end = done + load(c.hold[k + i]);
                cpus.carried[i] = wait > job.timeout ? cpu : done;
            }
            servers.carried[i] = wait > job.timeout ? first : end;
            users.carried[i] = (wait > job.timeout ? now + job.timeout : end) + load(c.gap[k + i]);
            store(c.hold[k + i], end - start);
        }
        servers.finish(job.servers);
        users.finish(job.users);
        if (job.vcpus > 0) cpus.finish(job.vcpus);
    }
    rebase(l.servers + from, job.servers, now);
    rebase(l.users + from, job.users, now);
    if (job.vcpus > 0) rebase(l.cpu + from, job.vcpus, now);
    return now;
}

POOLFIT_INLINE void count(Lanes& l, int from, const Job& job, Chunk& c, Reals passed) {
    Totals& t = l.totals;
    Reals wait = load(t.wait + from), busy = load(t.busy + from), cpu = load(t.cpu_busy + from);
    Words waited = load(t.waited + from), late = load(t.late + from);
    const Reals scale = Reals{} + 1 / job.unit, low = Reals{} + Bins::smallest, high = Reals{} + Bins::largest;
    for (int k = 0; k < chunk; ++k) {
        Reals w = load(c.wait[k]);
        const auto given_up = w > job.timeout;
        late -= (Words)given_up;
        w = given_up ? Reals{} + job.timeout : w;
        wait += w;
        waited -= (Words)(w > 0.0);
        busy += given_up ? Reals{} : load(c.hold[k]);
        if (job.vcpus > 0) cpu += given_up ? Reals{} : load(c.cpu[k]);
        const Reals x = smaller(larger(w * scale, low), high);
        store(c.index[k], (to_bits(x) >> CellTable::shift) - Bins::first);
    }
    store(t.wait + from, wait);
    store(t.busy + from, busy);
    store(t.cpu_busy + from, cpu);
    store(t.waited + from, waited);
    store(t.late + from, late);
    store(t.elapsed + from, load(t.elapsed + from) + passed);
    for (int k = 0; k < chunk; ++k)
        for (int lane = 0; lane < width; ++lane)
            ++l.bins[c.index[k][lane] * static_cast<std::uint64_t>(lanes) + static_cast<std::uint64_t>(from + lane)];
}

inline void run(Lanes& l, const Job& job) {
    Chunk c{};
    for (int from = 0; from < lanes; from += width) {
        for (std::uint64_t done = 0; done < job.transactions; done += chunk) {
            const auto at = [from](std::uint64_t(*state)[lanes]) {
                return reinterpret_cast<std::uint64_t(*)[lanes]>(&state[0][from]);
            };
            draw(job.gaps, at(l.gaps), c.gap, c);
            draw(job.holds, at(l.holds), c.hold, c);
            if (job.vcpus > 0) draw(job.cpus, at(l.cpus), c.cpu, c);
            Reals passed;
            if (job.users > 0) {
                passed = step_closed(l, from, job, c);
            } else if (job.servers <= sorted_servers) {
                passed = step_open(l.servers + from, job, c);
            } else {
                passed = step_open_heap(l.servers + static_cast<std::size_t>(from) * static_cast<std::size_t>(job.servers),
                                        job, c);
            }
            if (job.count) count(l, from, job, c, passed);
        }
    }
}

}  // namespace
}  // namespace poolfit::simulate
