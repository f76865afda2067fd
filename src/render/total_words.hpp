// What the fleet costs today and after the plan, as a sentence, and that there is nothing to do.
#pragma once

#include <string>
#include <string_view>

#include <poolfit/report/report.hpp>

namespace poolfit::render {

/// How a format writes names, keys and what stands out.
struct Marks {
    std::string (*name)(const std::string&);
    std::string (*key)(std::string_view);
    std::string_view strong;  ///< around it
};
/// "Today $612.00/mo, after the plan $246.00/mo: saves $4,392.00/yr."; else why that is not known.
std::string total_sentence(const Report& report, const Marks& marks);
/// Where there are no actions.
std::string_view nothing_to_do(const Report& report);

}  // namespace poolfit::render
