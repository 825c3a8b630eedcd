import type { Option } from '../option.js';

/** Watching traffic while a change takes effect. */
export const guardOptions = {
  guard: {
    type: 'texts',
    whole: true,
    value: 'PROBE',
    describe:
      'tcp, tls, http:/path, https:/path (200 to 399 passes), ws:/path, wss:/path through the load balancer, health, or alarm:NAME: roll back if it fails; if given several times, all must pass',
  },
  'guard-target': {
    type: 'text',
    value: 'HOST:PORT',
    describe: "probe this instead of the load balancer's own listeners",
  },
  'guard-window': {
    type: 'text',
    value: 'TIME',
    describe: 'a probe must pass again within this time (default: 30s); health and alarms at once',
  },
  'guard-hold': {
    type: 'text',
    value: 'TIME',
    describe:
      'and keep passing for this time (default: 10s; health: as long as the health check needs to notice)',
  },
  'guard-all': {
    type: 'flag',
    describe: 'change all ports or target groups before the first check, not one after the other',
  },
  'guard-alarm-missing-data': {
    type: 'text',
    value: 'ok',
    choices: ['ok'],
    describe: 'ok: an alarm also passes with INSUFFICIENT_DATA',
  },
} as const satisfies Record<string, Option>;
