import { beforeEach } from 'vitest';
import { goOnWith } from '../../src/core/next-command.js';

// The program says once which options the commands carry that it prints: within a test, as a property of the process that
// the tests of a worker share. Each begins like a process of its own.
beforeEach(() => goOnWith({}));
