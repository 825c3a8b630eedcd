import { beforeEach } from 'vitest';
import { goOnWith } from '../../src/core/next-command.js';

// The options that printed commands carry are set once per process, and the tests of a worker share one. Each test begins
// without any, as a new process does.
beforeEach(() => goOnWith({}));
