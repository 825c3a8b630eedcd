/** Replaces `@inquirer/external-editor` in the bundle: no prompt here opens an editor, and it weighs 590 KB. */
export function editAsync(): never {
  throw new Error('this build has no editor prompt');
}
