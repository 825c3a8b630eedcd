/**
 * Text from outside as part of a label that is in double quotes. Everything but letters, digits and single dashes
 * between them is written as Mermaid's entity code `#NN;`, so that it is neither syntax, Markdown (which Mermaid reads
 * in labels) nor HTML. A colon, too: Mermaid takes the last semicolon off lines that look like `style … : … #…;`.
 */
export function mermaidText(text: string): string {
  return text.replaceAll(
    /(?<![A-Za-z0-9])-|-(?![A-Za-z0-9])|[^A-Za-z0-9 -]/gu,
    (character) => `#${character.codePointAt(0) ?? 0};`,
  );
}
