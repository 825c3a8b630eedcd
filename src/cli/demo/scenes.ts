import type { BackendKind } from './backend.js';
import type { Meanwhile } from './stage.js';

/** One scene: a line that says what it shows, and what is done. */
export type Scene = { readonly title: string } & (
  | {
      readonly run: readonly string[];
      /** Of what it prints to stdout, only so many lines are shown. */
      readonly head?: number;
      /** The exit code that it must end with; 0 where none is given. */
      readonly exit?: number;
      readonly meanwhile?: Meanwhile;
    }
  /** Ask through the load balancer; the answer must be of this status. */
  | { readonly ask: number }
  | { readonly backend: BackendKind }
);

/** The story. `PORT` stands for the backend's port. */
export const scenes: readonly Scene[] = [
  {
    title: 'What is there: the instance port has two policies of its own, and no PROXY line.',
    run: ['status', 'web'],
  },
  {
    title:
      "A client asks through the load balancer. The backend sees the load balancer's address, not the client's.",
    ask: 200,
  },
  { title: 'What would change. Nothing is written.', run: ['enable', 'web', '--port', 'PORT', '--dry-run'] },
  {
    title: 'Do it. Each write follows a fresh read, is read back, and is recorded in a journal.',
    run: ['enable', 'web', '--port', 'PORT', '--yes'],
  },
  {
    title:
      'The backend does not speak PROXY: to it, the line is a bad request. This is what gets people paged.',
    ask: 400,
  },
  { title: 'Take it back. The list is what it was, to the letter.', run: ['undo', '--yes'] },
  { title: 'Traffic flows again.', ask: 200 },
  {
    title: 'The same, watched by the health check: the backend soon says that it is not well.',
    run: ['enable', 'web', '--port', 'PORT', '--guard', 'health', '--yes'],
    head: 0,
    exit: 4,
    meanwhile: 'clients ask',
  },
  {
    title: 'And by a CloudWatch alarm, which aws cloudwatch set-alarm-state sets off meanwhile.',
    run: ['enable', 'web', '--port', 'PORT', '--guard', 'alarm:web-errors', '--yes'],
    head: 0,
    exit: 4,
    meanwhile: 'alarm',
  },
  {
    title:
      'The backend is deployed again, with acceptProxyProtocol(server): it takes connections with and without the line.',
    backend: 'accepts-proxy',
  },
  {
    title:
      'Again, watched: the change is taken back by itself unless a request gets through before and after it.',
    run: ['enable', 'web', '--port', 'PORT', '--guard', 'http:/', '--guard-hold', '1s', '--yes'],
  },
  { title: 'Now the backend sees the client.', ask: 200 },
  { title: 'For the curious, a backend that only shows what comes first.', backend: 'raw' },
  { title: "This is the line: client, load balancer, client's port, listener's port.", ask: 200 },
  { title: 'The backend that accepts PROXY is back.', backend: 'accepts-proxy' },
  {
    title: 'Off again. The other two policies never moved.',
    run: ['disable', 'web', '--port', 'PORT', '--yes'],
  },
  { title: 'The backend sees the load balancer once more.', ask: 200 },
  {
    title: 'Everything that was changed from this machine, newest first; undo takes any of it back.',
    run: ['history'],
  },
];
