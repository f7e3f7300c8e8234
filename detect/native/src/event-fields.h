// Derivation 1 (detect/derivation/v1/event-columns.ts) for lines of the usual shape. Lines of another shape are left
// to that, which is the definition; a seeded fuzz test holds the two together.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tourniquet {

enum TextColumn { kKind, kCategory, kAction, kOutcome, kUserName, kSourceIp, kDomain, kMethod, kPath, kUserAgent, kTexts };

struct Piece {
  const uint8_t *data = nullptr;
  size_t length = 0;
};

class EventFields {
 public:
  // False when the line must be derived by JavaScript. `line` is a valid JSON object. The pieces point into the line or
  // into memory of this object and hold until the next call.
  bool derive(const uint8_t *line, size_t length, uint64_t receivedAtMs);
  Piece texts[kTexts];
  uint64_t timestamp = 0, responseBytes = 0;
  uint32_t status = 0;

 private:
  enum Shape : uint8_t { kAbsent, kString, kEscaped, kNumber, kTrue, kFalse, kObject, kArray };
  // Strings without their quotes. null counts as absent.
  struct Value {
    Shape shape = kAbsent;
    const uint8_t *start = nullptr, *end = nullptr;
  };
  void object(unsigned context);
  Value value();
  void skipNested();
  bool string(bool &escaped);
  void space();
  Piece text(const Value &value);
  Piece scalar(const Value &value);
  Piece path();
  uint64_t whole(const Value &value, uint64_t most);

  const uint8_t *p_ = nullptr, *end_ = nullptr;
  bool strange_ = false;
  std::vector<Value> values_;
  std::vector<uint8_t> decoded_;
  size_t decodedUsed_ = 0;
};

// RFC 3339 to Unix milliseconds as detect/derivation/v1/timestamp.ts reads it; -1 when it is none.
int64_t parseTimestamp(const uint8_t *text, size_t length);

}  // namespace tourniquet
