/** The settings, read for the engine. Values are checked here: a settings.json may hold anything. */
import type * as vscode from 'vscode';
import type { Configuration, Device, EngineSettings, LogLevel, RootSettings } from '../protocol/messages';
import { CONFIGURATION_SECTION, SETTING, type SettingKey } from './ids';

/** What the engine's configuration is made of; the editor tells of changes by these sections. */
export const SECTIONS = [
  CONFIGURATION_SECTION,
  'files.exclude',
  'search.exclude',
  'search.useIgnoreFiles',
] as const;

export type ReadConfiguration = (
  section: string,
  scope?: vscode.Uri,
) => Pick<vscode.WorkspaceConfiguration, 'get'>;

/** A folder of the workspace that can be indexed. */
export interface Folder {
  readonly uri: vscode.Uri;
  readonly name: string;
}

const DEVICES: readonly Device[] = ['auto', 'cpu', 'cuda', 'coreml', 'webgpu', 'directml'];
const LOG_LEVELS: readonly LogLevel[] = ['error', 'warn', 'info', 'debug'];
const ON_BATTERY = ['continue', 'slow', 'pause'] as const;
const WHILE_TYPING = ['slow', 'continue'] as const;
const TESTS = ['lower', 'same'] as const;

export function isEnabled(read: ReadConfiguration): boolean {
  return setting(read, SETTING.enable) !== false;
}

export function readSettings(read: ReadConfiguration, folders: readonly Folder[]): Configuration {
  return {
    roots: folders.map(({ uri, name }) => ({ path: uri.fsPath, name, settings: rootSettings(read, uri) })),
    engine: engineSettings(read),
  };
}

function rootSettings(read: ReadConfiguration, uri: vscode.Uri): RootSettings {
  const files = read('files', uri);
  const search = read('search', uri);
  return {
    exclude: [
      ...globs(files.get('exclude')),
      ...globs(search.get('exclude')),
      ...strings(setting(read, SETTING.exclude, uri)),
    ],
    include: strings(setting(read, SETTING.include, uri)),
    useIgnoreFiles: search.get('useIgnoreFiles') !== false,
    maxFileBytes: Math.round(inRange(setting(read, SETTING.maxFileSize, uri), 1, 102_400, 1024) * 1024),
  };
}

function engineSettings(read: ReadConfiguration): EngineSettings {
  const home = text(setting(read, SETTING.indexLocation));
  const model = text(setting(read, SETTING.model));
  const threads = inRange(setting(read, SETTING.threads), 0, 64, 0);
  const chunkTokens = inRange(setting(read, SETTING.chunkTokens), 0, 4096, 0);
  return {
    ...(home === '' ? {} : { home }),
    ...(model === '' ? {} : { model }),
    device: oneOf(setting(read, SETTING.device), DEVICES, 'auto'),
    ...(threads < 1 ? {} : { threads: Math.floor(threads) }),
    ...(chunkTokens < 1 ? {} : { chunkTokens: Math.max(32, Math.floor(chunkTokens)) }),
    onBattery: oneOf(setting(read, SETTING.onBattery), ON_BATTERY, 'slow'),
    whileTyping: oneOf(setting(read, SETTING.whileTyping), WHILE_TYPING, 'slow'),
    testsAndVendored: oneOf(setting(read, SETTING.testsAndVendored), TESTS, 'lower'),
    logLevel: oneOf(setting(read, SETTING.logLevel), LOG_LEVELS, 'info'),
    paused: false,
  };
}

function setting(read: ReadConfiguration, key: SettingKey, scope?: vscode.Uri): unknown {
  return read(CONFIGURATION_SECTION, scope).get(key);
}

/** The globs of files.exclude and the like that are on; conditions on sibling files cannot be kept, and leave a glob off. */
function globs(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .filter(([, on]) => on === true)
    .map(([glob]) => glob);
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

function inRange(value: unknown, min: number, max: number, otherwise: number): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return otherwise;
  return Math.min(max, Math.max(min, value));
}

function oneOf<T extends string>(value: unknown, all: readonly T[], otherwise: T): T {
  return all.find((item) => item === value) ?? otherwise;
}
