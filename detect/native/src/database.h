// A Hyperscan database in block mode with its scratch. Used from the thread that made it only.
#pragma once
#include <hs/hs.h>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tourniquet {

class Database {
 public:
  Database(hs_database_t *database, hs_scratch_t *scratch, uint32_t patterns)
      : database_(database), scratch_(scratch), seen_(patterns) {}
  ~Database() {
    hs_free_scratch(scratch_);
    hs_free_database(database_);
  }
  Database(const Database &) = delete;
  Database &operator=(const Database &) = delete;

  hs_database_t *raw() const { return database_; }
  uint32_t patterns() const { return static_cast<uint32_t>(seen_.size()); }

  // Lines are gathered and scanned many at a time, which costs half of a scan for each. Add them in rising order, then
  // finish: `hits` gets (line, pattern) pairs for each pattern found in any view of a line, ascending. False when
  // Hyperscan fails, which only a broken database can make it do.
  void begin();
  bool add(const uint8_t *line, size_t length, uint32_t lineIndex, std::vector<uint32_t> &hits);
  bool finish(std::vector<uint32_t> &hits);

 private:
  // A view of a line in `text_`.
  struct Segment {
    size_t start, end;
    uint32_t line;
    bool hit;
  };
  static int onCandidate(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context);
  static int onMatch(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context);
  uint8_t *room(size_t length);
  void close(size_t length, uint32_t lineIndex);
  bool exact(size_t first, size_t last, std::vector<uint32_t> &hits);

  hs_database_t *database_;
  hs_scratch_t *scratch_;
  std::vector<uint8_t> text_;
  size_t used_ = 0;
  std::vector<Segment> segments_;
  size_t cursor_ = 0;
  // The round in which a pattern was last found.
  std::vector<uint32_t> seen_;
  std::vector<uint32_t> found_;
  uint32_t round_ = 0;
};

}  // namespace tourniquet
