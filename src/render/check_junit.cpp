// JUnit's XML: a suite for each database, a case for each rule that looked at it. A rule that found nothing has passed.
#include <string>
#include <vector>

#include <fmt/format.h>

#include <poolfit/render/render.hpp>
#include <poolfit/unit/date.hpp>

#include "finding_text.hpp"

namespace poolfit::render {
namespace {

struct Counts {
    std::size_t tests = 0, failures = 0, skipped = 0;
};

std::string counts_text(const Counts& counts) {
    return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" time=\"0\"", counts.tests,
                       counts.failures, counts.skipped);
}

std::string ignored_text(const Ignore& ignore) {
    std::string text = ignore.until ? fmt::format("until {}", unit::print(**ignore.until)) : std::string("ignored");
    if (ignore.owner) text += fmt::format(" (@{})", **ignore.owner);
    if (ignore.reason) text += fmt::format(": {}", **ignore.reason);
    return text;
}

class Suites {
public:
    Suites(const Report& report, const Gate& gate) : report_(report), gate_(gate) {
        of_.resize(report.fleet->databases.size());
        for (const Finding& finding : gate.findings)
            (finding.databases.empty() ? of_none_ : of_[finding.databases.front()]).push_back(&finding);
    }

    std::string text() {
        for (const Index database : report_.shown) suite(*report_.fleet->databases[database].name, of_[database], true);
        if (!of_none_.empty()) suite("inventory", of_none_, false);
        return fmt::format(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"poolfit\" {}>\n{}"
            "</testsuites>\n",
            counts_text(all_), out_);
    }

private:
    void suite(const std::string& name, const std::vector<const Finding*>& findings, bool with_passed) {
        Counts counts;
        std::string cases;
        for (const Rule* rule : gate_.rules) {
            bool found = false;
            for (const Finding* finding : findings) {
                if (finding->rule != rule) continue;
                found = true;
                cases += of_finding(name, *finding, counts);
            }
            if (found || !with_passed) continue;
            ++counts.tests;
            cases += fmt::format("    <testcase name=\"{} {}\" classname=\"poolfit.{}\" time=\"0\"/>\n", rule->id,
                                 rule->name, xml(name));
        }
        out_ += fmt::format("  <testsuite name=\"{}\" {}>\n{}  </testsuite>\n", xml(name), counts_text(counts), cases);
        all_.tests += counts.tests;
        all_.failures += counts.failures;
        all_.skipped += counts.skipped;
    }

    std::string of_finding(const std::string& suite, const Finding& finding, Counts& counts) {
        ++counts.tests;
        const Spot spot = spot_of(gate_, finding.place);
        std::string text = fmt::format(
            "    <testcase name=\"{} {} [{}]\" classname=\"poolfit.{}\" file=\"{}\" line=\"{}\" time=\"0\">\n",
            finding.rule->id, finding.rule->name, xml(finding.target), xml(suite), xml(spot.file), spot.begin.line);
        const std::string all = xml_text(
            fmt::format("{}:{}:{}\n{}", spot.file, spot.begin.line, spot.begin.column, whole_message(gate_, finding)));
        if (finding.suppressed) {
            ++counts.skipped;
            text += fmt::format("      <skipped message=\"{}\"/>\n", xml(ignored_text(*finding.suppressed)));
        } else if (finding.known) {
            ++counts.skipped;
            text += "      <skipped message=\"in the baseline\"/>\n";
        } else if (finding.severity == Severity::info) {
            text += fmt::format("      <system-out>{}</system-out>\n", all);
        } else {
            ++counts.failures;
            text += fmt::format("      <failure type=\"{}\" message=\"{}\">{}</failure>\n",
                                diag::name(finding.severity), xml(finding.message), all);
        }
        return text + "    </testcase>\n";
    }

    const Report& report_;
    const Gate& gate_;
    std::vector<std::vector<const Finding*>> of_;
    std::vector<const Finding*> of_none_;
    std::string out_;
    Counts all_;
};

}  // namespace

std::string check_junit(const Report& report, const Gate& gate) { return Suites(report, gate).text(); }

}  // namespace poolfit::render
