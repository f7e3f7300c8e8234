// Twin of detect/views/backslashes.ts.
#include "steps.h"

namespace tourniquet {

namespace {

// The number of so many hexadecimal digits at p, -1 when they are not there.
int32_t digitsAt(const uint8_t *p, const uint8_t *end, int count) {
  if (end - p < count) return -1;
  int32_t number = 0;
  for (int i = 0; i < count; i++) {
    const int value = hexValue(p[i]);
    if (value < 0) return -1;
    number = number * 16 + value;
  }
  return number;
}

// The code point of {X…} at p, which is moved behind it; -1 when there is none.
int32_t braced(const uint8_t *&p, const uint8_t *end) {
  if (p == end || *p != '{') return -1;
  for (int count = 1; count <= 6 && p + 1 + count < end; count++) {
    if (p[1 + count] != '}') continue;
    const int32_t code = digitsAt(p + 1, end, count);
    if (code < 0 || code > 0x10FFFF) return -1;
    p += 2 + count;
    return code;
  }
  return -1;
}

uint32_t octal(const uint8_t *&p, const uint8_t *end) {
  const int most = *p < '4' ? 3 : 2;
  uint32_t code = 0;
  for (int i = 0; i < most && p < end && *p >= '0' && *p < '8'; i++) code = code * 8 + static_cast<uint32_t>(*p++ - '0');
  return code;
}

uint32_t shortEscape(uint32_t code) {
  switch (code) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    default: return code;
  }
}

// What the escape behind a backslash stands for; p is moved behind it.
uint32_t escaped(const uint8_t *&p, const uint8_t *end) {
  if (*p >= '0' && *p < '8') return octal(p, end);
  if (*p == 'x' || *p == 'u') {
    const int count = *p == 'x' ? 2 : 4;
    const int32_t code = digitsAt(p + 1, end, count);
    if (code >= 0) {
      p += 1 + count;
      return static_cast<uint32_t>(code);
    }
    const uint8_t *brace = p + 1;
    const int32_t point = *p == 'u' ? braced(brace, end) : -1;
    if (point >= 0) {
      p = brace;
      return static_cast<uint32_t>(point);
    }
  }
  return shortEscape(readCode(p));
}

}  // namespace

bool backslashesDecode(Piece8 in, Text &out) {
  const uint8_t *p = in.data, *end = p + in.length;
  Rewrite rewrite(in, out);
  while (p < end && (p = static_cast<const uint8_t *>(std::memchr(p, '\\', static_cast<size_t>(end - p)))) != nullptr && p + 1 < end) {
    const uint8_t *start = p++;
    const uint32_t code = escaped(p, end);
    rewrite.until(start, p);
    out.code(code);
  }
  return rewrite.finish();
}

}  // namespace tourniquet
