// A warning of Node.js (too many listeners, something deprecated) fails the run, with the file that it came from.
// Runs once more for each file of a worker; the listener is one.
const failing = Symbol.for('elb-proxy-test-warnings');

function fail({ name, message, stack }: Error): void {
  // A new one: some warnings carry the whole of what they are about.
  throw Object.assign(new Error(`${name}: ${message}`), { stack });
}

if (!(failing in globalThis)) {
  Object.assign(globalThis, { [failing]: true });
  process.on('warning', fail);
}
