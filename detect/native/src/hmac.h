// HMAC-SHA-256 (RFC 2104) from the state after each of its two padded keys: two blocks a short text instead of four.
#pragma once
#include <cstring>
#include "limits.h"
#include "sha256.h"

namespace tourniquet {

class Hmac {
 public:
  static constexpr size_t kBlockBytes = 64;
  static constexpr size_t kStateBytes = 2 * 8 * sizeof(uint32_t);

  // `length`: at most kBlockBytes.
  static void stateOf(const uint8_t *key, size_t length, uint8_t *out) {
    for (const uint8_t pad : {0x36, 0x5c}) {
      uint8_t block[kBlockBytes];
      for (size_t i = 0; i < kBlockBytes; i++) block[i] = static_cast<uint8_t>((i < length ? key[i] : 0) ^ pad);
      SHA256_CTX context;
      SHA256_Init(&context);
      SHA256_Update(&context, block, kBlockBytes);
      std::memcpy(out, context.h, sizeof context.h);
      out += sizeof context.h;
    }
  }

  // Any bytes are a state.
  bool load(const uint8_t *state) {
    for (SHA256_CTX *context : {&inner_, &outer_}) {
      SHA256_Init(context);
      std::memcpy(context->h, state, sizeof context->h);
      context->Nl = kBlockBytes * 8;
      state += sizeof context->h;
    }
    return true;
  }

  void mac(const void *text, size_t length, uint8_t *out) const {
    SHA256_CTX context = inner_;
    SHA256_Update(&context, text, length);
    SHA256_Final(out, &context);
    context = outer_;
    SHA256_Update(&context, out, kHashBytes);
    SHA256_Final(out, &context);
  }

 private:
  SHA256_CTX inner_, outer_;
};

}  // namespace tourniquet
