// Run as a process of its own by state.test.ts: serves from a state file, and is killed in the middle.
import { startLocal } from '../../src/local/index.js';

startLocal({ port: 0, dataPlane: false, stateFile: process.argv[2] ?? '' })
  .then(({ endpoint }) => process.stdout.write(`${endpoint}\n`))
  .catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  });
