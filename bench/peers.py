"""MPS, VictoriaMetrics and InfluxDB, each started by itself on loopback with a folder of its own: for the comparisons beside peers."""
import contextlib
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """One server on a folder of its own, from start to stop."""

    path = "/write"
    headers = []

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.start()
        self.prepare()

    def start(self):
        self.process = subprocess.Popen(self.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment())
        deadline = time.monotonic() + 20
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}{self.ready}", timeout=1).read()
                break
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise SystemExit(f"{self.name} does not start")
                time.sleep(0.05)

    def environment(self):
        return None

    def prepare(self):
        pass

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def rss_mb(self):
        return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/status").read_text())[1]) / 1024

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)


class Mps(Server):
    name, ready, path = "MPS", "/ping", "/api/v2/write?precision=ns"

    def command(self):
        return [str(ROOT / "build/release/mps"), "serve"]

    def environment(self):
        return {**os.environ, "MPS_DATA": str(self.folder), "MPS_LISTEN": f"127.0.0.1:{self.port}"}

    def prepare(self):
        token = subprocess.run([str(ROOT / "build/release/mps"), "fleet-token", "add", "bench"], env=self.environment(),
                               capture_output=True, text=True, check=True).stdout.split()[0]
        self.headers = [f"Authorization: Token {token}"]


class VictoriaMetrics(Server):
    name, ready = "VictoriaMetrics", "/health"

    def command(self):
        return ["victoria-metrics", f"-storageDataPath={self.folder}", f"-httpListenAddr=127.0.0.1:{self.port}"]


class InfluxDb(Server):
    name, ready, path = "InfluxDB", "/ping", "/write?db=bench"

    def command(self):
        config = self.folder / "influxdb.conf"
        config.write_text(f"""reporting-enabled = false
bind-address = "127.0.0.1:{free_port()}"
[meta]
  dir = "{self.folder}/meta"
[data]
  dir = "{self.folder}/data"
  wal-dir = "{self.folder}/wal"
  max-series-per-database = 0
[http]
  bind-address = "127.0.0.1:{self.port}"
  log-enabled = false
""")
        return ["influxd", "-config", str(config)]

    def prepare(self):
        urllib.request.urlopen(f"http://127.0.0.1:{self.port}/query", data=b"q=CREATE DATABASE bench", timeout=10).read()


ALL = (Mps, VictoriaMetrics, InfluxDb)


@contextlib.contextmanager
def running(kind):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mps-bench-"))
    try:
        server = kind(folder)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
