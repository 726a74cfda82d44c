#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"

namespace mps {

struct HttpPart {  // one part of a multipart/form-data body
  std::string name;
  std::string content;
  std::string file_name;     // empty: a plain field
  std::string content_type;  // empty: the library's choice
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::map<std::string, std::string> headers;
  std::string body;
  std::vector<HttpPart> parts;  // where not empty, the body is multipart/form-data made of these
  Duration timeout = std::chrono::seconds(30);
};

struct HttpResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

// A client over libcurl that keeps connections alive. Proxies by the usual environment (https_proxy, no_proxy, ...);
// TLS is verified. One request at a time: give each thread its own client.
class HttpClient {
 public:
  HttpClient();
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Any status is a success here. Fails with kTimeout, kUnavailable (no connection, TLS, proxy: the message says
  // which), or kLimitExceeded (response over 64 MiB). `stop`, when set to true by another thread, ends the request
  // within a second with kUnavailable.
  Result<HttpResponse> send(const HttpRequest& request, const std::atomic<bool>* stop = nullptr);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mps
