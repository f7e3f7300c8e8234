// Twin of detect/views/encoded-runs.ts and byte-text.ts.
#include "steps.h"

namespace tourniquet {

namespace {

constexpr size_t kLeastLiteral = 8;
constexpr uint8_t kNone = 0xFF;

// By character its sextet in either alphabet, kNone for what is in none.
struct Sextets {
  uint8_t of[256];
  constexpr Sextets() : of() {
    for (int i = 0; i < 256; i++) of[i] = kNone;
    const char *alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (uint8_t i = 0; i < 64; i++) of[static_cast<uint8_t>(alphabet[i])] = i;
    of[static_cast<uint8_t>('-')] = 62;
    of[static_cast<uint8_t>('_')] = 63;
  }
};

constexpr Sextets kSextets;

// What a run is made of.
enum Kind : uint8_t { kWord = 1, kStandardSign = 2, kUrlSign = 4, kHexDigit = 8 };

struct Kinds {
  uint8_t of[256];
  constexpr Kinds() : of() {
    for (int c = 'A'; c <= 'Z'; c++) of[c] = of[c | 0x20] = c <= 'F' ? kWord | kHexDigit : kWord;
    for (int c = '0'; c <= '9'; c++) of[c] = kWord | kHexDigit;
    of[static_cast<uint8_t>('+')] = of[static_cast<uint8_t>('/')] = kStandardSign;
    of[static_cast<uint8_t>('-')] = of[static_cast<uint8_t>('_')] = kUrlSign;
  }
};

constexpr Kinds kKinds;

struct Run {
  // nullptr when there is none.
  const uint8_t *start, *stop;
};

// The first run of at least kLeastRun characters of the kinds from `from` on. Every such run holds one of the places
// that are looked at, sixteen apart.
template <uint8_t kinds>
Run nextRun(const uint8_t *from, const uint8_t *end) {
  const auto in = [](uint8_t c) { return (kKinds.of[c] & kinds) != 0; };
  while (end - from >= static_cast<ptrdiff_t>(kLeastRun)) {
    const uint8_t *start = from + kLeastRun - 1;
    if (!in(*start)) {
      from = start + 1;
      continue;
    }
    const uint8_t *stop = start + 1;
    while (start > from && in(start[-1])) start--;
    while (stop < end && in(*stop)) stop++;
    if (stop - start >= static_cast<ptrdiff_t>(kLeastRun)) return {start, stop};
    from = stop;
  }
  return {nullptr, nullptr};
}

constexpr uint8_t kBase64 = kWord | kStandardSign | kUrlSign;
bool printable(uint8_t c) { return (c >= 32 && c < 127) || c == '\t' || c == '\n' || c == '\r'; }

// Collects decoded bytes; gives up as soon as they cannot be text any more.
class Decoded {
 public:
  void begin(size_t count) {
    bytes_.clear();
    allowed_ = count / 8;
  }
  bool add(uint8_t byte) {
    if (!printable(byte) && allowed_-- == 0) return false;
    bytes_.push_back(byte);
    return true;
  }
  void write(Text &out) const {
    const uint8_t *p = bytes_.data(), *end = p + bytes_.size();
    while (p < end) p += writeCharacter(p, end, out);
  }

 private:
  std::vector<uint8_t> bytes_;
  size_t allowed_ = 0;
};

// One of each thread; it only holds working memory.
Decoded &decodedOfThread() {
  thread_local Decoded decoded;
  return decoded;
}

bool base64Bytes(const uint8_t *p, const uint8_t *end, Decoded &decoded) {
  const size_t length = static_cast<size_t>(end - p);
  decoded.begin(length * 3 / 4);
  uint32_t bits = 0;
  int held = 0;
  for (; p < end; p++) {
    bits = bits << 6 | kSextets.of[*p];
    held += 6;
    if (held < 8) continue;
    held -= 8;
    if (!decoded.add(static_cast<uint8_t>(bits >> held))) return false;
  }
  return true;
}

bool mixed(Run run) {
  uint8_t kinds = 0;
  for (const uint8_t *p = run.start; p < run.stop; p++) kinds |= kKinds.of[*p];
  return (kinds & kStandardSign) != 0 && (kinds & kUrlSign) != 0;
}

bool hexBytes(const uint8_t *p, const uint8_t *end, Decoded &decoded) {
  const size_t digits = static_cast<size_t>(end - p);
  decoded.begin((digits + 1) / 2);
  if (digits % 2 != 0 && !decoded.add(static_cast<uint8_t>(hexValue(*p++)))) return false;
  for (; p < end; p += 2) {
    if (!decoded.add(static_cast<uint8_t>(hexValue(p[0]) * 16 + hexValue(p[1])))) return false;
  }
  return true;
}

const uint8_t *digitsEnd(const uint8_t *p, const uint8_t *end) {
  while (p < end && hexValue(*p) >= 0) p++;
  return p;
}

// Percent escapes before or behind a run belong to it: they are read first.
bool besideEscape(Piece8 in, const uint8_t *start, const uint8_t *stop) {
  const uint8_t *end = in.data + in.length;
  const auto escape = [end](const uint8_t *p) { return end - p >= 3 && *p == '%' && hexValue(p[1]) >= 0 && hexValue(p[2]) >= 0; };
  return (start > in.data && escape(start - 1)) || escape(stop);
}

// The parts of a run that is no base64 as a whole.
void decodeParts(Run run, Decoded &decoded, Rewrite &rewrite, Text &out) {
  for (Run part = nextRun<kWord>(run.start, run.stop); part.start != nullptr; part = nextRun<kWord>(part.stop, run.stop)) {
    if (!base64Bytes(part.start, part.stop, decoded)) continue;
    rewrite.until(part.start, part.stop);
    decoded.write(out);
  }
}

}  // namespace

size_t writeCharacter(const uint8_t *p, const uint8_t *end, Text &out) {
  const uint8_t first = *p;
  const size_t length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF8 ? 4 : 1;
  uint32_t code = first;
  if (length > 1 && static_cast<size_t>(end - p) >= length) {
    code = first & (0xFFu >> (length + 1));
    bool whole = true;
    for (size_t i = 1; i < length; i++) {
      whole = whole && (p[i] & 0xC0) == 0x80;
      code = code << 6 | (p[i] & 0x3F);
    }
    if (whole && code <= 0x10FFFF && (code < 0xD800 || code >= 0xE000)) {
      out.code(code);
      return length;
    }
  }
  out.code(first);
  return 1;
}

bool hasRun(Piece8 in) { return nextRun<kBase64>(in.data, in.data + in.length).start != nullptr; }

bool hasHexRun(Piece8 in) { return nextRun<kHexDigit>(in.data, in.data + in.length).start != nullptr; }

bool base64Decode(Piece8 in, Text &out) {
  const uint8_t *end = in.data + in.length;
  Decoded &decoded = decodedOfThread();
  Rewrite rewrite(in, out);
  for (Run run = nextRun<kBase64>(in.data, end); run.start != nullptr; run = nextRun<kBase64>(run.stop, end)) {
    const uint8_t *padded = run.stop;
    while (padded < end && padded - run.stop < 2 && *padded == '=') padded++;
    if (besideEscape(in, run.start, padded)) continue;
    if (mixed(run) || !base64Bytes(run.start, run.stop, decoded)) {
      decodeParts(run, decoded, rewrite, out);
      continue;
    }
    const size_t rest = static_cast<size_t>(run.stop - run.start) % 4;
    const ptrdiff_t most = rest == 2 ? 2 : rest == 3 ? 1 : 0;
    rewrite.until(run.start, padded - run.stop > most ? run.stop + most : padded);
    decoded.write(out);
  }
  return rewrite.finish();
}

bool hexDecode(Piece8 in, Text &out) {
  const uint8_t *p = in.data, *end = p + in.length;
  Decoded &decoded = decodedOfThread();
  Rewrite rewrite(in, out);
  while (p < end) {
    if (hexValue(*p) < 0) {
      p++;
      continue;
    }
    const uint8_t *stop = digitsEnd(p, end);
    const size_t digits = static_cast<size_t>(stop - p);
    if (digits >= kLeastRun) {
      if (digits % 2 == 0 && !besideEscape(in, p, stop) && hexBytes(p, stop, decoded)) {
        rewrite.until(p, stop);
        decoded.write(out);
      }
      p = stop;
      continue;
    }
    p = stop;
    // A literal begins with the run's last digit.
    if (stop == end || (*stop | 0x20) != 'x' || stop[-1] != '0') continue;
    const uint8_t *last = digitsEnd(stop + 1, end);
    if (static_cast<size_t>(last - stop - 1) < kLeastLiteral) continue;
    if (!besideEscape(in, stop - 1, last) && hexBytes(stop + 1, last, decoded)) {
      rewrite.until(stop - 1, last);
      decoded.write(out);
    }
    p = last;
  }
  return rewrite.finish();
}

}  // namespace tourniquet
