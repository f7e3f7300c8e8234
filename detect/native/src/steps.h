// The steps of detect/views/, one each: what an application reads in `in` is written to `out`. False, and `out` without
// meaning, when that is `in` itself.
#pragma once
#include "text.h"

namespace tourniquet {

bool base64Decode(Piece8 in, Text &out);
bool hexDecode(Piece8 in, Text &out);
bool percentDecode(Piece8 in, bool plus, Text &out);
bool entitiesDecode(Piece8 in, Text &out);
bool compatibilityDecode(Piece8 in, Text &out);
bool backslashesDecode(Piece8 in, Text &out);
bool sqlSpace(Piece8 in, Text &out);

// Signs of a text without which a step changes nothing.
enum Trait : uint32_t {
  kPercent = 1,
  kPlus = 2,
  kAmpersand = 4,
  kBackslash = 8,
  kBeyondAscii = 16,
  // White space other than a space, an asterisk (of a comment), or two spaces.
  kSpacing = 32,
  // 0x
  kHexPrefix = 64,
};

// Bits of Trait.
uint32_t traitsOf(Piece8 in);

// The least length of a run of base64, and of hexadecimal digits without 0x.
constexpr size_t kLeastRun = 16;

// Whether a run of so many characters of base64's alphabets, or of hexadecimal digits, stands in the text.
bool hasRun(Piece8 in);
bool hasHexRun(Piece8 in);

// Writes the character at p (as detect/views/byte-text.ts reads bytes) and returns the bytes it was read from.
size_t writeCharacter(const uint8_t *p, const uint8_t *end, Text &out);

// For a step that found something to rewrite at `at`: the first time, `out` begins with what stands before.
class Rewrite {
 public:
  Rewrite(Piece8 in, Text &out) : in_(in), out_(out), done_(in.data) {}
  void until(const uint8_t *at, const uint8_t *next) {
    if (!changed_) out_.begin(in_.length);
    changed_ = true;
    out_.copy(done_, at);
    done_ = next;
  }
  bool finish() {
    if (changed_) out_.copy(done_, in_.data + in_.length);
    return changed_;
  }

 private:
  Piece8 in_;
  Text &out_;
  const uint8_t *done_;
  bool changed_ = false;
};

}  // namespace tourniquet
