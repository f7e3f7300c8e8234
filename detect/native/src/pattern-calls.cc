#include "pattern-calls.h"
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>
#include "hyperscan.h"

namespace tourniquet {

namespace {

constexpr napi_type_tag kDatabaseTag = {0x746f75726e697175ull, 0x6574646174616261ull};
// Flag words of patterns: from this bit on the marks of database.h, below the flags of hs_compile.h.
constexpr uint32_t kFirstMark = 1u << 16;

void freeDatabase(napi_env, void *data, void *) { delete static_cast<Database *>(data); }

// Takes over `database`, also when it fails.
napi_value wrapDatabase(napi_env env, hs_database_t *database, std::vector<uint8_t> marks) {
  hs_scratch_t *scratch = nullptr;
  if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) {
    hs_free_database(database);
    return refuse(env, "no scratch memory for the pattern database");
  }
  auto owned = std::make_unique<Database>(database, scratch, std::move(marks));
  napi_value handle;
  if (napi_create_object(env, &handle) != napi_ok || napi_wrap(env, handle, owned.get(), freeDatabase, nullptr, nullptr) != napi_ok) return kThrown;
  owned.release();
  return napi_type_tag_object(env, handle, &kDatabaseTag) == napi_ok ? handle : kThrown;
}

napi_value throwCompileError(napi_env env, const hs_compile_error_t *problem) {
  napi_value message, error;
  napi_create_string_utf8(env, problem->message, NAPI_AUTO_LENGTH, &message);
  napi_create_error(env, nullptr, message, &error);
  setNumber(env, error, "pattern", problem->expression);
  napi_throw(env, error);
  return kThrown;
}

napi_value makeText(napi_env env, Piece8 text) {
  std::u16string units;
  for (const uint8_t *p = text.data, *end = p + text.length; p < end;) {
    const uint32_t code = readCode(p);
    if (code >= 0x10000) units.push_back(static_cast<char16_t>(0xD7C0 + (code >> 10)));
    units.push_back(static_cast<char16_t>(code >= 0x10000 ? 0xDC00 | (code & 0x3FF) : code));
  }
  napi_value result = nullptr;
  napi_create_string_utf16(env, units.data(), units.size(), &result);
  return result;
}

}  // namespace

bool readDatabase(napi_env env, napi_value value, Database *&out) {
  return readHandle(env, value, kDatabaseTag, "database must be what compile gave", out);
}

napi_value compile(napi_env env, napi_callback_info info) {
  napi_value args[2];
  const uint32_t *flags;
  size_t flagCount;
  uint32_t count = 0;
  if (!readArguments(env, info, 2, args) || !readWords(env, args[1], "flags", &flags, flagCount)) return kThrown;
  if (napi_get_array_length(env, args[0], &count) != napi_ok || count != flagCount || count == 0)
    return refuse(env, "expressions must be an array, not empty, with one flag word each");
  std::vector<std::string> texts(count);
  std::vector<const char *> pointers;
  std::vector<unsigned> ids, words(count);
  std::vector<uint8_t> marks(count);
  for (uint32_t i = 0; i < count; i++) {
    words[i] = flags[i] & (kFirstMark - 1);
    marks[i] = static_cast<uint8_t>(flags[i] / kFirstMark);
    napi_value element;
    if (napi_get_element(env, args[0], i, &element) != napi_ok || !readText(env, element, texts[i])) return kThrown;
    pointers.push_back(texts[i].c_str());
    ids.push_back(i);
  }
  hs_database_t *database = nullptr;
  hs_compile_error_t *problem = nullptr;
  if (hs_compile_multi(pointers.data(), words.data(), ids.data(), count, HS_MODE_BLOCK, &hyperscan().platform, &database, &problem) != HS_SUCCESS) {
    throwCompileError(env, problem);
    hs_free_compile_error(problem);
    return kThrown;
  }
  return wrapDatabase(env, database, std::move(marks));
}

// The number of patterns, a byte of marks for each, then Hyperscan's own form.
napi_value serialize(napi_env env, napi_callback_info info) {
  napi_value args[1];
  Database *database;
  if (!readArguments(env, info, 1, args) || !readDatabase(env, args[0], database)) return kThrown;
  char *bytes = nullptr;
  size_t length = 0;
  if (hs_serialize_database(database->raw(), &bytes, &length) != HS_SUCCESS) return refuse(env, "the pattern database cannot be serialized");
  const std::vector<uint8_t> &marks = database->marks();
  const uint32_t patterns = static_cast<uint32_t>(marks.size());
  std::vector<uint8_t> out(sizeof patterns + patterns + length);
  std::memcpy(out.data(), &patterns, sizeof patterns);
  std::memcpy(out.data() + sizeof patterns, marks.data(), patterns);
  std::memcpy(out.data() + sizeof patterns + patterns, bytes, length);
  free(bytes);
  return makeBuffer(env, out.data(), out.size());
}

napi_value deserialize(napi_env env, napi_callback_info info) {
  napi_value args[1];
  Bytes bytes;
  uint32_t patterns;
  if (!readArguments(env, info, 1, args) || !readBytes(env, args[0], "bytes", bytes)) return kThrown;
  hs_database_t *database = nullptr;
  const bool long_enough = bytes.length > sizeof patterns;
  if (long_enough) std::memcpy(&patterns, bytes.data, sizeof patterns);
  const uint8_t *marks = bytes.data + sizeof patterns;
  if (!long_enough || patterns == 0 || patterns >= bytes.length - sizeof patterns ||
      hs_deserialize_database(reinterpret_cast<const char *>(marks + patterns), bytes.length - sizeof patterns - patterns, &database) != HS_SUCCESS)
    return refuse(env, "bytes must be a database serialized on this platform by this version");
  return wrapDatabase(env, database, std::vector<uint8_t>(marks, marks + patterns));
}

// The decoded views of a text, in order.
napi_value viewsOf(napi_env env, napi_callback_info info) {
  napi_value args[1], result;
  size_t length = 0;
  if (!readArguments(env, info, 1, args)) return kThrown;
  if (napi_get_value_string_utf16(env, args[0], nullptr, 0, &length) != napi_ok) return refuse(env, "text must be a string");
  std::u16string units(length, 0);
  if (napi_get_value_string_utf16(env, args[0], units.data(), length + 1, &length) != napi_ok || napi_create_array(env, &result) != napi_ok) return kThrown;
  Text text;
  text.begin(length * 3);
  for (const char16_t unit : units) text.code(unit);
  Views views;
  views.begin(text.piece().data, text.piece().length);
  for (uint32_t i = 0; views.next(); i++) {
    if (napi_set_element(env, result, i, makeText(env, views.view())) != napi_ok) return kThrown;
  }
  return result;
}

napi_value platform(napi_env env, napi_callback_info) {
  const std::string &name = hyperscan().name;
  napi_value result;
  return napi_create_string_utf8(env, name.c_str(), name.size(), &result) == napi_ok ? result : kThrown;
}

}  // namespace tourniquet
