import childProcess from 'node:child_process';
import net from 'node:net';

// What a unit test may not do: it would wait for others, and others for it.
const refuse = (what: string) => (): never => {
  throw new Error(`a unit test ${what}: its file belongs to the other project in test/vitest.config.ts`);
};

Object.assign(childProcess.ChildProcess.prototype, { spawn: refuse('starts a process') });
Object.assign(childProcess, {
  spawnSync: refuse('starts a process'),
  execFileSync: refuse('starts a process'),
});
Object.assign(net.Socket.prototype, { connect: refuse('connects') });
Object.assign(net.Server.prototype, { listen: refuse('listens') });
