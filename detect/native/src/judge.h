// Whether a line can become an event: the status of contracts/line-status.ts, checks in its order.
#pragma once
#include <vector>
#include "limits.h"

namespace tourniquet {

struct Key {
  uint32_t start;
  uint32_t length;
  uint32_t object;
  bool escaped;
};

// A string of a line that may have further views: between its quotes. `special`: something in it is marked or escaped;
// otherwise it is only long enough for a run of base64.
struct Suspect {
  uint32_t start, length;
  bool special;
};

class Judge {
 public:
  Judge();
  Status judge(const uint8_t *line, size_t length);
  // Of the line judged last.
  bool ascii() const { return ascii_; }
  // Some number may stand there otherwise than JavaScript writes it (4e2, 1.0, -0, too many digits).
  bool oddNumber() const { return oddNumber_; }
  const std::vector<Suspect> &suspects() const { return suspects_; }

 private:
  bool text(const uint8_t *line, size_t length, bool &nul);
  bool json(const uint8_t *line, size_t length);
  bool string(bool &escaped);
  bool number();
  bool odd(const uint8_t *start, const uint8_t *fraction, bool exponent) const;
  bool literal(const char *rest, size_t length);
  bool key();
  void space() {
    while (p_ < end_ && (*p_ == ' ' || *p_ == '\n' || *p_ == '\r' || *p_ == '\t')) p_++;
  }
  bool duplicates(const uint8_t *line);

  bool ascii_ = true, oddNumber_ = false;
  const uint8_t *line_ = nullptr, *p_ = nullptr, *end_ = nullptr;
  uint32_t deepest_ = 0, depth_ = 0, keyCount_ = 0, objects_ = 0;
  uint32_t objectAt_[kMaxDepth + 2] = {};
  std::vector<uint8_t> inObject_;
  std::vector<Key> keys_;
  std::vector<uint8_t> decoded_;
  std::vector<Suspect> suspects_;
  // Slots of an open-addressing set of keys; one counts only when its round is the current one.
  std::vector<uint32_t> slotKey_, slotRound_;
  uint32_t round_ = 0;
};

}  // namespace tourniquet
