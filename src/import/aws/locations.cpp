// Places in older price lists, which have no region code. AWS, "Regions and Zones": names as of 2026-11.
#include <algorithm>
#include <array>
#include <utility>

#include "engines.hpp"

namespace poolfit::imports::aws {
namespace {

using Place = std::pair<std::string_view, std::string_view>;
constexpr std::array<Place, 43> places{{{"AWS GovCloud (US)", "us-gov-west-1"},
                                        {"AWS GovCloud (US-East)", "us-gov-east-1"},
                                        {"AWS GovCloud (US-West)", "us-gov-west-1"},
                                        {"Africa (Cape Town)", "af-south-1"},
                                        {"Asia Pacific (Hong Kong)", "ap-east-1"},
                                        {"Asia Pacific (Hyderabad)", "ap-south-2"},
                                        {"Asia Pacific (Jakarta)", "ap-southeast-3"},
                                        {"Asia Pacific (Malaysia)", "ap-southeast-5"},
                                        {"Asia Pacific (Melbourne)", "ap-southeast-4"},
                                        {"Asia Pacific (Mumbai)", "ap-south-1"},
                                        {"Asia Pacific (New Zealand)", "ap-southeast-6"},
                                        {"Asia Pacific (Osaka)", "ap-northeast-3"},
                                        {"Asia Pacific (Osaka-Local)", "ap-northeast-3"},
                                        {"Asia Pacific (Seoul)", "ap-northeast-2"},
                                        {"Asia Pacific (Singapore)", "ap-southeast-1"},
                                        {"Asia Pacific (Sydney)", "ap-southeast-2"},
                                        {"Asia Pacific (Taipei)", "ap-east-2"},
                                        {"Asia Pacific (Thailand)", "ap-southeast-7"},
                                        {"Asia Pacific (Tokyo)", "ap-northeast-1"},
                                        {"Canada (Central)", "ca-central-1"},
                                        {"Canada West (Calgary)", "ca-west-1"},
                                        {"China (Beijing)", "cn-north-1"},
                                        {"China (Ningxia)", "cn-northwest-1"},
                                        {"EU (Frankfurt)", "eu-central-1"},
                                        {"EU (Ireland)", "eu-west-1"},
                                        {"EU (London)", "eu-west-2"},
                                        {"EU (Milan)", "eu-south-1"},
                                        {"EU (Paris)", "eu-west-3"},
                                        {"EU (Stockholm)", "eu-north-1"},
                                        {"Europe (Frankfurt)", "eu-central-1"},
                                        {"Europe (Ireland)", "eu-west-1"},
                                        {"Europe (London)", "eu-west-2"},
                                        {"Europe (Milan)", "eu-south-1"},
                                        {"Europe (Paris)", "eu-west-3"},
                                        {"Europe (Spain)", "eu-south-2"},
                                        {"Europe (Stockholm)", "eu-north-1"},
                                        {"Europe (Zurich)", "eu-central-2"},
                                        {"Israel (Tel Aviv)", "il-central-1"},
                                        {"Mexico (Central)", "mx-central-1"},
                                        {"Middle East (Bahrain)", "me-south-1"},
                                        {"Middle East (UAE)", "me-central-1"},
                                        {"South America (Sao Paulo)", "sa-east-1"},
                                        {"US East (N. Virginia)", "us-east-1"}}};
constexpr std::array<Place, 4> more{{{"US East (Ohio)", "us-east-2"},
                                     {"US West (N. California)", "us-west-1"},
                                     {"US West (Oregon)", "us-west-2"},
                                     {"South America (São Paulo)", "sa-east-1"}}};

}  // namespace

std::string_view region_of(std::string_view location) {
    if (const auto at = std::ranges::find(places, location, &Place::first); at != places.end()) return at->second;
    const auto at = std::ranges::find(more, location, &Place::first);
    return at != more.end() ? at->second : std::string_view();
}

}  // namespace poolfit::imports::aws
