/** One grammar's parser: bounded in time, and in what it takes on. */
import { performance } from 'node:perf_hooks';
import { type Language, Parser, type Tree } from 'web-tree-sitter';
import type { SyntaxTree } from '../../core/chunk/syntax/syntaxTree';
import { type NodeTypes, readTree } from './treeReader';

/** Longest text that is parsed, in UTF-16 code units: a tree takes a hundred times its text's memory. */
const MAX_LENGTH = 2_000_000;
/** Most brackets that may be open: the parser recurses, on a stack of its own that nothing guards. */
const MAX_NESTING = 1000;

/** How much the parser is given to read at once, in UTF-16 code units; its buffer takes 5,119. */
const READ_LENGTH = 2048;

export class GrammarParser {
  private readonly types: NodeTypes = new Map();
  private readonly parser: Parser;
  /** Held while it is in use, so that it is not collected when the parser fails. */
  private tree: Tree | null = null;

  /** @param onRefused told why a text has no tree: "A text of 10 characters is nested too deeply" */
  constructor(
    language: Language,
    private readonly timeoutMs: number,
    private readonly onRefused: (why: string) => void,
  ) {
    this.parser = new Parser().setLanguage(language);
  }

  /**
   * @returns undefined when the text is too long, too deep, or takes too much time
   * @throws Error when the runtime fails: it must not be called again
   */
  parse(text: string): SyntaxTree | undefined {
    const { parser } = this;
    const what = `A text of ${text.length} characters`;
    if (text.length > MAX_LENGTH || nesting(text) > MAX_NESTING) {
      this.onRefused(`${what} is too ${text.length > MAX_LENGTH ? 'long' : 'deeply nested'} to be parsed`);
      return undefined;
    }
    const deadline = workMs() + this.timeoutMs;
    const isLate = (): boolean => workMs() > deadline;
    const reading = { isCut: false };
    // Neither is called all the time: one while the parser makes nodes, the other while it looks for tokens.
    const read = (at: number): string => {
      reading.isCut ||= isLate();
      return reading.isCut ? '' : text.slice(at, at + READ_LENGTH);
    };
    this.tree = parser.parse(read, null, { progressCallback: isLate });
    const tree = this.tree === null || reading.isCut ? undefined : readTree(this.tree, text, this.types);
    this.tree?.delete();
    this.tree = null;
    if (tree === undefined) {
      parser.reset();
      this.onRefused(`${what} takes too long to be parsed`);
    }
    return tree;
  }

  dispose(): void {
    this.parser.delete();
  }
}

/** How many brackets are open at once, at most. */
function nesting(text: string): number {
  let open = 0;
  let most = 0;
  for (const [bracket] of text.matchAll(/[()[\]{}]/g)) {
    if ('([{'.includes(bracket)) most = Math.max(most, ++open);
    else if (open > 0) open--;
  }
  return most;
}

/** How much longer than its work a parse may seem to take where only the clock on the wall can be read. */
const WALL_PATIENCE = 5;

/**
 * Milliseconds that this thread has worked. Other programs' work does not count: what is a chunk must not
 * depend on how busy the machine is.
 */
function workMs(): number {
  const clock: ThreadClock = process;
  const usage = clock.threadCpuUsage?.();
  return usage === undefined ? performance.now() / WALL_PATIENCE : (usage.user + usage.system) / 1000;
}

/** What Node has from 22.19 on. */
interface ThreadClock {
  /** Microseconds. */
  readonly threadCpuUsage?: () => { readonly user: number; readonly system: number };
}
