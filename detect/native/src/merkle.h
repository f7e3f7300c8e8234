// RFC 6962 section 2.1: the frontier of contracts/merkle.ts as its concatenated hashes, largest subtree first.
#pragma once
#include <cstdint>
#include <vector>
#include "limits.h"

namespace tourniquet {

// `hashes` holds one hash for each set bit of `size`; both are moved on by `count` leaves.
void appendLeaves(uint64_t &size, std::vector<uint8_t> &hashes, const uint8_t *leaves, size_t count);

void treeRoot(const uint8_t *hashes, size_t count, uint8_t *out);

}  // namespace tourniquet
