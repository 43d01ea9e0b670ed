"""Holds the Hub cache that this project writes to Python's huggingface_hub, and the other way round.

    python packages/otr/test/peers/hub_cache.py

Needs `pip install huggingface_hub` and the project's set-up. A server in this script plays the Hub. What this project
downloads must be found by huggingface_hub when it is offline; what huggingface_hub downloads must be found here without
a request. Exit status 1 when something is not found or differs.
"""
import hashlib
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import urllib.parse

COMMIT = "0123456789abcdef0123456789abcdef01234567"
FILES = {
    "config.json": b"{}",
    "tokenizer.json": b'{"model": {}}',
    "README.md": b"# Model",
    "model.safetensors": bytes(range(256)) * 1000,
}


def git_hash(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def entry(path: str, content: bytes) -> dict:
    found = {"type": "file", "path": path, "size": len(content), "oid": git_hash(content)}
    if path.endswith(".safetensors"):
        found["lfs"] = {"oid": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 130}
    return found


class Hub(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = urllib.parse.urlsplit(self.path).path
        if path.startswith("/api/models/org/name/tree/"):
            self.answer(json.dumps([entry(*file) for file in FILES.items()]).encode())
        elif path in ("/api/models/org/name", "/api/models/org/name/revision/main"):
            siblings = [{"rfilename": name} for name in FILES]
            self.answer(json.dumps({"id": "org/name", "sha": COMMIT, "siblings": siblings}).encode())
        elif path.startswith("/org/name/resolve/"):
            name = path.split("/", 5)[5]
            found = entry(name, FILES[name])
            self.answer(FILES[name], ETag='"%s"' % found.get("lfs", found)["oid"])
        else:
            self.send_error(404)

    do_HEAD = do_GET

    def answer(self, content: bytes, **headers: str) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-Repo-Commit", COMMIT)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
threading.Thread(target=server.serve_forever, daemon=True).start()
work = pathlib.Path(tempfile.mkdtemp(prefix="otr-hub-peer-"))
environment = {
    **os.environ,
    "HF_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
    "HF_HOME": str(work),
    "HF_TOKEN": "",
    "HF_HUB_DISABLE_XET": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}
THEIRS = """
import sys, huggingface_hub
patterns = ["*.json", "*.md", "*.safetensors"]
print(huggingface_hub.snapshot_download("org/name", allow_patterns=patterns))
"""
OURS = ["node", str(pathlib.Path(__file__).with_name("locate-model.js")), "org/name"]


def folder_of(command: list[str], cache: pathlib.Path, **changes: str) -> pathlib.Path:
    """The folder that a command prints, which finds the model by this cache."""
    run = subprocess.run(
        command, env={**environment, "HF_HUB_CACHE": str(cache), **changes}, capture_output=True, text=True
    )
    if run.returncode != 0:
        sys.exit(f"{command[0]}: {run.stderr}")
    return pathlib.Path(run.stdout.strip())


def check(what: str, folder: pathlib.Path) -> None:
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    if found != FILES:
        sys.exit(f"{what}: {folder} holds {sorted(found)}, not {sorted(FILES)} as they are on the server")
    print(f"{what}: {len(found)} files alike")


def layout(cache: pathlib.Path) -> dict[str, str]:
    """Every link of a cache with what it leads to, every blob and ref with its size."""
    root = cache / "models--org--name"
    parts = [path for name in ("blobs", "refs", "snapshots") for path in (root / name).rglob("*") if not path.is_dir()]
    return {
        str(path.relative_to(root)): os.readlink(path) if path.is_symlink() else str(path.stat().st_size)
        for path in parts
    }


here, there = work / "here", work / "there"
python = [sys.executable, "-c", THEIRS]
check("written here", folder_of([*OURS, "main"], here))
check("written here, found by huggingface_hub offline", folder_of(python, here, HF_HUB_OFFLINE="1"))
check("written by huggingface_hub", folder_of(python, there))
check("written by huggingface_hub, found here offline", folder_of([*OURS, "main"], there, HF_HUB_OFFLINE="1"))
nowhere = {"HF_ENDPOINT": "http://127.0.0.1:1"}
check("the same by its commit, without a request", folder_of([*OURS, COMMIT], there, **nowhere))
if layout(here) != layout(there):
    sys.exit(f"the layouts differ:\n{layout(here)}\n{layout(there)}")
print(f"the layouts are alike: {len(layout(here))} blobs, refs and links")
