/** Python, Ruby, PHP, Lua, shell, Perl, R and GDScript. */
import {
  containing,
  contains,
  defines,
  group,
  type LanguageRow,
  type Meaning,
  named,
  nameField,
  ofType,
  ownedBy,
  type Rule,
  scope,
  several,
} from '../syntax/meaning';
import type { SyntaxNode } from '../syntax/syntaxTree';

export const python: LanguageRow = {
  grammar: 'python',
  hasFields: true,
  imports: 'import_statement import_from_statement future_import_statement',
  isImport: isDocstring,
  wrappers: 'decorated_definition',
  transparent: 'block',
  functions: 'lambda',
  rules: {
    function_definition: defines('function'),
    class_definition: contains('class'),
    if_statement: group,
    else_clause: group,
    elif_clause: group,
    try_statement: group,
    except_clause: group,
    finally_clause: group,
    with_statement: group,
    expression_statement: (node) => {
      const [only] = node.children;
      const left = only?.type === 'assignment' ? only.child('left') : undefined;
      return left?.type === 'identifier' ? named('constant', left) : undefined;
    },
    type_alias_statement: defines('type', (node) => node.child('left')),
  },
};

/** A string that stands alone: the docstring of a module, where it opens one. */
function isDocstring(node: SyntaxNode): boolean {
  return node.type === 'expression_statement' && node.children.every((child) => child.type === 'string');
}

/** `A::B` is B in A. */
const rubyConstant =
  (kind: 'class' | 'module'): Rule =>
  (node) => {
    const name = node.child('name');
    if (name === undefined) return group(node);
    const owner = name.type === 'scope_resolution' ? name.child('scope') : undefined;
    const own = owner === undefined ? name : (name.child('name') ?? name);
    return ownedBy(owner === undefined ? [] : owner.text.split('::'), containing(kind, own));
  };

const rubyVisibility = /^(private|protected|public|module_function|private_class_method|memoize)$/;

export const ruby: LanguageRow = {
  grammar: 'ruby',
  isImport: (node) =>
    node.type === 'call' && /^(require|require_relative|load|autoload)\b/.test(node.text.slice(0, 20)),
  prefixText: /^(private|protected|public|module_function)$/,
  transparent: 'body_statement do_block block then else ensure rescue',
  rules: {
    module: rubyConstant('module'),
    class: rubyConstant('class'),
    singleton_class: group,
    method: defines('method'),
    singleton_method: defines('method'),
    alias: defines('method'),
    // `private def name ... end`
    call: (node) => {
      if (node.child('receiver') || !rubyVisibility.test(node.child('method')?.text ?? '')) return undefined;
      const core = node.child('arguments')?.childOfType('method', 'singleton_method');
      const meaning = core === undefined ? undefined : defines('method')(core);
      return core === undefined || meaning === undefined ? undefined : { ...meaning, core };
    },
    assignment: (node) => {
      const left = node.child('left');
      return left?.type === 'constant' ? named('constant', left) : undefined;
    },
    if: group,
    unless: group,
  },
};

const phpConstants: Rule = (node) =>
  several(
    node.children
      .filter((child) => child.type === 'const_element')
      .flatMap((element) => named('constant', element.childOfType('name') ?? element).names),
  );

export const php: LanguageRow = {
  grammar: 'php',
  imports: 'php_tag declare_statement namespace_use_declaration',
  transparent: 'declaration_list enum_declaration_list compound_statement colon_block',
  functions: 'anonymous_function arrow_function',
  rules: {
    namespace_definition: (node) => {
      const meaning = scope()(node);
      if (meaning === undefined || node.child('body') !== undefined) return meaning;
      return { ...meaning, container: false, level: 0 };
    },
    class_declaration: contains('class'),
    interface_declaration: contains('interface'),
    trait_declaration: contains('class'),
    enum_declaration: contains('enum'),
    function_definition: defines('function'),
    method_declaration: defines('method'),
    const_declaration: phpConstants,
    if_statement: group,
    text_interpolation: () => undefined,
  },
};

/** `function M.load()`, `M.load = function()`: load in M. */
function luaName(node: SyntaxNode | undefined, kind: 'function' | 'constant'): Meaning | undefined {
  if (node?.type === 'identifier') return named(kind, node);
  const name = node?.child('field') ?? node?.child('method');
  if (node === undefined || name === undefined || !/_index_expression$/.test(node.type)) return undefined;
  const owners = node.child('table')?.text.split('.') ?? [];
  return ownedBy(owners, named(kind === 'function' ? 'method' : kind, name));
}

const luaAssignment: Rule = (node) => {
  const assignment = node.type === 'variable_declaration' ? node.childOfType('assignment_statement') : node;
  const value = assignment?.childOfType('expression_list')?.children[0];
  const left = assignment?.childOfType('variable_list')?.children[0];
  if (value?.type === 'function_definition') return luaName(left, 'function');
  return left?.type === 'identifier' ? named('constant', left) : undefined;
};

export const lua: LanguageRow = {
  grammar: 'lua',
  isImport: (node) => node.type === 'variable_declaration' && /=\s*require\b/.test(node.text.slice(0, 200)),
  transparent: 'block table_constructor',
  functions: 'function_definition',
  rules: {
    function_declaration: (node) => luaName(node.child('name'), 'function'),
    assignment_statement: luaAssignment,
    variable_declaration: luaAssignment,
    field: (node) =>
      node.child('value')?.type === 'function_definition' ? defines('method')(node) : undefined,
  },
};

export const shellscript: LanguageRow = {
  grammar: 'bash',
  isImport: (node) => node.type === 'command' && /^(\.|source|set)\s/.test(node.text.slice(0, 8)),
  wrappers: 'declaration_command',
  transparent: 'compound_statement do_group',
  rules: {
    function_definition: defines('function'),
    variable_assignment: (node) => {
      const name = node.child('name');
      return name?.type === 'variable_name' ? named('constant', name) : undefined;
    },
    if_statement: group,
    else_clause: group,
  },
};

export const perl: LanguageRow = {
  grammar: 'perl',
  imports: 'use_no_statement use_constant_statement require_expression',
  transparent: 'block',
  functions: 'anonymous_function',
  rules: {
    function_definition: defines('function'),
    package_statement: (node) => {
      const name = node.childOfType('package_name');
      return name === undefined ? undefined : { ...named('module', name), level: 0 };
    },
  },
};

export const r: LanguageRow = {
  grammar: 'r',
  isImport: (node) => node.type === 'call' && /^(library|require|source)\(/.test(node.text.slice(0, 12)),
  transparent: 'braced_expression',
  functions: 'function_definition',
  rules: {
    binary_operator: (node) => {
      const name = node.child('lhs');
      if (!/^(<<?-|=)$/.test(node.child('operator')?.text ?? '')) return undefined;
      if (name?.type !== 'identifier' && name?.type !== 'string') return undefined;
      return named(node.child('rhs')?.type === 'function_definition' ? 'function' : 'constant', name);
    },
  },
};

export const gdscript: LanguageRow = {
  grammar: 'gdscript',
  hasFields: true,
  imports: 'extends_statement tool_statement',
  transparent: 'body',
  prefixes: 'annotation annotations',
  functions: 'lambda',
  rules: {
    class_name_statement: defines('class', ofType('name')),
    class_definition: contains('class'),
    function_definition: defines('function'),
    constructor_definition: () => ({ names: [], path: ['_init'], container: false }),
    enum_definition: defines('enum'),
    const_statement: defines('constant'),
    signal_statement: defines('function', (node) => nameField(node) ?? ofType('name')(node)),
  },
};
