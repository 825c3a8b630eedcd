import type { InstanceAddresses } from '../instance-address.js';
import type { Store } from '../store.js';
import { CommandStore } from './command-store.js';
import { DocumentStore } from './documents.js';

/** The input of Systems Manager's actions beside a request. */
export interface SsmContext {
  readonly region: string;
  readonly accountId: string;
  readonly now: () => Date;
  readonly store: Store;
  readonly addresses: InstanceAddresses;
  readonly ssm: SystemsManager;
}

/** Systems Manager here: its documents, its commands, and how a shell is started on an instance. */
export interface SystemsManager {
  readonly commands: CommandStore;
  readonly documents: DocumentStore;
  readonly shells: Readonly<Record<string, readonly string[]>>;
  readonly path: string;
}

/** Makes Systems Manager without commands or documents. */
export function createSystemsManager(
  now: () => Date,
  { shells, path }: Pick<SystemsManager, 'shells' | 'path'>,
): SystemsManager {
  return { commands: new CommandStore(now), documents: new DocumentStore(), shells, path };
}
