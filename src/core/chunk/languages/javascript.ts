/** JavaScript and TypeScript. */
import {
  containing,
  contains,
  defines,
  group,
  type LanguageRow,
  type Meaning,
  type Name,
  named,
  ofType,
  ownedBy,
  plainName,
  type Rule,
  several,
  titled,
} from '../syntax/meaning';
import type { SyntaxNode } from '../syntax/syntaxTree';

const functionTypes = 'arrow_function function_expression function generator_function';
const isFunction = (node: SyntaxNode): boolean => functionTypes.split(' ').includes(node.type);

/** What is behind parentheses, `await`, casts and the assignments of `a = exports = value`. */
function valueOf(node: SyntaxNode | undefined): SyntaxNode | undefined {
  let value = node;
  for (let depth = 0; depth < 8; depth++) {
    if (value?.type === 'assignment_expression') value = value.child('right');
    else if (
      value?.type === 'parenthesized_expression' ||
      /^(as|satisfies|await)_expression$/.test(value?.type ?? '')
    )
      value = value?.children.find((child) => child.named);
    else break;
  }
  return value;
}

/** Whether a value is a function, or a call that wraps one: `memo(() => ...)`. */
function isFunctionValue(value: SyntaxNode | undefined): boolean {
  if (value === undefined) return false;
  if (isFunction(value)) return true;
  return value.type === 'call_expression' && (value.child('arguments')?.children.some(isFunction) ?? false);
}

/** One `name = value`, of a declaration or a class's field. */
function variable(node: SyntaxNode): Name | undefined {
  const name = node.child('name') ?? node.child('property');
  if (name === undefined || !/identifier$/.test(name.type)) return undefined;
  const value = valueOf(node.child('value'));
  const kind = value?.type === 'class' ? 'class' : isFunctionValue(value) ? 'function' : 'constant';
  return { name: plainName(name.text), kind, at: name.start };
}

const declaration: Rule = (node) => {
  const declarators = node.children.filter((child) => child.type === 'variable_declarator');
  const meaning = several(declarators.flatMap((declarator) => variable(declarator) ?? []));
  const value = valueOf(declarators[0]?.child('value'));
  return declarators.length === 1 ? withClass(meaning, value) : meaning;
};

const declarator: Rule = (node) => {
  const name = variable(node);
  return name === undefined ? undefined : withClass(several([name]), valueOf(node.child('value')));
};

/** A class that is a value has members like any other. */
function withClass(meaning: Meaning | undefined, value: SyntaxNode | undefined): Meaning | undefined {
  if (meaning === undefined || value?.type !== 'class') return meaning;
  return { ...meaning, container: true, isType: true, core: value };
}

/** A class's field, which counts only if it is a function. */
const field: Rule = (node) => {
  const name = variable(node);
  return name?.kind === 'function' ? several([{ ...name, kind: 'method' }]) : undefined;
};

/** `key: function () {}` in an object. */
const pair: Rule = (node) => {
  const key = node.child('key');
  return key !== undefined && isFunctionValue(valueOf(node.child('value')))
    ? named('method', key)
    : undefined;
};

/** `exports.name = value`, `Type.prototype.name = function () {}`, `app.name = () => {}`, or a test's block. */
const statement: Rule = (node) => {
  const expression = node.children.find((child) => child.named);
  if (expression?.type === 'assignment_expression') return assignment(expression);
  return expression?.type === 'call_expression' ? test(expression) : undefined;
};

function assignment(node: SyntaxNode): Meaning | undefined {
  const left = node.child('left');
  const value = valueOf(node.child('right'));
  if (left?.type !== 'member_expression') return undefined;
  const property = left.child('property');
  const owner = left.child('object')?.text.replace(/\s+/g, '') ?? '';
  const exported = /^(module\.)?exports$/.test(owner);
  const isClass = value?.type === 'class';
  if (property === undefined || !/identifier$/.test(property.type)) return undefined;
  if (owner === 'module' && property.text === 'exports') return exportedValue(value);
  if (!exported && !isClass && !isFunctionValue(value)) return undefined;
  const owners = exported
    ? []
    : owner
        .replace(/\.prototype$/, '')
        .split('.')
        .filter((part) => part !== 'this');
  const kind = isClass
    ? 'class'
    : !isFunctionValue(value)
      ? 'constant'
      : owners.length > 0
        ? 'method'
        : 'function';
  const path = owners.every((part) => /^[\w$]+$/.test(part)) ? owners : [];
  return withClass(ownedBy(path, named(kind, property)), value);
}

/** `module.exports = function name() {}`, or a class. */
function exportedValue(value: SyntaxNode | undefined): Meaning | undefined {
  const name = value?.child('name');
  if (value === undefined || name === undefined) return undefined;
  if (value.type === 'class') return withClass(named('class', name), value);
  return isFunction(value) ? named('function', name) : undefined;
}

const testBlocks = /^(describe|context|suite|it|test|specify|bench)\b/;

/** `describe('title', () => ...)`. */
function test(node: SyntaxNode): Meaning | undefined {
  const callee = node.child('function');
  const title = node.child('arguments')?.children.find((child) => child.named);
  if (callee === undefined || !testBlocks.test(callee.text)) return undefined;
  if (title?.type !== 'string' && title?.type !== 'template_string') return undefined;
  const body = node.child('arguments')?.children.find(isFunction);
  const container = /^(describe|context|suite)/.test(callee.text);
  return { ...titled(plainName(title.text)), container, ...(body === undefined ? {} : { core: body }) };
}

function isImport(node: SyntaxNode): boolean {
  if (node.type === 'export_statement') return node.child('source') !== undefined;
  if (node.type === 'expression_statement') {
    const [only] = node.children;
    return (
      only?.type === 'string' ||
      (only?.type === 'call_expression' && only.child('function')?.text === 'require')
    );
  }
  if (node.type !== 'lexical_declaration' && node.type !== 'variable_declaration') return false;
  return node.children.every(
    (child) =>
      child.type !== 'variable_declarator' ||
      /^require\s*\(/.test(child.child('value')?.text.slice(0, 12) ?? ''),
  );
}

const common = {
  isImport,
  imports: 'import_statement import_alias hash_bang_line',
  wrappers: 'export_statement ambient_declaration',
  transparent: 'class_body statement_block switch_body interface_body object_type enum_body',
  prefixes: 'decorator',
  functions: functionTypes,
} as const;

const rules: Readonly<Record<string, Rule>> = {
  function_declaration: defines('function'),
  generator_function_declaration: defines('function'),
  class_declaration: contains('class'),
  method_definition: defines('method'),
  field_definition: field,
  lexical_declaration: declaration,
  variable_declaration: declaration,
  variable_declarator: declarator,
  expression_statement: statement,
  pair,
};

export const javascript: LanguageRow = { grammar: 'javascript', rules, ...common };

export const typescript: LanguageRow = {
  grammar: 'typescript',
  ...common,
  joins: 'function_signature method_signature abstract_method_signature',
  rules: {
    ...rules,
    abstract_class_declaration: contains('class'),
    interface_declaration: contains('interface'),
    type_alias_declaration: defines('type'),
    enum_declaration: defines('enum'),
    internal_module: contains('module'),
    module: contains('module'),
    function_signature: defines('function'),
    method_signature: defines('method'),
    abstract_method_signature: defines('method'),
    public_field_definition: field,
    statement_block: group,
    // `namespace X {}` is an expression in the grammar.
    expression_statement: (node) => {
      const space = ofType('internal_module')(node);
      const name = space?.child('name');
      return name === undefined ? statement(node) : containing('module', name, space);
    },
  },
};

export const tsx: LanguageRow = { ...typescript, grammar: 'tsx' };
