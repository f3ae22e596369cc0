// The notices of everything by others that a package carries, with the licence texts as their authors wrote them.
// What was bundled is read from the source maps of the build, so nothing that gets in can be forgotten.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { nativeFiles } from './package/targets.mjs';

const LICENSE_FILE = /^(licen[cs]e|copying)([.-].*)?$/i;

/** Whose package has no licence file in it: the text stands in scripts/package/licenses. */
const TEXT_ELSEWHERE = { 'onnxruntime-node': 'onnxruntime.txt', 'onnxruntime-common': 'onnxruntime.txt' };

/** Compiled into another package's binary. */
const INSIDE = { 'hnswlib-node': ['node-addon-api'] };

/** Works of others that a package holds in its own folder, with their licence. */
const WITHIN = { 'hnswlib-node': ['src/hnswlib/LICENSE'] };

/**
 * @param {{root: string, dist: string, target: string}} options `dist`: a build with its source maps
 * @returns {string} Markdown
 * @throws Error for a bundle without a source map, and for a package without a licence
 */
export function notices({ root, dist, target }) {
  const nodeModules = path.join(root, 'node_modules');
  const names = new Set([...bundled(dist), ...apart(target, nodeModules), ...copied(dist)]);
  for (const name of [...names]) for (const inner of INSIDE[name] ?? []) names.add(inner);
  const sections = [...names].sort().map((name) => section(name, { root, nodeModules }));
  return [
    '# Third-party notices',
    '',
    'Neosearch is under the MIT licence (LICENSE). It carries the works of others that are named here, each under its own.',
    '',
    ...sections,
    ...(names.has('onnxruntime-node') ? [onnxRuntimeParts(target, nodeModules)] : []),
    grammarList({ root, dist, nodeModules }),
    readFileSync(path.join(root, 'scripts/package/licenses/encoder.md'), 'utf8'),
  ].join('\n');
}

/** Packages that stand in a bundle. */
function bundled(dist) {
  const names = new Set();
  for (const file of filesOf(dist)) {
    if (!/\.(js|css)$/.test(file) || file.includes('node_modules')) continue;
    for (const source of sourcesOf(path.join(dist, file))) {
      const inside = source.lastIndexOf('node_modules/');
      if (inside < 0) continue;
      const [first, second] = source.slice(inside + 'node_modules/'.length).split('/');
      names.add(first.startsWith('@') ? `${first}/${second}` : first);
    }
  }
  return names;
}

function sourcesOf(file) {
  try {
    return JSON.parse(readFileSync(`${file}.map`, 'utf8')).sources;
  } catch (error) {
    throw new Error(`${file} needs its source map, which says what it holds: ${error.message}`, {
      cause: error,
    });
  }
}

/** Packages that lie beside the bundles. */
function apart(target, nodeModules) {
  return new Set(nativeFiles(target, nodeModules).map(({ to }) => to.split('/')[0]));
}

/** Packages of which only data files are copied. */
function copied(dist) {
  return filesOf(dist).some((file) => file.endsWith('.wasm'))
    ? ['@cursorless/tree-sitter-wasms', 'web-tree-sitter']
    : [];
}

function section(name, { root, nodeModules }) {
  const folder = path.join(nodeModules, name);
  const { version, license, homepage, repository } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  const texts =
    name in TEXT_ELSEWHERE
      ? [path.join(root, 'scripts/package/licenses', TEXT_ELSEWHERE[name])]
      : readdirSync(folder)
          .filter((file) => LICENSE_FILE.test(file))
          .map((file) => path.join(folder, file));
  texts.push(...(WITHIN[name] ?? []).map((file) => path.join(folder, file)));
  if (texts.length === 0)
    throw new Error(`${name} has no licence file: add its text to scripts/package/licenses.`);
  const from = homepage ?? plainUrl(typeof repository === 'string' ? repository : repository?.url);
  return [
    `## ${name} ${version}`,
    '',
    [license, from].filter((part) => part !== undefined).join(', '),
    '',
    ...texts.flatMap((file) => [
      '```text',
      readFileSync(file, 'utf8').replaceAll('\r', '').trim(),
      '```',
      '',
    ]),
  ].join('\n');
}

/** What ONNX Runtime's binaries hold is listed by its authors, for each version. */
function onnxRuntimeParts(target, nodeModules) {
  const { version } = JSON.parse(
    readFileSync(path.join(nodeModules, 'onnxruntime-node/package.json'), 'utf8'),
  );
  return [
    '## Inside ONNX Runtime',
    '',
    'The libraries in its binaries are listed with their licences by its authors:',
    `https://github.com/microsoft/onnxruntime/blob/v${version}/ThirdPartyNotices.txt`,
    ...(target.startsWith('win32-') ? ['', ...BESIDE_ON_WINDOWS] : []),
    '',
  ].join('\n');
}

const BESIDE_ON_WINDOWS = [
  "Beside them lie DirectML.dll (Microsoft's redistributable library, https://www.nuget.org/packages/Microsoft.AI.DirectML)",
  'and dxcompiler.dll and dxil.dll (DirectX Shader Compiler, https://github.com/microsoft/DirectXShaderCompiler).',
];

/** The grammars that are carried, from the manifest of the package that compiled them. */
function grammarList({ root, dist, nodeModules }) {
  const { devDependencies } = JSON.parse(
    readFileSync(path.join(nodeModules, '@cursorless/tree-sitter-wasms/package.json'), 'utf8'),
  );
  const known = JSON.parse(readFileSync(path.join(root, 'scripts/package/licenses/grammars.json'), 'utf8'));
  const rows = filesOf(dist)
    .map((file) => /(?:^|\/)tree-sitter-(\w+)\.wasm$/.exec(file)?.[1])
    .filter((grammar) => grammar !== undefined)
    .sort()
    .map((grammar) => {
      const work = known.works[known.workOf[grammar] ?? grammar];
      if (work === undefined)
        throw new Error(`The grammar ${grammar} is not in scripts/package/licenses/grammars.json.`);
      const pin = devDependencies[work.package];
      if (pin === undefined) throw new Error(`${work.package}: its version is not known.`);
      return `- ${grammar}: https://github.com/${work.repository}, ${pin.replace(/^github:.*#/, '')}, ${work.licence}. ${work.copyright}.`;
    });
  return [
    '## Grammars',
    '',
    'The text of the Apache License 2.0 stands above under @huggingface/tokenizers; that of the MIT licence is, for each',
    'with the copyright line that is given:',
    '',
    '```text',
    ...known.mit,
    '```',
    '',
    ...rows,
    '',
  ].join('\n');
}

function plainUrl(url) {
  return url?.replace(/^git\+/, '').replace(/\.git$/, '');
}

function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)))
    .map((name) => name.split(path.sep).join('/'));
}
