#include "views.h"
#include "steps.h"

namespace tourniquet {

namespace {

constexpr int kRounds = 3;
constexpr size_t kMostUnitsOfEachView = 8192;

// The text's length in UTF-16 units.
size_t unitsOf(Piece8 text) {
  size_t units = 0;
  for (size_t i = 0; i < text.length; i++) {
    const uint8_t c = text.data[i];
    units += ((c & 0xC0) != 0x80 ? 1 : 0) + (c >= 0xF0 ? 1 : 0);
  }
  return units;
}

}  // namespace

void Views::begin(const uint8_t *text, size_t length) {
  newest_ = {text, length};
  traits_ = traitsOf(newest_);
  which_ = round_ = 0;
  group_ = kRuns;
  changed_ = finished_ = held_ = false;
  each_ = length <= kMostUnitsOfEachView || unitsOf(newest_) <= kMostUnitsOfEachView;
}

bool Views::take(bool changed) {
  if (!changed) return false;
  newest_ = spare().piece();
  traits_ = traitsOf(newest_);
  which_ ^= 1;
  return true;
}

bool Views::group(Group group) {
  bool changed = false;
  switch (group) {
    case kRuns:
      changed = take(base64Decode(newest_, spare()));
      if ((traits_ & kHexPrefix) == 0 && !hasHexRun(newest_)) return changed;
      return take(hexDecode(newest_, spare())) || changed;
    case kCharacters:
      changed = (traits_ & (kPercent | kPlus)) != 0 && take(percentDecode(newest_, round_ == 0, spare()));
      changed = ((traits_ & kAmpersand) != 0 && take(entitiesDecode(newest_, spare()))) || changed;
      return ((traits_ & kBeyondAscii) != 0 && take(compatibilityDecode(newest_, spare()))) || changed;
    case kBackslashes:
      return (traits_ & kBackslash) != 0 && take(backslashesDecode(newest_, spare()));
  }
  return false;
}

bool Views::next() {
  while (!finished_) {
    const bool changed = group(group_);
    changed_ = changed_ || changed;
    if (group_ == kBackslashes) {
      group_ = kRuns;
      finished_ = ++round_ == kRounds || !changed_;
      changed_ = false;
    } else {
      group_ = group_ == kRuns ? kCharacters : kBackslashes;
    }
    if (changed && each_) return true;
    held_ = held_ || changed;
  }
  if (held_) {
    held_ = false;
    return true;
  }
  // SQL comes once, after the rounds.
  if (round_ > kRounds) return false;
  round_ = kRounds + 1;
  return (traits_ & (kSpacing | kBeyondAscii)) != 0 && take(sqlSpace(newest_, spare()));
}

}  // namespace tourniquet
