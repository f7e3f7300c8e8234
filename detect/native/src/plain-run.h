// Fast passing over the plain bytes of JSON strings.
#pragma once
#include <cstdint>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tourniquet {

// The first byte at or after p that ends or breaks a run of plain string bytes: quote, backslash, control.
inline const uint8_t *plainRun(const uint8_t *p, const uint8_t *end) {
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), control = _mm_set1_epi8(0x1F);
  while (end - p >= 16) {
    const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
    const __m128i stop = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, slash)), _mm_cmpeq_epi8(_mm_min_epu8(v, control), v));
    const int mask = _mm_movemask_epi8(stop);
    if (mask != 0) return p + __builtin_ctz(static_cast<unsigned>(mask));
    p += 16;
  }
#endif
  while (p < end && *p != '"' && *p != '\\' && *p >= 0x20) p++;
  return p;
}

// Whether what was passed over may hold an encoding that a run of base64 is not, see detect/views/: a sign of its own
// (percent, plus, ampersand, asterisk, a byte beyond ASCII), two spaces, or 0x.
struct Marks {
  bool special = false;
  bool afterSpace = false, afterZero = false;
  void add(uint8_t c) {
    special = special || c >= 0x80 || c == '%' || c == '+' || c == '&' || c == '*' || (c == ' ' && afterSpace) || ((c | 0x20) == 'x' && afterZero);
    afterSpace = c == ' ';
    afterZero = c == '0';
  }
};

// plainRun that marks what it passes over.
inline const uint8_t *markedRun(const uint8_t *p, const uint8_t *end, Marks &marks) {
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), control = _mm_set1_epi8(0x1F);
  const __m128i percent = _mm_set1_epi8('%'), plus = _mm_set1_epi8('+'), ampersand = _mm_set1_epi8('&'), asterisk = _mm_set1_epi8('*');
  const __m128i space = _mm_set1_epi8(' '), zero = _mm_set1_epi8('0'), x = _mm_set1_epi8('x');
  const auto bits = [](__m128i v) { return static_cast<uint32_t>(_mm_movemask_epi8(v)); };
  while (end - p >= 16) {
    const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
    const uint32_t stop = bits(_mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, slash)), _mm_cmpeq_epi8(_mm_min_epu8(v, control), v)));
    const __m128i signs = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, percent), _mm_cmpeq_epi8(v, plus)), _mm_or_si128(_mm_cmpeq_epi8(v, ampersand), _mm_cmpeq_epi8(v, asterisk)));
    const uint32_t spaces = bits(_mm_cmpeq_epi8(v, space)), zeros = bits(_mm_cmpeq_epi8(v, zero)), exes = bits(_mm_cmpeq_epi8(_mm_or_si128(v, space), x));
    const uint32_t special = bits(_mm_or_si128(v, signs)) | (spaces & (spaces << 1 | marks.afterSpace)) | (exes & (zeros << 1 | marks.afterZero));
    if (stop != 0) {
      // Only what stands before the first stop.
      marks.special = marks.special || (special & (stop ^ (stop - 1)) & ~stop) != 0;
      return p + __builtin_ctz(stop);
    }
    marks.special = marks.special || special != 0;
    marks.afterSpace = (spaces >> 15) != 0;
    marks.afterZero = (zeros >> 15) != 0;
    p += 16;
  }
#endif
  for (; p < end && *p != '"' && *p != '\\' && *p >= 0x20; p++) marks.add(*p);
  return p;
}

}  // namespace tourniquet
