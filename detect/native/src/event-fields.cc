#include "event-fields.h"
#include <array>
#include <cstring>
#include "plain-run.h"
#include "unescape.h"

namespace tourniquet {

namespace {

enum Context : uint8_t { kTop, kEvent, kUser, kSource, kClient, kUrl, kHost, kHttp, kRequest, kResponse, kBody, kAgent, kContexts, kNoContext };

// Slots of values. A nested name comes right before its dotted twin: that is their order of precedence.
enum Slot : uint8_t {
  sTimestamp, sKind, sKindDotted, sCategory, sCategoryDotted, sAction, sActionDotted, sOutcome, sOutcomeDotted, sUserName, sUserNameDotted,
  sSourceIp, sSourceIpDotted, sClientIp, sClientIpDotted, sDomain, sDomainDotted, sHostName, sHostNameDotted, sMethod, sMethodDotted,
  sPath, sPathDotted, sOriginal, sOriginalDotted, sStatus, sStatusDotted, sBytes, sBytesHalfDotted, sBytesDotted, sAgent, sAgentDotted, kSlots,
  // A name whose value only JavaScript reads.
  sStrange, sNone,
};

struct Name {
  Context context;
  const char *text;
  Slot slot;
  Context child;
};

constexpr Name kNames[] = {
    {kTop, "@timestamp", sTimestamp, kNoContext},
    {kTop, "event", sNone, kEvent},
    {kTop, "user", sNone, kUser},
    {kTop, "source", sNone, kSource},
    {kTop, "client", sNone, kClient},
    {kTop, "url", sNone, kUrl},
    {kTop, "host", sNone, kHost},
    {kTop, "http", sNone, kHttp},
    {kTop, "user_agent", sNone, kAgent},
    {kTop, "event.kind", sKindDotted, kNoContext},
    {kTop, "event.category", sCategoryDotted, kNoContext},
    {kTop, "event.action", sActionDotted, kNoContext},
    {kTop, "event.outcome", sOutcomeDotted, kNoContext},
    {kTop, "user.name", sUserNameDotted, kNoContext},
    {kTop, "source.ip", sSourceIpDotted, kNoContext},
    {kTop, "client.ip", sClientIpDotted, kNoContext},
    {kTop, "url.domain", sDomainDotted, kNoContext},
    {kTop, "host.name", sHostNameDotted, kNoContext},
    {kTop, "http.request", sStrange, kNoContext},
    {kTop, "http.response", sStrange, kNoContext},
    {kTop, "http.request.method", sMethodDotted, kNoContext},
    {kTop, "http.response.status_code", sStatusDotted, kNoContext},
    {kTop, "http.response.body.bytes", sBytesDotted, kNoContext},
    {kTop, "url.path", sPathDotted, kNoContext},
    {kTop, "url.original", sOriginalDotted, kNoContext},
    {kTop, "user_agent.original", sAgentDotted, kNoContext},
    {kEvent, "kind", sKind, kNoContext},
    {kEvent, "category", sCategory, kNoContext},
    {kEvent, "action", sAction, kNoContext},
    {kEvent, "outcome", sOutcome, kNoContext},
    {kUser, "name", sUserName, kNoContext},
    {kSource, "ip", sSourceIp, kNoContext},
    {kClient, "ip", sClientIp, kNoContext},
    {kUrl, "domain", sDomain, kNoContext},
    {kUrl, "path", sPath, kNoContext},
    {kUrl, "original", sOriginal, kNoContext},
    {kHost, "name", sHostName, kNoContext},
    {kHttp, "request", sNone, kRequest},
    {kHttp, "response", sNone, kResponse},
    {kRequest, "method", sMethod, kNoContext},
    {kResponse, "status_code", sStatus, kNoContext},
    {kResponse, "body", sNone, kBody},
    {kResponse, "body.bytes", sBytesHalfDotted, kNoContext},
    {kBody, "bytes", sBytes, kNoContext},
    {kAgent, "original", sAgent, kNoContext},
};
constexpr size_t kNameCount = sizeof kNames / sizeof kNames[0];
constexpr size_t kLongestName = 31;

// The names of one context and length as a chain through kNames; 0 ends it.
struct NameIndex {
  std::array<std::array<uint8_t, kLongestName + 1>, kContexts> first{};
  std::array<uint8_t, kNameCount + 1> next{};
  NameIndex() {
    for (size_t i = 0; i < kNameCount; i++) {
      uint8_t &head = first[kNames[i].context][std::strlen(kNames[i].text)];
      next[i + 1] = head;
      head = static_cast<uint8_t>(i + 1);
    }
  }
};
const NameIndex kIndex;

const Name *find(unsigned context, const uint8_t *key, size_t length) {
  if (length > kLongestName) return nullptr;
  for (uint8_t i = kIndex.first[context][length]; i != 0; i = kIndex.next[i]) {
    if (std::memcmp(kNames[i - 1].text, key, length) == 0) return &kNames[i - 1];
  }
  return nullptr;
}

bool digit(uint8_t c) { return c >= '0' && c <= '9'; }

// Decimal digits alone, so few that a double holds them: read alike by everybody.
bool plainNumber(const uint8_t *p, const uint8_t *end, uint64_t &out) {
  if (p == end || end - p > 15) return false;
  out = 0;
  for (; p < end; p++) {
    if (!digit(*p)) return false;
    out = out * 10 + (*p - '0');
  }
  return true;
}

const char kTrueText[] = "true", kFalseText[] = "false";

Piece pieceOf(const char *text) { return {reinterpret_cast<const uint8_t *>(text), std::strlen(text)}; }

int number(const uint8_t *p, int count) {
  int value = 0;
  for (int i = 0; i < count; i++) {
    if (!digit(p[i])) return -1;
    value = value * 10 + (p[i] - '0');
  }
  return value;
}

// Days since 1970-01-01 in the proleptic Gregorian calendar; year >= 1970.
int64_t daysOf(int year, int month, int day) {
  const int y = month > 2 ? year : year - 1;
  const int shifted = month > 2 ? month - 3 : month + 9;
  return 365ll * y + y / 4 - y / 100 + y / 400 + (153 * shifted + 2) / 5 + day - 719469;
}

}  // namespace

int64_t parseTimestamp(const uint8_t *t, size_t length) {
  constexpr int64_t kLastMs = 10413791999999;
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (length < 20 || t[4] != '-' || t[7] != '-' || (t[10] != 'T' && t[10] != 't' && t[10] != ' ') || t[13] != ':' || t[16] != ':') return -1;
  const int year = number(t, 4), month = number(t + 5, 2), day = number(t + 8, 2);
  const int hour = number(t + 11, 2), minute = number(t + 14, 2), second = number(t + 17, 2);
  // 1969-12-31 west of Greenwich is in 1970.
  if (year < 1969 || month < 1 || month > 12 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return -1;
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (day < 1 || day > (month == 2 && leap ? 29 : kDays[month - 1])) return -1;
  size_t at = 19;
  int64_t ms = 0;
  if (t[at] == '.') {
    int scale = 100;
    for (at++; at < length && digit(t[at]); at++, scale /= 10) ms += (t[at] - '0') * scale;
    if (at == 20 || at == length) return -1;
  }
  int offset = 0;
  if ((t[at] == 'Z' || t[at] == 'z') && length == at + 1) {
    offset = 0;
  } else {
    if ((t[at] != '+' && t[at] != '-') || length != at + 6 || t[at + 3] != ':') return -1;
    const int hours = number(t + at + 1, 2), minutes = number(t + at + 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return -1;
    offset = (t[at] == '-' ? -1 : 1) * (hours * 60 + minutes);
  }
  const int64_t time = ((daysOf(year, month, day) * 24 + hour) * 60 + minute - offset) * 60000 + second * 1000 + ms;
  return time >= 0 && time <= kLastMs ? time : -1;
}

void EventFields::space() {
  while (p_ < end_ && (*p_ == ' ' || *p_ == '\n' || *p_ == '\r' || *p_ == '\t')) p_++;
}

// Passes a string whose opening quote was read.
bool EventFields::string(bool &escaped) {
  escaped = false;
  for (;;) {
    p_ = plainRun(p_, end_);
    if (p_ >= end_) return false;
    if (*p_ == '"') {
      p_++;
      return true;
    }
    escaped = true;
    p_ += end_ - p_ < 2 ? 1 : 2;
  }
}

// Passes an object or array whose opening bracket was read.
void EventFields::skipNested() {
  bool escaped;
  for (int depth = 1; depth > 0 && p_ < end_;) {
    const uint8_t c = *p_++;
    if (c == '"') string(escaped);
    else if (c == '{' || c == '[') depth++;
    else if (c == '}' || c == ']') depth--;
  }
}

EventFields::Value EventFields::value() {
  Value v;
  bool escaped;
  space();
  if (p_ >= end_) return v;
  const uint8_t c = *p_;
  v.start = p_;
  if (c == '"') {
    v.start = ++p_;
    if (!string(escaped)) return Value();
    v.end = p_ - 1;
    v.shape = escaped ? kEscaped : kString;
    return v;
  }
  if (c == '{' || c == '[') {
    p_++;
    skipNested();
    v.shape = c == '{' ? kObject : kArray;
  } else {
    while (p_ < end_ && *p_ != ',' && *p_ != '}' && *p_ != ']' && *p_ > ' ') p_++;
    v.shape = c == 't' ? kTrue : c == 'f' ? kFalse : c == 'n' ? kAbsent : kNumber;
  }
  v.end = p_;
  return v;
}

// Reads the members of an object whose opening bracket was read.
void EventFields::object(unsigned context) {
  bool escaped;
  for (;;) {
    space();
    if (p_ >= end_ || *p_++ != '"') return;
    const uint8_t *key = p_;
    if (!string(escaped)) return;
    const Name *name = find(context, key, static_cast<size_t>(p_ - 1 - key));
    // An escaped key could spell any name.
    if (escaped) strange_ = true;
    space();
    p_++;
    space();
    if (name != nullptr && name->child != kNoContext && p_ < end_ && *p_ == '{') {
      p_++;
      object(name->child);
    } else {
      const Value v = value();
      if (name != nullptr && name->slot < kSlots) values_[name->slot] = v;
      // A dotted path that is null hides url.original; a path in pieces of both kinds is rare.
      if (name != nullptr && (name->slot == sStrange || (name->slot == sPathDotted && v.shape == kAbsent))) strange_ = true;
    }
    space();
    if (p_ >= end_ || *p_++ != ',') return;
  }
}

// A value that is no object or array, as text.
Piece EventFields::scalar(const Value &v) {
  uint64_t number;
  switch (v.shape) {
    case kString:
      return {v.start, static_cast<size_t>(v.end - v.start)};
    case kEscaped: {
      uint8_t *out = decoded_.data() + decodedUsed_;
      const size_t length = unescape(v.start, static_cast<size_t>(v.end - v.start), out);
      decodedUsed_ += length;
      // A lone surrogate: JavaScript knows what becomes of it.
      for (size_t i = 0; i + 1 < length; i++) strange_ = strange_ || (out[i] == 0xED && out[i + 1] >= 0xA0);
      return {out, length};
    }
    case kNumber:
      if (!plainNumber(v.start, v.end, number)) strange_ = true;
      return {v.start, static_cast<size_t>(v.end - v.start)};
    case kTrue:
      return pieceOf(kTrueText);
    case kFalse:
      return pieceOf(kFalseText);
    default:
      return {};
  }
}

Piece EventFields::text(const Value &v) {
  if (v.shape != kArray) return scalar(v);
  p_ = v.start + 1;
  end_ = v.end;
  space();
  if (p_ >= end_ || *p_ == ']') return {};
  return scalar(value());
}

Piece EventFields::path() {
  if (values_[sPath].shape != kAbsent) return text(values_[sPath]);
  if (values_[sPathDotted].shape != kAbsent) return text(values_[sPathDotted]);
  Piece original = text(values_[values_[sOriginal].shape != kAbsent ? sOriginal : sOriginalDotted]);
  const void *query = original.length == 0 ? nullptr : std::memchr(original.data, '?', original.length);
  if (query != nullptr) original.length = static_cast<size_t>(static_cast<const uint8_t *>(query) - original.data);
  return original;
}

uint64_t EventFields::whole(const Value &v, uint64_t most) {
  uint64_t number = 0;
  if (v.shape == kEscaped) strange_ = true;
  const bool some = v.shape == kNumber || (v.shape == kString && v.start < v.end);
  if (some && !plainNumber(v.start, v.end, number)) strange_ = true;
  return number < most ? number : most;
}

bool EventFields::derive(const uint8_t *line, size_t length, uint64_t receivedAtMs) {
  values_.assign(kSlots, Value());
  // A decoded string is no longer than its source, and at most two columns read one value.
  if (decoded_.size() < length * 2) decoded_.resize(length * 2);
  decodedUsed_ = 0;
  strange_ = false;
  p_ = line;
  end_ = line + length;
  space();
  p_++;
  object(kTop);
  const auto pick = [this](unsigned a, unsigned b) -> const Value & { return values_[values_[a].shape != kAbsent ? a : b]; };
  const Value &ip = pick(sSourceIp, sSourceIpDotted), &domain = pick(sDomain, sDomainDotted);
  texts[kKind] = text(pick(sKind, sKindDotted));
  texts[kCategory] = text(pick(sCategory, sCategoryDotted));
  texts[kAction] = text(pick(sAction, sActionDotted));
  texts[kOutcome] = text(pick(sOutcome, sOutcomeDotted));
  texts[kUserName] = text(pick(sUserName, sUserNameDotted));
  texts[kSourceIp] = text(ip.shape != kAbsent ? ip : pick(sClientIp, sClientIpDotted));
  texts[kDomain] = text(domain.shape != kAbsent ? domain : pick(sHostName, sHostNameDotted));
  texts[kMethod] = text(pick(sMethod, sMethodDotted));
  texts[kPath] = path();
  texts[kUserAgent] = text(pick(sAgent, sAgentDotted));
  status = static_cast<uint32_t>(whole(pick(sStatus, sStatusDotted), 0xffff));
  responseBytes = whole(values_[values_[sBytes].shape != kAbsent ? static_cast<unsigned>(sBytes) : values_[sBytesHalfDotted].shape != kAbsent ? sBytesHalfDotted : sBytesDotted], 9007199254740991ull);
  const Value &time = values_[sTimestamp];
  if (time.shape == kEscaped) strange_ = true;
  const int64_t parsed = time.shape == kString ? parseTimestamp(time.start, static_cast<size_t>(time.end - time.start)) : -1;
  timestamp = parsed >= 0 ? static_cast<uint64_t>(parsed) : receivedAtMs;
  return !strange_;
}

}  // namespace tourniquet
