// Long lists of records in parts, which several threads read.
#pragma once

#include <algorithm>
#include <iterator>
#include <vector>

#include <poolfit/threads/parallel.hpp>

#include "drafts.hpp"

namespace poolfit::load {

inline constexpr std::size_t records_in_part = 64;

/// `work(context, first, last)` for the records under `count`, which writes to a place of each. Where it has something
/// to say it is done again in order, for what is said depends on what was said before.
template <class Work>
void check_in_parts(Context& context, std::size_t count, const Work& work) {
    if (count > records_in_part && !context.failed()) {
        std::vector<Diagnostics> said((count + records_in_part - 1) / records_in_part);
        threads::in_ranges(count, records_in_part, threads::usable(8), [&](std::size_t first, std::size_t last) {
            Context own(context.catalog, said[first / records_in_part], context.syntax, context.keys);
            own.some_database = context.some_database;
            work(own, first, last);
        });
        if (std::ranges::all_of(said, [](const Diagnostics& part) { return part.all().empty(); })) return;
    }
    work(context, 0, count);
}

/// `read(context, record, draft)` for each of the records, which adds to `list` and counts pools. False, with nothing
/// read, for a short list, or if a record has a diagnostic: diagnostics depend on earlier ones.
template <class T, class Read>
bool read_in_parts(const Context& context, const std::vector<Record>& records, std::vector<T> Draft::*list,
                   const Read& read, Draft& out) {
    constexpr std::size_t size = records_in_part;
    if (records.size() <= size || context.failed()) return false;
    struct Part {
        Diagnostics said;
        Draft draft;
    };
    std::vector<Part> parts((records.size() + size - 1) / size);
    threads::in_ranges(records.size(), size, threads::usable(8), [&](std::size_t first, std::size_t last) {
        Part& part = parts[first / size];
        Context own(context.catalog, part.said, context.syntax, context.keys);
        own.some_database = context.some_database;
        (part.draft.*list).reserve(last - first);
        for (std::size_t i = first; i < last; ++i) read(own, records[i], part.draft);
    });
    std::size_t pools = out.pools;
    for (const Part& part : parts) {
        if (!part.said.all().empty()) return false;
        pools += part.draft.pools;
    }
    if (pools > static_cast<std::size_t>(max_records)) return false;
    out.pools = pools;
    (out.*list).reserve((out.*list).size() + records.size());
    for (Part& part : parts) {
        std::ranges::move(part.draft.*list, std::back_inserter(out.*list));
        part.draft = {};
    }
    return true;
}

}  // namespace poolfit::load
