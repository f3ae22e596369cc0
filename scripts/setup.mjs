// What every command of a fresh clone needs: dependencies installed, dist/ built from the sources as they are.
// Uses Node's own modules only, and runs on Node 20 or newer.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** The Node that the project brings along (its SQLite has FTS5, whatever the machine's own Node is). */
export const projectNode = path.join(
  root,
  'node_modules/node/bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/** Runs a program to its end; what it prints goes to standard error, so that standard output holds answers only. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      stdio: ['inherit', options.output === 'inherit' ? 'inherit' : process.stderr, 'inherit'],
      shell: options.shell ?? false,
      env: { ...process.env, ...options.env },
    });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}

/** Installs dependencies when there are none or the lock file has changed since. */
export async function ensureInstalled() {
  const lock = hashOf([path.join(root, 'package-lock.json')]);
  const stamp = path.join(root, 'node_modules/.neosearch-installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock && existsSync(projectNode)) return;
  console.error('Installing dependencies (npm ci) ...');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const code = await run(npm, ['ci', '--no-audit', '--no-fund'], {
    shell: process.platform === 'win32',
    env: { ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });
  if (code !== 0) throw new Error(`npm ci ended with exit code ${code}; its messages stand above.`);
  if (!existsSync(projectNode)) {
    throw new Error(
      'npm ci did not install the project\'s own Node (package "node"): install scripts must be allowed.',
    );
  }
  writeFileSync(stamp, lock);
}

/** Builds dist/ (and out/test/ for tests) when a source is newer than the last build. */
export async function ensureBuilt({ tests = false } = {}) {
  const folders = tests ? ['src', 'test'] : ['src'];
  const sources = folders.flatMap((folder) => filesUnder(path.join(root, folder)));
  const inputs = hashOf([path.join(root, 'esbuild.mjs'), path.join(root, 'package-lock.json'), ...sources]);
  const stamp = path.join(root, tests ? 'out/test/.built' : 'dist/.built');
  const product = path.join(root, 'dist/cli.js');
  if (existsSync(stamp) && existsSync(product) && readFileSync(stamp, 'utf8') === inputs) return;
  console.error('Building ...');
  const code = await run(projectNode, ['esbuild.mjs', ...(tests ? ['--tests'] : [])]);
  if (code !== 0) throw new Error(`The build ended with exit code ${code}; its messages stand above.`);
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, inputs);
}

function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|js|mjs|css|html)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files)
    hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}
