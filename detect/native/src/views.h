// Decoded views of a line: what an attacker wrote behind JSON and percent escapes. No view is longer than its source.
#pragma once
#include <cstddef>
#include <cstdint>

namespace tourniquet {

inline int hexValue(uint8_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// JSON escapes replaced by their UTF-8; a lone surrogate becomes its three-byte form. Returns the bytes written.
size_t unescape(const uint8_t *in, size_t length, uint8_t *out);

// %XX replaced by its byte and, with `plus`, + by a space.
size_t percentDecode(const uint8_t *in, size_t length, uint8_t *out, bool plus);

bool hasPercent(const uint8_t *in, size_t length);

// A plus sign other than that of a time zone which ends a string (+00:00").
bool hasPlus(const uint8_t *in, size_t length);

}  // namespace tourniquet
