#include "unescape.h"
#include <cstring>

namespace tourniquet {

namespace {

// The code unit of \uXXXX at p, -1 when there is none.
int codeUnit(const uint8_t *p, const uint8_t *end) {
  if (end - p < 6 || p[0] != '\\' || p[1] != 'u') return -1;
  int unit = 0;
  for (int i = 2; i < 6; i++) {
    const int value = hexValue(p[i]);
    if (value < 0) return -1;
    unit = unit * 16 + value;
  }
  return unit;
}

uint8_t shortEscape(uint8_t c) {
  switch (c) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return c;
  }
}

}  // namespace

size_t encode(uint32_t c, uint8_t *out) {
  if (c < 0x80) {
    out[0] = static_cast<uint8_t>(c);
    return 1;
  }
  if (c < 0x800) {
    out[0] = static_cast<uint8_t>(0xC0 | (c >> 6));
    out[1] = static_cast<uint8_t>(0x80 | (c & 0x3F));
    return 2;
  }
  if (c < 0x10000) {
    out[0] = static_cast<uint8_t>(0xE0 | (c >> 12));
    out[1] = static_cast<uint8_t>(0x80 | ((c >> 6) & 0x3F));
    out[2] = static_cast<uint8_t>(0x80 | (c & 0x3F));
    return 3;
  }
  out[0] = static_cast<uint8_t>(0xF0 | (c >> 18));
  out[1] = static_cast<uint8_t>(0x80 | ((c >> 12) & 0x3F));
  out[2] = static_cast<uint8_t>(0x80 | ((c >> 6) & 0x3F));
  out[3] = static_cast<uint8_t>(0x80 | (c & 0x3F));
  return 4;
}

size_t unescape(const uint8_t *in, size_t length, uint8_t *out) {
  const uint8_t *p = in, *end = in + length;
  uint8_t *o = out;
  while (p < end) {
    const void *found = std::memchr(p, '\\', static_cast<size_t>(end - p));
    const uint8_t *next = found == nullptr ? end : static_cast<const uint8_t *>(found);
    std::memmove(o, p, static_cast<size_t>(next - p));
    o += next - p;
    p = next;
    if (end - p < 2) {
      if (p < end) *o++ = *p++;
      continue;
    }
    const int unit = codeUnit(p, end);
    if (unit < 0) {
      *o++ = shortEscape(p[1]);
      p += 2;
      continue;
    }
    p += 6;
    uint32_t code = static_cast<uint32_t>(unit);
    if (unit >= 0xD800 && unit < 0xDC00) {
      const int low = codeUnit(p, end);
      if (low >= 0xDC00 && low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10) + static_cast<uint32_t>(low - 0xDC00);
        p += 6;
      }
    }
    o += encode(code, o);
  }
  return static_cast<size_t>(o - out);
}

}  // namespace tourniquet
