#include "hyperscan.h"
#include <cstring>

#if defined(__x86_64__)
// Exported by libraries built for many instruction sets; absent from others.
extern "C" {
hs_error_t avx2_hs_scan(const hs_database_t *, const char *, unsigned, unsigned, hs_scratch_t *, match_event_handler, void *) __attribute__((weak));
hs_error_t corei7_hs_scan(const hs_database_t *, const char *, unsigned, unsigned, hs_scratch_t *, match_event_handler, void *) __attribute__((weak));
}
#endif

namespace tourniquet {

namespace {

// The search for one character ahead of an infix is what AVX-512 gets wrong, by where in 64 bytes the character stands.
constexpr char kPattern[] = "<[a-z][^>]* on[a-z]{3,20}=";
constexpr char kMatch[] = "<img src=x onerror=alert(1)>";
constexpr size_t kMatchLength = sizeof kMatch - 1;
constexpr size_t kPlaces = 256;

int onFound(unsigned, unsigned long long, unsigned long long, unsigned, void *found) {
  *static_cast<bool *>(found) = true;
  return 0;
}

bool findsAll(Scan scan, const hs_database_t *database, hs_scratch_t *scratch) {
  alignas(64) char text[kPlaces + kMatchLength];
  for (size_t at = 0; at < kPlaces; at++) {
    bool found = false;
    std::memset(text, 'w', at);
    std::memcpy(text + at, kMatch, kMatchLength);
    if (scan(database, text, static_cast<unsigned>(at + kMatchLength), 0, scratch, onFound, &found) != HS_SUCCESS || !found) return false;
  }
  return true;
}

bool trusted(Scan scan, const hs_platform_info_t &platform) {
  const char *pattern = kPattern;
  const unsigned flags = HS_FLAG_CASELESS, id = 0;
  hs_database_t *database = nullptr;
  hs_compile_error_t *problem = nullptr;
  hs_scratch_t *scratch = nullptr;
  if (hs_compile_multi(&pattern, &flags, &id, 1, HS_MODE_BLOCK, &platform, &database, &problem) != HS_SUCCESS) {
    hs_free_compile_error(problem);
    return false;
  }
  const bool fine = hs_alloc_scratch(database, &scratch) == HS_SUCCESS && findsAll(scan, database, scratch);
  hs_free_scratch(scratch);
  hs_free_database(database);
  return fine;
}

Hyperscan choose() {
  hs_platform_info_t own;
  if (hs_populate_platform(&own) != HS_SUCCESS) return {nullptr, {}, ""};
  struct Candidate {
    const char *name;
    Scan scan;
    unsigned long long features;
  };
  const Candidate candidates[] = {
#if defined(__x86_64__)
      {"avx2", (own.cpu_features & HS_CPU_FEATURES_AVX2) != 0 ? avx2_hs_scan : nullptr, HS_CPU_FEATURES_AVX2},
      {"own", hs_scan, own.cpu_features},
      {"corei7", corei7_hs_scan, 0},
#else
      {"own", hs_scan, own.cpu_features},
#endif
  };
  for (const Candidate &c : candidates) {
    hs_platform_info_t platform = own;
    platform.cpu_features = c.features;
    if (c.scan == nullptr || !trusted(c.scan, platform)) continue;
    return {c.scan, platform, std::string(hs_version()) + " " + c.name + " " + std::to_string(platform.tune) + " " + std::to_string(platform.cpu_features)};
  }
  return {nullptr, own, ""};
}

}  // namespace

const Hyperscan &hyperscan() {
  static const Hyperscan chosen = choose();
  return chosen;
}

}  // namespace tourniquet
