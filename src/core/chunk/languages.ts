/**
 * What chunking knows of each language: its grammar, and which nodes define a name. A node type means the
 * same in most grammars, so one table serves all, with a few exceptions per language.
 */
import type { SymbolKind } from '../corpus/document';

/** Name of the grammar (`tree-sitter-NAME.wasm`) by VS Code language id. */
export const GRAMMARS: Readonly<Partial<Record<string, string>>> = {
  python: 'python',
  javascript: 'javascript',
  javascriptreact: 'javascript',
  typescript: 'typescript',
  typescriptreact: 'tsx',
  go: 'go',
  rust: 'rust',
  java: 'java',
  c: 'c',
  cpp: 'cpp',
  csharp: 'c_sharp',
  ruby: 'ruby',
  php: 'php',
  kotlin: 'kotlin',
  swift: 'swift',
  scala: 'scala',
  elixir: 'elixir',
  lua: 'lua',
  shellscript: 'bash',
  haskell: 'haskell',
  zig: 'zig',
  html: 'html',
  css: 'css',
  scss: 'scss',
  dart: 'dart',
  clojure: 'clojure',
  perl: 'perl',
  r: 'r',
  elm: 'elm',
  nix: 'nix',
  terraform: 'hcl',
};

/** A node that defines a name. */
export interface DefinitionRule {
  readonly kind: SymbolKind;
  /** Whether its members are definitions of their own when it is too large for one chunk. */
  readonly container: boolean;
}

const leaf = (kind: SymbolKind): DefinitionRule => ({ kind, container: false });
const container = (kind: SymbolKind): DefinitionRule => ({ kind, container: true });

const COMMON: Readonly<Partial<Record<string, DefinitionRule>>> = {
  function_definition: leaf('function'),
  function_declaration: leaf('function'),
  function_item: leaf('function'),
  function_signature_item: leaf('function'),
  function_signature: leaf('function'),
  generator_function_declaration: leaf('function'),
  local_function_statement: leaf('function'),
  function_statement: leaf('function'),
  subroutine_declaration_statement: leaf('function'),
  method_definition: leaf('method'),
  method_declaration: leaf('method'),
  method_signature: leaf('method'),
  abstract_method_signature: leaf('method'),
  constructor_declaration: leaf('method'),
  secondary_constructor: leaf('method'),
  destructor_declaration: leaf('method'),
  init_declaration: leaf('method'),
  deinit_declaration: leaf('method'),
  operator_declaration: leaf('method'),
  protocol_function_declaration: leaf('method'),
  property_declaration: leaf('constant'),
  method: leaf('method'),
  singleton_method: leaf('method'),
  class_declaration: container('class'),
  abstract_class_declaration: container('class'),
  class_definition: container('class'),
  class_specifier: container('class'),
  struct_specifier: container('class'),
  union_specifier: container('class'),
  struct_item: container('class'),
  union_item: container('class'),
  struct_declaration: container('class'),
  record_declaration: container('class'),
  record_struct_declaration: container('class'),
  object_declaration: container('class'),
  companion_object: container('class'),
  object_definition: container('class'),
  impl_item: container('class'),
  trait_item: container('interface'),
  trait_definition: container('interface'),
  trait_declaration: container('interface'),
  interface_declaration: container('interface'),
  protocol_declaration: container('interface'),
  annotation_type_declaration: container('interface'),
  enum_declaration: container('enum'),
  enum_definition: container('enum'),
  enum_item: container('enum'),
  enum_specifier: container('enum'),
  type_alias_declaration: leaf('type'),
  type_definition: leaf('type'),
  type_declaration: leaf('type'),
  type_item: leaf('type'),
  type_alias: leaf('type'),
  delegate_declaration: leaf('type'),
  mod_item: container('module'),
  module_declaration: container('module'),
  internal_module: container('module'),
  namespace_definition: container('module'),
  namespace_declaration: container('module'),
  macro_definition: leaf('function'),
  preproc_function_def: leaf('function'),
  preproc_def: leaf('constant'),
  const_item: leaf('constant'),
  static_item: leaf('constant'),
  const_spec: leaf('constant'),
};

const SPECIAL: Readonly<Partial<Record<string, Readonly<Partial<Record<string, DefinitionRule>>>>>> = {
  ruby: { class: container('class'), module: container('module'), singleton_class: container('class') },
  haskell: {
    function: leaf('function'),
    bind: leaf('function'),
    signature: leaf('function'),
    data_type: leaf('type'),
    newtype: leaf('type'),
    type_synomym: leaf('type'),
    class: leaf('interface'),
    instance: leaf('class'),
    type_family: leaf('type'),
  },
  elm: { value_declaration: leaf('function') },
  css: {
    rule_set: leaf('type'),
    media_statement: container('module'),
    keyframes_statement: leaf('function'),
  },
  scss: { rule_set: leaf('type'), mixin_statement: leaf('function'), media_statement: container('module') },
  zig: { test_declaration: leaf('function') },
  dart: { class_definition: container('class'), mixin_declaration: container('class') },
  terraform: { block: leaf('type') },
};

/** Nodes that stand around a definition without being one: the definition is looked for inside. */
const WRAPPERS = new Set([
  'export_statement',
  'decorated_definition',
  'template_declaration',
  'ambient_declaration',
  'expression_statement',
  'declaration',
  'lexical_declaration',
  'variable_declaration',
  'local_variable_declaration',
  'assignment_statement',
  'field_declaration',
  'public_field_definition',
  'const_declaration',
  'val_definition',
  'given_definition',
  'linkage_specification',
  'top_level_item',
]);

/** Nodes whose children are statements or members: a container's body, and what only groups. */
const GROUPS = new Set([
  'preproc_ifdef',
  'preproc_if',
  'preproc_else',
  'preproc_elif',
  'declaration_list',
  'linkage_specification',
  'if_statement',
  'extern_block',
  'foreign_mod_item',
  'program',
  'declarations',
]);

export function definitionRule(language: string, type: string): DefinitionRule | undefined {
  return SPECIAL[language]?.[type] ?? COMMON[type];
}

export function isWrapper(type: string): boolean {
  return WRAPPERS.has(type);
}

export function isGroup(type: string): boolean {
  return GROUPS.has(type);
}

/** Comments and what is written in front of a definition and belongs to it. */
export function isTrivia(type: string): boolean {
  return (
    /comment|pragma|haddock/i.test(type) ||
    [
      'attribute_item',
      'inner_attribute_item',
      'decorator',
      'annotation',
      'attribute_list',
      'attribute',
    ].includes(type)
  );
}
