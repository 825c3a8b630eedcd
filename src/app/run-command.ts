/** An instance as Systems Manager knows it. */
export interface ManagedInstance {
  readonly instanceId: string;
  /** `Online`, `ConnectionLost`, `Inactive`. */
  readonly ping: string;
  /** `Linux`, `Windows`, `MacOS`; absent if it was left out. */
  readonly platform?: string | undefined;
}

/** The content of a command: a document pinned by its hash, or the text of a script. */
export type Runnable =
  | { readonly kind: 'document'; readonly name: string; readonly hash: string }
  | { readonly kind: 'script'; readonly text: string };

/** A version of a document, and the SHA-256 that the service has of it. */
export interface DocumentVersion {
  readonly version: string;
  readonly hash: string;
}

/** A command to send. Times in seconds. */
export interface CommandToSend {
  /** At most 50. */
  readonly instanceIds: readonly string[];
  readonly run: Runnable;
  /** The document's; a script has none. */
  readonly parameters: Readonly<Record<string, string>>;
  /** For an instance to begin. */
  readonly startWithin: number;
  /** For the script. */
  readonly runFor: number;
}

/** A command's progress on one instance. */
export interface Invocation {
  readonly instanceId: string;
  /** `Pending`, `InProgress`, `Delayed`, `Cancelling`, or an end: `Success`, `Failed`, `TimedOut`, `Cancelled`. */
  readonly status: string;
  /** The same in detail: `Delivery Timed Out`. */
  readonly details: string;
  /** The output, as far as the service returns it. */
  readonly output: string;
}

/** Run Command in one region, as the use case needs it. Each method rejects with an ElbProxyError. */
export interface RunCommand {
  readonly region: string;
  /** The custom endpoint in use, if any. */
  readonly endpoint?: string | undefined;
  /** Those of the instances that Systems Manager knows. */
  describeInstances(ids: readonly string[]): Promise<readonly ManagedInstance[]>;
  /** A document's default version; undefined if the document does not exist. */
  describeDocument(name: string): Promise<DocumentVersion | undefined>;
  /** The text of one version of a document. */
  documentText(name: string, version: string): Promise<string>;
  /** Returns the command's id. Sent once: a second command would probe a second time. */
  send(command: CommandToSend): Promise<string>;
  /** Those that are known so far. */
  invocations(commandId: string): Promise<readonly Invocation[]>;
  cancel(commandId: string): Promise<void>;
}
