#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <mutex>
#include <string>

#include "base/error.h"

// Inside the server alone: includes Asio.
namespace mps::gateway {

// A certificate (with its chain) and its key, as PEM files. They are looked at for each new connection: where they have
// changed they are read anew, so that a renewed certificate needs no restart. What can't be read, or does not fit
// together, leaves the last good ones in place, and says so in the log. Thread-safe.
class TlsFiles {
 public:
  using Context = std::shared_ptr<boost::asio::ssl::context>;

  // Fails with kInvalidArgument, naming the file.
  static Result<std::unique_ptr<TlsFiles>> open(std::string certificate, std::string key);

  // For a new connection.
  Context current();

 private:
  TlsFiles(std::string certificate, std::string key) : certificate_(std::move(certificate)), key_(std::move(key)) {}
  Result<Context> load() const;
  std::string stamp() const;  // changes with the files

  const std::string certificate_, key_;
  std::mutex mutex_;
  std::string stamp_;
  Context context_;
};

}  // namespace mps::gateway
