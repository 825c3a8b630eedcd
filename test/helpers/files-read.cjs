// Loaded with --require: writes the names of the files that the process reads at once (modules and the code cache
// among them) to a file when it ends, and those of the parts of Node.js that it has loaded.
const fs = require('node:fs');

const read = new Set();
const { readFileSync } = fs;
fs.readFileSync = (path, ...options) => {
  read.add(String(path));
  return readFileSync(path, ...options);
};
process.on('exit', () => {
  const path = process.env['FILES_READ'];
  if (path === undefined) return;
  const builtIn = process.moduleLoadList.filter((name) => name.startsWith('NativeModule '));
  fs.writeFileSync(
    path,
    JSON.stringify([...read, ...builtIn.map((name) => name.replace('NativeModule ', 'node:'))]),
  );
});
