#include "database.h"
#include <algorithm>
#include <cstring>
#include "hyperscan.h"
#include "steps.h"

namespace tourniquet {

namespace {

// Gathered text that is scanned in one go: it stays in the second-level cache.
constexpr size_t kBatchBytes = 128 * 1024;

}  // namespace

void Database::begin() {
  used_ = 0;
  segments_.clear();
  found_.clear();
}

uint8_t *Database::room(size_t length) {
  if (text_.size() < used_ + length + 1) text_.resize(std::max(used_ + length + 1, text_.size() * 2));
  return text_.data() + used_;
}

// Ends the text that was written to room(). A line feed parts it from the next, as it does in a body.
void Database::close(size_t length, uint32_t lineIndex, uint8_t kind, bool verbatim) {
  segments_.push_back({used_, used_ + length, lineIndex, kind, verbatim, 0});
  used_ += length;
  text_[used_++] = '\n';
}

void Database::addViews(const uint8_t *line, const Suspect &suspect, uint32_t lineIndex) {
  const uint8_t *text = line + suspect.start;
  size_t length = suspect.length;
  if (std::memchr(text, '\\', length) != nullptr) {
    if (value_.size() < length) value_.resize(length);
    length = unescape(text, length, value_.data());
    text = value_.data();
  }
  views_.begin(text, length);
  while (views_.next()) {
    const Piece8 view = views_.view();
    uint8_t *place = room(view.length + 2);
    *place = '"';
    std::memcpy(place + 1, view.data, view.length);
    place[1 + view.length] = '"';
    close(view.length + 2, lineIndex, kInDecoded, false);
  }
}

bool Database::add(const uint8_t *line, size_t length, const Judge &judge, uint32_t lineIndex, Hits &hits) {
  if (used_ >= kBatchBytes && !finish(hits)) return false;
  uint8_t *plain = room(length);
  size_t plainLength = length;
  const bool verbatim = std::memchr(line, '\\', length) == nullptr;
  if (verbatim) {
    std::memcpy(plain, line, length);
  } else {
    plainLength = unescape(line, length, plain);
  }
  close(plainLength, lineIndex, kInPlain, verbatim);
  if (judge.oddNumber()) {
    for (const uint32_t id : oddNumber_) record(lineIndex, id, kInPlain);
  }
  if (plainOnly_) return true;
  for (const Suspect &suspect : judge.suspects()) {
    if (suspect.special || hasRun({line + suspect.start, suspect.length})) addViews(line, suspect, lineIndex);
  }
  return true;
}

// The segment that holds a match's last byte; nullptr when that is the last line feed.
Database::Segment *Database::segmentOf(unsigned long long to) {
  if (to > segments_[cursor_].end || (cursor_ > 0 && to <= segments_[cursor_ - 1].end)) {
    const auto found = std::lower_bound(segments_.begin(), segments_.end(), to, [](const Segment &s, unsigned long long end) { return s.end < end; });
    if (found == segments_.end()) return nullptr;
    cursor_ = static_cast<size_t>(found - segments_.begin());
  }
  return &segments_[cursor_];
}

void Database::record(uint32_t line, uint32_t pattern, uint8_t found) {
  uint64_t &last = last_[pattern];
  if (last < found_.size() && found_[last].pattern == pattern && found_[last].line == line) {
    found_[last].found |= found;
  } else {
    last = found_.size();
    found_.push_back({line, pattern, found});
  }
}

// Whether byte `to - 1` of a verbatim line stands in a key: then the next quote ends it, and a colon follows.
bool Database::inKey(const Segment &segment, size_t to) const {
  const uint8_t *p = text_.data() + to - 1, *end = text_.data() + segment.end;
  p = static_cast<const uint8_t *>(std::memchr(p, '"', static_cast<size_t>(end - p)));
  if (p == nullptr) return false;
  do p++;
  while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'));
  return p < end && *p == ':';
}

int Database::onCandidate(unsigned local, unsigned long long, unsigned long long to, unsigned, void *context) {
  Database *self = static_cast<Database *>(context);
  const uint32_t id = self->parts_[self->part_].first + local;
  Segment *segment = self->segmentOf(to);
  if (segment == nullptr) return 0;
  const uint8_t marks = self->marks_[id];
  if (segment->kind == kInDecoded && (marks & kPlainOnly) != 0) return 0;
  if ((marks & kLineBound) != 0) {
    if ((marks & kValueOnly) != 0 && segment->verbatim && self->inKey(*segment, static_cast<size_t>(to))) return 0;
    self->record(segment->line, id, segment->kind);
  } else {
    // A match that runs over a line feed is found to be none later.
    segment->hit |= 1ull << self->part_;
  }
  return 0;
}

int Database::onMatch(unsigned local, unsigned long long, unsigned long long, unsigned, void *context) {
  Database *self = static_cast<Database *>(context);
  const uint32_t id = self->parts_[self->part_].first + local;
  if (self->seen_[id] == self->round_) return 0;
  self->seen_[id] = self->round_;
  const uint8_t marks = self->marks_[id];
  if ((marks & kLineBound) != 0 || (self->current_->kind == kInDecoded && (marks & kPlainOnly) != 0)) return 0;
  self->record(self->current_->line, id, self->current_->kind);
  return 0;
}

// Scans the gathered text between two places for a part.
bool Database::scan(size_t part, size_t start, size_t end, match_event_handler onEvent) {
  part_ = part;
  cursor_ = 0;
  const char *text = reinterpret_cast<const char *>(text_.data() + start);
  return hyperscan().scan(parts_[part].database, text, static_cast<unsigned>(end - start), 0, scratch_, onEvent, this) == HS_SUCCESS;
}

// Scans a segment by itself.
bool Database::exact(const Segment &segment) {
  if (++round_ == 0) {
    std::fill(seen_.begin(), seen_.end(), 0);
    round_ = 1;
  }
  current_ = &segment;
  for (size_t part = 0; part < parts_.size(); part++) {
    if ((segment.hit >> part & 1) != 0 && !scan(part, segment.start, segment.end, onMatch)) return false;
  }
  return true;
}

// By line (few hits lie in one of many lines), then by pattern; what was found twice becomes one.
void Database::sortInto(Hits &hits) {
  const uint32_t first = segments_.front().line, lines = segments_.back().line - first + 1;
  starts_.assign(lines + 1, 0);
  for (const Hit &hit : found_) starts_[hit.line - first + 1]++;
  for (uint32_t i = 0; i < lines; i++) starts_[i + 1] += starts_[i];
  sorted_.resize(found_.size());
  for (const Hit &hit : found_) sorted_[starts_[hit.line - first]++] = hit;
  for (size_t from = 0; from < sorted_.size();) {
    size_t to = from + 1;
    while (to < sorted_.size() && sorted_[to].line == sorted_[from].line) to++;
    std::sort(sorted_.begin() + static_cast<ptrdiff_t>(from), sorted_.begin() + static_cast<ptrdiff_t>(to), [](const Hit &a, const Hit &b) { return a.pattern < b.pattern; });
    for (size_t i = from; i < to; i++) {
      if (i > from && sorted_[i].pattern == sorted_[i - 1].pattern) {
        hits.found.back() |= sorted_[i].found;
      } else {
        hits.pairs.insert(hits.pairs.end(), {sorted_[i].line, sorted_[i].pattern});
        hits.found.push_back(sorted_[i].found);
      }
    }
    from = to;
  }
}

bool Database::finish(Hits &hits) {
  if (segments_.empty()) return true;
  bool fine = true;
  for (size_t part = 0; fine && part < parts_.size(); part++) fine = scan(part, 0, used_, onCandidate);
  for (const Segment &segment : segments_) {
    if (fine && segment.hit != 0) fine = exact(segment);
  }
  if (fine) sortInto(hits);
  begin();
  return fine;
}

}  // namespace tourniquet
