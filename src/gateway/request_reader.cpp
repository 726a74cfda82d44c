#include "gateway/request_reader.h"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <fmt/format.h>
#include <string>
#include <vector>

namespace mps::gateway {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using BeastText = boost::beast::string_view;

std::string_view std_view(BeastText text) {
  return {text.data(), text.size()};
}

// Marks a failure that the parser's own callbacks have already described.
error_code described() {
  return http::make_error_code(http::error::bad_value);
}

HttpFailure describe(error_code ec, const RequestReader::Limits& limits) {
  if (ec == http::error::header_limit)
    return {431, "request too large", fmt::format("the header is over {} bytes", limits.header_bytes_max)};
  if (ec == http::error::body_limit)
    return {413, "request too large",
            fmt::format("the body is over {} bytes: send smaller batches", limits.body_bytes_max)};
  if (ec == http::error::bad_version)
    return {505, "invalid", "the request line does not end with HTTP/1.0 or HTTP/1.1"};
  return {400, "invalid", "the request is not HTTP: " + ec.message()};
}

struct Piece {
  uint32_t begin = 0, size = 0;
};

// The request as far as it has come.
struct Draft {
  explicit Draft(RequestReader::Limits l) : limits(l) {}

  Piece keep(std::string_view text) {
    const Piece span{static_cast<uint32_t>(texts.size()), static_cast<uint32_t>(text.size())};
    texts.append(text);
    return span;
  }
  std::string_view text(Piece span) const { return std::string_view(texts).substr(span.begin, span.size); }

  bool refuse(int status, std::string_view code, std::string message) {
    failure = {status, code, std::move(message)};
    failed = true;
    return false;
  }

  bool add_header(std::string_view name, std::string_view value);
  bool finish_header(int version);
  void split_target(std::string_view whole);

  const RequestReader::Limits limits;
  std::string texts;  // method, target, names and values of the request, one after another
  Piece method, target;
  std::vector<std::pair<Piece, Piece>> header_spans;
  std::vector<Header> headers;
  size_t header_bytes = 0, header_count = 0;
  ByteBuffer body;
  Request request;
  HttpFailure failure;
  bool failed = false, expects_continue = false;
};

// Beast calls back with each piece; the draft keeps it.
class Parser final : public http::basic_parser<true> {
 public:
  explicit Parser(Draft& draft) : draft_(draft) {
    header_limit(static_cast<uint32_t>(draft.limits.header_bytes_max));
    body_limit(draft.limits.body_bytes_max);
    eager(true);
  }

 private:
  void on_request_impl(http::verb, BeastText method, BeastText target, int version, error_code&) override {
    version_ = version;
    draft_.header_bytes = method.size() + target.size();
    draft_.method = draft_.keep(std_view(method));
    draft_.target = draft_.keep(std_view(target));
  }
  void on_field_impl(http::field, BeastText name, BeastText value, error_code& ec) override {
    if (is_header_done()) return count_trailer(name, value, ec);
    if (!draft_.add_header(std_view(name), std_view(value))) ec = described();
  }
  void on_header_impl(error_code& ec) override {
    if (!draft_.finish_header(version_)) ec = described();
  }
  void on_body_init_impl(const boost::optional<uint64_t>& length, error_code&) override {
    constexpr uint64_t kTrusted = 1 << 20;  // the rest is allocated as it really arrives
    if (length) draft_.body.prepare(static_cast<size_t>(std::min(*length, kTrusted)));
  }
  size_t on_body_impl(BeastText body, error_code&) override {
    draft_.body.append(std_view(body));
    return body.size();
  }
  size_t on_chunk_body_impl(uint64_t, BeastText body, error_code&) override {
    draft_.body.append(std_view(body));
    return body.size();
  }
  void on_chunk_header_impl(uint64_t, BeastText, error_code&) override {}
  void on_finish_impl(error_code&) override {}
  void on_response_impl(int, BeastText, int, error_code&) override {}

  // Trailers are read and dropped: nothing that matters may come after the body.
  void count_trailer(BeastText name, BeastText value, error_code& ec) {
    draft_.header_bytes += name.size() + value.size() + 4;
    if (draft_.header_bytes > draft_.limits.header_bytes_max) ec = http::make_error_code(http::error::header_limit);
  }

  Draft& draft_;
  int version_ = 11;
};

bool Draft::add_header(std::string_view name, std::string_view value) {
  header_bytes += name.size() + value.size() + 4;
  if (header_bytes > limits.header_bytes_max)
    return refuse(431, "request too large", fmt::format("the header is over {} bytes", limits.header_bytes_max));
  if (++header_count > limits.header_count_max)
    return refuse(431, "request too large", fmt::format("the header has over {} fields", limits.header_count_max));
  const Piece name_span = keep(name);
  header_spans.emplace_back(name_span, keep(value));
  return true;
}

void Draft::split_target(std::string_view whole) {
  if (!whole.starts_with('/')) {  // "http://host/path", as proxies send
    const size_t host = whole.find("://");
    const size_t path = host == std::string_view::npos ? host : whole.find('/', host + 3);
    if (path != std::string_view::npos) whole.remove_prefix(path);
  }
  const size_t question = whole.find('?');
  request.path = whole.substr(0, question);
  request.query = question == std::string_view::npos ? std::string_view() : whole.substr(question + 1);
}

// What RFC 9112 asks beyond the grammar.
bool Draft::finish_header(int version) {
  headers.clear();
  for (const auto& [name, value] : header_spans) headers.push_back({text(name), text(value)});
  request.headers = headers;
  request.method = text(method);
  request.target = text(target);
  split_target(request.target);
  if (version >= 11 && request.header("Host").data() == nullptr)
    return refuse(400, "invalid", "the request has no Host header");
  const std::string_view transfer = request.header("Transfer-Encoding");
  if (!transfer.empty() && !equal_ignoring_case(transfer, "chunked"))
    return refuse(501, "invalid", fmt::format("Transfer-Encoding '{}' is not supported: send chunked", transfer));
  const std::string_view expect = request.header("Expect");
  if (!expect.empty() && !equal_ignoring_case(expect, "100-continue"))
    return refuse(417, "invalid", fmt::format("Expect '{}' is not supported", expect));
  expects_continue = version >= 11 && !expect.empty();
  return true;
}

}  // namespace

struct RequestReader::State : Draft {
  using Draft::Draft;
  std::optional<Parser> parser;
};

RequestReader::RequestReader(Limits limits) : state_(std::make_unique<State>(limits)) {
  begin();
}
RequestReader::~RequestReader() = default;

void RequestReader::begin() {
  State& s = *state_;
  s.texts.clear();
  s.header_spans.clear();
  s.headers.clear();
  s.header_bytes = s.header_count = 0;
  s.body.clear();
  s.request = {};
  s.failed = s.expects_continue = false;
  s.parser.emplace(s);
}

RequestReader::Progress RequestReader::feed(ByteBuffer& bytes) {
  State& s = *state_;
  if (s.failed) return Progress::kFailed;
  if (!started()) {  // an empty line before a request line is to be ignored
    while (bytes.size() > 0 && (bytes.view().front() == '\r' || bytes.view().front() == '\n')) bytes.consume(1);
  }
  while (!s.parser->is_done()) {
    // Beast 1.81 asserts that a chunked body never goes on with fewer bytes than its shortest end, "0\r\n\r\n".
    const size_t least = s.parser->is_header_done() && s.parser->chunked() ? 5 : 1;
    if (bytes.size() < least) return Progress::kNeedsMore;
    error_code ec;
    const size_t taken = s.parser->put(boost::asio::const_buffer(bytes.view().data(), bytes.size()), ec);
    bytes.consume(taken);
    if (ec == http::error::need_more) return Progress::kNeedsMore;
    if (!ec) continue;
    if (!s.failed) s.failure = describe(ec, s.limits);
    s.failed = true;
    return Progress::kFailed;
  }
  s.request.body = s.body.view();
  return Progress::kDone;
}

bool RequestReader::started() const {
  return state_->parser->got_some();
}
bool RequestReader::header_done() const {
  return state_->parser->is_header_done();
}
bool RequestReader::expects_continue() const {
  return state_->expects_continue;
}
bool RequestReader::keep_alive() const {
  return !header_done() || state_->parser->keep_alive();
}
const HttpFailure& RequestReader::failure() const {
  return state_->failure;
}
const Request& RequestReader::request() const {
  return state_->request;
}
size_t RequestReader::body_size() const {
  return state_->body.size();
}

void RequestReader::shrink(size_t body_capacity_kept) {
  state_->body.clear();
  state_->body.shrink(body_capacity_kept);
}

}  // namespace mps::gateway
