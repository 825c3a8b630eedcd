import type { WeightedGroup } from '../shapes.js';

/**
 * Chooses by weight, so evenly that of any `n` connections in a row each group has its share, give or take one (the
 * smooth weighted round robin of nginx). AWS does it by a hash of the connection.
 */
export function groupChooser(): (groups: readonly WeightedGroup[]) => WeightedGroup | undefined {
  const credits = new Map<string, number>();
  return (groups) => {
    const total = groups.reduce((sum, { weight }) => sum + weight, 0);
    if (total === 0) return undefined;
    let best: WeightedGroup | undefined;
    for (const group of groups) {
      const credit = (credits.get(group.arn) ?? 0) + group.weight;
      credits.set(group.arn, credit);
      if (group.weight > 0 && (best === undefined || credit > (credits.get(best.arn) ?? 0))) best = group;
    }
    if (best !== undefined) credits.set(best.arn, (credits.get(best.arn) ?? 0) - total);
    return best;
  };
}
