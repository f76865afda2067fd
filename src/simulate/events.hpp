// What happens when: a heap with four children a node. Of two events at the same time the one that was planned first
// comes first, so a run is the same everywhere.
#pragma once

#include <cstdint>
#include <vector>

namespace poolfit::simulate {

enum class EventKind : std::uint32_t { arrival, stage_end, timer, surge_start, surge_end, failover, outage_end };

struct Event {
    double time;
    std::uint64_t order;
    EventKind kind;
    std::uint32_t subject;     // user or process, transaction, station, surge or failover
    std::uint32_t generation;  // of the transaction: an event of one that ended before is void
};

class Events {
public:
    void plan(double time, EventKind kind, std::uint32_t subject, std::uint32_t generation = 0) {
        heap_.push_back({});
        std::size_t at = heap_.size() - 1;
        const Event event{time, next_++, kind, subject, generation};
        while (at > 0) {
            const std::size_t above = (at - 1) / 4;
            if (!before(event, heap_[above])) break;
            heap_[at] = heap_[above];
            at = above;
        }
        heap_[at] = event;
    }
    bool empty() const { return heap_.empty(); }
    const Event& first() const { return heap_.front(); }
    void drop_first() {
        const Event last = heap_.back();
        heap_.pop_back();
        if (heap_.empty()) return;
        const std::size_t size = heap_.size();
        std::size_t at = 0;
        for (;;) {
            const std::size_t below = 4 * at + 1;
            if (below >= size) break;
            std::size_t least = below;
            for (std::size_t i = below + 1; i < below + 4 && i < size; ++i)
                if (before(heap_[i], heap_[least])) least = i;
            if (!before(heap_[least], last)) break;
            heap_[at] = heap_[least];
            at = least;
        }
        heap_[at] = last;
    }

private:
    static bool before(const Event& a, const Event& b) {
        return a.time < b.time || (a.time == b.time && a.order < b.order);
    }
    std::vector<Event> heap_;
    std::uint64_t next_ = 0;
};

}  // namespace poolfit::simulate
