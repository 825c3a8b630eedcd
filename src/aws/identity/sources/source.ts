import type { Environment } from '../../environment.js';
import type { ClientSettings, Keys } from '../client-settings.js';
import type { Connections } from '../connections.js';
import type { Section } from '../ini.js';
import type { AwsService } from '../services.js';
import type { Scope } from '../setting.js';
import type { SharedConfig } from '../shared-config.js';

export type { Keys };

/** A source that is configured: the search ends with it, whether it yields keys or not. */
export interface Found {
  /** Where the keys come from, for messages and `--debug`; never a secret. */
  readonly from: string;
  /** @throws ElbProxyError `no-credentials` */
  readonly fetch: () => Promise<Keys>;
}

/** The dependencies of all sources. */
export interface Sources {
  readonly env: Environment;
  readonly shared: SharedConfig;
  /** The profile in use: its endpoints hold for every call, whichever profile the keys come from. */
  readonly scope: Scope;
  readonly connections: Connections;
  /** The settings of a client without credentials; STS in the run's region. */
  readonly client: (service: AwsService, region?: string) => Omit<ClientSettings, 'credentials'>;
  /** Asks for the code of a multi-factor device; undefined if the question was declined. */
  readonly askCode?: ((serial: string) => Promise<string | undefined>) | undefined;
}

/** A profile as a source of keys. */
export interface ProfileSource {
  readonly name: string;
  readonly keys: Section;
}

/** The keys of a section by name; the AWS CLI takes `constructor` for a name like any other. */
export function profileSource(name: string, { shared }: Sources): ProfileSource {
  return { name, keys: shared.profiles.get(name) ?? new Map() };
}
