import type { Place } from '../../core/caller.js';
import type { Style } from '../style.js';
import { joinLines, paragraph } from './paragraph.js';

/** As whom, and at which custom endpoint, something is planned or was done. */
export function placeLines({ caller, endpoint }: Place, style: Style): readonly string[] {
  return [
    ...paragraph(callerWords({ caller, endpoint }), style, { hanging: 2 }),
    ...endpointLines({ endpoint }, style),
  ];
}

/** The custom endpoint that was asked, if any. */
export function endpointLines({ endpoint }: Pick<Place, 'endpoint'>, style: Style): readonly string[] {
  return endpoint === undefined ? [] : paragraph(`endpoint ${endpoint}`, style);
}

/** The same as a text above a result, with an empty line between them; empty at AWS's own endpoint. */
export function endpointHeading(endpoint: string | undefined, style: Style): string {
  return endpoint === undefined ? '' : joinLines([...endpointLines({ endpoint }, style), '']);
}

/** The caller, or why it is not known. */
export function callerWords({ caller, endpoint }: Place): string {
  if (caller !== undefined) return `acts as ${caller.arn}`;
  return endpoint === undefined
    ? 'acts on an unknown account'
    : 'acts on an unknown account: STS is only asked at its own custom endpoint (AWS_ENDPOINT_URL_STS)';
}
