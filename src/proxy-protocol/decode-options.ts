/** The choices that the specification leaves to the receiver. */
export interface DecodeOptions {
  /**
   * Takes `::ffff:192.0.2.1` in a version 1 line. Default false: the specification's grammar has no dotted tail, and
   * its 107 bytes would not hold two of them; many senders and receivers know it anyway.
   */
  readonly allowDottedIpv6?: boolean;
  /**
   * Accepts PROXY headers without a known family: `UNKNOWN` in version 1 and `UNSPEC` in version 2, for which the real
   * addresses hold. Default true; "free to accept or to reject".
   */
  readonly allowUnspecified?: boolean;
  /**
   * Checks the TLVs of version 2, the CRC32c among them, and hands them out. Default true. When false, the bytes behind
   * the addresses are skipped unread, as the specification also allows.
   */
  readonly checkTlvs?: boolean;
  /** The largest length field that a version 2 header may announce. Default 65535, which is all that it can hold. */
  readonly maxLength?: number;
}

/** `DecodeOptions` with the defaults filled in. */
export type DecodeRules = Required<DecodeOptions>;

const defaults: DecodeRules = {
  allowDottedIpv6: false,
  allowUnspecified: true,
  checkTlvs: true,
  maxLength: 0xffff,
};

/**
 * The options with defaults filled in.
 *
 * @throws TypeError that names the option and the value, when a value is of the wrong type or out of range.
 */
export function decodeRules(options: DecodeOptions | undefined): DecodeRules {
  if (options === undefined) return defaults;
  const { maxLength = defaults.maxLength } = options;
  if (!Number.isInteger(maxLength) || maxLength < 0 || maxLength > 0xffff) {
    throw new TypeError(`maxLength must be a whole number from 0 to 65535, not ${String(maxLength)}`);
  }
  return {
    allowDottedIpv6: flag('allowDottedIpv6', options.allowDottedIpv6, defaults.allowDottedIpv6),
    allowUnspecified: flag('allowUnspecified', options.allowUnspecified, defaults.allowUnspecified),
    checkTlvs: flag('checkTlvs', options.checkTlvs, defaults.checkTlvs),
    maxLength,
  };
}

function flag(name: string, value: unknown, otherwise: boolean): boolean {
  if (value === undefined) return otherwise;
  if (typeof value !== 'boolean')
    throw new TypeError(`${name} must be true or false, not ${JSON.stringify(value)}`);
  return value;
}
