#include "base/http_client.h"

#include <algorithm>
#include <cctype>
#include <curl/curl.h>
#include <fmt/format.h>
#include <mutex>

namespace mps {
namespace {

constexpr size_t kResponseMax = 64u << 20;

struct Receiver {
  HttpResponse response;
  bool too_large = false;
  const std::atomic<bool>* stop = nullptr;
};

size_t on_body(char* data, size_t size, size_t count, void* user) {
  auto& receiver = *static_cast<Receiver*>(user);
  if (receiver.response.body.size() + size * count > kResponseMax) {
    receiver.too_large = true;
    return 0;
  }
  receiver.response.body.append(data, size * count);
  return size * count;
}

size_t on_header(char* data, size_t size, size_t count, void* user) {
  auto& headers = static_cast<Receiver*>(user)->response.headers;
  std::string_view line(data, size * count);
  const size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    std::string_view value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    value = value.substr(0, value.find_last_not_of(" \t\r\n") + 1);
    headers[name] = value;
  }
  return size * count;
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto* stop = static_cast<Receiver*>(user)->stop;
  return stop != nullptr && stop->load() ? 1 : 0;
}

Error curl_error(CURLcode code, const char* detail, const Receiver& receiver) {
  if (receiver.too_large) return Error{ErrorCode::kLimitExceeded, "the response is larger than 64 MiB"};
  const ErrorCode kind = code == CURLE_OPERATION_TIMEDOUT ? ErrorCode::kTimeout : ErrorCode::kUnavailable;
  return Error{kind, detail[0] != '\0' ? detail : curl_easy_strerror(code)};
}

curl_mime* make_form(CURL* curl, const std::vector<HttpPart>& parts) {
  curl_mime* form = curl_mime_init(curl);
  for (const HttpPart& part : parts) {
    curl_mimepart* field = curl_mime_addpart(form);
    curl_mime_name(field, part.name.c_str());
    curl_mime_data(field, part.content.data(), part.content.size());
    if (!part.file_name.empty()) curl_mime_filename(field, part.file_name.c_str());
    if (!part.content_type.empty()) curl_mime_type(field, part.content_type.c_str());
  }
  return form;
}

}  // namespace

struct HttpClient::Impl {
  CURL* curl = nullptr;
};

HttpClient::HttpClient() : impl_(std::make_unique<Impl>()) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  impl_->curl = curl_easy_init();
}

HttpClient::~HttpClient() {
  curl_easy_cleanup(impl_->curl);
}

Result<HttpResponse> HttpClient::send(const HttpRequest& request, const std::atomic<bool>* stop) {
  CURL* curl = impl_->curl;
  curl_easy_reset(curl);  // options go, connections stay
  Receiver receiver;
  receiver.stop = stop;
  char detail[CURL_ERROR_SIZE] = {};
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail);
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, 10'000L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout / std::chrono::milliseconds(1)));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &receiver);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &receiver);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &receiver);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_slist* headers = curl_slist_append(nullptr, "Expect:");
  for (const auto& [name, value] : request.headers)
    headers = curl_slist_append(headers, fmt::format("{}: {}", name, value).c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_mime* form = nullptr;
  if (!request.parts.empty()) {
    form = make_form(curl, request.parts);
    curl_easy_setopt(curl, CURLOPT_MIMEPOST, form);
  } else if (!request.body.empty() || request.method == "POST") {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  }
  if (request.method != "GET" && request.method != "POST")
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  const CURLcode code = curl_easy_perform(curl);
  curl_slist_free_all(headers);
  curl_mime_free(form);
  if (code != CURLE_OK) return curl_error(code, detail, receiver);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  receiver.response.status = static_cast<int>(status);
  return std::move(receiver.response);
}

}  // namespace mps
