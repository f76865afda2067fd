#include <cstdlib>

#include <fmt/format.h>

#include "document.hpp"
#include "predict.hpp"
#include "table.hpp"

namespace accuracy {

std::string live_section() {
    const std::vector<known::Row> rows = known::read_csv("docs/live-accuracy.csv");
    std::string table =
        R"--(| run | window | hold ms predicted | seen | /s predicted | measured | z | wait ms predicted | measured | z | |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
)--";
    Rms per_second, wait;
    int inside = 0, repeated = 0;
    const auto z = [](const known::Row& r, const char* column, Rms& rms) {
        if (r.text(column).empty()) return std::string("–");
        rms.add(r[column]);
        return fmt::format("{:.2f}", r[column]);
    };
    for (const known::Row& r : rows) {
        const bool good = r.text("per_second_inside") == "yes" && r.text("wait_inside") == "yes";
        inside += good ? 1 : 0;
        repeated += r.whole("attempt") > 1 ? 1 : 0;
        const std::string first = z(r, "per_second_z", per_second), second = z(r, "wait_z", wait);
        table += fmt::format("| {} | {:.0f} s | {:.2f} | {:.2f} | {:.1f} | {:.1f} | {} | {:.2f} | {:.2f} | {} | {} |\n",
                             r.text("run"), r["window_ms"] / 1000, r["hold_ms"] + r["besides_ms"],
                             r["measured_hold_ms"], r["predicted_per_second"], r["measured_per_second"], first,
                             r["predicted_wait_ms"], r["measured_wait_ms"], second, good ? "inside" : "**outside**");
    }
    return fmt::format(
        R"--(`./dev live-accuracy` starts a PostgreSQL and a PgBouncer on loopback, drives them with pgbench and compares, on any
Debian machine; `--quick` takes half a minute and is part of `./dev test`. Idle runs of one client first say what a
transaction costs besides its sleep; after that nothing is fitted. A run outside its limits is repeated once.

The last full run (`docs/live-accuracy.csv`): {}, PostgreSQL {}, PgBouncer {}, {} cores. The hold
seen is from PgBouncer's counters, uncertain by about 1 % in windows this short; it is shown but not used.

{}
{} of {} runs inside, {} of them at the second attempt. Rms z: throughput {:.2f} ({} runs), mean wait {:.2f} ({} runs).
)--",
        rows[0].text("date"), rows[0].text("postgresql"), rows[0].text("pgbouncer"), rows[0].text("cores"), table,
        inside, rows.size(), repeated, per_second.value(), per_second.count(), wait.value(), wait.count());
}

}  // namespace accuracy
