#!/usr/bin/env node
/**
 * The entry of the command line. Runs under Node 20 or newer: where the running Node lacks SQLite with full
 * text search, the same command is executed by the project's own Node instead.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** Set in the child, so that a broken installation cannot make a chain of processes. */
const RELAUNCHED = 'NEOSEARCH_RELAUNCHED';

function hasFullTextSearch(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 22 ? major !== 23 : major === 22 && minor >= 16;
}

function relaunch(): void {
  const node = path.join(
    __dirname,
    '../node_modules/node/bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (process.env[RELAUNCHED] !== undefined || !existsSync(node)) {
    console.error(
      `neosearch: Node ${process.versions.node} has no SQLite with full text search. Install Node 22.16 or newer (not 23), or run "npm ci" in ${path.dirname(__dirname)}.`,
    );
    process.exitCode = 2;
    return;
  }
  const child = spawn(node, [__filename, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, [RELAUNCHED]: '1' },
  });
  // The terminal sends Ctrl-C to both processes; this one waits for the child to stop cleanly.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.once('error', (error) => {
    console.error(`neosearch: ${node} could not be started: ${error.message}`);
    process.exitCode = 2;
  });
  child.once('close', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 2);
  });
}

/** Node prints a warning for node:sqlite that says nothing to a user; every other warning stays. */
function hideSqliteWarning(): void {
  const [show] = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (!warning.message.startsWith('SQLite is an experimental feature')) show?.(warning);
  });
}

if (hasFullTextSearch()) {
  hideSqliteWarning();
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only once this Node is known to fit
  require('./main.js');
} else {
  relaunch();
}
