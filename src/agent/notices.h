#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace mps::agent {

// Says what is wrong once per change, not each tick. One thread.
class Notices {
 public:
  // `print` writes one line (without its newline).
  explicit Notices(std::function<void(std::string_view)> print) : print_(std::move(print)) {}

  // The state of `topic` is now `problem`: printed where it differs from what was said last.
  void problem(std::string_view topic, std::string_view problem);
  // All is well with `topic`: `relief` is printed where a problem was said before.
  void solved(std::string_view topic, std::string_view relief);
  void say(std::string_view line) { print_(line); }

 private:
  std::function<void(std::string_view)> print_;
  std::map<std::string, std::string, std::less<>> problems_;
};

}  // namespace mps::agent
