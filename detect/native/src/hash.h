// A fast hash for tables in memory; no secret, not stored.
#pragma once
#include <cstdint>
#include <cstring>

namespace tourniquet {

inline uint64_t mix(uint64_t a, uint64_t b) {
  const unsigned __int128 product = static_cast<unsigned __int128>(a ^ 0xA0761D6478BD642Full) * (b ^ 0xE7037ED1A0B428DBull);
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

inline uint64_t hashBytes(const uint8_t *p, size_t length, uint32_t salt) {
  uint64_t hash = (static_cast<uint64_t>(salt) << 32) | length;
  while (length > 8) {
    uint64_t word;
    std::memcpy(&word, p, 8);
    hash = mix(hash, word);
    p += 8;
    length -= 8;
  }
  uint64_t word = 0;
  std::memcpy(&word, p, length);
  return mix(hash, word);
}

}  // namespace tourniquet
