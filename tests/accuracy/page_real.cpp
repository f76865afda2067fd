#include <fmt/format.h>

#include "document.hpp"
#include "real.hpp"

namespace accuracy {

namespace {

std::string z_text(const std::optional<double>& z) { return z ? fmt::format("{:.2f}", *z) : "–"; }

struct Score {
    Rms per_second, wait;
    int inside = 0, all = 0;
};

std::string table(const std::vector<RealRun>& runs, Score& score) {
    std::string text = R"--(| run | /s predicted | measured | noise | z | wait ms predicted | measured | noise | z | |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
)--";
    for (const RealRun& r : runs) {
        const Prediction p = predict(r.experiment, {});
        const Verdict v = judge(p, r.measured);
        const bool inside = (v.per_second_inside || r.rate_is_own) && v.wait_inside;
        if (!r.rate_is_own) score.per_second.add(v.per_second_z);
        score.wait.add(v.wait_z);
        score.inside += inside ? 1 : 0;
        ++score.all;
        text += fmt::format("| {} | {:.1f} | {:.1f} | {:.2f} % | {} | {:.2f} | {:.2f} | {:.1f} % | {} | {} |\n", r.name,
                            p.per_second, r.measured.per_second, 100 * p.per_second_sd,
                            r.rate_is_own ? "–" : z_text(v.per_second_z), p.wait_ms, r.measured.wait_ms,
                            100 * p.wait_sd, z_text(v.wait_z), inside ? "inside" : "**outside**");
    }
    return text;
}

std::string cpu_table() {
    std::string text =
        R"--(| connections | runs | /s measured | predicted, own CPU time | | predicted, CPU time at one connection | |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: |
)--";
    for (const CpuBound& c : cpu_bound())
        text += fmt::format("| {} | {} | {:.1f} | {:.1f} | {:+.1f} % | {:.1f} | {:+.1f} % |\n", c.connections, c.runs,
                            c.measured, c.own_cpu, 100 * (c.own_cpu / c.measured - 1), c.one_cpu,
                            100 * (c.one_cpu / c.measured - 1));
    return text;
}

}  // namespace

std::string real_section() {
    Score closed, open;
    const std::string closed_table = table(closed_runs(), closed), open_table = table(open_runs(), open);
    return fmt::format(
        R"--(PostgreSQL 15.18 behind PgBouncer 1.18 (transaction mode), driven by pgbench on one machine of 2 vCPUs. Predicted from
clients, think time as drawn, pool size and the hold's law alone, without any result of the run. *Noise* is how far
one run of that length moves by chance (standard deviation, from {windows} simulated runs of it), and z = (predicted -
measured) / (noise x measured). A run is inside when throughput is within 3 of them + 1 %, and the mean wait within 3 of
them + 3 %, or 1 ms. No z is given where chance is below {least_sd:.1f} % (a saturated pool with constant holds) or the
wait below {least_wait} ms: there the machine's own jitter is larger.

### Users who think

Hold 50 ms, constant (`det`) or geometric (`exp`), plus {besides} ms of overhead per transaction.

{closed_table}
{closed_inside} of {closed_all} runs inside. Rms z: throughput {closed_x:.2f} ({closed_x_runs} runs), mean wait {closed_w:.2f} ({closed_w_runs} runs);
1 is chance alone.

### Poisson arrivals

Hold exponential, mean {open_hold} ms. The calibration run set its own rate.

{open_table}
{open_inside} of {open_all} runs inside. Rms z: throughput {open_x:.2f} ({open_x_runs} runs), mean wait {open_w:.2f} ({open_w_runs} runs).

### CPU alone

64 clients without a think time, transactions that need nothing but CPU, 2 vCPUs, as the closed network of pool and
cores. With the CPU time that a transaction took in that run, the model is a few per cent high: PgBouncer and pgbench
took that share of the two vCPUs. With the CPU time at one connection, known before, it gets the peak and the plateau
right: beyond 2 connections, as many as vCPUs, more do not help. It is far too high there, since a transaction took a
fifth to two thirds more CPU once several ran at a time. poolfit has no model of that cost, so a plan that fills the CPU
is optimistic by as much; no bound is claimed here.

{cpu}
)--",
        fmt::arg("windows", Effort{}.windows), fmt::arg("least_sd", 100 * least_sd),
        fmt::arg("least_wait", least_wait_ms), fmt::arg("besides", closed_besides_ms),
        fmt::arg("closed_table", closed_table), fmt::arg("closed_inside", closed.inside),
        fmt::arg("closed_all", closed.all), fmt::arg("closed_x", closed.per_second.value()),
        fmt::arg("closed_x_runs", closed.per_second.count()), fmt::arg("closed_w", closed.wait.value()),
        fmt::arg("closed_w_runs", closed.wait.count()), fmt::arg("open_hold", open_hold_ms),
        fmt::arg("open_table", open_table), fmt::arg("open_inside", open.inside), fmt::arg("open_all", open.all),
        fmt::arg("open_x", open.per_second.value()), fmt::arg("open_x_runs", open.per_second.count()),
        fmt::arg("open_w", open.wait.value()), fmt::arg("open_w_runs", open.wait.count()),
        fmt::arg("cpu", cpu_table().substr(0, cpu_table().size() - 1)));
}

}  // namespace accuracy
