// Builds dist/ (what users run) and, with --tests, out/test/ (what `node --test` runs). Each is built beside its
// place and then moved there as a whole, so that whoever uses it meanwhile meets the old build or the new one.
import { build } from 'esbuild';
import { Buffer } from 'node:buffer';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(fileURLToPath(import.meta.url));
const at = (...parts) => path.join(root, ...parts);

const { version } = JSON.parse(await readFile(at('package.json'), 'utf8'));

/** Native or resolved at run time: left to node_modules. */
const external = ['onnxruntime-node', 'hnswlib-node', 'playwright-core', 'vscode'];

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: 'linked',
  // jsonc-parser's main file loads its parts in a way that cannot be bundled; its module file can.
  mainFields: ['module', 'main'],
  // The module build of web-tree-sitter looks for its own URL, which a bundle in CommonJS does not have.
  alias: { 'web-tree-sitter': at('node_modules/web-tree-sitter/web-tree-sitter.cjs') },
  logLevel: 'warning',
  external,
  define: { NEOSEARCH_VERSION: JSON.stringify(version) },
};

/** The grammars that src/core/chunk/languages names, and no other, beside the runtime that loads them. */
async function copyGrammars(into) {
  await mkdir(into, { recursive: true });
  const from = at('node_modules/@cursorless/tree-sitter-wasms/out');
  for (const grammar of await grammarsInUse()) {
    const file = `tree-sitter-${grammar}.wasm`;
    await cp(path.join(from, file), path.join(into, file));
  }
  await cp(at('node_modules/web-tree-sitter/web-tree-sitter.wasm'), path.join(into, 'web-tree-sitter.wasm'));
}

/** Asks the table of languages itself, so that no list has to be kept beside it. */
async function grammarsInUse() {
  const { outputFiles } = await build({
    entryPoints: [at('src/core/chunk/languages/languages.ts')],
    bundle: true,
    format: 'esm',
    write: false,
  });
  const { syntaxLanguages, syntaxOf } = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`
  );
  return new Set(syntaxLanguages.map((language) => syntaxOf(language).grammar));
}

/** Bundles for the place that `outdir` names (source maps are relative to it), but writes into another folder. */
async function bundle(into, options) {
  const { outputFiles } = await build({ ...options, write: false });
  for (const file of outputFiles) {
    const to = path.join(into, path.relative(options.outdir, file.path));
    await mkdir(path.dirname(to), { recursive: true });
    await writeFile(to, file.contents);
  }
}

/** The panel's page: its script and style, and the icon font that its style names. */
async function buildWebview(into) {
  await bundle(into, {
    ...common,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    mainFields: ['browser', 'module', 'main'],
    conditions: ['production'],
    entryPoints: {
      panel: at('src/webview/main.ts'),
      codicon: at('node_modules/@vscode/codicons/dist/codicon.css'),
    },
    outdir: at('dist/webview'),
    loader: { '.ttf': 'copy' },
    assetNames: '[name]',
    minify: true,
    alias: {},
    external: [],
  });
}

/** Files that only name what others wrote, each left to a script of its own: who does not need it does not load it. */
const apart = { mcpSdk: at('src/cli/mcp/sdk'), hubLibraries: at('src/engine/hub/libraries') };

const librariesApart = {
  name: 'libraries-apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/(sdk|libraries)$/ }, ({ path: name, resolveDir }) => {
      const script = Object.keys(apart).find((key) => apart[key] === path.resolve(resolveDir, name));
      return script === undefined ? undefined : { path: `./${script}.js`, external: true };
    }),
};

/** The part of the hub's client that cuts files for uploading: nothing here uploads, so nothing of it is carried. */
const withoutUploads = {
  name: 'without-uploads',
  setup: (made) =>
    made.onResolve(
      { filter: /^@huggingface\/xetchunk-wasm$/ },
      async ({ path: name, pluginData, ...from }) => {
        if (pluginData === withoutUploads) return undefined;
        const { kind, importer, resolveDir } = from;
        const found = await made.resolve(name, { kind, importer, resolveDir, pluginData: withoutUploads });
        return { ...found, sideEffects: false };
      },
    ),
};

async function buildProduct(into) {
  await bundle(into, {
    ...common,
    entryPoints: {
      cli: at('src/cli/bootstrap.ts'),
      main: at('src/cli/main.ts'),
      mcpSdk: `${apart.mcpSdk}.ts`,
      hubLibraries: `${apart.hubLibraries}.ts`,
      engine: at('src/engine/main.ts'),
      encoderWorker: at('src/engine/encoder/worker.ts'),
      extension: at('src/extension/main.ts'),
    },
    outdir: at('dist'),
    external: [...external, './main.js'],
    plugins: [librariesApart, withoutUploads],
  });
  await buildWebview(path.join(into, 'webview'));
  await copyGrammars(path.join(into, 'grammars'));
}

async function buildTests(into) {
  const files = (await readdir(at('test'), { recursive: true })).filter(
    (f) => (f.endsWith('.test.ts') || /^bench[\\/].*\.ts$/.test(f)) && !/^fixtures[\\/]/.test(f),
  );
  await bundle(into, {
    ...common,
    entryPoints: files.map((f) => at('test', f)),
    outdir: at('out/test'),
    outbase: at('test'),
  });
}

/** Lets `make` fill a folder, and puts that in place of `target`. */
async function replace(target, make) {
  await mkdir(at('out'), { recursive: true });
  const stage = await mkdtemp(at('out', 'build-'));
  try {
    await make(path.join(stage, 'new'));
    await swap(path.join(stage, 'new'), target, path.join(stage, 'old'));
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

async function swap(made, target, old) {
  await rename(target, old).catch((error) => {
    // Windows moves no folder that a program has files of open; its files can be replaced.
    if (!['ENOENT', 'EPERM', 'EBUSY', 'EACCES'].includes(error.code)) throw error;
  });
  try {
    await rename(made, target);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM', 'EBUSY', 'EACCES'].includes(error.code)) throw error;
    await cp(made, target, { recursive: true, force: true });
  }
}

await replace(at('dist'), buildProduct);
if (process.argv.includes('--tests')) await replace(at('out/test'), buildTests);
