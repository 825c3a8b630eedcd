"""Runs the AWS CLI again and again: each run is a fork of this process, which has imported it once.

Importing is nine tenths of what a short run of the AWS CLI costs. The program's own file is still what runs, in an
environment, a home and a working directory of its own.

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
import types

# A home that is put right in each run: paths below it are made up while the AWS CLI is imported.
HOME = "/home-of-no-run"
os.environ["HOME"] = HOME

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


def below_home():
    """Whatever holds a path below the home, as its owner, its attribute and its value."""
    for module in [module for name, module in sys.modules.items() if name.startswith(("awscli", "botocore"))]:
        classes = [value for value in vars(module).values() if isinstance(value, type)]
        for owner in [module, *classes]:
            for name, value in list(vars(owner).items()):
                if isinstance(value, str) and value.startswith(HOME):
                    yield owner, name, value
                if isinstance(value, types.FunctionType) and HOME in repr(value.__defaults__):
                    yield value, "__defaults__", value.__defaults__


def move_home(owner, name, value, home):
    moved = lambda path: path.replace(HOME, home) if isinstance(path, str) else path
    setattr(owner, name, tuple(map(moved, value)) if isinstance(value, tuple) else moved(value))


def run(program, request, paths):
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    for path in paths:
        move_home(*path, os.path.expanduser("~"))
    # It reads and sets AWS_DATA_PATH as it is imported.
    importlib.reload(awscli)
    files = [(os.devnull, os.O_RDONLY), (request["stdout"], os.O_WRONLY), (request["stderr"], os.O_WRONLY)]
    for descriptor, (path, flags) in enumerate(files):
        os.dup2(os.open(path, flags | os.O_CREAT | os.O_TRUNC, 0o600), descriptor)
    sys.argv = [program, *request["argv"]]
    runpy.run_path(program, run_name="__main__")


def serve(program):
    paths = list(below_home())
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
                run(program, request, paths)
                sys.exit(0)


import_what_a_run_imports()
# What the collector touches, a child has to copy.
gc.freeze()
serve(sys.argv[1])
