/** Java, C#, Kotlin, Scala, Swift and Dart. */
import {
  containing,
  membersOf,
  bareType,
  contains,
  defines,
  group,
  type LanguageRow,
  type Meaning,
  named,
  nameField,
  type NameRule,
  ofType,
  ownedBy,
  plainName,
  type Rule,
  scope,
  several,
} from '../syntax/meaning';
import type { SyntaxNode } from '../syntax/syntaxTree';

export const java: LanguageRow = {
  grammar: 'java',
  imports: 'package_declaration import_declaration module_declaration',
  transparent:
    'class_body interface_body enum_body enum_body_declarations annotation_type_body block constructor_body switch_block',
  functions: 'lambda_expression',
  rules: {
    class_declaration: contains('class'),
    interface_declaration: contains('interface'),
    annotation_type_declaration: contains('interface'),
    enum_declaration: contains('enum'),
    record_declaration: contains('class'),
    method_declaration: defines('method'),
    constructor_declaration: defines('method'),
    compact_constructor_declaration: defines('method'),
    constant_declaration: (node) => javaConstants(node),
    field_declaration: (node) =>
      /\bstatic\b[^]*\bfinal\b|\bfinal\b[^]*\bstatic\b/.test(node.childOfType('modifiers')?.text ?? '')
        ? javaConstants(node)
        : undefined,
  },
};

function javaConstants(node: SyntaxNode): Meaning | undefined {
  const declarators = node.children.filter((child) => child.field === 'declarator');
  return several(declarators.flatMap((child) => named('constant', child.child('name') ?? child).names));
}

const csharpNamespace = /^namespace\s+([\w.]+)/;

/** A declaration that is called by a sign or a word of the language. */
const fixedName =
  (nameOf: (node: SyntaxNode) => string): Rule =>
  (node) => {
    const name = nameOf(node);
    return { names: [{ name, kind: 'method', at: node.start }], path: [name], container: false };
  };

export const csharp: LanguageRow = {
  grammar: 'c_sharp',
  imports: 'using_directive extern_alias_directive attribute_list global_attribute_list',
  transparent: 'declaration_list enum_member_declaration_list accessor_list block',
  functions: 'lambda_expression anonymous_method_expression',
  wrappers: 'global_statement',
  rules: {
    namespace_declaration: scope(),
    // `namespace X;` is newer than the grammar.
    ERROR: (node) => {
      const name = csharpNamespace.exec(node.text.slice(0, 200))?.[1];
      return name === undefined ? group(node) : { names: [], path: [name], container: false, level: 0 };
    },
    class_declaration: contains('class'),
    struct_declaration: contains('class'),
    record_declaration: contains('class'),
    interface_declaration: contains('interface'),
    enum_declaration: defines('enum'),
    delegate_declaration: defines('type'),
    method_declaration: defines('method'),
    constructor_declaration: defines('method'),
    destructor_declaration: fixedName((node) => `~${node.childOfType('identifier')?.text ?? ''}`),
    operator_declaration: fixedName((node) => `operator ${node.child('operator')?.text ?? ''}`.trim()),
    conversion_operator_declaration: fixedName(
      (node) => `operator ${bareType(node.child('type')?.text ?? '')}`,
    ),
    indexer_declaration: fixedName(() => 'this'),
    property_declaration: defines('method'),
    event_declaration: defines('method'),
    local_function_statement: defines('function'),
    field_declaration: (node) => {
      if (!node.children.some((child) => child.type === 'modifier' && child.text === 'const'))
        return undefined;
      const declarators = node.childOfType('variable_declaration')?.children ?? [];
      return several(
        declarators
          .filter((child) => child.type === 'variable_declarator')
          .flatMap((child) => named('constant', child.childOfType('identifier') ?? child).names),
      );
    },
    preproc_region: () => undefined,
  },
};

const kotlinTypeName = ofType('type_identifier', 'simple_identifier');

/** The type that an extension function belongs to stands before its name. */
function kotlinOwners(node: SyntaxNode, name: SyntaxNode): string[] {
  const receiver = node.children.find(
    (child) => child.end <= name.start && /^(user|nullable)_type$/.test(child.type),
  );
  return receiver === undefined ? [] : [bareType(receiver.text.replace(/\?$/, ''))];
}

export const kotlin: LanguageRow = {
  grammar: 'kotlin',
  unknown: [/\bfun(?=\s+interface\b)/g],
  hasFields: true,
  imports: 'package_header import_list import_header file_annotation',
  transparent: 'class_body enum_class_body statements function_body control_structure_body',
  suffixes: 'getter setter',
  functions: 'lambda_literal anonymous_function',
  rules: {
    class_declaration: (node) => {
      const isInterface = node.childOfType('interface') !== undefined;
      const isEnum = node.childOfType('enum', 'enum_class_body') !== undefined;
      return contains(isInterface ? 'interface' : isEnum ? 'enum' : 'class', kotlinTypeName)(node);
    },
    object_declaration: contains('class', kotlinTypeName),
    companion_object: group,
    function_declaration: (node) => {
      const name = node.childOfType('simple_identifier');
      return name === undefined ? undefined : ownedBy(kotlinOwners(node, name), named('function', name));
    },
    secondary_constructor: fixedName(() => 'constructor'),
    property_declaration: (node) => {
      const name = node.childOfType('variable_declaration')?.childOfType('simple_identifier');
      return name === undefined ? undefined : ownedBy(kotlinOwners(node, name), named('constant', name));
    },
    type_alias: defines('type', kotlinTypeName),
  },
};

export const scala: LanguageRow = {
  grammar: 'scala',
  hasFields: true,
  imports: 'import_declaration export_declaration',
  isImport: (node) => node.type === 'package_clause' && node.child('body') === undefined,
  transparent: 'template_body with_template_body enum_body block indented_block case_block',
  functions: 'lambda_expression',
  rules: {
    package_clause: group,
    package_object: contains('module'),
    class_definition: contains('class'),
    object_definition: contains('class'),
    trait_definition: contains('interface'),
    enum_definition: contains('enum'),
    given_definition: scope((node) => nameField(node) ?? node.child('return_type')),
    extension_definition: group,
    function_definition: defines('function'),
    function_declaration: defines('function'),
    val_definition: defines('constant', scalaPattern),
    var_definition: defines('constant', scalaPattern),
    type_definition: defines('type'),
  },
};

function scalaPattern(node: SyntaxNode): SyntaxNode | undefined {
  const pattern = node.child('pattern');
  return pattern?.type === 'identifier' ? pattern : undefined;
}

export const swift: LanguageRow = {
  grammar: 'swift',
  hasFields: true,
  imports: 'import_declaration',
  transparent: 'class_body protocol_body enum_class_body function_body statements computed_property',
  functions: 'lambda_literal',
  rules: {
    class_declaration: (node) => {
      const word = node.child('declaration_kind')?.text ?? 'class';
      const name = node.child('name');
      if (name === undefined) return group(node);
      if (word === 'extension') return membersOf(bareType(name.text));
      return containing(word === 'enum' ? 'enum' : 'class', name);
    },
    protocol_declaration: contains('interface'),
    function_declaration: defines('function'),
    protocol_function_declaration: defines('method'),
    init_declaration: fixedName(() => 'init'),
    deinit_declaration: fixedName(() => 'deinit'),
    subscript_declaration: fixedName(() => 'subscript'),
    typealias_declaration: defines('type'),
    property_declaration: (node) => {
      const name = node.child('name');
      if (name === undefined) return undefined;
      return named(node.child('computed_value') ? 'method' : 'constant', name);
    },
  },
};

/** The name of a Dart signature, which lies some levels down. */
const dartName: NameRule = (node) => {
  let at: SyntaxNode | undefined = node;
  for (let depth = 0; at !== undefined && depth < 4; depth++) {
    const names: SyntaxNode[] = at.children.filter(
      (child) => child.type === 'identifier' && child.field !== 'class',
    );
    const name = names.at(-1) ?? at.childOfType('binary_operator');
    if (name !== undefined) return name;
    at = at.children.find((child) => /_signature$/.test(child.type));
  }
  return undefined;
};

const dartSignature: Rule = (node) => {
  const name = dartName(node);
  return name === undefined
    ? undefined
    : named(node.type === 'function_signature' ? 'function' : 'method', name);
};

export const dart: LanguageRow = {
  grammar: 'dart',
  hasFields: true,
  imports: 'import_or_export part_directive part_of_directive library_name',
  transparent: 'class_body extension_body enum_body function_body block',
  prefixes: 'annotation marker_annotation',
  suffixes: 'function_body',
  functions: 'function_expression',
  rules: {
    class_definition: contains('class'),
    mixin_declaration: contains('class', ofType('identifier')),
    extension_declaration: contains('class'),
    enum_declaration: contains('enum'),
    type_alias: defines('type', ofType('type_identifier', 'identifier')),
    function_signature: dartSignature,
    getter_signature: dartSignature,
    setter_signature: dartSignature,
    method_signature: dartSignature,
    declaration: (node) =>
      node.children.some((child) => /_signature$/.test(child.type)) ? dartSignature(node) : undefined,
    static_final_declaration_list: (node) =>
      several(
        node.children.flatMap((child) => {
          const name = child.childOfType('identifier');
          return name === undefined ? [] : [{ name: plainName(name.text), kind: 'constant', at: name.start }];
        }),
      ),
  },
};
