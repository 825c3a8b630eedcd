import type { Decision } from '../decision.js';
import type { Seen } from '../seen.js';

/** Looks at the recordings, and decides, asks for one of them again, or leaves it to the next. Pure. */
export type Rule = (seen: Seen) => Decision | undefined;
