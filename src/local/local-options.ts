import type { Certificate } from './data-plane/certificate-source.js';
import type { InstanceAddresses } from './instance-address.js';
import type { OnLocalEvent } from './local-event.js';
import type { Seed } from './seed-shape.js';

/** How a local load balancer service is started; everything can be left out. */
export interface LocalOptions {
  /** The API's port; 0 takes a free one. Default 4580. */
  readonly port?: number;
  /** A loopback address to listen on. Default 127.0.0.1. */
  readonly host?: '127.0.0.1' | '::1';
  /** Keeps the state in this file. It is on the disk before a change is answered, so that a kill loses nothing. */
  readonly stateFile?: string;
  /** `demo`, the path of a JSON file, or a seed; used only when there is no load balancer yet. */
  readonly seed?: 'demo' | (string & {}) | Seed;
  /** How long each answer is held back, in milliseconds. */
  readonly latencyMs?: number;
  /** The region of a request that is not signed for one, and of a seed that names none. Default us-east-1. */
  readonly region?: string;
  /** The account that owns the load balancers, and that every caller belongs to. Default 123456789012. */
  readonly accountId?: string;
  /** IP addresses of instances by id; all others are at 127.0.0.1. */
  readonly instances?: InstanceAddresses;
  /**
   * The command that starts a shell on an instance, by its id: `['ip', 'netns', 'exec', 'web-1', 'sh']`. Default
   * `['sh']`, on this machine. Run Command starts it with this tool's own probe, and nothing else.
   */
  readonly instanceShells?: Readonly<Record<string, readonly string[]>>;
  /** Gives the creation times of resources. */
  readonly clock?: () => Date;
  /** Called for every request and every warning. */
  readonly onEvent?: OnLocalEvent;
  /**
   * Whether traffic is carried: each load balancer's listeners are open at its DNS name, which is a loopback
   * address of its own on Linux and 127.0.0.1 elsewhere, and at ::1 if no other has the port; its instances
   * are checked. Default true; without it only the API is there, and all registered instances are InService.
   */
  readonly dataPlane?: boolean;
  /** The certificate of all SSL and HTTPS listeners. Default: one for localhost, made when it is needed. */
  readonly certificate?: Certificate;
}
