#include "store/sample_store.h"

#include <future>
#include <memory>

namespace mps::store {

Result<void> SampleStore::append_and_wait(const PointBatch& batch) {
  // Shared: the promise must outlive set_value on the other thread.
  auto ended = std::make_shared<std::promise<Result<void>>>();
  auto result = ended->get_future();
  append(batch, [ended](Result<void> how) { ended->set_value(std::move(how)); });
  return result.get();
}

}  // namespace mps::store
