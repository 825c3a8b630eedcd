import type { BackendKind } from './backend.js';
import type { Meanwhile, Way } from './stage.js';

/** One scene: its title, the backend that it deploys, and its actions. */
export type Scene = { readonly title: string; readonly backend?: BackendKind } & (
  | {
      readonly run: readonly string[];
      /** Only so many lines of its stdout are shown. */
      readonly head?: number;
      /** The exit code that it must end with; 0 if none is given. */
      readonly exit?: number;
      readonly meanwhile?: Meanwhile;
      /** Through which load balancer a client asks afterwards, and gets an answer. */
      readonly thenAsk?: Way;
    }
  /** Ask through the Classic Load Balancer; the answer must be of this status. */
  | { readonly ask: number }
);

/** The story, each thing shown once. `PORT` is the backend's port. */
export const scenes: readonly Scene[] = [
  {
    title: "No PROXY line: the backend sees the load balancer's address, not the client's.",
    run: ['status', 'web'],
    head: 12,
    thenAsk: 'classic',
  },
  { title: 'What would change. Nothing is written.', run: ['enable', 'web', '--port', 'PORT', '--dry-run'] },
  {
    title: 'Do it. Each write follows a fresh read, is read back, and is journalled.',
    run: ['enable', 'web', '--port', 'PORT', '--yes', '--quiet'],
    head: 1,
  },
  {
    title: 'To a backend without support it is a bad request: this gets people paged.',
    ask: 400,
  },
  {
    title: 'Take it back. The list is what it was, to the letter.',
    run: ['undo', '--yes', '--quiet'],
    head: 1,
  },
  {
    title: 'The same, guarded by the health check: the backend turns unhealthy.',
    backend: 'plain',
    run: ['enable', 'web', '--port', 'PORT', '--guard', 'health', '-y', '-q'],
    head: 1,
    exit: 4,
    meanwhile: 'clients ask',
  },
  {
    title: 'And guarded by a CloudWatch alarm, which set-alarm-state sets off meanwhile.',
    backend: 'plain',
    run: ['enable', 'web', '--port', 'PORT', '--guard', 'alarm:web-errors', '-y', '-q'],
    head: 1,
    exit: 4,
    meanwhile: 'alarm',
  },
  {
    title: 'A backend with acceptProxyProtocol(server) works with the line and without.',
    backend: 'accepts-proxy',
    run: ['verify', 'backend', '127.0.0.1:PORT'],
    head: 2,
  },
  {
    title: 'Again, taken back unless requests get through. The backend sees the client.',
    run: ['enable', 'web', '--port', 'PORT', '--guard', 'http:/', '--guard-hold', '1s', '--yes', '--quiet'],
    thenAsk: 'classic',
  },
  {
    title: 'The line itself, from a backend that echoes its first bytes.',
    backend: 'raw',
    ask: 200,
  },
  {
    title: 'A Network Load Balancer: an attribute of its target group, and version 2.',
    run: ['enable', 'edge', '--target-group', 'app', '--yes', '--quiet'],
    head: 1,
    thenAsk: 'network',
  },
  { title: 'The newest changes; undo takes back any of them.', run: ['history'], head: 4 },
];
