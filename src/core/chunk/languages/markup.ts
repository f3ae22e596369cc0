/** HTML, style sheets, and data whose structure is worth following: JSON, YAML, XML, Terraform. */
import {
  containing,
  defines,
  group,
  type LanguageRow,
  type Meaning,
  named,
  ofType,
  plainName,
  type Rule,
  several,
} from '../syntax/meaning';
import type { SyntaxNode } from '../syntax/syntaxTree';

const startTag = ofType('start_tag', 'self_closing_tag');
const headingTag = /^h([1-6])$/i;

function tagName(element: SyntaxNode): string {
  return startTag(element)?.childOfType('tag_name')?.text ?? '';
}

/** The value of an element's `id`. */
function idOf(element: SyntaxNode): SyntaxNode | undefined {
  for (const attribute of startTag(element)?.children ?? []) {
    if (attribute.childOfType('attribute_name')?.text.toLowerCase() !== 'id') continue;
    const value = attribute.childOfType('quoted_attribute_value', 'attribute_value');
    return value?.childOfType('attribute_value') ?? value;
  }
  return undefined;
}

/** What a heading says, without the tags inside it. */
function headingText(element: SyntaxNode): string {
  return plainName(element.text.replace(/<[^>]*>/g, ' '));
}

/** Headings hold for what follows them; other elements are called by their id. */
const element: Rule = (node): Meaning => {
  const level = headingTag.exec(tagName(node))?.[1];
  if (level !== undefined) {
    const name = headingText(node);
    if (name === '') return { names: [], path: [], container: false };
    return {
      names: [{ name, kind: 'heading', at: node.start }],
      path: [name],
      container: false,
      level: Number(level),
    };
  }
  const id = idOf(node);
  return id === undefined ? { names: [], path: [], container: true } : containing('constant', id);
};

export const html: LanguageRow = {
  grammar: 'html',
  imports: 'doctype',
  rules: { element, script_element: group, style_element: group },
};

/** Selectors of one rule: `.panel, .panel > header`. */
const ruleSet: Rule = (node) => {
  const selectors = (node.childOfType('selectors')?.children ?? []).filter((child) => child.named);
  return several(selectors.map((child) => ({ name: plainName(child.text), kind: 'class', at: child.start })));
};

/** `@media (...)`: a scope, called by its whole head. */
const atRule: Rule = (node) => {
  const head = plainName(node.text.slice(0, 200).replace(/\{[^]*$/, ''));
  return { names: [], path: [head], container: true };
};

const styleRules: Readonly<Record<string, Rule>> = {
  rule_set: ruleSet,
  media_statement: atRule,
  supports_statement: atRule,
  at_rule: atRule,
  keyframes_statement: defines('function', ofType('keyframes_name')),
};

export const css: LanguageRow = {
  grammar: 'css',
  imports: 'import_statement charset_statement namespace_statement',
  transparent: 'block keyframe_block_list',
  rules: styleRules,
};

export const scss: LanguageRow = {
  grammar: 'scss',
  imports: 'import_statement use_statement forward_statement charset_statement',
  transparent: 'block keyframe_block_list',
  rules: {
    ...styleRules,
    mixin_statement: defines('function', ofType('name')),
    function_statement: defines('function', ofType('name')),
    placeholder: defines('class', ofType('name')),
    declaration: (node) => {
      const name = node.childOfType('variable_name');
      return name === undefined ? undefined : named('constant', name);
    },
  },
};

/** A key is a step of the path, not a definition. */
const keyed =
  (keyOf: (node: SyntaxNode) => SyntaxNode | undefined): Rule =>
  (node) => {
    const key = keyOf(node);
    return key === undefined ? group(node) : { names: [], path: [plainName(key.text)], container: true };
  };

export const json: LanguageRow = {
  grammar: 'json',
  kind: 'data',
  transparent: 'object array',
  rules: { pair: keyed((node) => node.child('key')) },
};

export const yaml: LanguageRow = {
  grammar: 'yaml',
  kind: 'data',
  transparent: 'document block_node block_mapping block_sequence flow_node flow_mapping flow_sequence',
  rules: {
    block_mapping_pair: keyed((node) => node.child('key')),
    flow_pair: keyed((node) => node.child('key')),
    block_sequence_item: group,
  },
};

export const xml: LanguageRow = {
  grammar: 'xml',
  kind: 'data',
  transparent: 'content document prolog',
  rules: { element: keyed((node) => node.childOfType('STag', 'EmptyElemTag')?.childOfType('Name')) },
};

/** `resource "aws_s3_bucket" "pages"` is called aws_s3_bucket.pages. */
const terraformBlock: Rule = (node) => {
  const word = node.childOfType('identifier');
  const labels = node.children.filter((child) => child.type === 'string_lit');
  const [first] = labels;
  if (word === undefined) return group(node);
  if (first === undefined) return { names: [], path: [word.text], container: true };
  const name = labels.map((label) => plainName(label.text)).join('.');
  const kind = word.text === 'module' ? 'module' : /^(resource|data)$/.test(word.text) ? 'class' : 'constant';
  return { names: [{ name, kind, at: first.start }], path: [name], container: false };
};

export const terraform: LanguageRow = {
  grammar: 'hcl',
  transparent: 'body',
  rules: { block: terraformBlock },
};
