// The limits of contracts/limits.ts and the order of contracts/line-status.ts; binding.test.ts holds them together.
#pragma once
#include <cstddef>
#include <cstdint>

namespace tourniquet {

constexpr size_t kMaxLineBytes = 48 * 1024;
constexpr uint32_t kMaxDepth = 32;
constexpr uint32_t kMaxKeys = 1000;
constexpr size_t kHashBytes = 32;
constexpr size_t kNonceChars = 22;
constexpr size_t kNonceBytes = 16;

enum Status : uint8_t {
  kOk, kEmpty, kTooLong, kNotUtf8, kNulByte, kNotJson, kNotObject, kTooDeep, kTooManyKeys, kDuplicateKey,
  // Not judged: passed over by the caller's wish. Never leaves this addon as a reason.
  kPassedOver = 255,
};

}  // namespace tourniquet
