import type { AppEvent } from '../app/events.js';
import type { ReadAlarms } from '../app/guard/alarm.js';
import type { Clock, ElasticLoadBalancing, ElasticLoadBalancingV2, Journal } from '../app/ports.js';
import type { RunCommand } from '../app/run-command.js';
import type { Identity } from '../aws/identity/identity.js';
import type { CallerAnswer } from '../core/caller.js';
import type { Style } from '../render/style.js';
import type { Io } from './io.js';
import type { OutputFormat } from './options.js';
import type { Prompter } from './prompts/prompter.js';

/** A command's dependencies; heavy ones are loaded on first use. */
export interface Context {
  readonly io: Io;
  /** `elb-proxy X.Y.Z`. */
  readonly tool: string;
  readonly output: OutputFormat;
  /** This run's caller, region and endpoints; decided once. */
  readonly identity: () => Promise<Identity>;
  /** The caller according to STS; read once, in the first region given. Never rejects. */
  readonly caller: (region?: string) => Promise<CallerAnswer>;
  /** The API of a region; the environment's if none is given. */
  readonly api: (region?: string) => Promise<ElasticLoadBalancing>;
  /** The APIs of several regions, in their order, with one look for credentials; of the environment's if none is given. */
  readonly apis: (regions: readonly string[]) => Promise<readonly ElasticLoadBalancing[]>;
  /**
   * The ELBv2 API of a region, where Network Load Balancers are; the environment's if none is given. Rejects with
   * `no-network-endpoint` if a custom endpoint is set for Classic Load Balancers only.
   */
  readonly networkApi: (region?: string) => Promise<ElasticLoadBalancingV2>;
  /** CloudWatch's alarms of any region. */
  readonly alarms: () => Promise<ReadAlarms>;
  /** Systems Manager's Run Command in a region. */
  readonly runCommand: (region?: string) => Promise<RunCommand>;
  readonly journal: () => Promise<Journal>;
  readonly clock: Clock;
  readonly emit: (event: AppEvent) => void;
  /** A document to stdout: as JSON, or as the text that `render` makes of it. */
  readonly print: <T extends object>(
    document: T,
    render: (document: T, style: Style) => string,
  ) => Promise<void>;
  /** A part of a result that is printed while it is made, as JSON or text; resolves when there is room for more. */
  readonly printPart: (part: {
    readonly json: () => string;
    readonly text: (style: Style) => string;
  }) => Promise<void>;
  /** One line on a terminal that the next one, or any other message, takes the place of; `''` takes it away. */
  readonly progress: (line: string) => Promise<void>;
  /** API calls that the service has refused for their rate until now. */
  readonly throttledCalls: () => number;
  /** Text to stderr. */
  readonly say: (render: (style: Style) => string | Promise<string>) => Promise<void>;
  /** Asks people; undefined if no one is there to answer. */
  readonly prompter: () => Promise<Prompter | undefined>;
  /** Work that a signal must not cut off: it watches the signal itself. */
  readonly untilFinished: <T>(work: Promise<T>) => Promise<T>;
}
