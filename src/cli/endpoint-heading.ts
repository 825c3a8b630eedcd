import type { Style } from '../render/style.js';
import { joinLines } from '../render/text/join-lines.js';
import { endpointLines } from '../render/text/place-lines.js';

/** The custom endpoint that a result comes from, above it, with an empty line between them; empty at AWS's own. */
export function endpointHeading(endpoint: string | undefined, style: Style): string {
  return endpoint === undefined ? '' : joinLines([...endpointLines({ endpoint }, style), '']);
}
