// The sentences of the strategies.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <poolfit/report/report.hpp>

#include "words.hpp"

namespace poolfit::render {

/// "Right-size each pool to what it uses".
std::string title(const Fleet& fleet, const Strategy& strategy);
/// Why it is recommended now, or why not.
std::string why_text(const Report& report, const Strategy& strategy, Length length = Length::whole);
/// "5 settings, 2 services to deploy".
std::string work_text(const Work& work);
/// " at list price" where commitments are given: strategies are compared by that. Else empty.
std::string_view at_list_price(const Report& report);
/// Why its risk is what it is.
std::string hazard_text(const Fleet& fleet, const Hazard& hazard);

std::string point_text(const Report& report, const Strategy& strategy, const Point& point);
std::vector<std::string> point_texts(const Report& report, const Strategy& strategy, const std::vector<Point>& points);

/// "connections in total", "peak CPU of replica".
std::string quantity_text(const Fleet& fleet, const Threshold& threshold);
/// "200 connections in total: 51 today (31 right-sized), 149 to go".
std::string threshold_text(const Fleet& fleet, const Threshold& threshold);
/// "200 connections in total (149 to go)".
std::string threshold_brief(const Threshold& threshold);

/// "31 → 21 on primary, 20 → 10 on replica".
std::string per_server(const Fleet& fleet, const Strategy& strategy);
/// "−39 %", "+4.1 %", "no change".
std::string change_words(const Strategy& strategy);
/// "31"; "no limit" where there is none.
std::string count_text(const std::optional<Figure<Connections>>& figure);

}  // namespace poolfit::render
