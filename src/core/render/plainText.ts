/** A chunk's text without what does not matter when two are compared: comments and layout. */

/** How a language writes comments. */
interface CommentSyntax {
  readonly line: readonly string[];
  readonly block: readonly (readonly [open: string, close: string])[];
}

const C_LIKE: CommentSyntax = { line: ['//'], block: [['/*', '*/']] };
const HASH: CommentSyntax = { line: ['#'], block: [] };
const DASHES: CommentSyntax = { line: ['--'], block: [] };
const SEMICOLON: CommentSyntax = { line: [';'], block: [] };
const PERCENT: CommentSyntax = { line: ['%'], block: [] };
const MARKUP: CommentSyntax = { line: [], block: [['<!--', '-->']] };

/** Language ids by their comments. */
const LANGUAGES: readonly (readonly [CommentSyntax, string])[] = [
  [
    C_LIKE,
    'c cpp csharp java javascript javascriptreact typescript typescriptreact go rust swift kotlin scala dart ' +
      'groovy objective-c objective-cpp cuda-cpp jsonc gleam zig solidity proto3 proto less scss glsl hlsl wgsl',
  ],
  [{ line: [], block: [['/*', '*/']] }, 'css'],
  [{ line: ['//', '#'], block: [['/*', '*/']] }, 'php terraform'],
  [
    HASH,
    'python ruby shellscript perl r julia elixir yaml toml makefile dockerfile coffeescript nim gdscript ' +
      'powershell dotenv cmake nix graphql crystal tcl',
  ],
  [DASHES, 'sql ada vhdl'],
  [{ line: ['--'], block: [['--[[', ']]']] }, 'lua'],
  [{ line: ['--'], block: [['{-', '-}']] }, 'haskell elm purescript'],
  [{ line: ['//'], block: [['(*', '*)']] }, 'fsharp'],
  [{ line: [], block: [['(*', '*)']] }, 'ocaml'],
  [SEMICOLON, 'clojure lisp scheme racket emacs-lisp ini'],
  [PERCENT, 'latex erlang matlab prolog'],
  [MARKUP, 'html xml markdown vue svelte'],
];

const SYNTAX = new Map(
  LANGUAGES.flatMap(([syntax, ids]) => ids.split(' ').map((id) => [id, syntax] as const)),
);

/** Languages in which the depth of a line is part of the program. */
const INDENTED = new Set('python yaml coffeescript nim gdscript haskell elm purescript fsharp'.split(' '));

/**
 * Equal for two texts that are the same program but for comments, blank lines and layout.
 * @param language VS Code language id
 */
export function plainText(text: string, language: string): string {
  const bare = withoutComments(text, language);
  if (!INDENTED.has(language)) return bare.replace(/\s+/gu, '');
  const depths: number[] = [];
  let plain = '';
  for (const line of bare.split('\n')) {
    const content = line.trim();
    if (content === '') continue;
    const width = line.length - line.trimStart().length;
    while ((depths.at(-1) ?? -1) > width) {
      depths.pop();
      plain += '\u0001';
    }
    if ((depths.at(-1) ?? -1) < width) {
      depths.push(width);
      plain += '\u0002';
    }
    plain += `${content.replace(/\s+/gu, '')}\n`;
  }
  return plain;
}

/** Names that a file takes from others. */
const IMPORT =
  /^\s*(?:import\b|from\s+\S+\s+import\b|export\s+(?:\*|\{[^}]*\})\s+from\b|#\s*include\b|using\s+[\w.:]+\s*;|use\s+[\w:\\{}, *]+;|package\s+[\w.]+;?\s*$|(?:local\s+|const\s+|var\s+|let\s+)?[\w{}, ]+=\s*require\b|require(?:_relative|_once)?\b|\}\s*from\b|[\w, ]+,\s*$)/u;

/** A line of an import block: a module's name alone, perhaps with another name for it. */
const IMPORTED = /^\s*(?:[\w.]+\s+)?"[^"]*"\s*$/u;

/** Lines of code or prose in a text: not blank, no comment, no import. */
export function significantLines(text: string, language: string): number {
  const lines = withoutComments(text, language).split('\n');
  return lines.filter(
    (line) =>
      // A line of brackets alone says nothing either.
      /[\p{L}\p{N}]/u.test(line) && !IMPORT.test(line) && !(language === 'go' && IMPORTED.test(line)),
  ).length;
}

/** The text without its comments, line by line as it was. */
function withoutComments(text: string, language: string): string {
  const syntax = SYNTAX.get(language);
  const lined = text.replace(/\r\n?/gu, '\n');
  if (syntax === undefined) return lined;
  let plain = '';
  let at = 0;
  while (at < lined.length) {
    const end = commentEnd(lined, at, syntax) ?? at;
    if (end > at) {
      // The lines below keep their places.
      plain += lined.slice(at, end).replace(/[^\n]+/gu, '');
      at = end;
      continue;
    }
    const next = syntax === MARKUP ? at + 1 : stringEnd(lined, at);
    plain += lined.slice(at, next);
    at = next;
  }
  return plain;
}

/** Where the comment that opens at `at` ends; undefined where none opens. */
function commentEnd(text: string, at: number, { line, block }: CommentSyntax): number | undefined {
  for (const [open, close] of block) {
    if (!text.startsWith(open, at)) continue;
    const end = text.indexOf(close, at + open.length);
    return end < 0 ? text.length : end + close.length;
  }
  if (!line.some((mark) => text.startsWith(mark, at))) return undefined;
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** Where the string that opens at `at` ends, on the same line; the next character where none opens. */
function stringEnd(text: string, at: number): number {
  const quote = text[at];
  if (quote !== '"' && quote !== "'" && quote !== '`') return at + 1;
  for (let i = at + 1; i < text.length && text[i] !== '\n'; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote) return i + 1;
  }
  return at + 1;
}
