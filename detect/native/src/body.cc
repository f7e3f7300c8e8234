#include "body.h"

namespace tourniquet {

namespace {

int sextet(uint8_t c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '-') return 62;
  return c == '_' ? 63 : -1;
}

}  // namespace

bool readNonce(const uint8_t *line, size_t length, uint8_t *nonce) {
  if (length < kNonceChars + 1 || line[kNonceChars] != ' ') return false;
  uint32_t bits = 0;
  int held = 0;
  size_t bytes = 0;
  for (size_t i = 0; i < kNonceChars; i++) {
    const int value = sextet(line[i]);
    if (value < 0) return false;
    bits = (bits << 6) | static_cast<uint32_t>(value);
    held += 6;
    if (held >= 8) {
      held -= 8;
      nonce[bytes++] = static_cast<uint8_t>(bits >> held);
    }
  }
  // 22 characters carry 132 bits; the last four must be zero, so that a nonce has one spelling.
  return (bits & 15) == 0;
}

}  // namespace tourniquet
