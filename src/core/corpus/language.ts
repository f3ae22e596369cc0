/**
 * Which language a file is in, by its name and, where that says nothing, its first line; and what people
 * mean by a language's name in a filter. Languages are VS Code language ids.
 */
import { families, languageRows, proseIds } from './languageTable';

/**
 * The VS Code language id of a file.
 * @param path relative or absolute, with `/` (or `\`) between its parts; only the last part counts
 * @param firstLine the text's first line, for files whose names say nothing (`#!/bin/sh`, `<?xml`)
 * @returns an id; `plaintext` when nothing is known
 */
export function languageOf(path: string, firstLine?: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).toLowerCase();
  const byName = languageOfName(name);
  if (firstLine === undefined) return byName ?? 'plaintext';
  if (byName === 'objective-c' && /^\s*(%|function\b|classdef\b)/.test(firstLine)) return 'matlab';
  return byName ?? languageOfFirstLine(firstLine.slice(0, 256)) ?? 'plaintext';
}

/**
 * The language ids that a name stands for: an id, an alias or an extension, in any case (`ts`, `C++`, `py`).
 * @returns one id or more; undefined when no language is called that
 */
export function resolveLanguage(nameOrAlias: string): readonly string[] | undefined {
  const name = nameOrAlias.trim().toLowerCase().replace(/^\./, '');
  const family = Object.hasOwn(families, name) ? families[name] : undefined;
  if (family) return family;
  const id = ids.has(name) ? name : (aliases.get(name) ?? extensions.get(name));
  return id === undefined ? undefined : [id];
}

/** Whether a language is writing for people (documentation), not code or data. */
export function isProse(language: string): boolean {
  return prose.has(language);
}

const ids = new Set(languageRows.map((row) => row.id));
const prose: ReadonlySet<string> = new Set(proseIds);
const extensions = indexBy((row) => row.extensions);
const fileNames = indexBy((row) => row.files);
const aliases = indexBy((row) => row.aliases);
const interpreters = indexBy((row) => row.interpreters);

/** From each word of a column to the id of the first row that has it. */
function indexBy(column: (row: (typeof languageRows)[number]) => string | undefined): Map<string, string> {
  const index = new Map<string, string>();
  for (const row of languageRows) {
    for (const word of (column(row) ?? '').split(' ')) {
      if (word !== '' && !index.has(word)) index.set(word, row.id);
    }
  }
  return index;
}

/** Names that say more than their ending does. */
const wholeNames: readonly (readonly [RegExp, string])[] = [
  [/^(requirements|constraints)[\w.-]*\.(txt|in)$/, 'pip-requirements'],
  [/^tsconfig[\w.-]*\.json$/, 'jsonc'],
  [/^[a-z][a-z_-]*\.[1-8]$/, 'troff'],
];

/** Names whose ending is free: `Dockerfile.prod`, `.env.local`. */
const openNames: readonly (readonly [RegExp, string])[] = [
  [/^(docker|container)file[.-]/, 'dockerfile'],
  [/^(gnu)?makefile[.-]/, 'makefile'],
  [/^jenkinsfile[.-]/, 'groovy'],
  [/^\.env\./, 'dotenv'],
];

/** Endings that say "made into the file that the rest of the name says". */
const wrapper = /\.(tmpl|tpl|template|in|sample|example|dist|default|orig|bak|j2|jinja|jinja2|erb|tt)$/;

/** Template languages whose ending may stand behind another one. */
const templates: ReadonlySet<string> = new Set(['jinja', 'erb']);

function languageOfName(name: string): string | undefined {
  const whole = fileNames.get(name) ?? idOf(wholeNames, name);
  if (whole !== undefined) return whole;
  // The longest ending first: `blade.php` before `php`.
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const id = extensions.get(name.slice(dot + 1));
    if (id !== undefined && !templates.has(id)) return id;
  }
  const inner = name.replace(wrapper, '');
  const made = inner === name ? undefined : languageOfName(inner);
  // A template of a program is read as that program; a template of a page is its own language.
  if (made !== undefined && made !== 'html') return made;
  const last = name.lastIndexOf('.');
  return (last < 0 ? undefined : extensions.get(name.slice(last + 1))) ?? made ?? idOf(openNames, name);
}

function idOf(patterns: readonly (readonly [RegExp, string])[], name: string): string | undefined {
  return patterns.find(([pattern]) => pattern.test(name))?.[1];
}

function languageOfFirstLine(line: string): string | undefined {
  const shebang = /^#!\s*(.*)$/.exec(line)?.[1];
  if (shebang !== undefined) {
    // `/usr/bin/env -S VAR=1 python3.11 -u`: the first word that is a known program.
    for (const word of shebang.split(/\s+/)) {
      const program = word.slice(word.lastIndexOf('/') + 1).toLowerCase();
      const id = interpreters.get(program) ?? interpreters.get(program.replace(/[\d.]+$/, ''));
      if (id !== undefined) return id;
    }
    return undefined;
  }
  const mode =
    /-\*-\s*(?:.*?\bmode:\s*)?([\w+#-]+)\s*(?:;.*)?-\*-|\bvim?:.*?\b(?:ft|filetype)=([\w+#-]+)/.exec(line);
  const named = mode?.[1] ?? mode?.[2];
  if (named !== undefined) return resolveLanguage(named)?.[0];
  if (/^<\?php\b/.test(line)) return 'php';
  if (/^<\?xml\b/.test(line)) return 'xml';
  if (/^<(!doctype html|html)\b/i.test(line)) return 'html';
  return undefined;
}
