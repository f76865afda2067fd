// What a database uses now and after the plan, against the limits of the recommended class.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <poolfit/report/report.hpp>

#include "layout.hpp"

namespace poolfit::render {

/// A gauge of the view in words.
struct Gauge {
    std::string group, item;  ///< "connections", "steady"
    std::string alone;        ///< the label where one column has to do: "cpu peak"
    std::string now, after, limit;
    double share = 0;  ///< pessimistic end of `after` ÷ limit
    bool limited = false;
    bool binding = false;
};

std::vector<Gauge> gauges(const Report& report, Index database);
/// "cpu peak", or "cpu" and "mem" where it has to be `brief`: a dimension as a label; empty where no gauge shows it.
std::string_view gauge_label(Dimension dimension, bool brief);

/// Draws the gauges of several databases alike, so that their columns stand below each other.
class GaugeTable {
public:
    GaugeTable(const Page& page, const std::vector<std::vector<Gauge>>& all);
    /// True if a mark shows the tightest limit, and the headings say so.
    bool print(Page& page, const std::vector<Gauge>& gauges) const;

private:
    int total() const;
    std::string columns(const Page& page, const Gauge& gauge, bool with_group) const;
    void print_row(Page& page, const Gauge& gauge, bool with_group) const;
    void print_loose(Page& page, const Gauge& gauge) const;

    bool grouped_ = true;  ///< group and item in columns of their own
    bool fits_ = false;
    int group_ = 0, item_ = 0, now_ = 3, after_ = 5, limit_ = 5, share_ = 0;
    int gap_ = 3;
    int cells_ = 20;
};

/// "1.9 %", and never a wall of digits.
std::string percent(double share);

}  // namespace poolfit::render
