/** What a syntax node means to a reader: the names that it defines, and whether its inside is worth a look. */
import type { SymbolKind } from '../../corpus/document';
import type { SyntaxNode } from './syntaxTree';

/** A name that a node defines. */
export interface Name {
  readonly name: string;
  readonly kind: SymbolKind;
  /** Offset of the name. */
  readonly at: number;
}

export interface Meaning {
  readonly names: readonly Name[];
  /** What the node adds to the path of its inside, and of itself. */
  readonly path: readonly string[];
  /** Whether it holds things of their own: a class, not a function. */
  readonly container: boolean;
  /** Whether it is a type, so that the functions in it are methods. */
  readonly isType?: boolean;
  /** The node whose children are its parts, where that is not the node itself: the class that is exported. */
  readonly core?: SyntaxNode;
  /** The path holds for the siblings that follow, up to the next one of this level or a lower one. */
  readonly level?: number;
}

/** Reads the meaning of a node of one type. */
export type Rule = (node: SyntaxNode) => Meaning | undefined;

/** Finds the node that holds a node's name. */
export type NameRule = (node: SyntaxNode) => SyntaxNode | undefined;

/** How the programs of a grammar are read. */
export interface LanguageSyntax {
  /** The grammar's file is `tree-sitter-{grammar}.wasm`. */
  readonly grammar: string;
  /** What is cut along it: programs, or data. */
  readonly kind: 'code' | 'data';
  /** By node type. */
  readonly rules: ReadonlyMap<string, Rule>;
  /** Types of nodes that mean what the first of their children with a meaning does. */
  readonly wrappers: ReadonlySet<string>;
  /** Types of nodes in whose place their children stand: the braces around members. */
  readonly transparent: ReadonlySet<string>;
  /** Types of nodes that bring names from elsewhere, and whatever else opens a file. */
  readonly imports: ReadonlySet<string>;
  /** The same, for nodes whose type does not say it. */
  readonly isImport: (node: SyntaxNode) => boolean;
  /** Types of nodes that belong to what follows them: decorators. */
  readonly prefixes: ReadonlySet<string>;
  /** The same, by the node's first characters. */
  readonly prefixText: RegExp | undefined;
  /** Types of nodes that belong to what precedes them. */
  readonly suffixes: ReadonlySet<string>;
  /** Types of nodes that are one with the next definition of the same name: signatures, clauses. */
  readonly joins: ReadonlySet<string>;
  /** Types of functions without a name; in them, constants are local. */
  readonly functions: ReadonlySet<string>;
  /** Whether constants in a type are its fields, and no definitions. */
  readonly hasFields: boolean;
  /** What the grammar does not know and can do without. */
  readonly unknown: readonly RegExp[];
}

/** A row of the table of languages: lists are separated by spaces, and empty where they are left out. */
export interface LanguageRow {
  readonly grammar: string;
  readonly kind?: 'code' | 'data';
  readonly rules: Readonly<Record<string, Rule>>;
  readonly wrappers?: string;
  readonly transparent?: string;
  readonly imports?: string;
  readonly isImport?: (node: SyntaxNode) => boolean;
  readonly prefixes?: string;
  readonly prefixText?: RegExp;
  readonly suffixes?: string;
  readonly joins?: string;
  readonly functions?: string;
  readonly hasFields?: boolean;
  readonly unknown?: readonly RegExp[];
}

export function languageSyntax(row: LanguageRow): LanguageSyntax {
  const set = (list = ''): ReadonlySet<string> => new Set(list.split(/\s+/).filter((type) => type !== ''));
  return {
    grammar: row.grammar,
    kind: row.kind ?? 'code',
    rules: new Map(Object.entries({ ERROR: group, ...row.rules })),
    wrappers: set(row.wrappers),
    transparent: set(row.transparent),
    imports: set(row.imports),
    isImport: row.isImport ?? (() => false),
    prefixes: set(row.prefixes),
    prefixText: row.prefixText,
    suffixes: set(row.suffixes),
    joins: set(row.joins),
    functions: set(row.functions),
    hasFields: row.hasFields ?? false,
    unknown: row.unknown ?? [],
  };
}

/** The text as it is parsed: of the same length, blank where the grammar does not know it. */
export function parsedText(text: string, { unknown }: LanguageSyntax): string {
  return unknown.reduce(
    (known, pattern) => known.replace(pattern, (match) => ' '.repeat(match.length)),
    text,
  );
}

/** A node that holds things of their own and has no name. */
export const group: Rule = () => ({ names: [], path: [], container: true });

/** A node that defines one name. */
export function defines(kind: SymbolKind, nameOf: NameRule = nameField): Rule {
  return (node) => {
    const name = nameOf(node);
    return name === undefined ? undefined : named(kind, name);
  };
}

/** A node that defines one name and holds members; one without a name holds them all the same. */
export function contains(kind: SymbolKind, nameOf: NameRule = nameField): Rule {
  return (node) => {
    const name = nameOf(node);
    return name === undefined ? group(node) : containing(kind, name);
  };
}

/** A definition that holds members. */
export function containing(kind: SymbolKind, name: SyntaxNode, core?: SyntaxNode): Meaning {
  const meaning = { ...named(kind, name), container: true, isType: kind !== 'module' };
  return core === undefined ? meaning : { ...meaning, core };
}

/** The members of a type that is defined elsewhere. */
export function membersOf(path: string): Meaning {
  return { names: [], path: [path], container: true, isType: true };
}

/** A node that holds members under a name which it does not define: a namespace, an extension. */
export function scope(nameOf: NameRule = nameField): Rule {
  return (node) => {
    const name = nameOf(node);
    return name === undefined ? group(node) : { names: [], path: [plainName(name.text)], container: true };
  };
}

/** A leaf under a name that it does not define: a test. */
export function titled(text: string): Meaning {
  return { names: [], path: [text], container: false };
}

export function named(kind: SymbolKind, node: SyntaxNode): Meaning {
  const name = plainName(node.text);
  return { names: [{ name, kind, at: node.start }], path: [name], container: false };
}

/** The same meaning, under the names of what owns it. */
export function ownedBy(owners: readonly string[], meaning: Meaning): Meaning {
  return { ...meaning, path: [...owners, ...meaning.path] };
}

/** What several definitions beside each other mean; undefined when there are none. */
export function several(names: readonly Name[]): Meaning | undefined {
  if (names.length === 0) return undefined;
  return { names, path: names.length === 1 ? names.map(({ name }) => name) : [], container: false };
}

export const nameField: NameRule = (node) => node.child('name');

/** The first child of one of the types. */
export function ofType(...types: readonly string[]): NameRule {
  return (node) => node.children.find((child) => child.named && types.includes(child.type));
}

/** Longest name; longer ones are cut. */
const MAX_NAME = 120;

/** A name as people write it: one line, without quotes around it; an operator without its parentheses. */
export function plainName(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const bare = /^(["'`])(.*)\1$/.exec(line)?.[2];
  return (bare === undefined || bare === '' ? line : bare).replace(/^\((\W+)\)$/, '$1').slice(0, MAX_NAME);
}

/** A type's name without its arguments: `Json<T>` is `Json`. */
export function bareType(text: string): string {
  return plainName(text.replace(/^[&*\s]+/, '').replace(/[<[({].*$/s, ''));
}
