// Hyperscan databases in block mode with their scratch. Used from the thread that made it only.
#pragma once
#include <hs/hs.h>
#include <cstddef>
#include <cstdint>
#include <vector>
#include "judge.h"
#include "views.h"

namespace tourniquet {

// Marks of a pattern, beside its Hyperscan flags.
enum Mark : uint8_t {
  // A match never holds a line feed, and what stands beyond one has no influence: hits in gathered lines are exact.
  kLineBound = 1,
  // Hits in decoded views do not count.
  kPlainOnly = 2,
  // Hits in keys do not count where that is sure: in lines without escapes. With kLineBound only.
  kValueOnly = 4,
  // Hits every line with a number that may stand there otherwise than JavaScript writes it.
  kOddNumber = 8,
};

// Where a pattern was found in a line.
enum Found : uint8_t { kInPlain = 1, kInDecoded = 2 };

struct Hits {
  // Pairs of line and pattern, ascending, each once.
  std::vector<uint32_t> pairs;
  // One a pair: bits of Found.
  std::vector<uint8_t> found;
};

// Patterns that were compiled together. Hyperscan numbers them from 0, the database from `first`.
struct Part {
  hs_database_t *database;
  uint32_t first;
};

class Database {
 public:
  // Takes over what it is given. `marks`: one a pattern.
  Database(std::vector<Part> parts, hs_scratch_t *scratch, std::vector<uint8_t> marks)
      : parts_(std::move(parts)), scratch_(scratch), marks_(std::move(marks)), seen_(marks_.size()), last_(marks_.size(), kNever) {
    for (uint32_t id = 0; id < marks_.size(); id++) {
      if ((marks_[id] & kOddNumber) != 0) oddNumber_.push_back(id);
      plainOnly_ = plainOnly_ && (marks_[id] & kPlainOnly) != 0;
    }
  }
  ~Database() {
    hs_free_scratch(scratch_);
    for (const Part &part : parts_) hs_free_database(part.database);
  }
  Database(const Database &) = delete;
  Database &operator=(const Database &) = delete;

  const std::vector<Part> &parts() const { return parts_; }
  const std::vector<uint8_t> &marks() const { return marks_; }

  // Lines are gathered and scanned many at a time, which costs half of a scan for each. Add them in rising order, then
  // finish. Scanned are the line with its escapes replaced and the views of its strings, in quotes. False when
  // Hyperscan fails, which only a broken database can make it do.
  void begin();
  bool add(const uint8_t *line, size_t length, const Judge &judge, uint32_t lineIndex, Hits &hits);
  bool finish(Hits &hits);

 private:
  // A text in `text_`: a line (kInPlain) or a view of one of its strings (kInDecoded).
  struct Segment {
    size_t start, end;
    uint32_t line;
    uint8_t kind;
    // The line as it came: its strings hold no quotes.
    bool verbatim;
    // Parts, a bit each, of which a pattern may stand here: then it is scanned by itself for these.
    uint64_t hit;
  };
  struct Hit {
    uint32_t line, pattern;
    uint8_t found;
  };
  static constexpr uint64_t kNever = ~0ull;
  static int onCandidate(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context);
  static int onMatch(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context);
  uint8_t *room(size_t length);
  void close(size_t length, uint32_t lineIndex, uint8_t kind, bool verbatim);
  void addViews(const uint8_t *line, const Suspect &suspect, uint32_t lineIndex);
  Segment *segmentOf(unsigned long long to);
  void record(uint32_t line, uint32_t pattern, uint8_t found);
  bool inKey(const Segment &segment, size_t to) const;
  bool scan(size_t part, size_t start, size_t end, match_event_handler onEvent);
  bool exact(const Segment &segment);
  void sortInto(Hits &hits);

  std::vector<Part> parts_;
  hs_scratch_t *scratch_;
  std::vector<uint8_t> marks_;
  std::vector<uint32_t> oddNumber_;
  // No pattern is looked for in decoded views.
  bool plainOnly_ = true;
  std::vector<uint8_t> text_;
  size_t used_ = 0;
  std::vector<Segment> segments_;
  size_t cursor_ = 0, part_ = 0;
  Views views_;
  std::vector<uint8_t> value_;
  std::vector<Hit> found_, sorted_;
  std::vector<uint32_t> starts_;
  // By pattern: the round in which it was last found by itself; where in `found_` its newest hit stands.
  std::vector<uint32_t> seen_;
  std::vector<uint64_t> last_;
  const Segment *current_ = nullptr;
  uint32_t round_ = 0;
};

}  // namespace tourniquet
