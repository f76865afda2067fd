#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <poolfit/import/prices.hpp>

#include "../stream/answer.hpp"
#include "../stream/json_reader.hpp"
#include "../stream/selection.hpp"
#include "engines.hpp"

namespace poolfit::imports {
namespace {

struct Option {
    std::string engine, version, cls;
    std::set<std::string> regions;  ///< of its zones
    bool multi_az = true;           ///< takes a standby; an answer without the key does not say that it does not
};

class Answers {
public:
    Answers(const PriceOptions& options, Imported& out) : options_(options), selected_(options), out_(out) {}

    void add(const Option& option) {
        ++out_.products;
        const Platform* const platform = aws::by_word(option.engine);
        if (platform == nullptr) return leave(Left::other_engine);
        if (!option.cls.starts_with(platform->class_prefix) || platform::is_elastic_class(option.cls) ||
            option.cls.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") != option.cls.npos)
            return leave(Left::other_product);
        const auto parsed = platform->versions.parse(option.version);
        const auto* version = std::get_if<EngineVersion>(&parsed);
        if (version == nullptr || !version->exact()) return leave(Left::unreadable_version);
        selected_.note(*platform, {}, out_);
        for (const std::string& region : option.regions) selected_.note(*platform, region, out_);
        if (!selected_.engine(*platform)) return leave(Left::filtered);
        const std::set<std::string> regions = regions_of(option);
        if (regions.empty()) return leave(Left::filtered);
        texts_[{platform, *version}] = option.version;
        for (const std::string& region : regions)
            of_[{platform::index_of(*platform), region}][option.cls].try_emplace(*version, false).first->second |=
                option.multi_az || platform->deployments.size() == 1;
    }

    void rows() {
        out_.as_of = options_.today;
        for (const auto& [key, classes] : of_) {
            const Platform* const platform = platform::all()[key.first];
            std::map<Versions, std::vector<std::string>> groups;
            for (const auto& [cls, versions] : classes) groups[versions].push_back(cls);
            for (auto& [versions, names] : groups) {
                catalog::OverlayOrderable row;
                row.platform = platform;
                for (auto at = versions.rbegin(); at != versions.rend(); ++at) {
                    row.versions.push_back(texts_.at({platform, at->first}));
                    if (!at->second) row.single_az.push_back(row.versions.back());
                }
                row.classes = std::move(names);
                row.as_of = out_.as_of;
                row.region = key.second;
                row.source = "aws rds describe-orderable-db-instance-options";
                out_.rows.orderable.push_back(std::move(row));
            }
        }
    }

private:
    /// Does any option of a version, of whatever storage, take a standby?
    using Versions = std::map<EngineVersion, bool>;

    void leave(Left why) { ++out_[why]; }

    /// Those of the zones that are wanted; without zones the region that the user names, else "": of all.
    std::set<std::string> regions_of(const Option& option) const {
        if (option.regions.empty()) {
            const bool one = options_.regions.size() == 1 && platform::usual().is_region(options_.regions.front());
            return {one ? options_.regions.front() : std::string()};
        }
        if (options_.regions.empty()) return option.regions;
        std::set<std::string> wanted;
        for (const std::string& region : option.regions)
            if (selected_.region(region)) wanted.insert(region);
        return wanted;
    }

    const PriceOptions& options_;
    Selection selected_;
    Imported& out_;
    std::map<std::pair<const Platform*, EngineVersion>, std::string> texts_;
    /// By platform and region, by class.
    std::map<std::pair<std::size_t, std::string>, std::map<std::string, Versions>> of_;
};

bool standby(Answer& answer, Option& option) {
    std::string word;
    if (!answer.text(word)) return false;
    option.multi_az = word != "false";
    return true;
}

}  // namespace

std::optional<Imported> aws_orderable(const Feed& file, const PriceOptions& options, Sources& sources,
                                      Diagnostics& diagnostics) {
    Input bytes(file, sources, diagnostics);
    JsonReader json(bytes);
    Answer answer(json, "OrderableDBInstanceOptions", {"NextToken", "Marker"});
    Imported out;
    Answers answers(options, out);
    Option option;
    const bool good = answer.each([&] {
        option = {};
        return answer.object([&] {
            if (json.text() == "Engine") return answer.text(option.engine);
            if (json.text() == "EngineVersion") return answer.text(option.version);
            if (json.text() == "DBInstanceClass") return answer.text(option.cls);
            if (json.text() == "MultiAZCapable") return standby(answer, option);
            if (json.text() != "AvailabilityZones") return json.skip();
            return answer.list([&] {
                return answer.object([&] {
                    if (json.text() != "Name") return json.skip();
                    std::string zone;
                    if (!answer.text(zone)) return false;
                    std::string region = aws::region_of_zone(zone);
                    if (platform::usual().is_region(region)) option.regions.insert(std::move(region));
                    return true;
                });
            });
        }) && (answers.add(option), true);
    });
    if (!good) return std::nullopt;
    out.bytes = bytes.offset();
    out.goes_on = aws::next_page(answer.next_key(), answer.next());
    answers.rows();
    return out;
}

}  // namespace poolfit::imports
