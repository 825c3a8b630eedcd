/** A fenced block of the README or of the manual. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** Where its text begins in the page, and where it ends. */
  readonly from: number;
  readonly to: number;
}

/** The fenced blocks of a Markdown text, from top to bottom. */
export function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map((match) => {
    const [, language = '', text = ''] = match;
    const from = match.index + '```'.length + language.length + 1;
    return { language, text, from, to: from + text.length };
  });
}

/** The blocks of one language. */
export function textsOf(markdown: string, language: string): readonly string[] {
  return blocksOf(markdown)
    .filter((block) => block.language === language)
    .map(({ text }) => text);
}

/** The commands of a `sh` block: its lines, but for what a quotation or a backslash goes on with. */
export function commandsOf(text: string): readonly string[] {
  const commands: string[] = [];
  let open = '';
  for (const line of text.split('\n')) {
    open = open === '' ? line : `${open}\n${line}`;
    if (open.endsWith('\\') || (open.split('"').length - 1) % 2 === 1) continue;
    if (open.trim() !== '') commands.push(open);
    open = '';
  }
  return commands;
}
