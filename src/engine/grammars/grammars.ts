/**
 * The grammars that programs are parsed with: one WASM file each, loaded when its language is first met. A
 * parse that fails or takes too long gives no tree, and says so once per language.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { Language, Parser } from 'web-tree-sitter';
import { messageOf, NeosearchError } from '../../base/errors';
import { syntaxOf } from '../../core/chunk/languages/languages';
import type { SyntaxParser, SyntaxTree } from '../../core/chunk/syntax/syntaxTree';
import { type NodeTypes, readTree } from './treeReader';

export interface GrammarsOptions {
  /** Folder with `web-tree-sitter.wasm` and a `tree-sitter-{grammar}.wasm` for each grammar. */
  readonly dir: string;
  /** Most milliseconds that one parse may work; 2,000 by default. */
  readonly timeoutMs?: number;
  /** Told in one line that a grammar cannot be used, or that a text could not be parsed. */
  readonly log?: (line: string) => void;
}

/** One runtime serves all, whatever folder it came from. */
let runtime: Promise<void> | undefined;

/**
 * V8's optimising compiler takes gigabytes and seconds for the huge lexers of some grammars (1.9 GB and four
 * times the processor time for 22 files in 12 languages); its quick one makes code that parses fast enough.
 * Both flags are needed, and before the first module is compiled.
 */
const QUICK_COMPILER = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering'];

function startRuntime(dir: string): Promise<void> {
  QUICK_COMPILER.forEach((flag) => setFlagsFromString(flag));
  runtime ??= readFile(path.join(dir, 'web-tree-sitter.wasm')).then((wasmBinary) =>
    Parser.init({ wasmBinary }),
  );
  return runtime.catch((error: unknown) => {
    runtime = undefined;
    throw error;
  });
}

const DEFAULT_TIMEOUT_MS = 2000;
/** How much longer than its work a parse may seem to take where only the clock on the wall can be read. */
const WALL_PATIENCE = 5;

/**
 * Milliseconds that this thread has worked. Other programs' work does not count: what is a chunk must not depend
 * on how busy the machine is.
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

/** Grammars of one folder. */
export class Grammars {
  /** By grammar: several languages may share one. */
  private readonly loading = new Map<string, Promise<GrammarParser | undefined>>();
  private readonly loaded: GrammarParser[] = [];
  private closed = false;

  private constructor(private readonly options: GrammarsOptions) {}

  /**
   * Starts the runtime; grammars are loaded later.
   * @throws NeosearchError `engine-failed` when the runtime is missing or does not start
   */
  static async open(options: GrammarsOptions): Promise<Grammars> {
    try {
      await startRuntime(options.dir);
    } catch (cause) {
      throw new NeosearchError(
        'engine-failed',
        `The parser in ${options.dir} does not start (${messageOf(cause)}): install Neosearch again.`,
        { cause },
      );
    }
    return new Grammars(options);
  }

  /** The parser of a VS Code language id; undefined where there is none, or its file cannot be used. */
  async parser(language: string): Promise<SyntaxParser | undefined> {
    const grammar = syntaxOf(language)?.grammar;
    if (grammar === undefined || this.closed) return undefined;
    let loading = this.loading.get(grammar);
    if (loading === undefined) {
      loading = this.load(grammar);
      this.loading.set(grammar, loading);
    }
    const parser = await loading;
    return parser === undefined ? undefined : (text) => parser.parse(text);
  }

  /** Frees the parsers; those that were handed out give no trees any more. */
  dispose(): void {
    this.closed = true;
    for (const parser of this.loaded) parser.dispose();
    this.loaded.length = 0;
    this.loading.clear();
  }

  private async load(grammar: string): Promise<GrammarParser | undefined> {
    const { dir, timeoutMs = DEFAULT_TIMEOUT_MS, log = () => undefined } = this.options;
    try {
      const bytes = await readFile(path.join(dir, `tree-sitter-${grammar}.wasm`));
      const language = await Language.load(bytes);
      const parser = new GrammarParser(grammar, language, timeoutMs, log);
      if (this.closed) parser.dispose();
      else this.loaded.push(parser);
      return parser;
    } catch (error) {
      log(`The ${grammar} grammar cannot be used (${messageOf(error)}): its files are cut at blank lines.`);
      return undefined;
    }
  }
}

/** One grammar's parser, for one text after the other. */
class GrammarParser {
  private readonly types: NodeTypes = new Map();
  private parser: Parser | undefined;

  constructor(
    private readonly grammar: string,
    language: Language,
    private readonly timeoutMs: number,
    private readonly log: (line: string) => void,
  ) {
    this.parser = new Parser();
    this.parser.setLanguage(language);
  }

  /** Never throws: a parser that fails is given up. */
  parse(text: string): SyntaxTree | undefined {
    const { parser } = this;
    if (parser === undefined) return undefined;
    try {
      return this.parseWith(parser, text);
    } catch (error) {
      this.log(`The ${this.grammar} grammar failed (${messageOf(error)}): its files are cut at blank lines.`);
      // Its memory may be damaged: nothing of it is called again.
      this.parser = undefined;
      return undefined;
    }
  }

  dispose(): void {
    this.parser?.delete();
    this.parser = undefined;
  }

  private parseWith(parser: Parser, text: string): SyntaxTree | undefined {
    const deadline = workMs() + this.timeoutMs;
    const tree = parser.parse(text, null, { progressCallback: () => workMs() > deadline });
    if (tree === null) {
      parser.reset();
      this.log(
        `A text of ${text.length} characters took the ${this.grammar} grammar too long: it is cut at blank lines.`,
      );
      return undefined;
    }
    try {
      return readTree(tree, text, this.types);
    } finally {
      tree.delete();
    }
  }
}
