// Builds dist/ (what users run) and, with --tests, out/test/ (what `node --test` runs).
import { build } from 'esbuild';
import { Buffer } from 'node:buffer';
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(fileURLToPath(import.meta.url));
const at = (...parts) => path.join(root, ...parts);

const { version } = JSON.parse(await readFile(at('package.json'), 'utf8'));

/** Native or resolved at run time: left to node_modules. */
const external = ['onnxruntime-node', 'hnswlib-node', 'vscode'];

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

async function buildProduct() {
  await rm(at('dist'), { recursive: true, force: true });
  await build({
    ...common,
    entryPoints: {
      cli: at('src/cli/bootstrap.ts'),
      main: at('src/cli/main.ts'),
      encoderWorker: at('src/engine/encoder/worker.ts'),
    },
    outdir: at('dist'),
    external: [...external, './main.js'],
    minify: false,
  });
  await copyGrammars(at('dist/grammars'));
}

async function buildTests() {
  await rm(at('out/test'), { recursive: true, force: true });
  const files = (await readdir(at('test'), { recursive: true })).filter(
    (f) => (f.endsWith('.test.ts') || /^bench[\\/].*\.ts$/.test(f)) && !/^fixtures[\\/]/.test(f),
  );
  await build({
    ...common,
    entryPoints: files.map((f) => at('test', f)),
    outdir: at('out/test'),
    outbase: at('test'),
  });
}

await buildProduct();
if (process.argv.includes('--tests')) await buildTests();
