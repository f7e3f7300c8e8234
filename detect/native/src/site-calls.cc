#include "site-calls.h"
#include <algorithm>
#include <cstring>
#include <string>
#include <vector>
#include "hmac.h"

namespace tourniquet {

namespace {

constexpr size_t kTokenBytes = 12;
constexpr size_t kShingleBytes = 8;
constexpr size_t kShingleWords = 5;
constexpr size_t kSketchShingles = 16;
// Texts up to here are read without memory of their own.
constexpr size_t kShortText = 512;

void putLetters(const uint8_t *bytes, size_t length, char *out) {
  for (size_t i = 0; i < length; i++) {
    *out++ = static_cast<char>('a' + (bytes[i] >> 4));
    *out++ = static_cast<char>('a' + (bytes[i] & 15));
  }
}

bool readState(napi_env env, napi_value value, Hmac &out) {
  Bytes state;
  if (!readBytes(env, value, "state", state)) return false;
  return (state.length == Hmac::kStateBytes || fail(env, "state must be what hmacState gave")) && out.load(state.data);
}

}  // namespace

napi_value hmacState(napi_env env, napi_callback_info info) {
  napi_value args[1];
  Bytes key;
  if (!readArguments(env, info, 1, args) || !readBytes(env, args[0], "key", key)) return kThrown;
  if (key.length > Hmac::kBlockBytes) return refuse(env, "key must be at most 64 bytes");
  uint8_t state[Hmac::kStateBytes];
  Hmac::stateOf(key.data, key.length, state);
  return makeBuffer(env, state, sizeof state);
}

napi_value tokens(napi_env env, napi_callback_info info) {
  napi_value args[2], result;
  Hmac hmac;
  uint32_t count = 0;
  if (!readArguments(env, info, 2, args) || !readState(env, args[0], hmac)) return kThrown;
  if (napi_get_array_length(env, args[1], &count) != napi_ok) return refuse(env, "texts must be an array of strings");
  std::string letters(static_cast<size_t>(count) * kTokenBytes * 2, 'a'), longText;
  char shortText[kShortText];
  uint8_t mac[kHashBytes];
  for (uint32_t i = 0; i < count; i++) {
    napi_value element;
    size_t length = 0;
    if (napi_get_element(env, args[1], i, &element) != napi_ok || napi_get_value_string_utf8(env, element, shortText, kShortText, &length) != napi_ok) return refuse(env, "each text must be a string");
    const char *text = shortText;
    // Cut off by a character of up to four bytes, if at all.
    if (length + 4 >= kShortText) {
      if (!readText(env, element, longText)) return kThrown;
      text = longText.data();
      length = longText.size();
    }
    hmac.mac(text, length, mac);
    putLetters(mac, kTokenBytes, &letters[static_cast<size_t>(i) * kTokenBytes * 2]);
  }
  return napi_create_string_latin1(env, letters.data(), letters.size(), &result) == napi_ok ? result : kThrown;
}

// The sketch of words joined by single spaces: its shingles in letters, one after another, ascending.
napi_value sketch(napi_env env, napi_callback_info info) {
  napi_value args[2], result;
  Hmac hmac;
  std::string text;
  if (!readArguments(env, info, 2, args) || !readState(env, args[0], hmac) || !readText(env, args[1], text)) return kThrown;
  std::vector<size_t> starts;
  for (size_t at = 0; at < text.size(); at++) {
    if (at == 0 || text[at - 1] == ' ') starts.push_back(at);
  }
  std::vector<uint64_t> shingles;
  uint8_t mac[kHashBytes];
  for (size_t i = 0; i + kShingleWords <= starts.size(); i++) {
    const size_t end = i + kShingleWords == starts.size() ? text.size() : starts[i + kShingleWords] - 1;
    hmac.mac(text.data() + starts[i], end - starts[i], mac);
    uint64_t number = 0;
    for (size_t k = 0; k < kShingleBytes; k++) number = number << 8 | mac[k];
    shingles.push_back(number);
  }
  std::sort(shingles.begin(), shingles.end());
  shingles.erase(std::unique(shingles.begin(), shingles.end()), shingles.end());
  if (shingles.size() > kSketchShingles) shingles.resize(kSketchShingles);
  std::string letters(shingles.size() * kShingleBytes * 2, 'a');
  for (size_t i = 0; i < shingles.size(); i++) {
    uint8_t bytes[kShingleBytes];
    for (size_t k = 0; k < kShingleBytes; k++) bytes[k] = static_cast<uint8_t>(shingles[i] >> (56 - 8 * k));
    putLetters(bytes, kShingleBytes, &letters[i * kShingleBytes * 2]);
  }
  return napi_create_string_latin1(env, letters.data(), letters.size(), &result) == napi_ok ? result : kThrown;
}

}  // namespace tourniquet
