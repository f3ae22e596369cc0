/** Tree-sitter grammars: WebAssembly files, each loaded when its language is first met. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Language, Parser } from 'web-tree-sitter';
import { GRAMMARS } from '../../core/chunk/languages';
import type { SyntaxNode, SyntaxParser } from '../../core/chunk/syntax';

export interface GrammarOptions {
  /** Folder with web-tree-sitter.wasm and tree-sitter-NAME.wasm files. */
  readonly dir: string;
  /** Told, once a language, when a grammar cannot be loaded: its files are then cut at blank lines. */
  readonly log: (line: string) => void;
}

/** A parse that takes longer is given up, in milliseconds. */
const PARSE_LIMIT_MS = 2000;

export class Grammars {
  private readonly parsers = new Map<string, Promise<Parser | undefined>>();

  private constructor(private readonly options: GrammarOptions) {}

  static async open(options: GrammarOptions): Promise<Grammars> {
    await Parser.init({ locateFile: (name: string) => path.join(options.dir, name) });
    return new Grammars(options);
  }

  /** The parser of a language; undefined where there is no grammar for it. */
  async parser(language: string): Promise<SyntaxParser | undefined> {
    const grammar = GRAMMARS[language];
    if (grammar === undefined) return undefined;
    let loading = this.parsers.get(grammar);
    if (loading === undefined) {
      loading = this.load(grammar);
      this.parsers.set(grammar, loading);
    }
    const parser = await loading;
    return parser === undefined ? undefined : (text, visit) => parse(parser, text, visit);
  }

  /** Frees the parsers. */
  dispose(): void {
    for (const loading of this.parsers.values()) void loading.then((parser) => parser?.delete());
    this.parsers.clear();
  }

  private async load(grammar: string): Promise<Parser | undefined> {
    const file = path.join(this.options.dir, `tree-sitter-${grammar}.wasm`);
    try {
      if (!existsSync(file)) throw new Error(`${file} is missing`);
      const parser = new Parser();
      parser.setLanguage(await Language.load(file));
      return parser;
    } catch (error) {
      this.options.log(
        `The grammar of ${grammar} cannot be used; its files are cut at blank lines. ${String(error)}`,
      );
      return undefined;
    }
  }
}

function parse<T>(parser: Parser, text: string, visit: (root: SyntaxNode) => T): T | undefined {
  const until = Date.now() + PARSE_LIMIT_MS;
  // Returning true from the callback stops the parse.
  const tree = parser.parse(text, null, { progressCallback: () => Date.now() > until });
  if (tree === null) {
    parser.reset();
    return undefined;
  }
  try {
    return visit(tree.rootNode);
  } finally {
    tree.delete();
  }
}
