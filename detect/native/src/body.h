// Splitting a block's body into lines and judging them.
#pragma once
#include <cstring>
#include "judge.h"

namespace tourniquet {

struct Line {
  // The line's bytes in the body, nonce included, without line feed (plain lines: nor carriage return before it).
  uint32_t start, end;
  bool terminated;
};

// Calls each(Line) for every line; what stands after the last line feed is a line too, not terminated.
template <typename Each>
void eachLine(const uint8_t *body, size_t length, bool nonces, Each each);

// Decodes the nonce and the space at the line's start. False when they are not there in canonical form.
bool readNonce(const uint8_t *line, size_t length, uint8_t *nonce);

}  // namespace tourniquet

template <typename Each>
void tourniquet::eachLine(const uint8_t *body, size_t length, bool nonces, Each each) {
  size_t start = 0;
  while (start < length) {
    const void *found = std::memchr(body + start, '\n', length - start);
    const size_t stop = found == nullptr ? length : static_cast<size_t>(static_cast<const uint8_t *>(found) - body);
    size_t end = stop;
    if (!nonces && found != nullptr && end > start && body[end - 1] == '\r') end--;
    each(Line{static_cast<uint32_t>(start), static_cast<uint32_t>(end), found != nullptr});
    start = stop + 1;
  }
}
