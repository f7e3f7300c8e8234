#include "body.h"

namespace tourniquet {

namespace {

// By character; what is none has the high bit set.
struct Sextets {
  uint8_t of[256];
  constexpr Sextets() : of() {
    for (int i = 0; i < 256; i++) of[i] = 0x80;
    const char *alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (uint8_t i = 0; i < 64; i++) of[static_cast<uint8_t>(alphabet[i])] = i;
  }
};

constexpr Sextets kSextets;

}  // namespace

bool readNonce(const uint8_t *line, size_t length, uint8_t *nonce) {
  if (length < kNonceChars + 1 || line[kNonceChars] != ' ') return false;
  uint8_t wrong = 0;
  for (size_t i = 0; i < kNonceChars; i++) wrong |= kSextets.of[line[i]];
  if ((wrong & 0x80) != 0) return false;
  const auto sextet = [line](size_t i) { return static_cast<uint32_t>(kSextets.of[line[i]]); };
  for (size_t i = 0, at = 0; i + 4 <= kNonceChars; i += 4, at += 3) {
    const uint32_t bits = sextet(i) << 18 | sextet(i + 1) << 12 | sextet(i + 2) << 6 | sextet(i + 3);
    nonce[at] = static_cast<uint8_t>(bits >> 16);
    nonce[at + 1] = static_cast<uint8_t>(bits >> 8);
    nonce[at + 2] = static_cast<uint8_t>(bits);
  }
  const uint32_t last = sextet(kNonceChars - 2) << 6 | sextet(kNonceChars - 1);
  nonce[kNonceBytes - 1] = static_cast<uint8_t>(last >> 4);
  // 22 characters carry 132 bits; the last four must be zero, so that a nonce has one spelling.
  return (last & 15) == 0;
}

}  // namespace tourniquet
