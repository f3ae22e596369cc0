/** Elixir, Haskell, Elm, Gleam, Clojure and Nix. */
import {
  containing,
  membersOf,
  contains,
  defines,
  group,
  type LanguageRow,
  type Meaning,
  named,
  ofType,
  plainName,
  type Rule,
  titled,
} from '../syntax/meaning';
import type { SymbolKind } from '../../corpus/document';
import type { SyntaxNode } from '../syntax/syntaxTree';

/** The word that a call begins with: `def`, `import`. */
const elixirWord = (node: SyntaxNode): string => node.child('target')?.text ?? '';

/** `name(args) when guard` is called name. */
function elixirHead(node: SyntaxNode | undefined): SyntaxNode | undefined {
  if (node?.type === 'binary_operator') return elixirHead(node.child('left'));
  if (node?.type === 'call') return node.child('target');
  return node?.type === 'identifier' ? node : undefined;
}

const elixirCall: Rule = (node) => {
  const word = elixirWord(node);
  const argument = node.childOfType('arguments')?.children[0];
  if (argument === undefined) return undefined;
  if (/^def(module|protocol|impl)$/.test(word)) {
    if (word === 'defimpl') return membersOf(plainName(argument.text));
    return containing(word === 'defprotocol' ? 'interface' : 'module', argument);
  }
  if (/^def(p|macro|macrop|guard|guardp|delegate|n|np)?$/.test(word)) {
    const name = elixirHead(argument);
    return name === undefined ? undefined : named('function', name);
  }
  if ((word === 'describe' || word === 'test') && argument.type === 'string') {
    return { ...titled(plainName(argument.text)), container: word === 'describe' };
  }
  return undefined;
};

export const elixir: LanguageRow = {
  grammar: 'elixir',
  isImport: (node) => node.type === 'call' && /^(import|alias|require|use)$/.test(elixirWord(node)),
  prefixText: /^@(doc|spec|impl|deprecated|typedoc|since|tag|decorate)\b/,
  transparent: 'do_block',
  joins: 'call',
  functions: 'anonymous_function',
  rules: {
    call: elixirCall,
    // `@type name :: ...`
    unary_operator: (node) => {
      const call = node.child('operand');
      if (!/^(type|typep|opaque|callback|macrocallback)$/.test(call?.child('target')?.text ?? ''))
        return undefined;
      const name = elixirHead(call?.childOfType('arguments')?.children[0]);
      return name === undefined ? undefined : named('type', name);
    },
  },
};

/** Several equations may define one function; whether it takes arguments does not matter. */
const haskellFunction = defines('function');

export const haskell: LanguageRow = {
  grammar: 'haskell',
  imports: 'pragma import header',
  transparent: 'imports declarations class_declarations instance_declarations local_binds',
  joins: 'signature function bind',
  functions: 'lambda',
  rules: {
    header: defines('module', ofType('module')),
    signature: haskellFunction,
    function: haskellFunction,
    bind: haskellFunction,
    data_type: defines('type'),
    newtype: defines('type'),
    type_synomym: defines('type'),
    type_family: defines('type'),
    data_family: defines('type'),
    pattern_synonym: defines('function'),
    class: contains('interface'),
    instance: (node) => {
      const name = node.child('name');
      if (name === undefined) return group(node);
      const patterns = node.child('patterns')?.text ?? '';
      return membersOf(plainName(`${name.text} ${patterns}`));
    },
  },
};

export const elm: LanguageRow = {
  grammar: 'elm',
  imports: 'module_declaration import_clause',
  joins: 'type_annotation',
  functions: 'anonymous_function_expr',
  rules: {
    module_declaration: defines('module'),
    type_declaration: defines('type'),
    type_alias_declaration: defines('type'),
    port_annotation: defines('function'),
    type_annotation: defines('function'),
    value_declaration: defines('function', (node) =>
      node.child('functionDeclarationLeft')?.childOfType('lower_case_identifier'),
    ),
  },
};

const gleamTypeName = (node: SyntaxNode): SyntaxNode | undefined =>
  node.childOfType('type_name')?.child('name');

export const gleam: LanguageRow = {
  grammar: 'gleam',
  imports: 'import',
  transparent: 'function_body block',
  prefixes: 'attribute',
  functions: 'anonymous_function',
  rules: {
    function: defines('function'),
    external_function: defines('function'),
    type_definition: defines('type', gleamTypeName),
    type_alias: defines('type', gleamTypeName),
    constant: defines('constant'),
  },
};

const clojureKinds: Readonly<Record<string, SymbolKind>> = {
  def: 'constant',
  defonce: 'constant',
  defprotocol: 'interface',
  definterface: 'interface',
  defrecord: 'class',
  deftype: 'class',
};

const clojureForm: Rule = (node) => {
  const [head, name] = node.children.filter((child) => child.field === 'value');
  if (head?.type !== 'sym_lit' || name?.type !== 'sym_lit') return undefined;
  const word = head.text.replace(/^.*\//, '');
  // `^:private name`: what comes last is the name.
  const own = name.children.at(-1)?.type === 'sym_name' ? (name.children.at(-1) ?? name) : name;
  if (word === 'ns') return named('module', own);
  return /^def/.test(word) ? named(clojureKinds[word] ?? 'function', own) : undefined;
};

export const clojure: LanguageRow = {
  grammar: 'clojure',
  isImport: (node) => node.type === 'list_lit' && /^\((ns|require|import|use)\b/.test(node.text.slice(0, 10)),
  rules: { list_lit: clojureForm },
};

const nixSpine =
  'binding_set attrset_expression rec_attrset_expression let_expression function_expression with_expression';

const nixBinding: Rule = (node): Meaning | undefined => {
  const name = node.child('attrpath');
  if (name === undefined) return undefined;
  return named(node.child('expression')?.type === 'function_expression' ? 'function' : 'constant', name);
};

export const nix: LanguageRow = {
  grammar: 'nix',
  transparent: nixSpine,
  rules: { binding: nixBinding },
};
