/**
 * The grammars that programs are parsed with: one WASM file each, loaded when its language is first met. What
 * cannot be parsed gives no tree, and a line in the log.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Language } from 'web-tree-sitter';
import { messageOf, NeosearchError } from '../../base/errors';
import { syntaxOf } from '../../core/chunk/languages/languages';
import type { SyntaxParser } from '../../core/chunk/syntax/syntaxTree';
import { GrammarParser } from './grammarParser';
import { giveUpRuntime, isRuntimeSound, startRuntime } from './runtime';

export interface GrammarsOptions {
  /** Folder with `web-tree-sitter.wasm` and a `tree-sitter-{grammar}.wasm` for each grammar. */
  readonly dir: string;
  /** Most milliseconds that one parse may work; 2,000 by default. */
  readonly timeoutMs?: number;
  /** Told in one line that a grammar cannot be used, or that a text could not be parsed. */
  readonly log?: (line: string) => void;
}

const DEFAULT_TIMEOUT_MS = 2000;

/** Grammars of one folder. */
export class Grammars {
  /** By grammar: several languages may share one. */
  private readonly loading = new Map<string, Promise<GrammarParser | undefined>>();
  private readonly loaded: GrammarParser[] = [];
  private isDisposed = false;

  private constructor(private readonly options: GrammarsOptions) {}

  /**
   * Starts the parser; grammars are loaded later.
   * @throws NeosearchError `engine-failed` when it is missing or does not start
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
    if (grammar === undefined || this.isDisposed) return undefined;
    let loading = this.loading.get(grammar);
    if (loading === undefined) {
      loading = this.load(grammar);
      this.loading.set(grammar, loading);
    }
    const parser = await loading;
    return parser === undefined ? undefined : (text) => this.parse(parser, text);
  }

  /** Frees the parsers; those that were handed out give no trees any more. */
  dispose(): void {
    this.isDisposed = true;
    if (isRuntimeSound()) for (const parser of this.loaded) parser.dispose();
    this.loaded.length = 0;
    this.loading.clear();
  }

  private parse(parser: GrammarParser, text: string): ReturnType<SyntaxParser> {
    if (this.isDisposed || !isRuntimeSound()) return undefined;
    try {
      return parser.parse(text);
    } catch (error) {
      giveUpRuntime(...this.loaded);
      this.log(`The parser failed (${messageOf(error)}): from now on, programs are cut at blank lines.`);
      return undefined;
    }
  }

  private async load(grammar: string): Promise<GrammarParser | undefined> {
    const { dir, timeoutMs = DEFAULT_TIMEOUT_MS } = this.options;
    if (!isRuntimeSound()) return undefined;
    try {
      const language = await Language.load(await readFile(path.join(dir, `tree-sitter-${grammar}.wasm`)));
      if (this.isDisposed) return undefined;
      const parser = new GrammarParser(language, timeoutMs, (why) =>
        this.log(`${why} by the ${grammar} grammar: it is cut at blank lines.`),
      );
      this.loaded.push(parser);
      return parser;
    } catch (error) {
      this.log(
        `The ${grammar} grammar cannot be used (${messageOf(error)}): its files are cut at blank lines.`,
      );
      return undefined;
    }
  }

  private log(line: string): void {
    this.options.log?.(line);
  }
}
