// Reading arguments and making results. A reader that returns false has thrown a TypeError.
#pragma once
#include <node_api.h>
#include <cstddef>
#include <cstdint>

namespace tourniquet {

struct Bytes {
  const uint8_t *data;
  size_t length;
};

bool fail(napi_env env, const char *message);
bool readArguments(napi_env env, napi_callback_info info, size_t count, napi_value *out);
// A Buffer or Uint8Array of less than 4 GiB. A detached one reads as empty.
bool readBytes(napi_env env, napi_value value, const char *name, Bytes &out);
bool readWords(napi_env env, napi_value value, const char *name, const uint32_t **data, size_t &length);
// A whole number from 0 to 2^53 - 1.
bool readCount(napi_env env, napi_value value, const char *name, uint64_t &out);
bool readFlag(napi_env env, napi_value value, const char *name, bool &out);

napi_value makeBuffer(napi_env env, const uint8_t *data, size_t length);
napi_value makeWords(napi_env env, const uint32_t *data, size_t length);
void set(napi_env env, napi_value object, const char *name, napi_value value);
void setNumber(napi_env env, napi_value object, const char *name, double value);

}  // namespace tourniquet
