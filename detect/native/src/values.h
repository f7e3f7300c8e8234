// Reading arguments and making results. A reader that returns false has thrown a TypeError.
#pragma once
#include <node_api.h>
#include <cstddef>
#include <cstdint>
#include <string>

namespace tourniquet {

struct Bytes {
  const uint8_t *data;
  size_t length;
};

constexpr napi_value kThrown = nullptr;

bool fail(napi_env env, const char *message);
// The same, for a call to return.
inline napi_value refuse(napi_env env, const char *message) {
  fail(env, message);
  return kThrown;
}
bool readArguments(napi_env env, napi_callback_info info, size_t count, napi_value *out);
// A Buffer or Uint8Array of less than 4 GiB. A detached one reads as empty.
bool readBytes(napi_env env, napi_value value, const char *name, Bytes &out);
bool readWords(napi_env env, napi_value value, const char *name, const uint32_t **data, size_t &length);
// A whole number from 0 to 2^53 - 1.
bool readCount(napi_env env, napi_value value, const char *name, uint64_t &out);
bool readText(napi_env env, napi_value value, std::string &out);
bool readFlag(napi_env env, napi_value value, const char *name, bool &out);

napi_value makeBuffer(napi_env env, const uint8_t *data, size_t length);
napi_value makeWords(napi_env env, const uint32_t *data, size_t length);
void set(napi_env env, napi_value object, const char *name, napi_value value);
void setNumber(napi_env env, napi_value object, const char *name, double value);

// What a tagged object of ours wraps.
template <typename T>
bool readHandle(napi_env env, napi_value value, const napi_type_tag &tag, const char *message, T *&out) {
  napi_valuetype type;
  bool ours = false;
  void *data = nullptr;
  if (napi_typeof(env, value, &type) != napi_ok || type != napi_object) return fail(env, message);
  if (napi_check_object_type_tag(env, value, &tag, &ours) != napi_ok || !ours) return fail(env, message);
  if (napi_unwrap(env, value, &data) != napi_ok) return fail(env, message);
  out = static_cast<T *>(data);
  return true;
}

}  // namespace tourniquet
