/**
 * Folders that tools keep for themselves, known by their names and by what lies beside or in them. Ignore
 * files that name such a folder with `!` can take all but version control back in.
 */
import type { SkipReason } from './skipReason';

/** Why a folder is always left out. */
export function alwaysSkipped(name: string): SkipReason | undefined {
  if (versionControl.has(name)) return 'version-control';
  return name === '.neosearch' ? 'own-index' : undefined;
}

/**
 * Why a folder is left out, by its name.
 * @param siblings names beside it
 */
export function skippedByName(name: string, siblings: readonly string[]): SkipReason | undefined {
  if (byName.has(name)) return byName.get(name);
  if (/\.(egg-info|dist-info|dSYM)$/.test(name)) return 'build-output';
  const rule = besides.find((each) => each.names.includes(name));
  return rule && siblings.some((sibling) => rule.beside.test(sibling)) ? rule.reason : undefined;
}

/** Why a folder is left out, by the names in it. */
export function skippedByContents(names: readonly string[]): SkipReason | undefined {
  // A tool that was run inside a project leaves its marks among the sources.
  if (names.some((name) => projectFiles.has(name))) return undefined;
  for (const name of names) {
    const reason = byMarker.get(name);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

const versionControl: ReadonlySet<string> = new Set([
  '.git',
  '.hg',
  '.svn',
  '.bzr',
  '.jj',
  '.sl',
  '_darcs',
  '.pijul',
]);

const byName: ReadonlyMap<string, SkipReason> = new Map<string, SkipReason>([
  ...reasons(
    'dependencies',
    'node_modules bower_components jspm_packages .venv .pnpm-store .yarn .pub-cache .bundle .m2 .nuget elm-stuff site-packages',
  ),
  ...reasons(
    'build-output',
    `.next .nuxt .output .svelte-kit .vercel .netlify .angular .docusaurus .stack-work dist-newstyle .dart_tool
    .build .serverless .aws-sam .zig-cache zig-cache zig-out .eggs .parcel-cache .turbo .vite .nx DerivedData
    .expo .shadow-cljs .cpcache .scala-build`,
  ),
  ...reasons(
    'tool-data',
    `__pycache__ .mypy_cache .pytest_cache .ruff_cache .pyre .pytype .tox .nox .hypothesis .ipynb_checkpoints
    .gradle .idea .vs .cache .nyc_output .bsp .metals .bloop .elixir_ls .lexical .ccls-cache .cquery_cached_index
    .vscode-test .sass-cache .direnv .terraform .terragrunt-cache .history .Trash .Trashes .Spotlight-V100
    .fseventsd $RECYCLE.BIN .lsp .phpunit.cache .pixi .devenv`,
  ),
]);

/** Names that mean something only beside the file that makes them. */
const besides: readonly {
  readonly names: readonly string[];
  readonly beside: RegExp;
  readonly reason: SkipReason;
}[] = [
  { names: ['target'], beside: /^(Cargo\.toml|pom\.xml|build\.sbt|project\.clj)$/, reason: 'build-output' },
  { names: ['build'], beside: /^(build|settings)\.gradle(\.kts)?$/, reason: 'build-output' },
  { names: ['bin', 'obj'], beside: /\.(cs|fs|vb)proj$/, reason: 'build-output' },
  { names: ['_build'], beside: /^(mix\.exs|rebar\.config|dune-project)$/, reason: 'build-output' },
  { names: ['deps'], beside: /^(mix\.exs|rebar\.config)$/, reason: 'dependencies' },
  { names: ['vendor'], beside: /^composer\.json$/, reason: 'dependencies' },
  { names: ['Pods'], beside: /^Podfile$/, reason: 'dependencies' },
  { names: ['Carthage'], beside: /^Cartfile$/, reason: 'dependencies' },
];

/** Files that only such a folder holds. */
const byMarker: ReadonlyMap<string, SkipReason> = new Map<string, SkipReason>([
  ['pyvenv.cfg', 'dependencies'],
  ['conda-meta', 'dependencies'],
  ['CACHEDIR.TAG', 'tool-data'],
  ['CMakeCache.txt', 'build-output'],
  ['lcov-report', 'build-output'],
]);

/** Files that only a project's own folder holds. */
const projectFiles: ReadonlySet<string> = new Set([
  '.git',
  'CMakeLists.txt',
  'package.json',
  'pyproject.toml',
  'requirements.txt',
  'setup.py',
]);

function reasons(reason: SkipReason, names: string): [string, SkipReason][] {
  return names.split(/\s+/).map((name) => [name, reason]);
}
