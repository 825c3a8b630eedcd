import * as fc from 'fast-check';
import { seed } from './budget.js';

fc.configureGlobal({ seed });

/** fast-check, started from the run's seed. */
export { fc };
