// JSON string escapes.
#pragma once
#include <cstddef>
#include <cstdint>

namespace tourniquet {

inline int hexValue(uint8_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// JSON escapes replaced by their UTF-8; a lone surrogate becomes its three-byte form. Returns the bytes written, at most
// `length`; `out` may not overlap `in`.
size_t unescape(const uint8_t *in, size_t length, uint8_t *out);

// Writes the UTF-8 of a code point (a surrogate as three bytes); returns the bytes written.
size_t encode(uint32_t code, uint8_t *out);

}  // namespace tourniquet
