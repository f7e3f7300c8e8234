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

class Judge {
 public:
  Judge();
  Status judge(const uint8_t *line, size_t length);
  // Of the line judged last.
  bool ascii() const { return ascii_; }

 private:
  bool text(const uint8_t *line, size_t length, bool &nul);
  bool json(const uint8_t *line, size_t length);
  bool string(bool &escaped);
  bool number();
  bool literal(const char *rest, size_t length);
  bool key();
  void space() {
    while (p_ < end_ && (*p_ == ' ' || *p_ == '\n' || *p_ == '\r' || *p_ == '\t')) p_++;
  }
  bool duplicates(const uint8_t *line);

  bool ascii_ = true;
  const uint8_t *line_ = nullptr, *p_ = nullptr, *end_ = nullptr;
  uint32_t deepest_ = 0, depth_ = 0, keyCount_ = 0, objects_ = 0;
  uint32_t objectAt_[kMaxDepth + 2] = {};
  std::vector<uint8_t> inObject_;
  std::vector<Key> keys_;
  std::vector<uint8_t> decoded_;
  // Slots of an open-addressing set of keys; one counts only when its round is the current one.
  std::vector<uint32_t> slotKey_, slotRound_;
  uint32_t round_ = 0;
};

}  // namespace tourniquet
