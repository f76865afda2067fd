#include "blamed.hpp"

#include <algorithm>

#include <poolfit/import/into.hpp>

#include "records.hpp"

namespace poolfit::imports {
namespace {

/// The value that begins last of those that begin at a byte or before it.
class Search {
public:
    explicit Search(std::uint32_t at) : at_(at) {}

    void root(const load::Table& root) {
        for (const load::Member& member : root.members) {
            seen(member.key_place, {});
            const load::Array* list = records(root, member.key);
            const auto kind = std::ranges::find(kinds, member.key);
            if (kind == std::end(kinds) || list == nullptr) {
                all_of(member.value, {});
                continue;
            }
            for (const load::Value& item : list->items) {
                const auto* record = item.as<load::Table>();
                if (record == nullptr) continue;
                Blamed blamed{*kind, identity_of(*record), {}};
                seen(item.place, blamed);
                for (const load::Member& each : record->members) {
                    blamed.key = each.key;
                    seen(each.key_place, blamed);
                    all_of(each.value, blamed);
                }
            }
        }
    }
    Blamed result() && { return std::move(best_); }

private:
    void all_of(const load::Value& value, const Blamed& blamed) {
        seen(value.place, blamed);
        if (const auto* table = value.as<load::Table>())
            for (const load::Member& member : table->members) {
                seen(member.key_place, blamed);
                all_of(member.value, blamed);
            }
        if (const auto* list = value.as<load::Array>())
            for (const load::Value& item : list->items) all_of(item, blamed);
    }
    void seen(const Place& place, const Blamed& blamed) {
        if (!place || place.span.begin > at_ || place.span.begin < begin_) return;
        begin_ = place.span.begin;
        best_ = blamed;
    }

    std::uint32_t at_, begin_ = 0;
    Blamed best_;
};

}  // namespace

Blame::Blame(const SourceText& source) {
    Diagnostics unseen;  // they are those of the check
    document_ = load::parse(source, unseen);
    if (document_) bindings_from_key(*document_);
}

Blamed Blame::find(const Place& place) const {
    if (!document_ || !place) return {};
    Search search(place.span.begin);
    search.root(document_->root);
    return std::move(search).result();
}

}  // namespace poolfit::imports
