// Loaded with --import: writes the process's highest memory use to a file when it ends. Not from getrusage, whose
// figure on Linux starts from that of the process that spawned this one.
import { readFileSync, writeFileSync } from 'node:fs';

process.on('exit', () => {
  const path = process.env['MEMORY_FILE'];
  if (path === undefined) return;
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  writeFileSync(path, `${Number(kilobytes) * 1024}`);
});
