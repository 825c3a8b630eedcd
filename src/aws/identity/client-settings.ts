import type { HandlerSettings, silence } from './connections.js';

/** Keys to sign with, in our own words: the library's types name no package that its users don't have. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** The settings of every client of the AWS SDK; spread it into the client's configuration. */
export interface ClientSettings {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials: () => Promise<Keys>;
  /** Connections as the environment says: through its proxy, checked with its certificates. */
  readonly requestHandler: HandlerSettings;
  readonly useDualstackEndpoint: boolean;
  readonly useFipsEndpoint: boolean;
  readonly ignoreConfiguredEndpointUrls: true;
  readonly defaultsMode: 'legacy';
  readonly logger: typeof silence;
}
