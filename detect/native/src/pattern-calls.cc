#include "pattern-calls.h"
#include <cstdlib>
#include <cstring>
#include <future>
#include <memory>
#include <vector>
#include "hyperscan.h"

namespace tourniquet {

namespace {

constexpr napi_type_tag kDatabaseTag = {0x746f75726e697175ull, 0x6574646174616261ull};
// Flag words of patterns: from this bit on the marks of database.h, below the flags of hs_compile.h.
constexpr uint32_t kFirstMark = 1u << 16;
// A bit each in a segment.
constexpr size_t kMostParts = 64;

void freeDatabase(napi_env, void *data, void *) { delete static_cast<Database *>(data); }

void freeParts(const std::vector<Part> &parts) {
  for (const Part &part : parts) hs_free_database(part.database);
}

// Takes over the parts, also when it fails.
napi_value wrapDatabase(napi_env env, std::vector<Part> parts, std::vector<uint8_t> marks) {
  hs_scratch_t *scratch = nullptr;
  for (const Part &part : parts) {
    if (hs_alloc_scratch(part.database, &scratch) == HS_SUCCESS) continue;
    hs_free_scratch(scratch);
    freeParts(parts);
    return refuse(env, "no scratch memory for the pattern database");
  }
  auto owned = std::make_unique<Database>(std::move(parts), scratch, std::move(marks));
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

// What one part of a database became.
struct Compiled {
  hs_database_t *database = nullptr;
  hs_compile_error_t *problem = nullptr;
};

// Arguments: expressions, a flag word each, how many consecutive ones make a part each, and of which pattern each is a part or all. Parts are compiled side by side.
napi_value compile(napi_env env, napi_callback_info info) {
  napi_value args[4];
  const uint32_t *flags, *sizes, *patterns;
  size_t flagCount, parts, patternCount;
  uint32_t count = 0;
  if (!readArguments(env, info, 4, args) || !readWords(env, args[1], "flags", &flags, flagCount) || !readWords(env, args[2], "parts", &sizes, parts) ||
      !readWords(env, args[3], "patterns", &patterns, patternCount)) {
    return kThrown;
  }
  if (napi_get_array_length(env, args[0], &count) != napi_ok || count != flagCount || count != patternCount || count == 0)
    return refuse(env, "expressions must be an array, not empty, with one flag word and one pattern each");
  size_t sum = 0;
  for (size_t i = 0; i < parts; i++) sum = sizes[i] == 0 ? SIZE_MAX / 2 : sum + sizes[i];
  if (sum != count || parts > kMostParts) return refuse(env, "parts must be how many expressions each of at most 64 holds, all together");
  std::vector<std::string> texts(count);
  std::vector<const char *> pointers;
  std::vector<unsigned> ids, words(count);
  std::vector<uint8_t> marks;
  for (uint32_t i = 0; i < count; i++) {
    if (patterns[i] > marks.size() || patterns[i] + 1 < marks.size()) return refuse(env, "patterns must count from 0, equal ones together");
    if (patterns[i] == marks.size()) marks.push_back(0);
    words[i] = flags[i] & (kFirstMark - 1);
    marks.back() = static_cast<uint8_t>(flags[i] / kFirstMark);
    napi_value element;
    if (napi_get_element(env, args[0], i, &element) != napi_ok || !readText(env, element, texts[i])) return kThrown;
    pointers.push_back(texts[i].c_str());
    ids.push_back(patterns[i]);
  }
  std::vector<uint32_t> firsts;
  for (size_t part = 0, first = 0; part < parts; first += sizes[part++]) {
    firsts.push_back(patterns[first]);
    for (size_t i = first; i < first + sizes[part]; i++) ids[i] -= firsts.back();
  }
  std::vector<std::future<Compiled>> running;
  for (size_t part = 0, first = 0; part < parts; first += sizes[part++]) {
    running.push_back(std::async(std::launch::async, [&, first, size = sizes[part]] {
      Compiled made;
      hs_compile_multi(&pointers[first], &words[first], &ids[first], size, HS_MODE_BLOCK, &hyperscan().platform, &made.database, &made.problem);
      return made;
    }));
  }
  std::vector<Part> made;
  hs_compile_error_t *problem = nullptr;
  for (size_t part = 0, first = 0; part < parts; first += sizes[part++]) {
    const Compiled compiled = running[part].get();
    if (compiled.database != nullptr) made.push_back({compiled.database, firsts[part]});
    if (compiled.problem == nullptr) continue;
    if (compiled.problem->expression >= 0) compiled.problem->expression = static_cast<int>(patterns[first + static_cast<size_t>(compiled.problem->expression)]);
    if (problem == nullptr) problem = compiled.problem;
    else hs_free_compile_error(compiled.problem);
  }
  if (problem != nullptr) {
    freeParts(made);
    throwCompileError(env, problem);
    hs_free_compile_error(problem);
    return kThrown;
  }
  return wrapDatabase(env, std::move(made), std::move(marks));
}

// A buffer for each part: the number of its patterns, a byte of marks for each, then Hyperscan's own form.
napi_value serialize(napi_env env, napi_callback_info info) {
  napi_value args[1], result;
  Database *database;
  if (!readArguments(env, info, 1, args) || !readDatabase(env, args[0], database)) return kThrown;
  const std::vector<Part> &parts = database->parts();
  const std::vector<uint8_t> &marks = database->marks();
  if (napi_create_array(env, &result) != napi_ok) return kThrown;
  for (uint32_t i = 0; i < parts.size(); i++) {
    const size_t end = i + 1 < parts.size() ? parts[i + 1].first : marks.size();
    const uint32_t patterns = static_cast<uint32_t>(end - parts[i].first);
    char *bytes = nullptr;
    size_t length = 0;
    if (hs_serialize_database(parts[i].database, &bytes, &length) != HS_SUCCESS) return refuse(env, "the pattern database cannot be serialized");
    std::vector<uint8_t> out(sizeof patterns + patterns + length);
    std::memcpy(out.data(), &patterns, sizeof patterns);
    std::memcpy(out.data() + sizeof patterns, marks.data() + parts[i].first, patterns);
    std::memcpy(out.data() + sizeof patterns + patterns, bytes, length);
    free(bytes);
    if (napi_set_element(env, result, i, makeBuffer(env, out.data(), out.size())) != napi_ok) return kThrown;
  }
  return result;
}

// Parts of any databases become one, numbered through.
napi_value deserialize(napi_env env, napi_callback_info info) {
  napi_value args[1];
  uint32_t count = 0;
  if (!readArguments(env, info, 1, args)) return kThrown;
  if (napi_get_array_length(env, args[0], &count) != napi_ok || count == 0 || count > kMostParts) return refuse(env, "parts must be an array of 1 to 64 buffers");
  std::vector<Part> parts;
  std::vector<uint8_t> marks;
  bool fine = true;
  for (uint32_t i = 0; fine && i < count; i++) {
    napi_value element;
    Bytes bytes;
    uint32_t patterns = 0;
    hs_database_t *database = nullptr;
    if (napi_get_element(env, args[0], i, &element) != napi_ok || !readBytes(env, element, "parts", bytes)) {
      freeParts(parts);
      return kThrown;
    }
    fine = bytes.length > sizeof patterns;
    if (fine) std::memcpy(&patterns, bytes.data, sizeof patterns);
    fine = fine && patterns > 0 && patterns < bytes.length - sizeof patterns &&
           hs_deserialize_database(reinterpret_cast<const char *>(bytes.data + sizeof patterns + patterns), bytes.length - sizeof patterns - patterns, &database) == HS_SUCCESS;
    if (!fine) break;
    parts.push_back({database, static_cast<uint32_t>(marks.size())});
    marks.insert(marks.end(), bytes.data + sizeof patterns, bytes.data + sizeof patterns + patterns);
  }
  if (!fine) {
    freeParts(parts);
    return refuse(env, "bytes must be of a database serialized on this platform by this version");
  }
  return wrapDatabase(env, std::move(parts), std::move(marks));
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
