/**
 * Gathers items that belong together: a definition with its comment, its decorators and what stands on the
 * same line; the clauses of one function. What is gathered begins at the beginning of a line.
 */
import type { Lines } from '../lines';
import type { Item } from './items';
import type { LanguageSyntax, Name } from './meaning';

export interface Gathered {
  readonly items: Item[];
  /** The item that says what they are about. */
  main: Item | undefined;
  hasPrefix: boolean;
  /** UTF-16 offsets, from the first item's first character to the last one's last. */
  readonly start: number;
  end: number;
}

/**
 * @param joinClauses whether definitions of the same name are one (signature and function, clauses)
 */
export function gather(
  items: readonly Item[],
  syntax: LanguageSyntax,
  lines: Lines,
  joinClauses: boolean,
): Gathered[] {
  const all: Gathered[] = [];
  for (const item of items) {
    const { start, end } = item.node;
    let last = all.at(-1);
    if (last === undefined || !belongs(last, item, lines)) {
      last = { items: [], main: undefined, hasPrefix: false, start, end };
      all.push(last);
    }
    last.items.push(item);
    last.end = Math.max(last.end, end);
    if (item.role === 'main') last.main ??= item;
    if (item.role === 'prefix') last.hasPrefix = true;
  }
  return joinClauses && syntax.joins.size > 0 ? joined(all, syntax) : all;
}

function belongs(last: Gathered, item: Item, lines: Lines): boolean {
  const lineStart = lines.startOfLineAt(item.node.start);
  if (lineStart < last.end || !lines.isBlank({ start: lineStart, end: item.node.start })) return true;
  if (item.role === 'token' || item.role === 'suffix') return true;
  // Comments and decorators wait for what they are about.
  if (last.main !== undefined) return false;
  if (last.hasPrefix) return true;
  const previous = last.items.at(-1);
  return previous?.role === 'comment' && isCommentOf(previous, item, lines);
}

/** A comment right above, or a doc comment with one blank line between. */
function isCommentOf(comment: Item, item: Item, lines: Lines): boolean {
  const distance = lines.lineAt(item.node.start) - lines.lineAt(comment.node.end - 1);
  const opening = lines.text.slice(comment.node.start, comment.node.start + 3);
  if (item.role === 'comment') return distance <= 1;
  if (isLicence(comment)) return item.isImport && distance <= 1;
  if (distance <= 1) return true;
  return distance === 2 && item.meaning !== undefined && !item.isImport && isDocComment(opening);
}

function isDocComment(opening: string): boolean {
  return opening === '/**' || opening === '///' || opening.startsWith('=');
}

/** Whether a comment is about the file's rights, not about what follows it. */
export function isLicence({ node }: Item): boolean {
  return /copyright|licen[cs]e|SPDX-/i.test(node.text.slice(0, 1000));
}

/** The name that gathered items define, if it is one. */
function soleName(gathered: Gathered): Name | undefined {
  const names = gathered.items.flatMap(({ meaning }) => meaning?.names ?? []);
  return names.length === 1 ? names[0] : undefined;
}

function joined(all: readonly Gathered[], syntax: LanguageSyntax): Gathered[] {
  const result: Gathered[] = [];
  for (const next of all) {
    const last = result.at(-1);
    const item = last === undefined ? undefined : last.items.findLast(({ role }) => role === 'main');
    const name = last === undefined ? undefined : soleName(last);
    const joins = item !== undefined && syntax.joins.has((item.meaning?.core ?? item.node).type);
    if (last === undefined || !joins || name === undefined || soleName(next)?.name !== name.name) {
      result.push({ ...next, items: [...next.items] });
      continue;
    }
    // What follows is another part of the same definition: it has the name around it, and defines nothing.
    last.items.push(...next.items.map(withoutName));
    last.end = next.end;
  }
  return result;
}

function withoutName(item: Item): Item {
  const { meaning } = item;
  if (meaning === undefined || meaning.names.length === 0) return item;
  return { ...item, meaning: { ...meaning, names: [] } };
}
