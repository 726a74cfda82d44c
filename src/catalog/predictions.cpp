#include "catalog/predictions.h"

#include "catalog/row.h"

namespace mps::catalog {

Result<void> Predictions::add(const PredictionRow& prediction) {
  return guarded("remember the prediction", [&]() -> Result<void> {
    const long long incident = prediction.incident, server = to_db(prediction.server), made = to_db(prediction.made_at),
                    expected = to_db(prediction.expected), due = to_db(prediction.due_at);
    database_.session().sql()
        << "INSERT INTO prediction (incident, server, resource, instance, direction, threshold, made_at, expected, "
           "due_at, outcome, came_at) "
           "VALUES (:incident, :server, :resource, :instance, :direction, :threshold, :made, :expected, :due, 'open', "
           "0)",
        soci::use(incident), soci::use(server), soci::use(prediction.resource), soci::use(prediction.instance),
        soci::use(prediction.direction), soci::use(prediction.threshold), soci::use(made), soci::use(expected),
        soci::use(due);
    return {};
  });
}

Result<void> Predictions::judge(int64_t id, const std::string& outcome, std::optional<Timestamp> came_at) {
  return guarded("judge the prediction", [&]() -> Result<void> {
    const long long key = id, came = came_at ? to_db(*came_at) : 0;
    database_.session().sql() << "UPDATE prediction SET outcome = :outcome, came_at = :came WHERE id = :id",
        soci::use(outcome), soci::use(came), soci::use(key);
    return {};
  });
}

Result<std::vector<PredictionRow>> Predictions::list_open() {
  return guarded("list the predictions", [&]() -> Result<std::vector<PredictionRow>> {
    auto session = database_.session();
    const soci::rowset<soci::row> rows =
        session.sql().prepare << "SELECT id, incident, server, resource, instance, direction, threshold, made_at, "
                                 "expected, due_at, outcome FROM prediction WHERE outcome = 'open' ORDER BY id";
    std::vector<PredictionRow> predictions;
    for (const soci::row& row : rows) {
      predictions.push_back({get_integer(row, 0), get_integer(row, 1), ServerId(get_integer(row, 2)),
                             row.get<std::string>(3), row.get<std::string>(4), row.get<std::string>(5),
                             row.get<double>(6), time_from_db(get_integer(row, 7)), time_from_db(get_integer(row, 8)),
                             time_from_db(get_integer(row, 9)), row.get<std::string>(10), std::nullopt});
    }
    return predictions;
  });
}

Result<Predictions::Count> Predictions::count(Timestamp since, const std::string& resource) {
  return guarded("count the predictions", [&]() -> Result<Count> {
    auto session = database_.session();
    const long long from = to_db(since);
    const auto count_of = [&](const std::string& outcome) {
      long long count = 0;
      session.sql() << "SELECT count(*) FROM prediction WHERE outcome = :outcome AND made_at >= :since AND "
                       "(:resource = '' OR resource = :resource_again)",
          soci::use(outcome), soci::use(from), soci::use(resource), soci::use(resource), soci::into(count);
      return static_cast<size_t>(count);
    };
    return Count{count_of("true"), count_of("false"), count_of("open")};
  });
}

Result<void> Predictions::remove_of(ServerId server) {
  return guarded("remove the predictions", [&]() -> Result<void> {
    const long long key = to_db(server);
    database_.session().sql() << "DELETE FROM prediction WHERE server = :server", soci::use(key);
    return {};
  });
}

}  // namespace mps::catalog
