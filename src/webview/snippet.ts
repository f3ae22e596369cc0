/** The lines of a hit, coloured by their syntax, with what matched marked. */
import hljs from 'highlight.js/lib/common';
import elixir from 'highlight.js/lib/languages/elixir';
import haskell from 'highlight.js/lib/languages/haskell';
import scala from 'highlight.js/lib/languages/scala';
import type { PanelHit } from '../protocol/panelMessages';
import { element } from './dom';

hljs.registerLanguage('elixir', elixir);
hljs.registerLanguage('haskell', haskell);
hljs.registerLanguage('scala', scala);

/** VS Code's language ids that the highlighter has by another name. */
const NAMES: Readonly<Record<string, string>> = {
  typescriptreact: 'typescript',
  javascriptreact: 'javascript',
  shellscript: 'bash',
  html: 'xml',
  jsonc: 'json',
  'objective-c': 'objectivec',
  vue: 'xml',
  zig: 'rust',
};

export function snippet(hit: PanelHit): HTMLElement {
  const { snippetLine, language } = hit;
  const { code, marks } = dedented(hit);
  const name = NAMES[language] ?? language;
  const body = element('code', { class: 'code' });
  if (hljs.getLanguage(name) === undefined) body.textContent = code;
  else body.innerHTML = hljs.highlight(code, { language: name, ignoreIllegals: true }).value;
  mark(body, marks);
  const numbers = code
    .split('\n')
    .map((_, i) => String(snippetLine + i))
    .join('\n');
  return element(
    'div',
    { class: 'snippet' },
    element('span', { class: 'numbers', 'aria-hidden': 'true' }, numbers),
    body,
  );
}

/** Wraps ranges of the text, in UTF-16 code units, whatever elements it lies in. */
function mark(root: HTMLElement, marks: readonly (readonly [number, number])[]): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: { node: Text; start: number }[] = [];
  let at = 0;
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    texts.push({ node: node as Text, start: at });
    at += (node as Text).length;
  }
  for (const { node, start } of texts) {
    const end = start + node.length;
    // From the last to the first, so that offsets before stay what they are.
    for (const [from, to] of [...marks].reverse()) {
      if (to <= start || from >= end) continue;
      const range = document.createRange();
      range.setStart(node, Math.max(0, from - start));
      range.setEnd(node, Math.min(node.length, to - start));
      range.surroundContents(document.createElement('mark'));
    }
  }
}

/** Without the white space that all lines open with, so that deep code can be read in a narrow view. */
function dedented({ snippet, marks }: PanelHit): { code: string; marks: [number, number][] } {
  const lines = snippet.split('\n');
  const indents = lines
    .filter((line) => line.trim() !== '')
    .map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0);
  const cut = indents.length > 0 ? Math.min(...indents) : 0;
  const starts: { from: number; cut: number }[] = [];
  let from = 0;
  for (const line of lines) {
    starts.push({ from, cut: Math.min(cut, line.length) });
    from += line.length + 1;
  }
  const moved = (offset: number): number =>
    starts.reduce((at, start) => at - Math.max(0, Math.min(start.cut, offset - start.from)), offset);
  return {
    code: lines.map((line) => line.slice(Math.min(cut, line.length))).join('\n'),
    marks: marks.map(([start, end]) => [moved(start), moved(end)]),
  };
}
