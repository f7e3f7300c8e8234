#include "database.h"
#include <algorithm>
#include <cstring>
#include "views.h"

namespace tourniquet {

namespace {

// Gathered text that is scanned in one go: it stays in the second-level cache.
constexpr size_t kBatchBytes = 128 * 1024;

}  // namespace

void Database::begin() {
  used_ = 0;
  segments_.clear();
}

uint8_t *Database::room(size_t length) {
  if (text_.size() < used_ + length + 1) text_.resize(std::max(used_ + length + 1, text_.size() * 2));
  return text_.data() + used_;
}

// Ends the view that was written to room(). A line feed parts it from the next, as it does in a body.
void Database::close(size_t length, uint32_t lineIndex) {
  segments_.push_back({used_, used_ + length, lineIndex, false});
  used_ += length;
  text_[used_++] = '\n';
}

bool Database::add(const uint8_t *line, size_t length, uint32_t lineIndex, std::vector<uint32_t> &hits) {
  if (used_ >= kBatchBytes && !finish(hits)) return false;
  uint8_t *view = room(length);
  size_t viewLength = length;
  if (std::memchr(line, '\\', length) == nullptr) {
    std::memcpy(view, line, length);
  } else {
    viewLength = unescape(line, length, view);
  }
  close(viewLength, lineIndex);
  for (int depth = 0; depth < 2; depth++) {
    const size_t source = segments_.back().start;
    const bool percent = hasPercent(text_.data() + source, viewLength);
    if (!percent && (depth > 0 || !hasPlus(text_.data() + source, viewLength))) break;
    view = room(viewLength);
    viewLength = percentDecode(text_.data() + source, viewLength, view, depth == 0);
    close(viewLength, lineIndex);
  }
  return true;
}

int Database::onCandidate(unsigned, unsigned long long, unsigned long long to, unsigned, void *context) {
  Database *self = static_cast<Database *>(context);
  std::vector<Segment> &segments = self->segments_;
  size_t &at = self->cursor_;
  if (to <= segments[at].end && (at == 0 || to > segments[at - 1].end)) {
    segments[at].hit = true;
    return 0;
  }
  // The segment that holds the match's last byte. A match that runs over a line feed is found to be none later.
  const auto found = std::lower_bound(segments.begin(), segments.end(), to, [](const Segment &s, unsigned long long end) { return s.end < end; });
  if (found != segments.end()) {
    found->hit = true;
    at = static_cast<size_t>(found - segments.begin());
  }
  return 0;
}

int Database::onMatch(unsigned id, unsigned long long, unsigned long long, unsigned, void *context) {
  Database *self = static_cast<Database *>(context);
  if (id < self->seen_.size() && self->seen_[id] != self->round_) {
    self->seen_[id] = self->round_;
    self->found_.push_back(id);
  }
  return 0;
}

// Scans the segments from first to before last, which are one line's views, each by itself.
bool Database::exact(size_t first, size_t last, std::vector<uint32_t> &hits) {
  if (++round_ == 0) {
    std::fill(seen_.begin(), seen_.end(), 0);
    round_ = 1;
  }
  found_.clear();
  for (size_t i = first; i < last; i++) {
    const Segment &s = segments_[i];
    if (!s.hit) continue;
    const char *text = reinterpret_cast<const char *>(text_.data() + s.start);
    if (hs_scan(database_, text, static_cast<unsigned>(s.end - s.start), 0, scratch_, onMatch, this) != HS_SUCCESS) return false;
  }
  std::sort(found_.begin(), found_.end());
  for (const uint32_t id : found_) {
    hits.push_back(segments_[first].line);
    hits.push_back(id);
  }
  return true;
}

bool Database::finish(std::vector<uint32_t> &hits) {
  cursor_ = 0;
  bool fine = true;
  if (!segments_.empty()) {
    const char *text = reinterpret_cast<const char *>(text_.data());
    fine = hs_scan(database_, text, static_cast<unsigned>(used_), 0, scratch_, onCandidate, this) == HS_SUCCESS;
  }
  for (size_t first = 0; fine && first < segments_.size();) {
    size_t last = first;
    bool hit = false;
    for (; last < segments_.size() && segments_[last].line == segments_[first].line; last++) hit = hit || segments_[last].hit;
    if (hit) fine = exact(first, last, hits);
    first = last;
  }
  begin();
  return fine;
}

}  // namespace tourniquet
