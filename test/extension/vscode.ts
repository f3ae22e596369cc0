/** A real VS Code window with the extension in it, and the hands and eyes of somebody who uses it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { _electron, chromium, errors, type Frame, type Page } from 'playwright-core';

/** Where the tests' VS Code is; set by scripts/test.mjs. */
type Editor =
  | { readonly kind: 'electron'; readonly executable: string }
  | { readonly kind: 'server'; readonly main: string; readonly chromium: string };

export interface WindowOptions {
  /** Folder, or a .code-workspace file. */
  readonly workspace: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Folder that holds all indexes; one of the window's own by default. */
  readonly home?: string;
  /** Whether workspaces have to be trusted first. */
  readonly trust?: boolean;
  /** The extension's folder; this repository by default. A .vsix installs that instead. */
  readonly vsix?: string;
  readonly size?: { readonly width: number; readonly height: number };
  /** Data of an earlier window to go on with. */
  readonly data?: string;
}

const REPOSITORY = process.cwd();
const PATIENCE_MS = 30_000;
const BROWSER_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A temporary folder that is gone after the tests. */
export class Desk {
  readonly dir = realpathSync.native(mkdtempSync(path.join(tmpdir(), 'neosearch-vscode-')));

  at(...parts: string[]): string {
    return path.join(this.dir, ...parts);
  }

  /** A folder with the fixture corpus. */
  corpus(name: string): string {
    const root = this.at(name);
    cpSync(path.join(REPOSITORY, 'test/fixtures/corpus'), root, { recursive: true });
    return root;
  }

  write(name: string, text: string): string {
    const file = this.at(name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  clear(): void {
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

export class VsCodeWindow {
  private constructor(
    readonly page: Page,
    readonly data: string,
    private readonly end: () => Promise<void>,
  ) {}

  static async open(desk: Desk, options: WindowOptions): Promise<VsCodeWindow> {
    const editor = JSON.parse(process.env['NEOSEARCH_VSCODE'] ?? 'null') as Editor | null;
    if (editor === null) throw new TypeError('NEOSEARCH_VSCODE is not set: run these tests with npm test.');
    const data = options.data ?? mkdtempSync(desk.at('data-'));
    const settings = {
      'neosearch.indexLocation': options.home ?? path.join(data, 'home'),
      'workbench.startupEditor': 'none',
      'workbench.colorTheme': 'Default Dark Modern',
      'window.commandCenter': false,
      'workbench.secondarySideBar.defaultVisibility': 'hidden',
      'files.autoSave': 'off',
      'telemetry.telemetryLevel': 'off',
      'chat.disableAIFeatures': true,
      ...options.settings,
    };
    return editor.kind === 'server'
      ? openServer(editor, data, settings, options)
      : openElectron(editor, data, settings, options);
  }

  static made(page: Page, data: string, end: () => Promise<void>): VsCodeWindow {
    return new VsCodeWindow(page, data, end);
  }

  async close(): Promise<void> {
    await this.end();
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.page.keyboard.press(key);
      await wait(120);
    }
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text, { delay: 8 });
  }

  /** Runs a command of the palette by its title. */
  async command(title: string): Promise<void> {
    await this.pick(`>${title}`, 'F1', title);
  }

  /** Opens a file of the workspace by its name. */
  async openFile(name: string): Promise<void> {
    const base = name.split('/').at(-1) ?? name;
    await this.until(
      name,
      async () => {
        await this.pick(name, 'Control+p', base);
        await wait(700);
        return (await this.activeFile()) === base;
      },
      60_000,
    );
  }

  /** Picks the first row with `label`; a picker that a busy window closes again is opened anew. */
  private async pick(text: string, key: string, label: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input').first();
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first();
    await this.until(`"${text}" in the picker`, async () => {
      await this.press(key);
      try {
        await input.fill(text, { timeout: 3000 });
        await row.waitFor({ state: 'visible', timeout: 3000 });
      } catch (error) {
        if (!(error instanceof errors.TimeoutError)) throw error;
        await this.press('Escape');
        return false;
      }
      return true;
    });
    await wait(150);
    await this.press('Enter');
  }

  /** Repeats a look until it shows something. */
  async until<T>(
    what: string,
    look: () => Promise<T | undefined | false>,
    patience = PATIENCE_MS,
  ): Promise<T> {
    const end = Date.now() + patience;
    for (;;) {
      const seen = await look().catch((error: unknown) => {
        if (Date.now() > end) throw error;
        return undefined;
      });
      if (seen !== undefined && seen !== false) return seen;
      if (Date.now() > end) {
        const picture = path.join(REPOSITORY, 'out', `failed-${what.replace(/\W+/g, '-')}.png`);
        await this.page.screenshot({ path: picture });
        throw new Error(`Not seen within ${patience / 1000} s: ${what}. Picture: ${picture}`);
      }
      await wait(100);
    }
  }

  /** Text of the status bar item; undefined while there is none. */
  async status(): Promise<string | undefined> {
    const item = this.page.locator(
      '.statusbar-item[id="neosearch.neosearch.neosearch.status"], .statusbar-item',
      {
        hasText: 'Neosearch',
      },
    );
    const [text] = await item.allTextContents();
    return text?.trim();
  }

  /** Waits until everything is indexed. */
  async indexed(patience = 90_000): Promise<void> {
    await this.until('the index is ready', async () => /ready/.test((await this.status()) ?? ''), patience);
  }

  /** Asks "Search by Meaning" and gives its rows, best first, once one fits. */
  async ask(
    query: string,
    fits: (rows: readonly string[]) => boolean,
    patience?: number,
  ): Promise<readonly string[]> {
    await this.press('Escape', 'Escape');
    const input = this.page.locator('.quick-input-widget input').first();
    try {
      return await this.until(
        `an answer to "${query}"`,
        async () => {
          // Whatever takes the focus closes the picker.
          if (!(await input.isVisible())) await this.command('Neosearch: Search by Meaning');
          // The index may have changed since the last question.
          await input.fill(`${query} `, { timeout: 3000 });
          await wait(250);
          await input.fill(query, { timeout: 3000 });
          await wait(250);
          const rows = await this.rows();
          return fits(rows) && rows;
        },
        patience,
      );
    } finally {
      await this.press('Escape', 'Escape');
    }
  }

  /** Rows of the open picker. */
  async rows(): Promise<string[]> {
    return this.page.locator('.quick-input-list .monaco-list-row').evaluateAll((rows) =>
      rows
        .map((row) => ({
          at: Number(row.getAttribute('data-index')),
          text: row.getAttribute('aria-label') ?? '',
        }))
        .sort((a, b) => a.at - b.at)
        .map(({ text }) => text),
    );
  }

  /** Name of the file in the active editor. */
  async activeFile(): Promise<string | undefined> {
    // In one look: a preview may close between two.
    const names = await this.page
      .locator('.editor-group-container.active .tabs-container .tab.active')
      .evaluateAll((tabs) => tabs.map((tab) => tab.getAttribute('data-resource-name')));
    return names[0] ?? undefined;
  }

  /** The search panel's page. */
  async panel(): Promise<Frame> {
    return this.until('the search panel', async () => {
      for (const frame of this.page.frames()) {
        if (
          (await frame
            .locator('#query')
            .count()
            .catch(() => 0)) > 0
        )
          return frame;
      }
      return undefined;
    });
  }

  /** Line that the caret is in, from the status bar. */
  async line(): Promise<number> {
    const text = await this.page
      .locator('.statusbar-item', { hasText: /Ln \d+/ })
      .first()
      .textContent();
    return Number(/Ln (\d+)/.exec(text ?? '')?.[1]);
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: name });
  }
}

async function openServer(
  editor: Extract<Editor, { kind: 'server' }>,
  data: string,
  settings: object,
  options: WindowOptions,
): Promise<VsCodeWindow> {
  for (const kind of ['Machine', 'User']) writeSettings(path.join(data, 'data', kind), settings);
  const port = await freePort();
  const flags = ['--server-data-dir', data, '--accept-server-license-terms', '--disable-telemetry'];
  if (options.vsix !== undefined) {
    await finished(spawn(process.execPath, [editor.main, ...flags, '--install-extension', options.vsix]));
  }
  const server = spawn(
    process.execPath,
    [
      editor.main,
      ...flags,
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--without-connection-token',
      '--enable-smoke-test-driver',
      ...(options.trust === true ? [] : ['--disable-workspace-trust']),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  await listening(server);
  const browser = await chromium.launch({ executablePath: editor.chromium, args: BROWSER_FLAGS });
  const page = await browser.newPage({ viewport: options.size ?? { width: 1280, height: 800 } });
  const end = async (): Promise<void> => {
    await browser.close();
    server.kill();
    await new Promise((resolve) => server.once('exit', resolve));
  };
  try {
    const payload: [string, string][] = [['skipWelcome', 'true']];
    if (options.vsix === undefined) {
      payload.push(['extensionDevelopmentPath', `vscode-remote://127.0.0.1:${port}${REPOSITORY}`]);
    }
    const kind = options.workspace.endsWith('.code-workspace') ? 'workspace' : 'folder';
    await page.goto(
      `http://127.0.0.1:${port}/?${kind}=${encodeURIComponent(options.workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`,
    );
    await page.waitForSelector('.monaco-workbench .statusbar', { timeout: 60_000 });
    return VsCodeWindow.made(page, data, end);
  } catch (error) {
    await end();
    throw error;
  }
}

async function openElectron(
  editor: Extract<Editor, { kind: 'electron' }>,
  data: string,
  settings: object,
  options: WindowOptions,
): Promise<VsCodeWindow> {
  writeSettings(path.join(data, 'User'), settings);
  const extensions = path.join(data, 'extensions');
  const common = [`--user-data-dir=${data}`, `--extensions-dir=${extensions}`, '--no-sandbox'];
  if (options.vsix !== undefined) {
    await finished(spawn(editor.executable, [...common, '--install-extension', options.vsix]));
  }
  const app = await _electron.launch({
    executablePath: editor.executable,
    args: [
      options.workspace,
      ...common,
      '--skip-welcome',
      '--skip-release-notes',
      '--disable-telemetry',
      '--disable-updates',
      ...(options.trust === true ? [] : ['--disable-workspace-trust']),
      ...(options.vsix === undefined ? [`--extensionDevelopmentPath=${REPOSITORY}`] : []),
    ],
  });
  const page = await app.firstWindow();
  await page.waitForSelector('.monaco-workbench .statusbar', { timeout: 60_000 });
  return VsCodeWindow.made(page, data, () => app.close());
}

function writeSettings(folder: string, settings: object): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'settings.json'), JSON.stringify(settings));
}

async function finished(child: ChildProcess): Promise<void> {
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`${child.spawnargs.join(' ')} ended with code ${code ?? 'none'}.`);
}

async function listening(server: ChildProcess): Promise<void> {
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const onData = (text: Buffer): void => {
      output += text.toString();
      if (/Extension host agent listening/.test(output)) resolve();
    };
    server.stdout?.on('data', onData);
    server.stderr?.on('data', onData);
    server.once('exit', () => reject(new Error(`The server of VS Code ended: ${output}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port is free.');
  return address.port;
}
