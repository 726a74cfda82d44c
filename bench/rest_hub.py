"""A hub on a folder of its own with what the REST benchmarks ask of, and http_load, which asks."""
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import urllib.request

import peers

BIN = pathlib.Path(os.environ.get("MPS_BIN_DIR", peers.ROOT / "build/release"))
FIELDS = "usage_user=3.1,usage_system=1.2,usage_idle=95.1,usage_iowait=0.3"


def lines_of(server, stamp):
    """What Telegraf sends of a server at a time: 5 lines of line protocol."""
    tags = f"host={server}"
    return "\n".join((f"cpu,cpu=cpu-total,{tags} {FIELDS} {stamp}", f"mem,{tags} used_percent=61.5,available=123456789i {stamp}",
                      f"disk,path=/,{tags} used_percent=41.2,free=5012345678i {stamp}", f"net,interface=eth0,{tags} bytes_recv={stamp}i,bytes_sent={stamp}i {stamp}",
                      f"system,{tags} load1=0.31,load5=0.28,uptime=100000i {stamp}"))


class Hub:
    def __init__(self, folder, options):
        self.port = peers.free_port()
        self.folder = folder
        self.environment = {**os.environ, "MPS_DATA": str(folder), "MPS_LISTEN": f"127.0.0.1:{self.port}"}
        self.process = subprocess.Popen([BIN / "mps", "serve", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment)
        deadline = time.monotonic() + 20
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/ping", timeout=1).read()
                return
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise SystemExit("the hub does not start")
                time.sleep(0.05)

    def command(self, *words):
        return subprocess.run([BIN / "mps", *words], env=self.environment, capture_output=True, text=True, check=True).stdout.split()[0]

    def load(self, *options, nice=0):
        """http_load, under way."""
        return subprocess.Popen(["nice", "-n", str(nice), BIN / "bench/http_load", str(self.port), *map(str, options)], stdout=subprocess.PIPE, text=True)

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / peers.TICKS

    def rss_mb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024


def result_of(load):
    return json.loads(load.communicate()[0])


@contextlib.contextmanager
def running(*options):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mps-bench-"))
    try:
        hub = Hub(folder, options)
        try:
            yield hub
        finally:
            hub.process.terminate()
            hub.process.wait(timeout=60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
