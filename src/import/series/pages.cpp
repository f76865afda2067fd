#include "pages.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace poolfit::imports {
namespace {

bool overlap(const Page& one, const Page& other) {
    if (!one.first || !other.first) return true;
    return *one.first <= *other.last && *other.first <= *one.last;
}

class Answers {
public:
    explicit Answers(const std::vector<Page>& pages) : pages_(pages), of_(pages.size()) {
        std::map<std::string_view, std::size_t> first;  // page of a series
        for (std::size_t i = 0; i < pages.size(); ++i) {
            of_[i] = i;
            for (const auto* list : {&pages[i].partial, &pages[i].complete})
                for (const std::string& series : *list)
                    if (const std::size_t other = of_[first.emplace(series, i).first->second]; other != of_[i])
                        join(of_[i], other);
        }
    }

    /// Is the last page of this one's answer there?
    bool ends(std::size_t page) const {
        for (std::size_t i = 0; i < pages_.size(); ++i) {
            if (pages_[i].goes_on) continue;
            if (of_[i] == of_[page] || (!has_beginning(of_[i]) && overlap(pages_[i], pages_[page]))) return true;
        }
        return false;
    }

private:
    void join(std::size_t from, std::size_t to) { std::ranges::replace(of_, from, to); }
    bool has_beginning(std::size_t answer) const {
        for (std::size_t i = 0; i < pages_.size(); ++i)
            if (of_[i] == answer && pages_[i].goes_on) return true;
        return false;
    }

    const std::vector<Page>& pages_;
    std::vector<std::size_t> of_;  ///< the answer of each page, by one of its pages
};

}  // namespace

void tell_missing_pages(const std::vector<Page>& pages, Estate& estate) {
    const Answers answers(pages);
    for (std::size_t i = 0; i < pages.size(); ++i) {
        const Page& page = pages[i];
        std::size_t open = 0;
        for (const std::string& series : page.partial) {
            const auto ends = [&](const Page& other) { return other.complete.contains(series); };
            open += std::ranges::none_of(pages, ends) ? 1 : 0;
        }
        constexpr const char* fetch = "fetch the next page, with --next-token, and name both files";
        if (open > 0)
            estate.not_taken(page.name, fmt::format("the rest of {} series: StatusCode is PartialData", open),
                             page.start, fetch);
        if (page.goes_on && !answers.ends(i))
            estate.not_taken(page.name, "the next page: the answer has a NextToken", page.start, fetch);
    }
}

}  // namespace poolfit::imports
