#include <algorithm>

#include <fmt/format.h>

#include "document.hpp"
#include "resizes.hpp"

namespace accuracy {

namespace {

using poolfit::CpuMove;

constexpr CpuMove moves[] = {CpuMove::same_cpu,   CpuMove::same_family, CpuMove::arm_to_arm, CpuMove::x86_to_x86,
                             CpuMove::x86_to_arm, CpuMove::arm_to_x86,  CpuMove::by_count};

std::string words(CpuMove move) {
    std::string text(poolfit::assess::name(move));
    std::ranges::replace(text, '_', ' ');
    return text;
}

constexpr std::string_view text =
    R"--(CPU of one load on two classes, from public reports and benchmarks, and what poolfit projects of it. A factor is CPU
there ÷ CPU here at the same work. *Kind* is where it comes from: CPU that was reported with the throughput; saturation,
the most work done here ÷ the most done there; two benchmark curves, with CPU as busy clients ÷ vCPUs; or the latency at
part load, which is not CPU and not counted. *Busy* is the CPU of the class moved from, which decides where threads
share cores. "over" could not do the work: the range has to pass 100 %. No row is a database in production
with its CPU before and after; none was found with both in text.

Counting vCPUs is right within a family. CoreMark is better between processors of one architecture. From x86 to arm no one
number is right: m6i to m6g is 0.75 for long queries and 1.40 for short statements at saturation, and at the CPU of
databases worth shrinking, CoreMark alone gives half of what was measured. The law (`include/poolfit/assess/cpu.hpp`) is
CoreMark with the second thread of a core worth less than the first; the range is that times the band of the kind of move,
which was chosen from these rows and from what their sources say about others.
)--";

}  // namespace

std::string resize_section() {
    const std::vector<Resize> all = resizes();
    std::string out = fmt::format(
        "{}\n| from | to | engine | kind | busy | measured | by count | law | range | held | "
        "source |\n| --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | --- | --- |\n",
        text);
    for (const Resize& r : all)
        out += fmt::format("| {} | {} | {} | {} | {:.0f} % | {} | {:.2f} | {:.2f} | {:.2f}–{:.2f} | {} | {}, {} |\n",
                           r.from, r.to, r.engine, r.kind, r.busy * 100,
                           r.measured ? fmt::format("{:.2f}", *r.measured) : "over", r.counted, r.law, r.projected.low,
                           r.projected.high, r.held() ? "yes" : "**no**", r.source, r.date);
    out += "\n| kind of move | band | high / low | rows | held |\n| --- | ---: | ---: | ---: | ---: |\n";
    int rows = 0, held = 0;
    for (const CpuMove move : moves) {
        const auto band = poolfit::assess::cpu_band(move);
        int mine = 0, mine_held = 0;
        for (const Resize& r : all) {
            if (r.move != move || !r.counts()) continue;
            ++mine;
            mine_held += r.held();
        }
        rows += mine;
        held += mine_held;
        out += fmt::format("| {} | {:.2f}–{:.2f} | {:.2f} | {} | {} |\n", words(move), band.low, band.high,
                           band.high / band.low, mine, mine > 0 ? std::to_string(mine_held) : "–");
    }
    out += fmt::format("\nIn total {} of {} are inside, {:.0f} %; the bands are meant for nine in ten.\n", held, rows,
                       100.0 * held / rows);
    return out;
}

}  // namespace accuracy
