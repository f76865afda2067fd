// Independent pieces of work on a few threads. Which thread does which piece is left to chance; each piece writes to
// its own place, so the result is the same for any number of threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include <poolfit/threads/pages.hpp>

namespace poolfit::threads {

/// How many this machine runs at a time: at least 1, at most `most`.
inline int usable(int most) {
    return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, std::max(most, 1));
}

/// Threads that wait for work until the process ends: to start one for each task takes a thirtieth of a plan of 1,000
/// databases. Whoever waits for others does what there is to do meanwhile, so pieces of work that have pieces of their
/// own need no more threads, each of which would share a heap. Never ask for work with a lock held that work takes.
class Crew {
public:
    /// Never destroyed: its threads may still wait when the process ends.
    static Crew& shared() {
        static Crew* const crew = new Crew;
        return *crew;
    }

    /// `work()` on this thread, and on as many others as are free, at most `others`. Returns once all have ended.
    /// `work` does not throw.
    void run(int others, const std::function<void(bool calling)>& work) {
        Job job{&work, others, 0};
        {
            const std::scoped_lock lock(mutex_);
            start(others);
            jobs_.push_back(&job);
        }
        changed_.notify_all();
        work(true);
        std::unique_lock lock(mutex_);
        std::erase(jobs_, &job);
        help_until(lock, [&] { return job.at_work == 0; });
    }

private:
    struct Job {
        const std::function<void(bool)>* work;
        int wanted;   ///< threads that may still join
        int at_work;  ///< threads that have joined and not ended
    };

    /// Until there are so many.
    void start(int count) {
        try {
            for (; count_ < count; ++count_)
                std::thread([this] {
                    std::unique_lock lock(mutex_);
                    help_until(lock, [] { return false; });
                }).detach();
        } catch (const std::exception&) {
            // No more threads are available, or no memory for one: those that have started do the work.
        }
    }

    template <class Ended>
    void help_until(std::unique_lock<std::mutex>& lock, const Ended& ended) {
        while (!ended()) {
            const auto open = std::ranges::find_if(jobs_, [](const Job* job) { return job->wanted > 0; });
            if (open == jobs_.end()) {
                changed_.wait(lock);
                continue;
            }
            Job& job = **open;
            --job.wanted;
            ++job.at_work;
            lock.unlock();
            (*job.work)(false);
            lock.lock();
            if (--job.at_work == 0) changed_.notify_all();
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Job*> jobs_;
    int count_ = 0;
};

/// `work(i)` for each i under `pieces`; `told` hears on the calling thread how many are done, each time that thread has
/// done one. Throws what a piece has thrown, once all threads have ended.
template <class Work, class Told>
void in_parallel(int pieces, int threads, const Work& work, const Told& told) {
    std::atomic<int> next{0}, done{0};
    std::mutex failing;
    std::exception_ptr failure;
    const auto take = [&](bool calling) {
        try {
            for (int i = next++; i < pieces; i = next++) {
                ask_for_large_pages();
                work(i);
                ++done;
                if (calling) told(done.load());
            }
        } catch (...) {
            next = pieces;
            const std::scoped_lock lock(failing);
            if (!failure) failure = std::current_exception();
        }
    };
    const int most = std::min(threads, pieces);
    if (most > 1)
        Crew::shared().run(most - 1, take);
    else
        take(true);
    if (failure) std::rethrow_exception(failure);
}

template <class Work>
void in_parallel(int pieces, int threads, const Work& work) {
    in_parallel(pieces, threads, work, [](int) {});
}

/// `work(first, last)` for the numbers under `count`, in ranges of `size`. One range starts no thread.
template <class Work>
void in_ranges(std::size_t count, std::size_t size, int threads, const Work& work) {
    in_parallel(static_cast<int>((count + size - 1) / size), threads, [&](int piece) {
        const std::size_t first = static_cast<std::size_t>(piece) * size;
        work(first, std::min(first + size, count));
    });
}

/// So many databases are worth the start of a thread.
inline constexpr std::size_t databases_at_once = 32;

/// `work(first, last)` for the databases under `count`, a few at a time, so that the threads end at about the same
/// time. Where they are not worth a thread, none starts.
template <class Work>
void over_databases(std::size_t count, int threads, const Work& work) {
    in_ranges(count, databases_at_once / 4, count > databases_at_once ? threads : 1, work);
}

}  // namespace poolfit::threads
