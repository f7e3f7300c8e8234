// The addon's exports; `detect/native/binding.ts` documents and types them.
#include <charconv>
#include <memory>
#include <string>
#include <vector>
#include "body.h"
#include "database.h"
#include "event-rows.h"
#include "hyperscan.h"
#include "members.h"
#include "merkle.h"
#include "pattern-calls.h"
#include "sha256.h"
#include "site-calls.h"
#include "values.h"

namespace tourniquet {

namespace {

constexpr napi_type_tag kRowsTag = {0x746f75726e697175ull, 0x65742d726f777300ull};
// Bits of a table's status word: the line has bytes beyond ASCII; it stands in the rewritten lines, not in the body.
constexpr uint32_t kBeyondAscii = 256;
constexpr uint32_t kRewritten = 512;
constexpr uint32_t kStatusMask = 255;

// One of each thread; it only holds working memory.
Judge &judgeOfThread() {
  thread_local Judge judge;
  return judge;
}

napi_value inspect(napi_env env, napi_callback_info info) {
  napi_value args[2];
  Bytes body, previous = {nullptr, 0};
  if (!readArguments(env, info, 2, args) || !readBytes(env, args[0], "body", body)) return kThrown;
  napi_valuetype type;
  if (napi_typeof(env, args[1], &type) != napi_ok) return kThrown;
  const bool nonces = type != napi_undefined;
  if (nonces && !readBytes(env, args[1], "previousHead", previous)) return kThrown;
  if (nonces && previous.length != kHashBytes) return refuse(env, "previousHead must be 32 bytes");

  Judge &judge = judgeOfThread();
  std::vector<uint32_t> table;
  uint32_t rejected = 0;
  int64_t broken = -1;
  uint8_t head[kHashBytes], nonce[kNonceBytes], commitment[kHashBytes];
  if (nonces) std::memcpy(head, previous.data, kHashBytes);
  eachLine(body.data, body.length, nonces, [&](Line line) {
    const uint8_t *bytes = body.data + line.start;
    const bool framed = line.terminated && (!nonces || readNonce(bytes, line.end - line.start, nonce));
    if (!framed && broken < 0) broken = static_cast<int64_t>(table.size() / 3);
    if (framed && nonces) {
      line.start += kNonceChars + 1;
      if (broken < 0) {
        Sha256().add(nonce, kNonceBytes).add(body.data + line.start, line.end - line.start).digest(commitment);
        Sha256().add(head, kHashBytes).add(commitment, kHashBytes).digest(head);
      }
    }
    const Status status = judge.judge(body.data + line.start, line.end - line.start);
    if (status != kOk) rejected++;
    table.insert(table.end(), {line.start, line.end, status});
  });

  napi_value result;
  napi_create_object(env, &result);
  setNumber(env, result, "lines", static_cast<double>(table.size() / 3));
  set(env, result, "table", makeWords(env, table.data(), table.size()));
  setNumber(env, result, "rejected", rejected);
  set(env, result, "head", makeBuffer(env, head, nonces ? kHashBytes : 0));
  setNumber(env, result, "brokenLine", static_cast<double>(broken));
  return result;
}

bool readRows(napi_env env, napi_value value, EventRows *&out) { return readHandle(env, value, kRowsTag, "rows must be what eventRows gave", out); }

// The hash state after 0x00 and the part of the envelope that each line of a block shares, copied for each line.
class LeafHasher {
 public:
  explicit LeafHasher(Bytes prefix) { start_.add("\0", 1).add(prefix.data, prefix.length); }
  void hash(uint64_t seq, const uint8_t *line, size_t length, uint8_t *out) const {
    char digits[24];
    char *end = std::to_chars(digits, digits + sizeof digits - 1, seq).ptr;
    *end++ = '\n';
    Sha256(start_).add(digits, static_cast<size_t>(end - digits)).add(line, length).digest(out);
  }

 private:
  Sha256 start_;
};

napi_value process(napi_env env, napi_callback_info info) {
  napi_value args[8];
  Database *database;
  Bytes body, prefix;
  bool nonces, hashed;
  uint64_t firstSeq, skipLines;
  const uint32_t *omit;
  size_t omitCount;
  if (!readArguments(env, info, 8, args) || !readDatabase(env, args[0], database) || !readBytes(env, args[1], "body", body) ||
      !readFlag(env, args[2], "nonces", nonces) || !readBytes(env, args[3], "envelopePrefix", prefix) || !readCount(env, args[4], "firstSeq", firstSeq) ||
      !readCount(env, args[5], "skipLines", skipLines) || !readWords(env, args[6], "omit", &omit, omitCount) || !readFlag(env, args[7], "hashed", hashed)) {
    return kThrown;
  }
  Judge &judge = judgeOfThread();
  const LeafHasher hasher(prefix);
  std::vector<uint32_t> table;
  std::vector<uint8_t> leaves;
  Hits hits;
  bool scanned = true;
  database->begin();
  uint32_t index = 0, stored = 0;
  size_t nextOmit = 0;
  uint8_t nonce[kNonceBytes];
  eachLine(body.data, body.length, nonces, [&](Line line) {
    if (nonces && readNonce(body.data + line.start, line.end - line.start, nonce)) line.start += kNonceChars + 1;
    const uint8_t *bytes = body.data + line.start;
    const size_t length = line.end - line.start;
    while (nextOmit < omitCount && omit[nextOmit] < index) nextOmit++;
    const bool passedOver = index < skipLines || (nextOmit < omitCount && omit[nextOmit] == index);
    uint32_t status = passedOver ? kPassedOver : judge.judge(bytes, length);
    if (status == kOk) {
      if (hashed) {
        leaves.resize(leaves.size() + kHashBytes);
        hasher.hash(firstSeq + index, bytes, length, leaves.data() + leaves.size() - kHashBytes);
      }
      scanned = scanned && database->add(bytes, length, judge, index, hits);
      stored++;
      if (!judge.ascii()) status |= kBeyondAscii;
    }
    table.insert(table.end(), {line.start, line.end, status});
    index++;
  });
  if (!scanned || !database->finish(hits)) return refuse(env, "the pattern database is damaged");
  napi_value result;
  napi_create_object(env, &result);
  setNumber(env, result, "lines", index);
  setNumber(env, result, "stored", stored);
  set(env, result, "table", makeWords(env, table.data(), table.size()));
  set(env, result, "hits", makeWords(env, hits.pairs.data(), hits.pairs.size()));
  set(env, result, "found", makeBuffer(env, hits.found.data(), hits.found.size()));
  set(env, result, "leaves", makeBuffer(env, leaves.data(), leaves.size()));
  return result;
}

// Lines that were rewritten: their bytes one after another, `ends` the end of each, its sequence firstSeq + offset.
napi_value leafHashes(napi_env env, napi_callback_info info) {
  napi_value args[5];
  Bytes prefix, lines;
  const uint32_t *ends, *offsets;
  size_t count, offsetCount;
  uint64_t firstSeq;
  if (!readArguments(env, info, 5, args) || !readBytes(env, args[0], "envelopePrefix", prefix) || !readCount(env, args[1], "firstSeq", firstSeq) ||
      !readBytes(env, args[2], "lines", lines) || !readWords(env, args[3], "ends", &ends, count) || !readWords(env, args[4], "offsets", &offsets, offsetCount)) {
    return kThrown;
  }
  if (offsetCount != count) return refuse(env, "ends and offsets must be of one length");
  const LeafHasher hasher(prefix);
  std::vector<uint8_t> leaves(count * kHashBytes);
  uint32_t start = 0;
  for (size_t i = 0; i < count; i++) {
    if (ends[i] < start || ends[i] > lines.length) return refuse(env, "ends must rise and stay within lines");
    hasher.hash(firstSeq + offsets[i], lines.data + start, ends[i] - start, leaves.data() + i * kHashBytes);
    start = ends[i];
  }
  return makeBuffer(env, leaves.data(), leaves.size());
}

// For each line of the table and each name the place of its value, see Members. Of a line that is not ok, has bytes beyond
// ASCII, or must be read whole, the first word has all bits set.
napi_value members(napi_env env, napi_callback_info info) {
  napi_value args[3];
  Bytes body;
  const uint32_t *table;
  size_t words;
  uint32_t count = 0;
  if (!readArguments(env, info, 3, args) || !readBytes(env, args[0], "body", body) || !readWords(env, args[1], "table", &table, words)) return kThrown;
  if (napi_get_array_length(env, args[2], &count) != napi_ok || count == 0 || count > 64) return refuse(env, "names must be an array of 1 to 64 strings");
  std::vector<std::string> names(count);
  for (uint32_t i = 0; i < count; i++) {
    napi_value element;
    if (napi_get_element(env, args[2], i, &element) != napi_ok || !readText(env, element, names[i])) return kThrown;
  }
  const Members reader(std::move(names));
  std::vector<uint32_t> places(words / 3 * count * 2);
  for (size_t index = 0; index < words / 3; index++) {
    const uint32_t start = table[index * 3], end = table[index * 3 + 1], word = table[index * 3 + 2];
    uint32_t *out = places.data() + index * count * 2;
    if (word == kOk && (start >= end || end > body.length)) return refuse(env, "table must name places within body");
    if (word != kOk || !reader.read(body.data + start, end - start, start, out)) out[0] = 0xFFFFFFFFu;
  }
  return makeWords(env, places.data(), places.size());
}

void freeRows(napi_env, void *data, void *) { delete static_cast<EventRows *>(data); }

napi_value eventRows(napi_env env, napi_callback_info) {
  auto owned = std::make_unique<EventRows>();
  napi_value handle;
  if (napi_create_object(env, &handle) != napi_ok || napi_wrap(env, handle, owned.get(), freeRows, nullptr, nullptr) != napi_ok) return kThrown;
  owned.release();
  return napi_type_tag_object(env, handle, &kRowsTag) == napi_ok ? handle : kThrown;
}

// Adds the lines that are ok until one needs JavaScript; returns that line's index, or the number of lines.
napi_value addLines(napi_env env, napi_callback_info info) {
  napi_value args[7];
  EventRows *rows;
  Bytes body, rewritten;
  const uint32_t *table;
  size_t words;
  uint64_t firstSeq, receivedAtMs, from;
  if (!readArguments(env, info, 7, args) || !readRows(env, args[0], rows) || !readBytes(env, args[1], "body", body) || !readBytes(env, args[2], "rewritten", rewritten) ||
      !readWords(env, args[3], "table", &table, words) || !readCount(env, args[4], "firstSeq", firstSeq) || !readCount(env, args[5], "receivedAtMs", receivedAtMs) ||
      !readCount(env, args[6], "from", from)) {
    return kThrown;
  }
  uint64_t index = from;
  for (; index < words / 3; index++) {
    const uint32_t start = table[index * 3], end = table[index * 3 + 1], word = table[index * 3 + 2];
    if ((word & kStatusMask) != kOk) continue;
    const Bytes &source = (word & kRewritten) != 0 ? rewritten : body;
    if (start >= end || end > source.length) return refuse(env, "table must name places within body and rewritten");
    if (!rows->fields.derive(source.data + start, end - start, receivedAtMs)) break;
    rows->push(firstSeq + index, rows->fields, {source.data + start, end - start});
  }
  napi_value result;
  return napi_create_double(env, static_cast<double>(index), &result) == napi_ok ? result : kThrown;
}

// One line whose columns JavaScript derived: texts in the order of TextColumn.
napi_value addRow(napi_env env, napi_callback_info info) {
  napi_value args[7];
  EventRows *rows;
  Bytes line;
  uint64_t seq, status;
  uint32_t count = 0;
  EventFields f;
  if (!readArguments(env, info, 7, args) || !readRows(env, args[0], rows) || !readCount(env, args[1], "seq", seq) || !readCount(env, args[2], "timestamp", f.timestamp) ||
      !readCount(env, args[3], "status", status) || !readCount(env, args[4], "responseBytes", f.responseBytes) || !readBytes(env, args[6], "line", line)) {
    return kThrown;
  }
  if (napi_get_array_length(env, args[5], &count) != napi_ok || count != kTexts) return refuse(env, "texts must be an array of one string a column");
  std::string texts[kTexts];
  for (uint32_t i = 0; i < kTexts; i++) {
    napi_value element;
    if (napi_get_element(env, args[5], i, &element) != napi_ok || !readText(env, element, texts[i])) return kThrown;
    f.texts[i] = {reinterpret_cast<const uint8_t *>(texts[i].data()), texts[i].size()};
  }
  f.status = static_cast<uint32_t>(status);
  rows->push(seq, f, {line.data, line.length});
  return nullptr;
}

// The columns as Buffers, in the order of EventRows::column; the rows are then empty.
napi_value takeColumns(napi_env env, napi_callback_info info) {
  napi_value args[1], result;
  EventRows *rows;
  if (!readArguments(env, info, 1, args) || !readRows(env, args[0], rows)) return kThrown;
  if (napi_create_array_with_length(env, EventRows::kColumns, &result) != napi_ok) return kThrown;
  Bytes8 scratch;
  for (uint32_t i = 0; i < EventRows::kColumns; i++) {
    const Piece bytes = rows->column(i, scratch);
    if (napi_set_element(env, result, i, makeBuffer(env, bytes.data, bytes.length)) != napi_ok) return kThrown;
  }
  rows->clear();
  return result;
}

bool readFrontier(napi_env env, napi_value size, napi_value hashes, uint64_t &leaves, Bytes &bytes) {
  if (!readCount(env, size, "size", leaves) || !readBytes(env, hashes, "hashes", bytes)) return false;
  const size_t expected = static_cast<size_t>(__builtin_popcountll(leaves)) * kHashBytes;
  return bytes.length == expected || fail(env, "hashes must be 32 bytes for each set bit of size");
}

napi_value append(napi_env env, napi_callback_info info) {
  napi_value args[3];
  uint64_t size;
  Bytes hashes, leaves;
  if (!readArguments(env, info, 3, args) || !readFrontier(env, args[0], args[1], size, hashes) || !readBytes(env, args[2], "leaves", leaves)) return kThrown;
  if (leaves.length % kHashBytes != 0) return refuse(env, "leaves must be 32 bytes each");
  std::vector<uint8_t> frontier(hashes.data, hashes.data + hashes.length);
  appendLeaves(size, frontier, leaves.data, leaves.length / kHashBytes);
  return makeBuffer(env, frontier.data(), frontier.size());
}

napi_value root(napi_env env, napi_callback_info info) {
  napi_value args[2];
  uint64_t size;
  Bytes hashes;
  if (!readArguments(env, info, 2, args) || !readFrontier(env, args[0], args[1], size, hashes)) return kThrown;
  uint8_t out[kHashBytes];
  treeRoot(hashes.data, hashes.length / kHashBytes, out);
  return makeBuffer(env, out, kHashBytes);
}

}  // namespace

}  // namespace tourniquet

NAPI_MODULE_INIT() {
  using namespace tourniquet;
  if (hs_valid_platform() != HS_SUCCESS) {
    napi_throw_error(env, "TQ-DETECT-02", "this processor lacks what Hyperscan needs (SSE4.2, or NEON on arm64)");
    return exports;
  }
  if (hyperscan().scan == nullptr) {
    napi_throw_error(env, "TQ-DETECT-02", "this libvectorscan misses matches on this processor: install another version");
    return exports;
  }
  const struct {
    const char *name;
    napi_callback call;
  } functions[] = {{"inspect", inspect}, {"compile", compile}, {"serialize", serialize}, {"deserialize", deserialize},
                   {"process", process}, {"viewsOf", viewsOf}, {"platform", platform}, {"leafHashes", leafHashes}, {"append", append}, {"root", root}, {"members", members},
                   {"hmacState", hmacState}, {"tokens", tokens}, {"sketch", sketch},
                   {"eventRows", eventRows}, {"addLines", addLines}, {"addRow", addRow}, {"takeColumns", takeColumns}};
  for (const auto &f : functions) {
    napi_value function;
    napi_create_function(env, f.name, NAPI_AUTO_LENGTH, f.call, nullptr, &function);
    set(env, exports, f.name, function);
  }
  return exports;
}
