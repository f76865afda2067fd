// Words for a database's volume.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <poolfit/report/report.hpp>

namespace poolfit::render {

/// "gp3 200 GiB: 3,000 IOPS and 125 MiB/s; $23.00/mo at prices of 2026-05-03"; empty where the inventory has none.
std::string storage_text(const Report& report, Index database);
/// "$23.00/mo", "≥ $23.00/mo" where a part is not known, "no price".
std::string storage_cost_text(const StorageUse& use);
/// What its advice changes it to: "gp3", "gp3 of 400 GiB", "7,500 provisioned IOPS".
std::string volume_text(const StorageUse& use);
/// "saves $1,005.00/mo", "12,000 IOPS always, at the same price".
std::string storage_gain(const StorageAdvice& advice);
// Of a phase that changes it.
std::string storage_work(const Report& report, Index database);
std::string storage_undo(const Report& report, Index database);
std::string storage_title(const Report& report, Index database);  ///< "main: storage io1 → gp3"
std::string storage_step(const Report& report, Index database);   ///< how it is changed: the database stays up
std::string storage_hazard(const Report& report,
                           Index database);  ///< what may go wrong; empty where nothing comes here
/// "gp3 with 12,000 provisioned IOPS, saves $1,005.00/mo".
std::string better_text(const StorageUse& use);
/// "not gp3: it has 1,000 MiB/s, and 1,200 were seen": why another volume is not advised.
std::string rejected_text(const Report& report, Index database, const StorageRejected& other);
/// Why no volume was looked at.
std::string no_storage_text(const Report& report, Index database);
/// Why no other was.
std::string no_other_text(const Report& report, Index index);
/// "850 million", "1.2–3 billion".
std::string requests_text(const Interval<double>& requests);
/// ", and $23.00/mo storage = $167.00/mo", after the total; empty where no database has storage.
std::string bill_text(const Report& report);
/// "provisioned IOPS": what of a volume has no price that is known.
std::string_view uncounted_part(const StorageUse& use);
/// What changes of volumes save besides; empty where none does.
std::string storage_savings(const Report& report);

}  // namespace poolfit::render
