/**
 * What does the extension cost in a real window on 1,000 files?
 *
 *   node scripts/benchExtension.mjs [--root DIR] [--files N] [--saves N]
 *
 * Prints JSON: milliseconds of activation, seconds of the first indexing, milliseconds from a save in the editor
 * and from a write beside it until the search panel shows the new text, megabytes of extension host and engine.
 * The files are copies of the first N source files under DIR, by default of node_modules.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { setTimeout as wait } from 'node:timers/promises';
import { engines, extensionHosts, residentMegabytes } from '../extension/processes';
import { Desk, VsCodeWindow } from '../extension/vscode';

/** Bytes of a file that is written by people. */
const MOST_BYTES = 64 * 1024;
const SOURCE = /\.(ts|mts|js|mjs|cjs|py|go|rs|java|c|h|cpp|cs|rb|php|sh|css|md)$/;
const GENERATED = /\.min\.|\.d\.ts$|\.d\.mts$|\.d\.cts$/;

interface Options {
  readonly root: string;
  readonly files: number;
  readonly saves: number;
}

function options(): Options {
  const { values } = parseArgs({
    options: {
      root: { type: 'string', default: 'node_modules' },
      files: { type: 'string', default: '1000' },
      saves: { type: 'string', default: '5' },
    },
  });
  return { root: path.resolve(values.root), files: Number(values.files), saves: Number(values.saves) };
}

/** Copies source files of a folder, in the order of their names, into a folder of its own. */
function copySources(root: string, into: string, count: number): number {
  let copied = 0;
  for (const name of sourcesUnder(root)) {
    if (copied === count) break;
    const to = path.join(into, name);
    mkdirSync(path.dirname(to), { recursive: true });
    cpSync(path.join(root, name), to);
    copied += 1;
  }
  return copied;
}

function* sourcesUnder(root: string, below = ''): Generator<string> {
  for (const entry of readdirSync(path.join(root, below), { withFileTypes: true }).sort(byName)) {
    const name = path.posix.join(below, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith('.')) yield* sourcesUnder(root, name);
    else if (entry.isFile() && SOURCE.test(name) && !GENERATED.test(name)) {
      if (statSync(path.join(root, name)).size <= MOST_BYTES) yield name;
    }
  }
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

/** Puts a query into the search panel, which looks again whenever the index changes. */
async function watchFor(window: VsCodeWindow, word: string): Promise<void> {
  await window.command('Neosearch: Open Search Panel');
  await window.panel();
  await wait(400);
  await window.press('Control+a');
  await window.type(word);
  await wait(1000);
}

/** Milliseconds from `since` until the panel shows a place with that word. */
async function untilShown(window: VsCodeWindow, word: string, since: number): Promise<number> {
  const end = since + 60_000;
  for (;;) {
    const frame = await window.panel();
    const shown = await frame.locator('.hit', { hasText: word }).count();
    const taken = Date.now() - since;
    if (shown > 0) return taken;
    if (Date.now() > end) throw new Error(`"${word}" was not found within a minute.`);
    await wait(20);
  }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function main(): Promise<void> {
  const { root, files, saves } = options();
  const desk = new Desk();
  try {
    const workspace = desk.at('workspace');
    const copied = copySources(root, workspace, files);
    const home = desk.at('home');
    const opened = Date.now();
    const first = await VsCodeWindow.open(desk, { workspace, home });
    let firstIndexing: number;
    try {
      await first.indexed(600_000);
      firstIndexing = (Date.now() - opened) / 1000;
    } finally {
      await first.close();
    }
    const window = await VsCodeWindow.open(desk, { workspace, home });
    try {
      await window.indexed();
      await wait(10_000);
      const memory = memoryOf(window);
      const written: number[] = [];
      for (let i = 0; i < saves; i += 1) {
        const word = `quokka_written_${i}`;
        await watchFor(window, word);
        const since = Date.now();
        writeFileSync(path.join(workspace, `written${i}.py`), functionNamed(word));
        written.push(await untilShown(window, word, since));
      }
      const saved: number[] = [];
      for (let i = 0; i < saves; i += 1) {
        const word = `wombat_saved_${i}`;
        writeFileSync(path.join(workspace, `saved${i}.py`), '');
        await watchFor(window, word);
        await window.openFile(`saved${i}.py`);
        await window.type(functionNamed(word));
        const since = Date.now();
        await window.page.keyboard.press('Control+s');
        saved.push(await untilShown(window, word, since));
      }
      const report = {
        files: copied,
        activationMs: activations(desk.dir),
        windowOpenToIndexedSeconds: firstIndexing,
        writeToSearchableMs: { median: median(written), all: written },
        saveToSearchableMs: { median: median(saved), all: saved },
        memoryAtRest: memory,
        memoryAfterSaves: memoryOf(window),
      };
      console.log(JSON.stringify(report, undefined, 2));
    } finally {
      await window.close();
    }
  } finally {
    desk.clear();
  }
}

function functionNamed(word: string): string {
  return `def ${word}(): return "${word}"\n`;
}

function memoryOf(window: VsCodeWindow): { readonly extensionHostMb: number; readonly engineMb: number } {
  const sum = (pids: readonly number[]): number =>
    Math.round(pids.reduce((total, pid) => total + residentMegabytes(pid), 0));
  return { extensionHostMb: sum(extensionHosts(window)), engineMb: sum(engines(window)) };
}

/** Of all windows, as the log tells them. */
function activations(folder: string): readonly number[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => /Neosearch\.log$/.test(file))
    .flatMap((file) => [
      ...readFileSync(path.join(folder, file), 'utf8').matchAll(/activated in ([\d.]+) ms/g),
    ])
    .map(([, time]) => Number(time));
}

void main();
