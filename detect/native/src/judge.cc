#include "judge.h"
#include <cstring>
#include "hash.h"
#include "plain-run.h"
#include "steps.h"

namespace tourniquet {

namespace {

constexpr uint32_t kSlots = 4096;  // a power of two, at least four times kMaxKeys

bool continuation(uint8_t c) { return (c & 0xC0) == 0x80; }

// Bytes of the well-formed sequence at p (Unicode table 3-7), 0 when it is ill-formed.
size_t sequence(const uint8_t *p, const uint8_t *end) {
  const uint8_t a = p[0];
  const size_t left = static_cast<size_t>(end - p);
  if (a < 0xC2) return 0;
  if (a < 0xE0) return left >= 2 && continuation(p[1]) ? 2 : 0;
  if (a < 0xF0) {
    if (left < 3 || !continuation(p[1]) || !continuation(p[2])) return 0;
    if (a == 0xE0 && p[1] < 0xA0) return 0;
    if (a == 0xED && p[1] > 0x9F) return 0;
    return 3;
  }
  if (a > 0xF4 || left < 4 || !continuation(p[1]) || !continuation(p[2]) || !continuation(p[3])) return 0;
  if (a == 0xF0 && p[1] < 0x90) return 0;
  if (a == 0xF4 && p[1] > 0x8F) return 0;
  return 4;
}

bool digit(uint8_t c) { return c >= '0' && c <= '9'; }

}  // namespace

Judge::Judge() : inObject_(kMaxLineBytes + 1), keys_(kMaxKeys), decoded_(kMaxLineBytes), slotKey_(kSlots), slotRound_(kSlots) {}

bool Judge::text(const uint8_t *line, size_t length, bool &nul) {
  const uint8_t *p = line, *end = line + length;
  ascii_ = true;
  nul = false;
  while (p < end) {
    while (end - p >= 8) {
      uint64_t w;
      std::memcpy(&w, p, 8);
      if (((w | (w - 0x0101010101010101ull)) & 0x8080808080808080ull) != 0) break;
      p += 8;
    }
    if (p == end) break;
    if (*p < 0x80) {
      if (*p == 0) nul = true;
      p++;
      continue;
    }
    ascii_ = false;
    const size_t bytes = sequence(p, end);
    if (bytes == 0) return false;
    p += bytes;
  }
  return true;
}

bool Judge::string(bool &escaped) {
  escaped = false;
  Marks marks;
  const uint8_t *start = p_;
  for (;;) {
    p_ = markedRun(p_, end_, marks);
    if (p_ == end_ || *p_ < 0x20) return false;
    if (*p_++ == '"') {
      const size_t length = static_cast<size_t>(p_ - 1 - start);
      const bool special = marks.special || escaped;
      if (special || length >= kLeastRun) suspects_.push_back({static_cast<uint32_t>(start - line_), static_cast<uint32_t>(length), special});
      return true;
    }
    escaped = true;
    if (p_ == end_) return false;
    const uint8_t c = *p_++;
    if (c == 'u') {
      for (int i = 0; i < 4; i++, p_++) {
        if (p_ == end_ || hexValue(*p_) < 0) return false;
      }
    } else if (c != '"' && c != '\\' && c != '/' && c != 'b' && c != 'f' && c != 'n' && c != 'r' && c != 't') {
      return false;
    }
  }
}

// Whether the number that ends at p_ may have another spelling in JavaScript, which writes up to 15 digits as they are.
bool Judge::odd(const uint8_t *start, const uint8_t *fraction, bool exponent) const {
  if (exponent || p_ - start > 15) return true;
  if (fraction == nullptr) return *start == '-' && start[1] == '0';
  return p_[-1] == '0' || (p_ - fraction > 5 && std::memcmp(fraction, "00000", 5) == 0);
}

bool Judge::number() {
  const uint8_t *start = p_, *fraction = nullptr;
  bool exponent = false;
  if (*p_ == '-') p_++;
  if (p_ == end_ || !digit(*p_)) return false;
  if (*p_ == '0') {
    p_++;
  } else {
    while (p_ < end_ && digit(*p_)) p_++;
  }
  if (p_ < end_ && *p_ == '.') {
    p_++;
    if (p_ == end_ || !digit(*p_)) return false;
    fraction = p_;
    while (p_ < end_ && digit(*p_)) p_++;
  }
  if (p_ < end_ && (*p_ == 'e' || *p_ == 'E')) {
    p_++;
    if (p_ < end_ && (*p_ == '+' || *p_ == '-')) p_++;
    if (p_ == end_ || !digit(*p_)) return false;
    while (p_ < end_ && digit(*p_)) p_++;
    exponent = true;
  }
  if (odd(start, fraction, exponent)) oddNumber_ = true;
  return true;
}

bool Judge::literal(const char *rest, size_t length) {
  if (static_cast<size_t>(end_ - p_) < length || std::memcmp(p_, rest, length) != 0) return false;
  p_ += length;
  return true;
}

// Reads a key and its colon.
bool Judge::key() {
  if (p_ == end_ || *p_ != '"') return false;
  p_++;
  const uint8_t *start = p_;
  bool escaped;
  if (!string(escaped)) return false;
  if (keyCount_ < kMaxKeys && depth_ <= kMaxDepth) {
    keys_[keyCount_] = {static_cast<uint32_t>(start - line_), static_cast<uint32_t>(p_ - 1 - start), objectAt_[depth_], escaped};
  }
  keyCount_++;
  space();
  if (p_ == end_ || *p_ != ':') return false;
  p_++;
  return true;
}

// The grammar of RFC 8259, which is JSON.parse's. Without recursion: depth is bounded by the line's length only.
bool Judge::json(const uint8_t *line, size_t length) {
  line_ = p_ = line;
  end_ = line + length;
  depth_ = deepest_ = keyCount_ = objects_ = 0;
  suspects_.clear();
  bool escaped;
value:
  space();
  if (p_ == end_) return false;
  switch (*p_) {
    case '{':
    case '[': {
      const bool object = *p_++ == '{';
      if (++depth_ > deepest_) deepest_ = depth_;
      inObject_[depth_] = object;
      if (object && depth_ <= kMaxDepth) objectAt_[depth_] = objects_++;
      space();
      if (p_ == end_) return false;
      if (*p_ == (object ? '}' : ']')) {
        p_++;
        depth_--;
        break;
      }
      if (object && !key()) return false;
      goto value;
    }
    case '"':
      p_++;
      if (!string(escaped)) return false;
      break;
    case 't':
      if (!literal("true", 4)) return false;
      break;
    case 'f':
      if (!literal("false", 5)) return false;
      break;
    case 'n':
      if (!literal("null", 4)) return false;
      break;
    default:
      if (*p_ != '-' && !digit(*p_)) return false;
      if (!number()) return false;
  }
  for (;;) {
    space();
    if (depth_ == 0) return p_ == end_;
    if (p_ == end_) return false;
    const bool object = inObject_[depth_] != 0;
    const uint8_t c = *p_++;
    if (c == ',') {
      if (object) {
        space();
        if (!key()) return false;
      }
      goto value;
    }
    if (c != (object ? '}' : ']')) return false;
    depth_--;
  }
}

bool Judge::duplicates(const uint8_t *line) {
  if (++round_ == 0) {
    std::fill(slotRound_.begin(), slotRound_.end(), 0);
    round_ = 1;
  }
  size_t used = 0;
  for (uint32_t i = 0; i < keyCount_; i++) {
    Key &key = keys_[i];
    const uint8_t *bytes = line + key.start;
    if (key.escaped) {
      key.start = static_cast<uint32_t>(used);
      key.length = static_cast<uint32_t>(unescape(bytes, key.length, decoded_.data() + used));
      bytes = decoded_.data() + used;
      used += key.length;
    }
    uint32_t slot = static_cast<uint32_t>(hashBytes(bytes, key.length, key.object)) & (kSlots - 1);
    for (; slotRound_[slot] == round_; slot = (slot + 1) & (kSlots - 1)) {
      const Key &other = keys_[slotKey_[slot]];
      if (other.object != key.object || other.length != key.length) continue;
      const uint8_t *otherBytes = (other.escaped ? decoded_.data() : line) + other.start;
      if (std::memcmp(otherBytes, bytes, key.length) == 0) return true;
    }
    slotRound_[slot] = round_;
    slotKey_[slot] = i;
  }
  return false;
}

Status Judge::judge(const uint8_t *line, size_t length) {
  ascii_ = true;
  oddNumber_ = false;
  if (length == 0) return kEmpty;
  if (length > kMaxLineBytes) return kTooLong;
  bool nul;
  if (!text(line, length, nul)) return kNotUtf8;
  if (nul) return kNulByte;
  if (!json(line, length)) return kNotJson;
  const uint8_t *first = line;
  while (*first == ' ' || *first == '\n' || *first == '\r' || *first == '\t') first++;
  if (*first != '{') return kNotObject;
  if (deepest_ > kMaxDepth) return kTooDeep;
  if (keyCount_ > kMaxKeys) return kTooManyKeys;
  if (keyCount_ > 1 && duplicates(line)) return kDuplicateKey;
  return kOk;
}

}  // namespace tourniquet
