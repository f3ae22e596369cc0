/** The user's own theme as colours of token classes, read from the theme's file; a style sheet for the page. */
import * as vscode from 'vscode';
import { parse } from 'jsonc-parser';
import { messageOf } from '../../base/errors';

/** Classes of the highlighter, and the TextMate scopes that colour the same things; the first that a theme has counts. */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  comment: ['comment'],
  keyword: ['keyword.control', 'keyword'],
  literal: ['constant.language', 'constant'],
  number: ['constant.numeric', 'constant'],
  string: ['string.quoted', 'string'],
  regexp: ['string.regexp', 'string'],
  title: ['entity.name.function', 'support.function'],
  'title.class_': ['entity.name.type.class', 'entity.name.type', 'support.class'],
  type: ['entity.name.type', 'support.type', 'storage.type'],
  built_in: ['support.function', 'support.type', 'entity.name.function'],
  variable: ['variable.other', 'variable'],
  attr: ['entity.other.attribute-name', 'variable.other.property', 'variable'],
  property: ['variable.other.property', 'variable'],
  params: ['variable.parameter', 'variable'],
  meta: ['meta.preprocessor', 'keyword.control.directive', 'keyword.control'],
  tag: ['entity.name.tag'],
  name: ['entity.name.tag'],
  section: ['markup.heading', 'entity.name.section'],
  symbol: ['constant.other.symbol', 'constant'],
  operator: ['keyword.operator'],
};

interface TokenRule {
  readonly scope?: string | readonly string[];
  readonly settings?: { readonly foreground?: string; readonly fontStyle?: string };
}

interface ThemeFile {
  readonly include?: string;
  readonly tokenColors?: readonly TokenRule[] | string;
}

/** Rules for the highlighter's classes; empty when the theme cannot be read, so that the page's own stand. */
export async function themeColors(log: vscode.LogOutputChannel): Promise<string> {
  const id = vscode.workspace.getConfiguration('workbench').get<string>('colorTheme', '');
  const file = themeFile(id);
  if (file === undefined) return '';
  try {
    return toCss(await rulesOf(file));
  } catch (error) {
    log.debug(`The colours of ${id} could not be read: ${messageOf(error)}`);
    return '';
  }
}

function themeFile(id: string): vscode.Uri | undefined {
  for (const { packageJSON, extensionUri } of vscode.extensions.all) {
    const manifest = packageJSON as {
      contributes?: { themes?: readonly { id?: string; label?: string; path: string }[] };
    };
    const theme = manifest.contributes?.themes?.find((each) => each.id === id || each.label === id);
    if (theme !== undefined) return vscode.Uri.joinPath(extensionUri, theme.path);
  }
  return undefined;
}

/** Rules in their order, those of included files first. */
async function rulesOf(file: vscode.Uri): Promise<TokenRule[]> {
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  const theme = parse(text) as ThemeFile;
  const folder = vscode.Uri.joinPath(file, '..');
  const included =
    theme.include === undefined ? [] : await rulesOf(vscode.Uri.joinPath(folder, theme.include));
  const own = Array.isArray(theme.tokenColors) ? (theme.tokenColors as readonly TokenRule[]) : [];
  return [...included, ...own];
}

export function toCss(rules: readonly TokenRule[]): string {
  const byScope = new Map<string, NonNullable<TokenRule['settings']>>();
  for (const { scope, settings } of rules) {
    if (scope === undefined || settings === undefined) continue;
    const names = typeof scope === 'string' ? scope.split(',') : scope;
    for (const name of names) byScope.set(name.trim(), { ...byScope.get(name.trim()), ...settings });
  }
  return Object.entries(SCOPES)
    .flatMap(([name, scopes]) => {
      const found = scopes.flatMap((scope) => ancestors(scope)).find((scope) => byScope.has(scope));
      const { foreground, fontStyle } = (found !== undefined && byScope.get(found)) || {};
      const color =
        foreground !== undefined && /^#[0-9a-f]{3,8}$/i.test(foreground) ? `color:${foreground};` : '';
      const style = fontStyle?.includes('italic') === true ? 'font-style:italic;' : '';
      return color + style === '' ? [] : [`.code .hljs-${name}{${color}${style}}`];
    })
    .join('\n');
}

/** `a.b.c`, `a.b`, `a`. */
function ancestors(scope: string): string[] {
  const parts = scope.split('.');
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('.'));
}
