// The leaves of a workload in the ledger: its keys, at the end that counts, with the line that each stands on.
#pragma once

#include <string>

#include <poolfit/plan/workload.hpp>

namespace poolfit::plan {

std::string load_name(const Fleet& fleet, const Pool& pool, std::string_view figure);

/// Rate and hold, or users, think and hold: what the offered load is made of, and the load itself.
Figure<Erlangs> offered_figure(const Fleet& fleet, const Pool& pool, const sizing::Load& load, Ledger& ledger);
/// The mean hold, from `hold` or from percentiles.
FigureId hold_figure(const Fleet& fleet, const Pool& pool, const sizing::Load& load, Ledger& ledger);
/// Its CPU part; only where the workload says.
FigureId cpu_figure(const Fleet& fleet, const Pool& pool, Ledger& ledger);
FigureId nested_figure(const Fleet& fleet, const Pool& pool, Ledger& ledger);
FigureId spread_figure(const Fleet& fleet, const Pool& pool, Ledger& ledger);

FigureId vcpus_figure(const InstanceClass& cls, Ledger& ledger);

}  // namespace poolfit::plan
