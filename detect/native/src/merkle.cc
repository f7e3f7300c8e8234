#include "merkle.h"
#include <cstring>
#include "sha256.h"

namespace tourniquet {

namespace {

void children(const uint8_t *left, const uint8_t *right, uint8_t *out) {
  uint8_t node[1 + 2 * kHashBytes];
  node[0] = 1;
  std::memcpy(node + 1, left, kHashBytes);
  std::memcpy(node + 1 + kHashBytes, right, kHashBytes);
  Sha256().add(node, sizeof node).digest(out);
}

}  // namespace

void appendLeaves(uint64_t &size, std::vector<uint8_t> &hashes, const uint8_t *leaves, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint8_t node[kHashBytes];
    std::memcpy(node, leaves + i * kHashBytes, kHashBytes);
    for (uint64_t n = size; (n & 1) != 0; n >>= 1) {
      children(hashes.data() + hashes.size() - kHashBytes, node, node);
      hashes.resize(hashes.size() - kHashBytes);
    }
    hashes.insert(hashes.end(), node, node + kHashBytes);
    size++;
  }
}

void treeRoot(const uint8_t *hashes, size_t count, uint8_t *out) {
  if (count == 0) {
    Sha256().digest(out);
    return;
  }
  std::memcpy(out, hashes + (count - 1) * kHashBytes, kHashBytes);
  for (size_t i = count - 1; i-- > 0;) children(hashes + i * kHashBytes, out, out);
}

}  // namespace tourniquet
