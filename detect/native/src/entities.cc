// Twin of detect/views/entities.ts.
#include "steps.h"

namespace tourniquet {

namespace {

struct Name {
  const char *text;
  uint8_t code;
  // Read without a semicolon too.
  bool open;
};

constexpr Name kNames[] = {
    {"lt", '<', true}, {"LT", '<', true}, {"gt", '>', true}, {"GT", '>', true}, {"amp", '&', true}, {"AMP", '&', true}, {"quot", '"', true}, {"QUOT", '"', true}, {"nbsp", 0xA0, true},
    {"apos", '\'', false}, {"Tab", '\t', false}, {"NewLine", '\n', false}, {"excl", '!', false}, {"num", '#', false}, {"dollar", '$', false}, {"percnt", '%', false}, {"lpar", '(', false},
    {"rpar", ')', false}, {"ast", '*', false}, {"plus", '+', false}, {"comma", ',', false}, {"period", '.', false}, {"sol", '/', false}, {"colon", ':', false}, {"semi", ';', false},
    {"equals", '=', false}, {"quest", '?', false}, {"commat", '@', false}, {"lsqb", '[', false}, {"lbrack", '[', false}, {"bsol", '\\', false}, {"rsqb", ']', false}, {"rbrack", ']', false},
    {"Hat", '^', false}, {"lowbar", '_', false}, {"grave", '`', false}, {"lcub", '{', false}, {"lbrace", '{', false}, {"verbar", '|', false}, {"vert", '|', false}, {"rcub", '}', false}, {"rbrace", '}', false},
};

struct Entity {
  uint32_t code;
  // Behind it; nullptr when there is none.
  const uint8_t *end;
};

constexpr Entity kNone = {0, nullptr};

Entity numbered(const uint8_t *p, const uint8_t *end) {
  const bool hex = p < end && (*p | 0x20) == 'x';
  if (hex) p++;
  const uint8_t *first = p;
  while (p < end && *p == '0') p++;
  uint32_t code = 0;
  for (int digits = 0; p < end; p++, digits++) {
    const int value = hexValue(*p);
    if (value < 0 || (!hex && value > 9)) break;
    if (digits == (hex ? 6 : 7)) return kNone;
    code = code * (hex ? 16 : 10) + static_cast<uint32_t>(value);
  }
  if (p == first || code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return kNone;
  return {code, p < end && *p == ';' ? p + 1 : p};
}

Entity named(const uint8_t *p, const uint8_t *end) {
  const size_t left = static_cast<size_t>(end - p);
  for (const Name &name : kNames) {
    if (left == 0 || *p != static_cast<uint8_t>(name.text[0])) continue;
    const size_t length = std::strlen(name.text);
    if (left < length || std::memcmp(p, name.text, length) != 0) continue;
    const bool closed = left > length && p[length] == ';';
    if (closed || name.open) return {name.code, p + length + (closed ? 1 : 0)};
  }
  return kNone;
}

}  // namespace

bool entitiesDecode(Piece8 in, Text &out) {
  const uint8_t *p = in.data, *end = p + in.length;
  Rewrite rewrite(in, out);
  while (p < end && (p = static_cast<const uint8_t *>(std::memchr(p, '&', static_cast<size_t>(end - p)))) != nullptr) {
    const Entity entity = p + 1 < end && p[1] == '#' ? numbered(p + 2, end) : named(p + 1, end);
    if (entity.end == nullptr) {
      p++;
      continue;
    }
    rewrite.until(p, entity.end);
    out.code(entity.code);
    p = entity.end;
  }
  return rewrite.finish();
}

}  // namespace tourniquet
