// Text as UTF-8 in which a lone surrogate has its three-byte form and a pair of them is always one code point: one
// spelling for each JavaScript string.
#pragma once
#include <cstring>
#include <vector>
#include "unescape.h"

namespace tourniquet {

struct Piece8 {
  const uint8_t *data;
  size_t length;
};

// The code point at p, which is moved on.
inline uint32_t readCode(const uint8_t *&p) {
  const uint32_t a = *p++;
  if (a < 0x80) return a;
  const uint32_t b = *p++ & 0x3F;
  if (a < 0xE0) return (a & 0x1F) << 6 | b;
  const uint32_t c = *p++ & 0x3F;
  if (a < 0xF0) return (a & 0x0F) << 12 | b << 6 | c;
  return (a & 0x07) << 18 | b << 12 | c << 6 | (*p++ & 0x3F);
}

// A text being written. No step writes more bytes than its source has.
class Text {
 public:
  // Drops what is there and makes room for so many bytes.
  void begin(size_t most) {
    used_ = 0;
    if (bytes_.size() < most + 8) bytes_.resize(most + 8);
  }
  Piece8 piece() const { return {bytes_.data(), used_}; }
  void byte(uint8_t ascii) { bytes_[used_++] = ascii; }
  void code(uint32_t code) {
    if (code >= 0xDC00 && code < 0xE000 && endsHigh()) {
      used_ -= 3;
      const uint32_t high = 0xD000u | static_cast<uint32_t>(bytes_[used_ + 1] & 0x3F) << 6 | (bytes_[used_ + 2] & 0x3F);
      code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00);
    }
    used_ += encode(code, bytes_.data() + used_);
  }
  // Part of a source, from one character's start to another's.
  void copy(const uint8_t *from, const uint8_t *to) {
    if (to - from >= 3 && from[0] == 0xED && from[1] >= 0xB0 && endsHigh()) code(readCode(from));
    std::memcpy(bytes_.data() + used_, from, static_cast<size_t>(to - from));
    used_ += static_cast<size_t>(to - from);
  }
  bool endsWith(uint8_t c) const { return used_ > 0 && bytes_[used_ - 1] == c; }

 private:
  bool endsHigh() const { return used_ >= 3 && bytes_[used_ - 3] == 0xED && bytes_[used_ - 2] >= 0xA0 && bytes_[used_ - 2] < 0xB0; }

  std::vector<uint8_t> bytes_;
  size_t used_ = 0;
};

}  // namespace tourniquet
