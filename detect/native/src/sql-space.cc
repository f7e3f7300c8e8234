// Twin of detect/views/sql-space.ts.
#include "steps.h"

namespace tourniquet {

namespace {

constexpr int kMostVersionDigits = 6;

// The length of the white space character at p, 0 when there is none.
size_t spaceAt(const uint8_t *p, const uint8_t *end) {
  if (*p == ' ' || (*p >= '\t' && *p <= '\r')) return 1;
  return end - p >= 2 && p[0] == 0xC2 && p[1] == 0xA0 ? 2 : 0;
}

const uint8_t *closeAfter(const uint8_t *p, const uint8_t *end) {
  while (p < end && (p = static_cast<const uint8_t *>(std::memchr(p, '*', static_cast<size_t>(end - p)))) != nullptr) {
    if (end - p >= 2 && p[1] == '/') return p;
    p++;
  }
  return nullptr;
}

struct Comments {
  const uint8_t *end, *lastFeed, *lastClose;
  bool versioned;
};

Comments commentsOf(Piece8 in) {
  Comments comments = {in.data + in.length, nullptr, nullptr, false};
  for (const uint8_t *p = comments.end; p > in.data && comments.lastFeed == nullptr; p--) {
    if (p[-1] == '\n') comments.lastFeed = p - 1;
  }
  for (const uint8_t *p = comments.end; p - in.data >= 2 && comments.lastClose == nullptr; p--) {
    if (p[-2] == '*' && p[-1] == '/') comments.lastClose = p - 2;
  }
  return comments;
}

const uint8_t *spaceEnd(Comments &comments, const uint8_t *p) {
  const uint8_t *end = comments.end;
  if (p == end) return p;
  const uint8_t next = end - p >= 2 ? p[1] : 0;
  if (*p == '/' && next == '*') {
    if (end - p >= 3 && p[2] == '!') {
      comments.versioned = true;
      const uint8_t *q = p + 3;
      while (q < end && q - p < 3 + kMostVersionDigits && *q >= '0' && *q <= '9') q++;
      return q;
    }
    return comments.lastClose != nullptr && p + 2 <= comments.lastClose ? closeAfter(p + 2, end) + 2 : p;
  }
  if (*p == '*' && next == '/' && comments.versioned) return p + 2;
  if ((*p == '#' || (*p == '-' && next == '-')) && comments.lastFeed != nullptr && p < comments.lastFeed) {
    return static_cast<const uint8_t *>(std::memchr(p, '\n', static_cast<size_t>(end - p))) + 1;
  }
  return p + spaceAt(p, end);
}

}  // namespace

bool sqlSpace(Piece8 in, Text &out) {
  const uint8_t *p = in.data, *end = p + in.length;
  Comments comments = commentsOf(in);
  Rewrite rewrite(in, out);
  while (p < end) {
    const uint8_t *start = p, *stop = spaceEnd(comments, p);
    if (stop == start) {
      p++;
      continue;
    }
    for (const uint8_t *more = spaceEnd(comments, stop); more > stop; more = spaceEnd(comments, stop)) stop = more;
    p = stop;
    if (stop - start == 1 && *start == ' ') continue;
    rewrite.until(start, stop);
    out.byte(' ');
  }
  return rewrite.finish();
}

}  // namespace tourniquet
