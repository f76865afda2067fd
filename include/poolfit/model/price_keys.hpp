// What gives a class a price that the catalog does not have.
#pragma once

#include <string>
#include <string_view>

namespace poolfit::model {

/// `[[price]] with class = "db.m4.xlarge" and usd_per_month`; without a class, of any. `standby`: of one with a
/// standby, which is not twice that without.
inline std::string price_keys(std::string_view cls = {}, bool standby = false) {
    std::string text = "[[price]] with class";
    if (!cls.empty()) text.append(" = \"").append(cls).append("\"");
    return text + (standby ? ", multi_az = true and usd_per_month" : " and usd_per_month");
}

}  // namespace poolfit::model
