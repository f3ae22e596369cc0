// `npm run package`: makes neosearch-TARGET-VERSION.vsix for the platform it runs on, or for `--target T`.
// docs/packaging.md says what is in it and how a release is made.
import { Buffer } from 'node:buffer';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { contentsOf } from './package/contents.mjs';
import {
  builtHere,
  HNSWLIB_BINARY,
  hostTarget,
  neededGlibc,
  targets,
  UNIVERSAL,
} from './package/targets.mjs';
import { ensureBuilt, ensureInstalled, projectNode, root, run } from './setup.mjs';

const usage = `Usage: npm run package -- [options]
  --target T      ${targets.join(', ')}; this machine's by default
  --out DIR       where the .vsix goes; the repository's root by default
  --base-content-url URL, --base-images-url URL
                  where the README's links and images can be read; without them, images go into the README
  --dist DIR      a build that is there already; without it, dist/ is built first
  --glibc V       fail where native code built here asks for a C library newer than V (Linux)
  --pre-release   marks the package as a pre-release
  --list          prints the contents as JSON and makes no package`;

try {
  const options = read(process.argv.slice(2));
  if (options.help) console.log(usage);
  else process.exitCode = await main(options);
} catch (error) {
  console.error(`npm run package: ${error.message}`);
  process.exitCode = 2;
}

function read(args) {
  const { values } = parseArgs({
    args,
    options: {
      target: { type: 'string', default: hostTarget() },
      out: { type: 'string', default: root },
      'base-content-url': { type: 'string' },
      'base-images-url': { type: 'string' },
      dist: { type: 'string' },
      glibc: { type: 'string' },
      'pre-release': { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (!targets.includes(values.target))
    throw new Error(`"${values.target}" is no target. Name one of ${targets.join(', ')}.`);
  return values;
}

async function main({ target, out, dist, list, glibc, ...options }) {
  if (dist === undefined) {
    await ensureInstalled();
    await ensureBuilt();
  }
  const contents = contentsOf({
    root,
    dist: path.resolve(dist ?? path.join(root, 'dist')),
    target,
    base: baseOf(options),
  });
  if (list) {
    console.log(JSON.stringify(listing(contents), null, 2));
    return 0;
  }
  sayWhatIsMissing(target, contents, glibc);
  const stage = mkdtempSync(path.join(tmpdir(), 'neosearch-package-'));
  try {
    for (const [name, content] of contents) put(path.join(stage, name), content);
    copyFileSync(path.join(root, '.vscodeignore'), path.join(stage, '.vscodeignore'));
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    mkdirSync(path.resolve(out), { recursive: true });
    const file = path.join(path.resolve(out), `neosearch-${target}-${version}.vsix`);
    const flags = [
      '--no-dependencies',
      '--allow-missing-repository',
      // The README was made ready above.
      '--no-rewrite-relative-links',
      ...(target === UNIVERSAL ? [] : ['--target', target]),
      ...(options['pre-release'] ? ['--pre-release'] : []),
    ];
    return await run(
      projectNode,
      [path.join(root, 'node_modules/@vscode/vsce/vsce'), 'package', '-o', file, ...flags],
      {
        cwd: stage,
        output: 'inherit',
      },
    );
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

function baseOf({ 'base-content-url': links, 'base-images-url': images }) {
  if ((links === undefined) !== (images === undefined)) {
    throw new Error('Give --base-content-url and --base-images-url together, or neither.');
  }
  return links === undefined ? undefined : { links, images };
}

function put(file, content) {
  mkdirSync(path.dirname(file), { recursive: true });
  if ('text' in content) writeFileSync(file, content.text);
  else copyFileSync(content.file, file);
}

/** Each path with its size in bytes. */
function listing(contents) {
  return [...contents].map(([name, content]) => ({
    path: name,
    bytes: 'text' in content ? Buffer.byteLength(content.text) : statSync(content.file).size,
  }));
}

/** Native search in large indexes needs a binary that was compiled for the target. */
function sayWhatIsMissing(target, contents, glibc) {
  const [, binary] = [...contents].find(([name]) => name.endsWith(HNSWLIB_BINARY)) ?? [];
  if (target === UNIVERSAL) {
    console.error('universal: no native code. It searches by words; meaning needs a package of a platform.');
  } else if (binary === undefined) {
    const why = builtHere(target) ? 'npm could not compile it here' : `it can be compiled on ${target} only`;
    console.error(`${target}: without hnswlib-node (${why}). Exact search takes its place.`);
  } else if (target.startsWith('linux-')) {
    const needed = neededGlibc(binary.file);
    console.error(`${target}: hnswlib-node asks for glibc ${needed ?? 'of any version'}.`);
    if (glibc !== undefined && needed !== undefined && minor(needed) > minor(glibc)) {
      throw new Error(`hnswlib-node must run with glibc ${glibc}: compile it on an older system.`);
    }
  }
}

function minor(version) {
  return Number(version.split('.')[1]);
}
