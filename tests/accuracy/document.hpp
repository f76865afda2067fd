// docs/accuracy.md, section by section. The same bytes at every run: seeds are fixed, nothing reads a clock.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace accuracy {

std::string exact_section();      ///< the queue room against the exact tables: a second
std::string simulated_section();  ///< the simulator against the same tables: a minute
std::string real_section();       ///< predictions of the real measurements: half a minute
std::string resize_section();     ///< CPU on another class against measured moves: at once
std::string live_section();       ///< docs/live-accuracy.csv, the last full run of ./dev live-accuracy: at once

struct Section {
    std::string_view title;
    std::string (*text)();
    bool quick;
};

/// The whole document; `report` is told each title before its section is made.
std::string document(void (*report)(std::string_view title));

/// Does the document have this section, with this text and no more?
bool has_section(const std::string& document, std::string_view title, const std::string& text);
/// Which sections of this document are not what they should be; the quick ones alone, or all.
std::vector<std::string> stale_sections(const std::string& document, bool quick);
/// How many sections that looks at.
int section_count(bool quick);

}  // namespace accuracy
