#include "members.h"
#include <cstring>
#include "plain-run.h"

namespace tourniquet {

namespace {

const uint8_t *passSpace(const uint8_t *p, const uint8_t *end) {
  while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) p++;
  return p;
}

// Passes a string whose opening quote was read.
const uint8_t *passString(const uint8_t *p, const uint8_t *end, bool &escaped) {
  escaped = false;
  for (;;) {
    p = plainRun(p, end);
    if (p >= end) return end;
    if (*p == '"') return p + 1;
    escaped = true;
    p += end - p < 2 ? 1 : 2;
  }
}

const uint8_t *passValue(const uint8_t *p, const uint8_t *end) {
  bool escaped;
  if (p >= end) return end;
  if (*p == '"') return passString(p + 1, end, escaped);
  if (*p != '{' && *p != '[') {
    while (p < end && *p != ',' && *p != '}' && *p > ' ') p++;
    return p;
  }
  int depth = 0;
  while (p < end) {
    const uint8_t c = *p++;
    if (c == '"') p = passString(p, end, escaped);
    else if (c == '{' || c == '[') depth++;
    else if ((c == '}' || c == ']') && --depth == 0) break;
  }
  return p;
}

}  // namespace

bool Members::read(const uint8_t *line, size_t length, uint32_t base, uint32_t *out) const {
  const uint8_t *const end = line + length;
  std::memset(out, 0, names_.size() * 2 * sizeof(uint32_t));
  const uint8_t *p = passSpace(line, end);
  if (p < end) p++;
  for (;;) {
    p = passSpace(p, end);
    if (p >= end || *p != '"') return true;
    bool escaped;
    const uint8_t *key = ++p;
    p = passString(p, end, escaped);
    if (p == key) return false;
    const size_t size = static_cast<size_t>(p - 1 - key);
    if (escaped || std::memchr(key, '.', size) != nullptr) return false;
    p = passSpace(p, end);
    if (p < end) p++;
    p = passSpace(p, end);
    const uint8_t *value = p;
    p = passValue(p, end);
    for (size_t i = 0; i < names_.size(); i++) {
      if (names_[i].size() != size || std::memcmp(names_[i].data(), key, size) != 0) continue;
      out[i * 2] = base + static_cast<uint32_t>(value - line);
      out[i * 2 + 1] = base + static_cast<uint32_t>(p - line);
    }
    p = passSpace(p, end);
    if (p >= end || *p++ != ',') return true;
  }
}

}  // namespace tourniquet
