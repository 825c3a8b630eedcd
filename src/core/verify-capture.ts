/** Every reason why a connection in a capture gets no verdict. */
export const notJudgedCodes = [
  'began-before',
  'bytes-missing',
  'cut-packets',
  'fragments',
  'ended-early',
  'refused',
  'unanswered',
  'too-many',
] as const;

/**
 * `began-before`: its start is not in the capture; `bytes-missing`: some of its first bytes are not; `cut-packets`: a
 * snap length cut them off; `fragments`: they came in IP fragments; `ended-early`: the capture ends first; `refused`,
 * `unanswered`: the handshake failed; `too-many`: more connections were open at once than can be followed.
 */
export type NotJudgedCode = (typeof notJudgedCodes)[number];

/** A connection to the port that nothing is said about, and why. */
export interface NotJudged {
  /** The time of its first packet in the capture; ISO 8601, UTC. */
  readonly at: string;
  readonly from: string;
  readonly to: string;
  readonly code: NotJudgedCode;
  readonly reason: string;
}

/** Every way in which reading a capture ends. */
export const captureEnds = ['end', 'cut', 'damaged', 'count', 'timeout', 'interrupted'] as const;

/** `cut`: it ends inside a packet; `damaged`: the rest can't be read; the last three: we stopped. */
export type CaptureEnding = (typeof captureEnds)[number];

/** Where else connections went, the most frequent first. */
export interface OtherPort {
  readonly port: number;
  readonly connections: number;
}

/** A reading of a capture, apart from its connections. */
export interface CaptureRead {
  /** `stopped`: by us. */
  readonly ended: 'end' | 'cut' | 'damaged' | 'stopped';
  readonly packets: number;
  /** Remarks about the capture itself, as sentences. */
  readonly notes: readonly string[];
  readonly otherPorts: readonly OtherPort[];
}
