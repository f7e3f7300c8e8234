// Which of Hyperscan's implementations scans. Vectorscan holds one for each instruction set and takes the widest by
// itself; its AVX-512 one (5.4.9) misses matches, so each is tried on known matches before it is trusted.
#pragma once
#include <hs/hs.h>
#include <string>

namespace tourniquet {

using Scan = hs_error_t (*)(const hs_database_t *, const char *, unsigned, unsigned, hs_scratch_t *, match_event_handler, void *);

struct Hyperscan {
  // nullptr when none finds what it must.
  Scan scan;
  // What databases are compiled for.
  hs_platform_info_t platform;
  // Names the version, the implementation and the platform.
  std::string name;
};

// Chosen once a process.
const Hyperscan &hyperscan();

}  // namespace tourniquet
