// SHA-256 from the OpenSSL inside Node: its symbols are exported by the node binary, so nothing is linked.
#pragma once
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <cstddef>
#include <cstdint>

namespace tourniquet {

class Sha256 {
 public:
  Sha256() { SHA256_Init(&state_); }
  Sha256 &add(const void *data, size_t length) {
    SHA256_Update(&state_, data, length);
    return *this;
  }
  void digest(uint8_t *out) { SHA256_Final(out, &state_); }

 private:
  SHA256_CTX state_;
};

}  // namespace tourniquet
