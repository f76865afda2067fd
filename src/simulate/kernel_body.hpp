// The body of a kernel, for vectors of POOLFIT_WIDTH doubles. Included once by each kernel_*.cpp, after the standard
// library and after the instruction set was chosen.
//
// Kiefer and Wolfowitz (1955): with first come, first served, a transaction starts at the later of its arrival and
// the time at which the first connection is free. So the state is one sorted array of times a lane, and no event list
// is needed. In a closed pool all is known when a user asks: when they start, end, and ask again; so the users are a
// second sorted array. A transaction that would wait longer than the timeout leaves both as they were.
#include "kernel_vectors.hpp"

namespace poolfit::simulate {
namespace {

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
                passed = step_open_heap(
                    l.servers + static_cast<std::size_t>(from) * static_cast<std::size_t>(job.servers), job, c);
            }
            if (job.count) count(l, from, job, c, passed);
        }
    }
}

}  // namespace
}  // namespace poolfit::simulate
