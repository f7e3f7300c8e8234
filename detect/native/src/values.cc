#include "values.h"
#include <cmath>
#include <cstring>
#include <string>

namespace tourniquet {

bool fail(napi_env env, const char *message) {
  napi_throw_type_error(env, "TQ-DETECT-01", message);
  return false;
}

namespace {

bool wrong(napi_env env, const char *name, const char *rule) { return fail(env, (std::string(name) + " must be " + rule).c_str()); }

const uint8_t kNothing[1] = {0};

}  // namespace

bool readArguments(napi_env env, napi_callback_info info, size_t count, napi_value *out) {
  size_t given = count;
  if (napi_get_cb_info(env, info, &given, out, nullptr, nullptr) != napi_ok) return fail(env, "arguments cannot be read");
  return given >= count || fail(env, "an argument is missing");
}

bool readBytes(napi_env env, napi_value value, const char *name, Bytes &out) {
  const char *rule = "a Buffer or Uint8Array of less than 4 GiB";
  bool typed = false;
  if (napi_is_typedarray(env, value, &typed) != napi_ok || !typed) return wrong(env, name, rule);
  napi_typedarray_type type;
  size_t length = 0;
  void *data = nullptr;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, nullptr) != napi_ok) return wrong(env, name, rule);
  if (type != napi_uint8_array || length > 0xFFFFFFFFu) return wrong(env, name, rule);
  out.data = data == nullptr ? kNothing : static_cast<const uint8_t *>(data);
  out.length = data == nullptr ? 0 : length;
  return true;
}

bool readWords(napi_env env, napi_value value, const char *name, const uint32_t **data, size_t &length) {
  bool typed = false;
  if (napi_is_typedarray(env, value, &typed) != napi_ok || !typed) return wrong(env, name, "a Uint32Array");
  napi_typedarray_type type;
  void *bytes = nullptr;
  if (napi_get_typedarray_info(env, value, &type, &length, &bytes, nullptr, nullptr) != napi_ok) return wrong(env, name, "a Uint32Array");
  if (type != napi_uint32_array) return wrong(env, name, "a Uint32Array");
  if (bytes == nullptr) length = 0;
  *data = static_cast<const uint32_t *>(bytes);
  return true;
}

bool readCount(napi_env env, napi_value value, const char *name, uint64_t &out) {
  double number = -1;
  if (napi_get_value_double(env, value, &number) != napi_ok || !(number >= 0) || number > 9007199254740991.0 || number != std::floor(number)) {
    return wrong(env, name, "a whole number from 0 to 2^53 - 1");
  }
  out = static_cast<uint64_t>(number);
  return true;
}

bool readFlag(napi_env env, napi_value value, const char *name, bool &out) {
  return napi_get_value_bool(env, value, &out) == napi_ok || wrong(env, name, "a boolean");
}

bool readText(napi_env env, napi_value value, std::string &out) {
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) return fail(env, "each text must be a string");
  out.resize(length);
  return napi_get_value_string_utf8(env, value, out.data(), length + 1, &length) == napi_ok || fail(env, "each text must be a string");
}

napi_value makeBuffer(napi_env env, const uint8_t *data, size_t length) {
  napi_value buffer = nullptr;
  void *copy = nullptr;
  if (napi_create_buffer(env, length, &copy, &buffer) != napi_ok) return nullptr;
  if (length > 0) std::memcpy(copy, data, length);
  return buffer;
}

napi_value makeWords(napi_env env, const uint32_t *data, size_t length) {
  napi_value memory = nullptr, words = nullptr;
  void *copy = nullptr;
  if (napi_create_arraybuffer(env, length * sizeof(uint32_t), &copy, &memory) != napi_ok) return nullptr;
  if (length > 0) std::memcpy(copy, data, length * sizeof(uint32_t));
  napi_create_typedarray(env, napi_uint32_array, length, memory, 0, &words);
  return words;
}

void set(napi_env env, napi_value object, const char *name, napi_value value) {
  if (value != nullptr) napi_set_named_property(env, object, name, value);
}

void setNumber(napi_env env, napi_value object, const char *name, double value) {
  napi_value number = nullptr;
  napi_create_double(env, value, &number);
  set(env, object, name, number);
}

}  // namespace tourniquet
