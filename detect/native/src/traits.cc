#include "steps.h"

namespace tourniquet {

namespace {

// By character: its traits; two pairs of characters have one together, of which the second has bits in kSecond and the
// first says in the upper half which it allows.
constexpr uint32_t kSecondSpace = 1u << 8, kSecondX = 1u << 9, kSecond = kSecondSpace | kSecondX;
constexpr int kFirst = 16;

struct Traits {
  uint32_t of[256];
  constexpr Traits() : of() {
    for (int i = 0x80; i < 256; i++) of[i] = kBeyondAscii;
    for (int i = '\t'; i <= '\r'; i++) of[i] = kSpacing;
    of['%'] = kPercent;
    of['+'] = kPlus;
    of['&'] = kAmpersand;
    of['\\'] = kBackslash;
    of['*'] = kSpacing;
    of[' '] = kSecondSpace | kSecondSpace << kFirst;
    of['0'] = kSecondX << kFirst;
    of['x'] = of['X'] = kSecondX;
  }
};

constexpr Traits kTraits;

}  // namespace

uint32_t traitsOf(Piece8 in) {
  uint32_t traits = 0, pairs = 0, last = 0;
  for (size_t i = 0; i < in.length; i++) {
    const uint32_t now = kTraits.of[in.data[i]];
    traits |= now;
    pairs |= now & (last >> kFirst);
    last = now;
  }
  return (traits & (kSecondSpace - 1)) | ((pairs & kSecondSpace) != 0 ? kSpacing : 0) | ((pairs & kSecondX) != 0 ? kHexPrefix : 0);
}

}  // namespace tourniquet
