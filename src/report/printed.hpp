// Names for what is printed.
#pragma once

#include <poolfit/report/report.hpp>

namespace poolfit::report {

/// Each number that a report prints of a record, a strategy or a step has its name in `explain`, and there the same
/// value: `after` is the result of the plan, whichever strategy it takes and whatever ends an outage. Where right-sized
/// pools give another figure, that one is called `right_sized`. The plan has to be complete.
void name_printed(Report& report, Recorder recorder);

}  // namespace poolfit::report
