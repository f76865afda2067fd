// What tests take less of where a sanitizer watches them.
#pragma once

namespace poolfit::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif
#else
inline constexpr bool sanitized = false;
#endif

/// How many of `all` random inputs a test takes: all, or one of ten under sanitizers, which make each cost ten times
/// as much. They look for faults of memory and undefined behaviour, which lie in the code that runs and seldom in one
/// input; what has to hold of every input is for the release build to prove.
consteval int sampled(int all) { return sanitized ? (all + 9) / 10 : all; }

}  // namespace poolfit::test
