/**
 * The languages that are cut along their syntax: for each VS Code language id the grammar, and what its nodes
 * mean. Everything that the chunker knows of one language is its row.
 */
import { type LanguageRow, languageSyntax, type LanguageSyntax } from '../syntax/meaning';
import { clojure, elixir, elm, gleam, haskell, nix } from './functional';
import { javascript, tsx, typescript } from './javascript';
import { csharp, dart, java, kotlin, scala, swift } from './managed';
import { css, html, json, scss, terraform, xml, yaml } from './markup';
import { gdscript, lua, perl, php, python, r, ruby, shellscript } from './scripting';
import { c, cpp, go, rust, zig } from './systems';

const rows: Readonly<Record<string, LanguageRow>> = {
  c,
  clojure,
  cpp,
  csharp,
  css,
  'cuda-cpp': cpp,
  dart,
  elixir,
  elm,
  gdscript,
  gleam,
  go,
  haskell,
  hcl: terraform,
  html,
  java,
  javascript,
  javascriptreact: javascript,
  json,
  jsonc: json,
  // The cells of a notebook.
  jupyter: python,
  kotlin,
  less: scss,
  lua,
  nix,
  perl,
  php,
  python,
  r,
  ruby,
  rust,
  scala,
  scss,
  shellscript,
  swift,
  terraform,
  typescript,
  typescriptreact: tsx,
  vue: html,
  svelte: html,
  xml,
  yaml,
  zig,
};

const read = new Map<string, LanguageSyntax>();

/** How a language is read; undefined for one that has no grammar here. */
export function syntaxOf(language: string): LanguageSyntax | undefined {
  const known = read.get(language);
  if (known !== undefined || !Object.hasOwn(rows, language)) return known;
  const row = rows[language];
  if (row === undefined) return undefined;
  const syntax = languageSyntax(row);
  read.set(language, syntax);
  return syntax;
}

/** Every language id that has a grammar. */
export const syntaxLanguages: readonly string[] = Object.keys(rows);
