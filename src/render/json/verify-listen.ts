import type { Heard } from '../../app/verify-listen.js';
import type { ConnectionReport, ThroughReport } from '../../core/verify-connection.js';
import { targetName } from '../../core/verify-result.js';
import { documentFormatVersion } from './status.js';

/** What `verify listen -o json` prints. */
export interface ListenDocument {
  readonly formatVersion: typeof documentFormatVersion;
  /** `host:port` that was bound. */
  readonly listening: string;
  /** Why it stopped. */
  readonly ended: Heard['ended'];
  /** The connection that was made through the load balancer; its judgement is the connection with `own`. */
  readonly through?: ThroughReport | undefined;
  readonly connections: readonly ConnectionReport[];
  /** Connections beyond those that are kept. */
  readonly omitted: number;
}

/** The document of what was heard. */
export function listenDocument({ listening, ended, through, connections, omitted }: Heard): ListenDocument {
  return {
    formatVersion: documentFormatVersion,
    listening: targetName(listening),
    ended,
    ...(through === undefined ? {} : { through }),
    connections,
    omitted,
  };
}
