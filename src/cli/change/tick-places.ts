import type { Style } from '../../render/style.js';
import type { PlaceChoice } from '../../render/text/port-choice.js';
import { cancelled } from '../prompts/cancelled.js';
import type { Prompter } from '../prompts/prompter.js';

/** A terminal's style, but for the columns that a prompt takes before a choice: the cursor, and the box to tick. */
export function choiceStyle({ style }: Prompter): Style {
  return { ...style, width: style.width - 6 };
}

/** Asks which places of some load balancers; those that can be ticked come first. Rejects if that is declined. */
export async function tickPlaces(
  action: 'enable' | 'disable',
  places: string,
  loadBalancers: readonly string[],
  {
    choices,
    open,
  }: { readonly choices: readonly (PlaceChoice & { readonly value: number })[]; readonly open: number },
  prompter: Prompter,
): Promise<readonly number[]> {
  const where =
    loadBalancers.length > 3 ? `these ${loadBalancers.length} load balancers` : loadBalancers.join(', ');
  const ticked = await prompter.tick(
    `${action === 'enable' ? 'Enable' : 'Disable'} the PROXY protocol ${places} of ${where}?`,
    choices.map((choice, index) => ({
      ...choice,
      disabled: index >= open,
      // A user who names none means the only one that is on.
      checked: action === 'disable' && open === 1 && index === 0,
    })),
  );
  if (ticked === undefined) throw cancelled();
  return ticked;
}
