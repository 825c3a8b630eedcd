// Loaded with --require, which costs a process next to nothing: writes its highest memory use to a file when it ends. Not
// from getrusage, whose figure on Linux starts from that of the process that spawned this one.
const { readFileSync, writeFileSync } = require('node:fs');

process.on('exit', () => {
  const path = process.env['MEMORY_FILE'];
  if (path === undefined) return;
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  writeFileSync(path, `${Number(kilobytes) * 1024}`);
});
