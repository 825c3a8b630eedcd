"""Runs the AWS CLI again and again: each run is a fork of this process, which has imported it once.

Importing is nine tenths of what a short run of the AWS CLI costs. The program's own file is still what runs, in an
environment and a working directory of its own.

Reads one JSON document a line from standard input: id, argv, env, cwd, stdout, stderr (paths of files). Writes one a
line to standard output when a run has ended: id, code.
"""

import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import sys

import awscli.clidriver


def import_what_a_run_imports():
    """In the parent of all runs; the run that finds it out is a child, so that it leaves nothing else behind."""
    names, written = os.pipe()
    if os.fork() == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.environ.clear()
        os.environ.update(
            AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", AWS_DEFAULT_REGION="us-east-1", AWS_MAX_ATTEMPTS="1"
        )
        importlib.reload(awscli)
        awscli.clidriver.create_clidriver().main(
            ["elb", "describe-load-balancers", "--endpoint-url", "http://127.0.0.1:9"]
        )
        os.write(written, "\n".join(sys.modules).encode())
        os._exit(0)
    os.close(written)
    os.wait()
    for name in open(names).read().split("\n"):
        if name.startswith(("awscli.", "botocore.")):
            importlib.import_module(name)


def run(program, request):
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    # It reads and sets AWS_DATA_PATH as it is imported.
    importlib.reload(awscli)
    files = [(os.devnull, os.O_RDONLY), (request["stdout"], os.O_WRONLY), (request["stderr"], os.O_WRONLY)]
    for descriptor, (path, flags) in enumerate(files):
        os.dup2(os.open(path, flags | os.O_CREAT | os.O_TRUNC, 0o600), descriptor)
    sys.argv = [program, *request["argv"]]
    runpy.run_path(program, run_name="__main__")


def serve(program):
    running = {}
    ended, end = os.pipe()
    os.set_blocking(end, False)
    signal.set_wakeup_fd(end)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    waiting = selectors.DefaultSelector()
    waiting.register(0, selectors.EVENT_READ)
    waiting.register(ended, selectors.EVENT_READ)
    buffered = b""
    while True:
        for key, _ in waiting.select():
            received = os.read(key.fd, 65536)
            if key.fd == ended:
                for pid in list(running):
                    if (status := os.waitpid(pid, os.WNOHANG))[0]:
                        code = os.waitstatus_to_exitcode(status[1])
                        os.write(1, json.dumps({"id": running.pop(pid), "code": code}).encode() + b"\n")
                continue
            if not received:
                return
            *lines, buffered = (buffered + received).split(b"\n")
            for line in lines:
                request = json.loads(line)
                if pid := os.fork():
                    running[pid] = request["id"]
                    continue
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                run(program, request)
                sys.exit(0)


import_what_a_run_imports()
# What the collector touches, a child has to copy.
gc.freeze()
serve(sys.argv[1])
