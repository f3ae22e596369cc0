/** C, C++, Go, Rust and Zig. */
import type { SymbolKind } from '../../corpus/document';
import {
  containing,
  membersOf,
  bareType,
  contains,
  defines,
  group,
  type LanguageRow,
  type Meaning,
  type Name,
  named,
  ownedBy,
  plainName,
  type Rule,
  several,
  titled,
} from '../syntax/meaning';
import type { SyntaxNode } from '../syntax/syntaxTree';

/** What a declarator declares: the name at the end of its chain, the classes that own it. */
interface Declared {
  readonly name: SyntaxNode;
  readonly owners: readonly string[];
  readonly isFunction: boolean;
}

/** Follows `*`, `&`, `()` and `[]` to the name: `(*visitor)(item *)` declares visitor. */
function declared(declarator: SyntaxNode | undefined): Declared | undefined {
  const owners: string[] = [];
  let node = declarator;
  let isFunction = false;
  for (let depth = 0; node !== undefined && depth < 32; depth++) {
    if (
      /^(field_|type_|namespace_)?identifier$|^(destructor|operator)_name$|^operator_cast$/.test(node.type)
    ) {
      return { name: node, owners, isFunction };
    }
    if (node.type === 'qualified_identifier') {
      const owner = node.child('scope');
      if (owner !== undefined) owners.push(bareType(owner.text));
      node = node.child('name');
    } else if (node.type === 'template_function' || node.type === 'template_method') {
      node = node.child('name');
    } else {
      // A pointer to a function is a variable.
      isFunction =
        node.type === 'function_declarator' || (isFunction && node.type !== 'parenthesized_declarator');
      node = node.child('declarator') ?? node.children.findLast((child) => child.named);
    }
  }
  return undefined;
}

/** The declared name; of `operator bool() const` what is in front of the parentheses. */
function nameIn({ name }: Declared, kind: SymbolKind): Name {
  const text = name.type === 'operator_cast' ? name.text.replace(/\(.*$/s, '') : name.text;
  return { name: plainName(text), kind, at: name.start };
}

const typeWithBody = /^(struct|union|class|enum)_specifier$/;

const aggregate =
  (kind: SymbolKind): Rule =>
  (node) => {
    if (node.child('body') === undefined) return undefined;
    const name = node.child('name');
    if (name === undefined) return group(node);
    return { ...withPlainName(kind, name), container: kind !== 'enum', isType: true };
  };

/** A type's name may have arguments (`is_char<char>`) or owners (`a::b`). */
function withPlainName(kind: SymbolKind, node: SyntaxNode): Meaning {
  const parts = bareType(node.text).split('::');
  const name = parts.at(-1) ?? '';
  return { names: [{ name, kind, at: node.start }], path: parts, container: false };
}

const functionDefinition: Rule = (node) => {
  const found = declared(node.child('declarator'));
  if (found === undefined) return undefined;
  const isMethod = found.owners.length > 0 || found.name.type === 'field_identifier';
  if (!found.isFunction && node.child('body') === undefined) return undefined;
  const meaning = several([nameIn(found, isMethod ? 'method' : 'function')]);
  return meaning === undefined ? undefined : ownedBy(found.owners, meaning);
};

/** Variables, prototypes, and the type that they may bring. */
const declaration: Rule = (node) => {
  const names: Name[] = [];
  const type = node.child('type');
  if (type !== undefined && typeWithBody.test(type.type) && type.child('body')) {
    names.push(...(aggregate(type.type === 'enum_specifier' ? 'enum' : 'class')(type)?.names ?? []));
  }
  const isField = node.type === 'field_declaration';
  for (const child of node.children) {
    if (child.field !== 'declarator') continue;
    const found = declared(child);
    if (found === undefined || (isField && !found.isFunction)) continue;
    const isMethod = found.name.type === 'field_identifier';
    const kind = !found.isFunction ? 'constant' : isMethod ? 'method' : 'function';
    names.push(nameIn(found, kind));
  }
  return several(names);
};

const typedef: Rule = (node) => {
  const names = node.children
    .filter((child) => child.field === 'declarator')
    .flatMap((child) => declared(child)?.name ?? [])
    .map((name) => ({ name: name.text, kind: 'type' as const, at: name.start }));
  return several(names);
};

const cRules: Readonly<Record<string, Rule>> = {
  function_definition: functionDefinition,
  declaration,
  type_definition: typedef,
  struct_specifier: aggregate('class'),
  union_specifier: aggregate('class'),
  enum_specifier: aggregate('enum'),
  // `#define NAME` alone is a guard.
  preproc_def: (node) => (node.child('value') ? defines('constant')(node) : undefined),
  preproc_function_def: defines('function'),
  preproc_ifdef: group,
  preproc_if: group,
  preproc_else: group,
  preproc_elif: group,
  linkage_specification: group,
};

/** Include guards and pragmas. */
function isGuard(node: SyntaxNode): boolean {
  if (node.type === 'preproc_def') return node.child('value') === undefined;
  if (node.type === 'preproc_call') return node.text.startsWith('#pragma');
  return node.type === 'identifier' && node.field === 'name';
}

/** Macros where no syntax foresees them: alone on a line, before a declaration, before a type's name. */
const macros = [
  /^[ \t]*[A-Z][A-Z0-9_]{3,}[ \t]*(?=\r?$)/gm,
  /^[ \t]*[A-Z][A-Z0-9_]{3,}(?=[ \t]+(?:template\b|\w+[ \t*&]+\w))/gm,
  /(?<=\b(?:class|struct|union|enum)[ \t])[A-Z][A-Z0-9_]{3,}(?=[ \t]+\w)/g,
];

const cCommon = {
  unknown: macros,
  imports: 'preproc_include using_declaration',
  isImport: isGuard,
  transparent: 'compound_statement field_declaration_list declaration_list enumerator_list',
  functions: 'lambda_expression',
} as const;

export const c: LanguageRow = { grammar: 'c', rules: cRules, ...cCommon };

export const cpp: LanguageRow = {
  grammar: 'cpp',
  ...cCommon,
  wrappers: 'template_declaration',
  prefixes: 'access_specifier',
  rules: {
    ...cRules,
    class_specifier: aggregate('class'),
    field_declaration: declaration,
    namespace_definition: (node) => {
      const name = node.child('name');
      if (name === undefined) return group(node);
      return { names: [], path: name.text.split('::').map((part) => part.trim()), container: true };
    },
    alias_declaration: defines('type'),
    concept_definition: defines('type'),
  },
};

/** Names of one or several `const_spec`s or `var_spec`s. */
function goNames(node: SyntaxNode): Name[] {
  if (/_spec$/.test(node.type)) {
    return node.children
      .filter((child) => child.field === 'name' && child.type === 'identifier')
      .map((name) => ({ name: name.text, kind: 'constant', at: name.start }));
  }
  return node.children.filter((child) => /_spec(_list)?$/.test(child.type)).flatMap(goNames);
}

const goType: Rule = (node) => {
  const name = node.child('name');
  const type = node.child('type')?.type;
  if (name === undefined) return undefined;
  return named(type === 'struct_type' ? 'class' : type === 'interface_type' ? 'interface' : 'type', name);
};

export const go: LanguageRow = {
  grammar: 'go',
  imports: 'package_clause import_declaration',
  transparent: 'block field_declaration_list const_spec_list var_spec_list',
  functions: 'func_literal',
  rules: {
    function_declaration: defines('function'),
    method_declaration: (node) => {
      const name = node.child('name');
      const type = node.child('receiver')?.childOfType('parameter_declaration')?.child('type');
      if (name === undefined) return undefined;
      return ownedBy(type === undefined ? [] : [bareType(type.text)], named('method', name));
    },
    type_declaration: (node) => {
      const specs = node.children.filter((child) => /^type_(spec|alias)$/.test(child.type));
      const [only] = specs;
      if (specs.length !== 1 || only === undefined) return group(node);
      const meaning = goType(only);
      return meaning === undefined ? undefined : { ...meaning, core: only };
    },
    type_spec: goType,
    type_alias: goType,
    const_declaration: (node) => several(goNames(node)),
    var_declaration: (node) => several(goNames(node)),
    const_spec: (node) => several(goNames(node)),
    var_spec: (node) => several(goNames(node)),
  },
};

export const rust: LanguageRow = {
  grammar: 'rust',
  imports: 'use_declaration extern_crate_declaration inner_attribute_item',
  isImport: (node) => node.type === 'mod_item' && node.child('body') === undefined,
  transparent: 'block declaration_list field_declaration_list enum_variant_list match_block',
  prefixes: 'attribute_item',
  functions: 'closure_expression',
  rules: {
    function_item: defines('function'),
    function_signature_item: defines('function'),
    struct_item: defines('class'),
    union_item: defines('class'),
    enum_item: defines('enum'),
    trait_item: contains('interface'),
    impl_item: (node) => {
      const type = node.child('type');
      if (type === undefined) return group(node);
      return membersOf(bareType(type.text));
    },
    mod_item: (node) => (node.child('body') ? contains('module')(node) : undefined),
    foreign_mod_item: group,
    const_item: defines('constant'),
    static_item: defines('constant'),
    type_item: defines('type'),
    macro_definition: defines('function'),
  },
};

const zigContainers: Readonly<Record<string, SymbolKind>> = {
  struct_declaration: 'class',
  union_declaration: 'class',
  opaque_declaration: 'class',
  enum_declaration: 'enum',
  error_set_declaration: 'enum',
};

export const zig: LanguageRow = {
  grammar: 'zig',
  isImport: (node) => node.type === 'variable_declaration' && /=\s*@import\(/.test(node.text.slice(0, 120)),
  transparent: 'block block_expression',
  rules: {
    function_declaration: defines('function'),
    variable_declaration: (node) => {
      const name = node.childOfType('identifier');
      const core = node.children.find((child) => Object.hasOwn(zigContainers, child.type));
      if (name === undefined) return undefined;
      const kind = core === undefined ? undefined : zigContainers[core.type];
      if (core === undefined || kind === undefined) return named('constant', name);
      return containing(kind, name, core);
    },
    test_declaration: (node) => {
      const title = node.childOfType('string', 'identifier');
      return title === undefined ? undefined : titled(plainName(title.text));
    },
    struct_declaration: group,
    container_field: () => undefined,
  },
};
