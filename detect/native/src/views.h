// Decoded views: what an application may read in a text besides the text itself. Twin of detect/views/views.ts.
#pragma once
#include "text.h"

namespace tourniquet {

// The views of one text, one after the other. Only working memory is kept between texts.
class Views {
 public:
  // `text` must stay until the last view was made.
  void begin(const uint8_t *text, size_t length);
  // Makes the next view; false after the last. No view is longer than the text.
  bool next();
  Piece8 view() const { return newest_; }

 private:
  enum Group : uint8_t { kRuns, kCharacters, kBackslashes };
  bool group(Group group);
  // Takes over what a step made when it changed the text.
  bool take(bool changed);
  Text &spare() { return texts_[which_]; }

  Piece8 newest_ = {nullptr, 0};
  // Of the newest view.
  uint32_t traits_ = 0;
  Text texts_[2];
  // The one that does not hold the newest view.
  int which_ = 0;
  int round_ = 0;
  Group group_ = kRuns;
  bool changed_ = false, finished_ = true;
  // Each view is given, not only those after all rounds; `held_`: one was made that was not given.
  bool each_ = true, held_ = false;
};

}  // namespace tourniquet
