// What the parts of rig::io share of Asio. Included by sources of rig/io alone: Asio's headers cost
// seconds in every file that sees them.
//
// A callback that Asio has already queued can no longer be cancelled, and may be called after its
// owner is gone. So each operation carries the number of a Lease; a number that was given back is
// nobody's, and the callback does nothing.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <unordered_set>

namespace rig::io {

class LoopCore {
 public:
  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
      context.get_executor()};

  [[nodiscard]] std::uint64_t grant() {
    live_.insert(++last_);
    return last_;
  }
  void revoke(std::uint64_t number) { live_.erase(number); }
  [[nodiscard]] bool is_live(std::uint64_t number) const { return live_.contains(number); }

 private:
  std::uint64_t last_{0};
  std::unordered_set<std::uint64_t> live_;
};

// At most one number at a time.
class Lease {
 public:
  explicit Lease(LoopCore& core) : core_(core) {}
  ~Lease() { end(); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  // The number before it, if any, is given back.
  [[nodiscard]] std::uint64_t renew() {
    end();
    return number_ = core_.grant();
  }
  void end() {
    if (number_ != 0) core_.revoke(number_);
    number_ = 0;
  }
  [[nodiscard]] bool held() const { return number_ != 0; }

 private:
  LoopCore& core_;
  std::uint64_t number_{0};
};

}  // namespace rig::io
