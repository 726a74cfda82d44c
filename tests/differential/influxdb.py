"""InfluxDB 1.x in a folder of its own, on a port that the system chooses."""

import http.client
import json
import os
import re
import subprocess
import threading
import urllib.parse

CONFIGURATION = """reporting-disabled = true
bind-address = "127.0.0.1:0"
[meta]
  dir = "{folder}/meta"
  logging-enabled = false
[data]
  dir = "{folder}/data"
  wal-dir = "{folder}/wal"
  query-log-enabled = false
[monitor]
  store-enabled = false
[continuous_queries]
  enabled = false
[http]
  bind-address = "127.0.0.1:0"
  log-enabled = false
[ifql]
  enabled = false
"""


class Number(str):
    """As it was written: an integer above 2^53 is not bent."""


class InfluxDB:
    """Runs while the block does."""

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        configuration = os.path.join(self.folder, "influxdb.conf")
        with open(configuration, "w") as file:
            file.write(CONFIGURATION.format(folder=self.folder))
        environment = {name: value for name, value in os.environ.items() if not name.startswith("INFLUXDB_")}
        self.process = subprocess.Popen(["influxd", "-config", configuration], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        log = ""
        for line in self.process.stdout:
            log += line
            listening = re.search(r"Listening on HTTP.* addr=127\.0\.0\.1:(\d+)", line)
            if listening:
                self.connection = http.client.HTTPConnection("127.0.0.1", int(listening.group(1)), timeout=30)
                threading.Thread(target=self.process.stdout.read, daemon=True).start()  # or the pipe fills up
                return self
        raise RuntimeError(f"influxd did not start:\n{log}")

    def __exit__(self, *_):
        self.connection.close()
        self.process.terminate()
        self.process.wait()

    def query(self, text):
        """The series that the statements of `text` find; numbers as they were written."""
        body = urllib.parse.urlencode({"db": "d", "epoch": "ns", "q": text})
        self.connection.request("POST", "/query", body, {"Content-Type": "application/x-www-form-urlencoded"})
        response = self.connection.getresponse()
        answer = json.loads(response.read(), parse_int=Number, parse_float=Number)
        for result in answer.get("results", [answer]):
            if "error" in result:
                raise RuntimeError(f"{text}: {result['error']}")
        return [series for result in answer["results"] for series in result.get("series", [])]

    def write(self, body):
        """Nothing, or why something of it was refused."""
        self.connection.request("POST", "/write?db=d&precision=ns", body)
        response = self.connection.getresponse()
        answer = response.read()
        return "" if response.status == 204 else json.loads(answer)["error"]
