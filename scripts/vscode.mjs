// Finds a VS Code for the tests: a download of the real one where its server can be reached, else the same editor
// as code-server from the npm registry with Chromium as its window; from the cache in .vscode-test/ if it is there.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const CODE_SERVER = '4.139.1';
const UPDATE_SERVER = 'https://update.code.visualstudio.com/api/releases/stable';
const PROBE_MS = 5000;

/**
 * @param {string} root of the repository
 * @returns {Promise<{ kind: 'electron', executable: string } | { kind: 'server', main: string, chromium: string } | { kind: 'none', reason: string }>}
 */
export async function findVsCode(root) {
  const cache = path.join(root, '.vscode-test');
  const chromium = findChromium();
  const cached = serverMain(cache);
  if (existsSync(cached) && chromium !== undefined) return { kind: 'server', main: cached, chromium };
  const electron = await downloaded(cache);
  if (electron.executable !== undefined) return { kind: 'electron', executable: electron.executable };
  if (chromium === undefined) {
    return {
      kind: 'none',
      reason: `${electron.reason}; and Chromium, the window of code-server, is not installed.`,
    };
  }
  const installed = installServer(cache);
  if (installed !== undefined) return { kind: 'none', reason: `${electron.reason}; and ${installed}` };
  return { kind: 'server', main: cached, chromium };
}

const serverMain = (cache) =>
  path.join(cache, 'code-server', 'node_modules', 'code-server', 'lib', 'vscode', 'out', 'server-main.js');

/** A window of Electron needs a display. */
async function downloaded(cache) {
  if (process.platform === 'linux' && !process.env.DISPLAY) {
    return { reason: 'VS Code itself needs a display (DISPLAY is not set)' };
  }
  try {
    await fetch(UPDATE_SERVER, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_MS) });
    const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
    return { executable: await downloadAndUnzipVSCode({ cachePath: cache, version: 'stable' }) };
  } catch (error) {
    return { reason: `VS Code could not be downloaded (${error.message})` };
  }
}

function findChromium() {
  const named = process.env.CHROME_PATH;
  if (named !== undefined && existsSync(named)) return named;
  const places = [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ];
  return places.find((place) => existsSync(place));
}

/** @returns why it could not be installed, if it could not */
function installServer(cache) {
  const folder = path.join(cache, 'code-server');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  console.log(`Installing code-server ${CODE_SERVER} into .vscode-test (600 MB, a few minutes) ...`);
  const { status } = spawnSync(
    'npm',
    ['install', `code-server@${CODE_SERVER}`, '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' },
  );
  return status === 0 && existsSync(serverMain(cache)) ? undefined : 'code-server could not be installed.';
}
