// HTTPS, and certificates that are renewed while the server runs.
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "gateway/http_server.h"
#include "testing/fake_clock.h"
#include "testing/raw_http_client.h"
#include "testing/temporary_folder.h"

namespace mps::gateway {
namespace {

template <class Write>
std::string pem_of(Write write) {
  BIO* memory = BIO_new(BIO_s_mem());
  write(memory);
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory, &text);
  std::string pem(text, static_cast<size_t>(size));
  BIO_free(memory);
  return pem;
}

struct Pair {
  std::string certificate, key;
};

// Signed by itself.
Pair make_pair_for(const std::string& name) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(certificate, subject);
  X509_sign(certificate, key, EVP_sha256());
  const Pair pair{pem_of([&](BIO* to) { PEM_write_bio_X509(to, certificate); }),
                  pem_of([&](BIO* to) { PEM_write_bio_PrivateKey(to, key, nullptr, nullptr, 0, nullptr, nullptr); })};
  X509_free(certificate);
  EVP_PKEY_free(key);
  return pair;
}

// A TLS connection that believes any certificate.
class TlsClient {
 public:
  explicit TlsClient(uint16_t port) : context_(SSL_CTX_new(TLS_client_method())), bio_(BIO_new_ssl_connect(context_)) {
    BIO_set_conn_hostname(bio_, fmt::format("127.0.0.1:{}", port).c_str());
    connected_ = BIO_do_connect(bio_) == 1;
  }
  ~TlsClient() {
    BIO_free_all(bio_);
    SSL_CTX_free(context_);
  }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  bool connected() const { return connected_; }

  // The common name of the server's certificate.
  std::string name() const {
    SSL* ssl = nullptr;
    BIO_get_ssl(bio_, &ssl);
    X509* certificate = SSL_get1_peer_certificate(ssl);
    if (certificate == nullptr) return "";
    char text[100] = {};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, text, sizeof text);
    X509_free(certificate);
    return text;
  }

  // Everything up to the end of a body of `size` bytes.
  std::string ask(const std::string& request, size_t size) {
    BIO_write(bio_, request.data(), static_cast<int>(request.size()));
    std::string answer;
    char bytes[16384];
    for (size_t end = 0; end == 0 || answer.size() < end + 4 + size;) {
      const int got = BIO_read(bio_, bytes, sizeof bytes);
      if (got <= 0) break;
      answer.append(bytes, static_cast<size_t>(got));
      end = answer.find("\r\n\r\n") == std::string::npos ? 0 : answer.find("\r\n\r\n");
    }
    return answer;
  }

 private:
  SSL_CTX* context_;
  BIO* bio_;
  bool connected_ = false;
};

class TlsTest : public ::testing::Test {
 protected:
  std::string path(const char* name) const { return (folder_.path() / name).string(); }
  void put(const Pair& pair) const {
    std::ofstream(path("new.pem")) << pair.certificate;
    std::filesystem::rename(path("new.pem"), path("certificate.pem"));
    std::ofstream(path("new.pem")) << pair.key;
    std::filesystem::rename(path("new.pem"), path("key.pem"));
  }
  Result<std::unique_ptr<HttpServer>> start() {
    ServerOptions options;
    options.tls_certificate = path("certificate.pem");
    options.tls_key = path("key.pem");
    return HttpServer::start(options, clock_, [](const Request& r, Reply reply) {
      reply(
          {.content_type = "text/plain", .body = r.path == "/large" ? std::string(300'000, 'x') : std::string(r.body)});
    });
  }

  testing::TemporaryFolder folder_;
  testing::FakeClock clock_;
};

const std::string kPost = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";

TEST_F(TlsTest, SpeaksHttpsAndKeepsTheConnection) {
  put(make_pair_for("first"));
  const auto server = start().value();
  TlsClient client(server->port());
  ASSERT_TRUE(client.connected());
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(client.ask(kPost, 5).ends_with("hello"));
  EXPECT_GT(client.ask("GET /large HTTP/1.1\r\nHost: a\r\n\r\n", 300'000).size(), 300'000u);
}

TEST_F(TlsTest, ARenewedCertificateIsInForceWithoutARestart) {
  put(make_pair_for("first"));
  const auto server = start().value();
  TlsClient old(server->port());
  EXPECT_EQ(old.name(), "first");
  put(make_pair_for("second"));
  EXPECT_EQ(TlsClient(server->port()).name(), "second");
  EXPECT_TRUE(old.ask(kPost, 5).ends_with("hello")) << "connections that are open go on";
}

TEST_F(TlsTest, WhatDoesNotFitTogetherLeavesTheLastGoodOneInForce) {
  const Pair first = make_pair_for("first"), second = make_pair_for("second");
  put(first);
  const auto server = start().value();
  put({second.certificate, first.key});
  EXPECT_EQ(TlsClient(server->port()).name(), "first");
  put({"half a certif", second.key});
  EXPECT_EQ(TlsClient(server->port()).name(), "first");
  std::filesystem::remove(path("key.pem"));
  EXPECT_EQ(TlsClient(server->port()).name(), "first");
  put(second);
  EXPECT_EQ(TlsClient(server->port()).name(), "second");
}

TEST_F(TlsTest, WhoSpeaksPlainHttpIsTurnedAwayAndOthersAreNot) {
  put(make_pair_for("first"));
  const auto server = start().value();
  mps::testing::RawHttpClient plain(server->port());
  EXPECT_EQ(plain.ask(kPost).status, 0);
  EXPECT_TRUE(TlsClient(server->port()).ask(kPost, 5).ends_with("hello"));
}

TEST_F(TlsTest, DoesNotStartWithoutAGoodCertificate) {
  const auto missing = start();
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("certificate.pem"), std::string::npos) << missing.error().message;
  put({make_pair_for("first").certificate, make_pair_for("second").key});
  EXPECT_EQ(start().error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace mps::gateway
