import { documentFormatVersion } from './document.js';
import type { StatusDocument, StatusEntry } from './status.js';
import { toJson } from './to-json.js';

/** The status document as JSON in parts, for a fleet that is never in memory at once: joined, exactly what `toJson` gives. */
export interface StatusParts {
  readonly head: string;
  /** Call it once for each load balancer, in order. */
  readonly loadBalancer: (status: StatusEntry) => string;
  readonly end: (errors: StatusDocument['errors']) => string;
}

/** The parts of one document. */
export function statusParts(regions: readonly string[]): StatusParts {
  let first = true;
  return {
    head: `${toJson({ formatVersion: documentFormatVersion, regions }).slice(0, -'\n}\n'.length)},\n  "loadBalancers": [`,
    loadBalancer: (status) => {
      const part = `${first ? '' : ','}\n    ${nested(status, 4)}`;
      first = false;
      return part;
    },
    end: (errors) => `${first ? '' : '\n  '}],\n  "errors": ${nested(errors, 2)}\n}\n`,
  };
}

function nested(value: object, indent: number): string {
  return toJson(value)
    .trimEnd()
    .replaceAll('\n', `\n${' '.repeat(indent)}`);
}
