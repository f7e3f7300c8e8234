// The columns of `events` that differ from line to line, in ClickHouse's Native format.
#pragma once
#include <vector>
#include "event-fields.h"

namespace tourniquet {

using Bytes8 = std::vector<uint8_t>;

// LowCardinality(String): see detect/columns/dictionary-column.ts for the layout.
class Dictionary {
 public:
  Dictionary() : slots_(256) {}
  void push(Piece text);
  void write(Bytes8 &out) const;
  void clear();

 private:
  struct Slot {
    uint64_t hash = 0;
    uint32_t code = 0;  // one more than the index; 0 is a free slot
    uint32_t start = 0, length = 0;
  };
  uint32_t add(Piece text);
  void grow();
  std::vector<Slot> slots_;
  uint32_t count_ = 0;
  Bytes8 keys_;
  std::vector<uint32_t> codes_;
  // The value of the row before, which often comes again.
  uint32_t lastStart_ = 0, lastLength_ = 0;
};

class EventRows {
 public:
  void push(uint64_t seq, const EventFields &fields, Piece line);
  size_t rows() const { return status_.size(); }
  // Columns in the order of EVENT_COLUMNS in binding.ts.
  static constexpr size_t kColumns = kTexts + 5;
  // Points into memory of this object or of `scratch`.
  Piece column(size_t index, Bytes8 &scratch) const;
  void clear();
  EventFields fields;

 private:
  Dictionary dictionaries_[kTexts];
  Bytes8 sourceIp_, path_, line_;
  std::vector<uint64_t> seq_, timestamp_, responseBytes_;
  std::vector<uint16_t> status_;
};

}  // namespace tourniquet
