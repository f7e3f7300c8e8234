#include "event-rows.h"
#include <algorithm>
#include <cstring>
#include "hash.h"

namespace tourniquet {

namespace {

void putVarint(Bytes8 &out, size_t value) {
  while (value >= 128) {
    out.push_back(static_cast<uint8_t>(value | 128));
    value >>= 7;
  }
  out.push_back(static_cast<uint8_t>(value));
}

void putWord(Bytes8 &out, uint64_t value) {
  for (int i = 0; i < 8; i++) out.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

void putText(Bytes8 &out, Piece text) {
  putVarint(out, text.length);
  if (text.length > 0) out.insert(out.end(), text.data, text.data + text.length);
}

// Both supported processors are little-endian, as the format is.
template <typename T>
Piece pieceOf(const std::vector<T> &values) {
  return {reinterpret_cast<const uint8_t *>(values.data()), values.size() * sizeof(T)};
}

template <typename T>
void putAll(Bytes8 &out, const std::vector<T> &values) {
  const Piece bytes = pieceOf(values);
  out.insert(out.end(), bytes.data, bytes.data + bytes.length);
}

template <typename T>
void putNarrow(Bytes8 &out, const std::vector<uint32_t> &values) {
  std::vector<T> narrow(values.begin(), values.end());
  putAll(out, narrow);
}

}  // namespace

void Dictionary::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Slot &slot : old) {
    if (slot.code == 0) continue;
    size_t at = slot.hash & (slots_.size() - 1);
    while (slots_[at].code != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
  }
}

uint32_t Dictionary::add(Piece text) {
  const uint64_t hash = hashBytes(text.data, text.length, 0);
  size_t at = hash & (slots_.size() - 1);
  for (; slots_[at].code != 0; at = (at + 1) & (slots_.size() - 1)) {
    const Slot &slot = slots_[at];
    if (slot.hash == hash && slot.length == text.length && std::memcmp(keys_.data() + slot.start, text.data, text.length) == 0) {
      lastStart_ = slot.start;
      lastLength_ = slot.length;
      return slot.code - 1;
    }
  }
  putText(keys_, text);
  lastLength_ = static_cast<uint32_t>(text.length);
  lastStart_ = static_cast<uint32_t>(keys_.size() - text.length);
  slots_[at] = {hash, ++count_, lastStart_, lastLength_};
  const uint32_t code = count_ - 1;
  if (count_ * 2 > slots_.size()) grow();
  return code;
}

void Dictionary::push(Piece text) {
  static const uint8_t nothing = 0;
  if (text.length == 0) text.data = &nothing;
  const bool again = !codes_.empty() && text.length == lastLength_ && std::memcmp(keys_.data() + lastStart_, text.data, text.length) == 0;
  codes_.push_back(again ? codes_.back() : add(text));
}

void Dictionary::write(Bytes8 &out) const {
  putWord(out, 1);
  if (codes_.empty()) return;
  const uint64_t type = count_ <= 0x100 ? 0 : count_ <= 0x10000 ? 1 : 2;
  putWord(out, type | (1 << 9));
  putWord(out, count_);
  out.insert(out.end(), keys_.begin(), keys_.end());
  putWord(out, codes_.size());
  if (type == 0) putNarrow<uint8_t>(out, codes_);
  else if (type == 1) putNarrow<uint16_t>(out, codes_);
  else putAll(out, codes_);
}

void Dictionary::clear() {
  if (count_ > 0) std::fill(slots_.begin(), slots_.end(), Slot());
  count_ = 0;
  keys_.clear();
  codes_.clear();
  lastStart_ = lastLength_ = 0;
}

void EventRows::push(uint64_t seq, const EventFields &f, Piece line) {
  seq_.push_back(seq);
  timestamp_.push_back(f.timestamp);
  responseBytes_.push_back(f.responseBytes);
  status_.push_back(static_cast<uint16_t>(f.status));
  for (size_t i = 0; i < kTexts; i++) {
    if (i == kSourceIp) putText(sourceIp_, f.texts[i]);
    else if (i == kPath) putText(path_, f.texts[i]);
    else dictionaries_[i].push(f.texts[i]);
  }
  putText(line_, line);
}

Piece EventRows::column(size_t index, Bytes8 &scratch) const {
  scratch.clear();
  if (index == kSourceIp) return {sourceIp_.data(), sourceIp_.size()};
  if (index == kPath) return {path_.data(), path_.size()};
  if (index < kTexts) dictionaries_[index].write(scratch);
  else if (index == kTexts) return pieceOf(seq_);
  else if (index == kTexts + 1) return pieceOf(timestamp_);
  else if (index == kTexts + 2) return pieceOf(status_);
  else if (index == kTexts + 3) return pieceOf(responseBytes_);
  else return {line_.data(), line_.size()};
  return {scratch.data(), scratch.size()};
}

void EventRows::clear() {
  for (Dictionary &d : dictionaries_) d.clear();
  sourceIp_.clear();
  path_.clear();
  line_.clear();
  seq_.clear();
  timestamp_.clear();
  responseBytes_.clear();
  status_.clear();
}

}  // namespace tourniquet
