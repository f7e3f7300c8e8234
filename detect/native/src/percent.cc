// Twin of detect/views/percent.ts.
#include "steps.h"

namespace tourniquet {

namespace {

bool digit(uint8_t c) { return c >= '0' && c <= '9'; }

bool byteAt(const uint8_t *p, const uint8_t *end) { return end - p >= 3 && p[0] == '%' && hexValue(p[1]) >= 0 && hexValue(p[2]) >= 0; }

// The code unit of %uXXXX at p, -1 when there is none.
int unitAt(const uint8_t *p, const uint8_t *end) {
  if (end - p < 6 || p[0] != '%' || (p[1] | 0x20) != 'u') return -1;
  int unit = 0;
  for (int i = 2; i < 6; i++) {
    const int value = hexValue(p[i]);
    if (value < 0) return -1;
    unit = unit * 16 + value;
  }
  return unit;
}

bool escapeIn(const uint8_t *p, const uint8_t *end) {
  while ((p = static_cast<const uint8_t *>(std::memchr(p, '%', static_cast<size_t>(end - p)))) != nullptr) {
    if (byteAt(p, end) || unitAt(p, end) >= 0) return true;
    p++;
  }
  return false;
}

// A plus sign other than that of a time zone which ends the text (+00:00).
bool plusIn(const uint8_t *p, const uint8_t *end) {
  while ((p = static_cast<const uint8_t *>(std::memchr(p, '+', static_cast<size_t>(end - p)))) != nullptr) {
    const bool zone = end - p == 6 && digit(p[1]) && digit(p[2]) && p[3] == ':' && digit(p[4]) && digit(p[5]);
    if (!zone) return true;
    p++;
  }
  return false;
}

// Writes the characters of the %XX that follow each other from p on; returns what stands behind them.
const uint8_t *writeBytes(const uint8_t *p, const uint8_t *end, Text &out) {
  while (byteAt(p, end)) {
    uint8_t bytes[4];
    size_t count = 0;
    for (const uint8_t *q = p; count < 4 && byteAt(q, end); q += 3) bytes[count++] = static_cast<uint8_t>(hexValue(q[1]) * 16 + hexValue(q[2]));
    p += 3 * writeCharacter(bytes, bytes + count, out);
  }
  return p;
}

}  // namespace

bool percentDecode(Piece8 in, bool plus, Text &out) {
  const uint8_t *p = in.data, *end = p + in.length, *done = p;
  if (!escapeIn(p, end) && !(plus && plusIn(p, end))) return false;
  out.begin(in.length);
  while (p < end) {
    if (*p == '+' && plus) {
      out.copy(done, p);
      out.byte(' ');
      done = ++p;
    } else if (*p == '%' && byteAt(p, end)) {
      out.copy(done, p);
      done = p = writeBytes(p, end, out);
    } else if (const int unit = *p == '%' ? unitAt(p, end) : -1; unit >= 0) {
      out.copy(done, p);
      out.code(static_cast<uint32_t>(unit));
      done = p += 6;
    } else {
      p++;
    }
  }
  out.copy(done, end);
  return true;
}

}  // namespace tourniquet
