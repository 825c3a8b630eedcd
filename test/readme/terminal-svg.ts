/** A piece of a line in one colour. */
interface Run {
  readonly text: string;
  readonly colour: string;
  readonly bold: boolean;
  readonly dim: boolean;
}

/** Wide enough for what is made for 100 columns; the advance of a monospaced font is 0.6 of its size, or nearly. */
const [columns, size, lineHeight, margin, bar] = [100, 13, 19, 18, 34];
const advance = size * 0.6;

const foreground = '#d6deeb';
const background = '#0f1722';

/** The eight colours of a terminal and their bright ones, chosen to be read on {@link background}. */
const palette: Readonly<Record<number, string>> = {
  30: '#5c6773',
  31: '#ff7b72',
  32: '#5ad48a',
  33: '#f2c55c',
  34: '#79b8ff',
  35: '#d2a8ff',
  36: '#66d9ef',
  37: foreground,
  90: '#8390a2',
};

const plain: Omit<Run, 'text'> = { colour: foreground, bold: false, dim: false };

/** How a Select Graphic Rendition sequence changes the style (ECMA-48, 8.3.117). */
function styled(style: Omit<Run, 'text'>, code: number): Omit<Run, 'text'> {
  if (code === 0) return plain;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 39) return { ...style, colour: foreground };
  const colour = palette[code] ?? palette[code - 60];
  if (colour === undefined) throw new Error(`no picture of SGR ${code}`);
  return { ...style, colour };
}

/** The runs of a line. Styles don't go on from line to line in what this program prints. */
function runsOf(line: string): readonly Run[] {
  const runs: Run[] = [];
  let style = plain;
  // oxlint-disable-next-line no-control-regex -- ESC is what such a sequence begins with
  for (const piece of line.split(/(\u001b\[[\d;]*m)/)) {
    // oxlint-disable-next-line no-control-regex -- the same
    const [, codes] = /^\u001b\[([\d;]*)m$/.exec(piece) ?? [];
    if (codes === undefined) runs.push({ ...style, text: piece });
    else for (const code of codes.split(';')) style = styled(style, Number(code));
  }
  return runs.filter(({ text }) => text !== '');
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Each run is put at its column and given its length, so that it is there in any monospaced font. */
function lineToSvg(line: string, y: number): string {
  let column = 0;
  let svg = '';
  for (const { text, colour, bold, dim } of runsOf(line)) {
    const [start, width] = [column + text.length - text.trimStart().length, text.trim().length];
    column += text.length;
    if (width === 0) continue;
    svg += `<text x="${(margin + start * advance).toFixed(1)}" y="${y}" textLength="${(width * advance).toFixed(1)}" fill="${colour}"${bold ? ' font-weight="700"' : ''}${dim ? ' opacity="0.65"' : ''}>${escaped(text.trim())}</text>\n`;
  }
  return svg;
}

/** A picture of a terminal with what was printed there, colours and all; it is dark on a light page, too. */
export function terminalSvg(title: string, printed: string): string {
  const lines = printed.trimEnd().split('\n');
  const width = Math.ceil(2 * margin + columns * advance);
  const height = bar + margin + lines.length * lineHeight;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${size}" xml:space="preserve">
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="9" fill="${background}" stroke="#3b4757"/>
<circle cx="20" cy="18" r="5.5" fill="#ff5f57"/><circle cx="39" cy="18" r="5.5" fill="#febc2e"/><circle cx="58" cy="18" r="5.5" fill="#28c840"/>
<text x="${width / 2}" y="22" text-anchor="middle" fill="#8390a2">${escaped(title)}</text>
${lines.map((line, index) => lineToSvg(line, bar + margin + index * lineHeight)).join('')}</svg>
`;
}
