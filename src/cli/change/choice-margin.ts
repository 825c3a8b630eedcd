/** Columns that a prompt takes before a choice: the cursor, and the box to tick. */
export const choiceMargin = 6;
