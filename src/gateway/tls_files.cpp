#include "gateway/tls_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "base/log.h"

namespace mps::gateway {
namespace {

namespace ssl = boost::asio::ssl;

std::string stamp_of(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return "none";
  return fmt::format("{} {} {}.{}", found.st_ino, found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec);
}

Error tls_error(const std::string& path, const boost::system::error_code& failure) {
  return {ErrorCode::kInvalidArgument, fmt::format("{}: {}; a PEM file is wanted", path, failure.message())};
}

}  // namespace

Result<std::unique_ptr<TlsFiles>> TlsFiles::open(std::string certificate, std::string key) {
  std::unique_ptr<TlsFiles> files(new TlsFiles(std::move(certificate), std::move(key)));
  files->stamp_ = files->stamp();
  MPS_TRY(files->context_, files->load());
  return files;
}

std::string TlsFiles::stamp() const {
  return stamp_of(certificate_) + "|" + stamp_of(key_);
}

Result<TlsFiles::Context> TlsFiles::load() const {
  const auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  boost::system::error_code failure;
  context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                           ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 | ssl::context::single_dh_use,
                       failure);
  if (!failure) context->use_certificate_chain_file(certificate_, failure);
  if (failure) return tls_error(certificate_, failure);
  context->use_private_key_file(key_, ssl::context::pem, failure);
  if (failure) return tls_error(key_, failure);
  if (SSL_CTX_check_private_key(context->native_handle()) != 1) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("the key in {} is not that of the certificate in {}", key_, certificate_)};
  }
  return context;
}

TlsFiles::Context TlsFiles::current() {
  const std::lock_guard lock(mutex_);
  const std::string now = stamp();
  if (now == stamp_) return context_;
  stamp_ = now;
  auto renewed = load();
  if (renewed) {
    context_ = std::move(*renewed);
    log::info("gateway: the certificate in {} is in force", certificate_);
  } else {
    log::warn("gateway: the last good certificate stays in force: {}", renewed.error().message);
  }
  return context_;
}

}  // namespace mps::gateway
