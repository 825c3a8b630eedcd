import { writtenPorts } from '../../core/change-facts.js';
import type { ClassicChange, InstanceCount, PlanChange } from '../../core/plan.js';
import type { Style } from '../style.js';
import { counted } from './counted.js';
import { groupTouches } from './group-words.js';
import { listenerPicture, pictureColumn } from './listener-picture.js';

/** Who is touched by a change: the listeners' way to the ports whose lists are replaced, and the instances behind. */
export function blastRadius(change: PlanChange, style: Style): readonly string[] {
  const lines = change.targetGroup === undefined ? portTouches(change, style) : groupTouches(change, style);
  return [`  ${style.colour.bold('Touches')}`, ...lines.map((line) => `    ${line}`)];
}

function portTouches({ affects, steps }: ClassicChange, style: Style): readonly string[] {
  const { instances, listeners } = affects;
  const ports = writtenPorts(steps);
  const touched = [...new Set(ports)].toSorted((a, b) => a - b);
  const behind = listeners.filter(({ instancePort }) => touched.includes(instancePort));
  const column = pictureColumn(touched, behind);
  const pictures = touched.flatMap((port) =>
    listenerPicture(
      port,
      behind.filter(({ instancePort }) => instancePort === port),
      style,
      column,
    ),
  );
  return touched.length === 0 ? ['no listener: no list changes'] : [...pictures, instanceWords(instances)];
}

function instanceWords(instances: InstanceCount | undefined): string {
  if (instances === undefined) return "instances' health is not known";
  if (instances.total === 0) return 'no instances are registered';
  return `${counted(instances.total, 'instance')}, ${instances.inService} InService`;
}
