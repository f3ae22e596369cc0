/** The name that a node defines. */
import type { DefinitionRule } from './languages';
import { children, namedChildren, type SyntaxNode } from './syntax';

export interface Named {
  readonly name: string;
  readonly rule: DefinitionRule;
}

/** Longer names are expressions. */
const MAX_NAME = 80;

/**
 * With a rule: the name that the rule's node defines. Without: what a node defines in a language where calls
 * or assignments define (Elixir's `def`, `exports.f = function`, `local f = function`).
 */
export function nameOf(language: string, node: SyntaxNode, rule: DefinitionRule): Named | undefined;
export function nameOf(language: string, node: SyntaxNode): Named | undefined;
export function nameOf(language: string, node: SyntaxNode, rule?: DefinitionRule): Named | undefined {
  if (rule === undefined) return byCall(language, node) ?? byAssignment(language, node);
  const name = clean(declaredName(language, node));
  return name === undefined ? undefined : { name, rule };
}

function declaredName(language: string, node: SyntaxNode): string | undefined {
  switch (node.type) {
    case 'impl_item': {
      const type = node.childForFieldName('type')?.text;
      const trait = node.childForFieldName('trait')?.text;
      return trait === undefined ? type : type;
    }
    case 'instance':
    case 'class':
      if (language === 'haskell') return node.childForFieldName('name')?.text ?? firstIdentifier(node)?.text;
      break;
    case 'rule_set':
      return namedChildren(node)[0]?.text.split('\n')[0];
    case 'companion_object':
      return node.childForFieldName('name')?.text ?? 'Companion';
    case 'init_declaration':
      return 'init';
    case 'deinit_declaration':
      return 'deinit';
    case 'type_declaration': {
      // Go: the specification inside holds the name.
      const inner = namedChildren(node).find((child) => child.childForFieldName('name') !== null);
      return (node.childForFieldName('name') ?? inner?.childForFieldName('name'))?.text;
    }
    case 'block':
      return namedChildren(node)
        .filter(({ type }) => type === 'identifier' || type === 'string_lit')
        .map(({ text }) => text.replace(/"/g, ''))
        .join('.');
  }
  const named = node.childForFieldName('name') ?? node.childForFieldName('declarator');
  if (named !== null) return withReceiver(node, innermost(named)?.text ?? named.text);
  return firstIdentifier(node)?.text;
}

/** A C declarator is a chain of pointers, arrays and parameters around the name. */
function innermost(node: SyntaxNode): SyntaxNode | undefined {
  let current: SyntaxNode = node;
  for (let level = 0; level < 12; level++) {
    const next: SyntaxNode | null | undefined =
      current.childForFieldName('declarator') ??
      (/declarator/.test(current.type)
        ? namedChildren(current).find((child) => /identifier|declarator|name/.test(child.type))
        : null);
    if (next === null || next === undefined) return current;
    current = next;
  }
  return current;
}

/** Go writes a method's type in front of its name. */
function withReceiver(node: SyntaxNode, name: string): string {
  const receiver = node.childForFieldName('receiver');
  if (receiver === null || node.type !== 'method_declaration') return name;
  const type = /(\w+)(?:\[[^\]]*\])?\s*\)$/.exec(receiver.text)?.[1];
  return type === undefined ? name : `${type}.${name}`;
}

function firstIdentifier(node: SyntaxNode): SyntaxNode | undefined {
  return namedChildren(node).find(({ type }) => /(^|_)(identifier|name|word|constant|variable)$/.test(type));
}

const CALLS: Readonly<Partial<Record<string, DefinitionRule>>> = {
  def: { kind: 'function', container: false },
  defp: { kind: 'function', container: false },
  defmacro: { kind: 'function', container: false },
  defmacrop: { kind: 'function', container: false },
  defguard: { kind: 'function', container: false },
  defdelegate: { kind: 'function', container: false },
  defmodule: { kind: 'module', container: true },
  defprotocol: { kind: 'interface', container: true },
  defimpl: { kind: 'class', container: true },
};

/** Elixir defines by calling macros; Clojure by lists that begin with `def...`. */
function byCall(language: string, node: SyntaxNode): Named | undefined {
  if (language === 'elixir' && node.type === 'call') {
    const [target, args] = namedChildren(node);
    const rule = CALLS[target?.text ?? ''];
    const name = clean(/^[\w.?!@]+/.exec(args?.text ?? '')?.[0]);
    return rule === undefined || name === undefined ? undefined : { name, rule };
  }
  if (language === 'clojure' && node.type === 'list_lit') {
    const match = /^\((?:\w+\/)?def[\w-]*\s+(?:\^\S+\s+)*([^\s()[\]]+)/.exec(node.text.slice(0, 200));
    const name = clean(match?.[1]);
    return name === undefined ? undefined : { name, rule: { kind: 'function', container: false } };
  }
  return undefined;
}

const FUNCTIONS =
  /^(arrow_function|function|function_expression|function_definition|generator_function|lambda|lambda_literal)$/;
const CLASSES =
  /^(class|class_expression|struct_declaration|enum_declaration|union_declaration|object|table_constructor)$/;

/** A variable whose value is a function, a class or a type. */
function byAssignment(language: string, node: SyntaxNode): Named | undefined {
  if (
    !/^(variable_declarator|assignment_expression|assignment_statement|variable_assignment|variable_declaration|assignment|binary_operator|VarDecl|public_field_definition|field)$/.test(
      node.type,
    )
  ) {
    return undefined;
  }
  const parts = namedChildren(node);
  const value = node.childForFieldName('value') ?? node.childForFieldName('right') ?? parts.at(-1);
  if (value === null || value === undefined) return undefined;
  const inner = /list|expression_list/.test(value.type) ? namedChildren(value)[0] : value;
  if (inner === undefined) return undefined;
  const target = node.childForFieldName('name') ?? node.childForFieldName('left') ?? parts[0];
  const name = clean(target?.text.replace(/^(?:module\.)?exports\./, ''));
  if (name === undefined || target === inner) return undefined;
  if (FUNCTIONS.test(inner.type)) return { name, rule: { kind: 'function', container: false } };
  if (language === 'zig' && CLASSES.test(inner.type))
    return { name, rule: { kind: 'class', container: true } };
  if (/^(class|class_expression)$/.test(inner.type))
    return { name, rule: { kind: 'class', container: true } };
  return undefined;
}

/** A name as one line without quotes, generics or parameters; undefined when nothing is left. */
function clean(name: string | undefined): string | undefined {
  const line = name
    ?.split('\n')[0]
    ?.trim()
    .replace(/^["'`]|["'`]$/g, '')
    .replace(/[<({].*$/, '')
    .trim();
  return line === undefined || line === '' ? undefined : line.slice(0, MAX_NAME);
}

/** Whether a node has a child of that exact kind, named or not. */
export function hasChild(node: SyntaxNode, type: string): boolean {
  return children(node).some((child) => child.type === type);
}
