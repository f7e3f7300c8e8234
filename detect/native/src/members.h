// Where the values of some top-level members of a line stand, for JavaScript to parse these alone.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tourniquet {

class Members {
 public:
  explicit Members(std::vector<std::string> names) : names_(std::move(names)) {}
  size_t count() const { return names_.size(); }
  // Writes start and end of each name's value, from `base` on; both 0 where there is none. False when a key could mean a
  // name that it does not spell: one with an escape, or with a dot. `line` is a valid JSON object.
  bool read(const uint8_t *line, size_t length, uint32_t base, uint32_t *out) const;

 private:
  std::vector<std::string> names_;
};

}  // namespace tourniquet
