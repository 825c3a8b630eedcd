import type { Hazard, HazardCode } from './hazards.js';

/** Those of some codes that are blockers among the hazards, each once and sorted. */
export function overruledOf(hazards: readonly Hazard[], codes: readonly HazardCode[]): readonly HazardCode[] {
  const blockers = new Set(hazards.filter(({ level }) => level === 'blocker').map(({ code }) => code));
  return [...new Set(codes)].filter((code) => blockers.has(code)).toSorted();
}
