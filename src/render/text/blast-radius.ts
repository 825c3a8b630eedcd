import type { Affected } from '../../core/plan.js';
import type { Style } from '../style.js';
import { counted } from './counted.js';
import { listenerPicture, pictureColumn } from './listener-picture.js';

/** Who is touched when these instance ports change: the listeners' way to them, and the instances behind. */
export function blastRadius(
  { instancePorts, listeners, instances }: Affected,
  style: Style,
): readonly string[] {
  const column = pictureColumn(instancePorts, listeners);
  const pictures = instancePorts.flatMap((port) =>
    listenerPicture(
      port,
      listeners.filter(({ instancePort }) => instancePort === port),
      style,
      column,
    ),
  );
  const behind =
    instances === undefined
      ? "instances' health is not known"
      : instances.total === 0
        ? 'no instances are registered'
        : `${counted(instances.total, 'instance')}, ${instances.inService} InService`;
  return [`  ${style.colour.bold('Touches')}`, ...pictures.map((line) => `    ${line}`), `    ${behind}`];
}
