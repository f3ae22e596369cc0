/** The processes behind a window: its engines and its extension host. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { VsCodeWindow } from './vscode';

/** Before and after it has given itself a title. */
const ENGINE = /dist.engine\.js|^neosearch engine/;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly args: string;
}

/** Process ids of the engines that this window's editor runs. */
export function engines(window: VsCodeWindow): readonly number[] {
  return pidsOf(window, ENGINE);
}

/** Process ids of this window's extension hosts. */
export function extensionHosts(window: VsCodeWindow): readonly number[] {
  return pidsOf(window, /--type=extensionHost|node\.mojom\.NodeService/);
}

/** Files of native code that a process has loaded (Linux). */
export function nativeModules(pid: number): readonly string[] {
  const maps = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
  const files = maps.map((line) => line.slice(line.indexOf('/')));
  return [...new Set(files.filter((file) => /\.node$|onnxruntime/.test(file)))];
}

/** Megabytes that a process holds in memory now (Linux and macOS). */
export function residentMegabytes(pid: number): number {
  return (Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString()) * 1024) / 1e6;
}

function pidsOf(window: VsCodeWindow, program: RegExp): readonly number[] {
  return familyOf(window)
    .filter(({ args }) => program.test(args))
    .map(({ pid }) => pid);
}

/** The processes that were started with this window's data, and all that they started. */
function familyOf(window: VsCodeWindow): readonly Process[] {
  const all = processes();
  const family = new Set(all.filter(({ args }) => args.includes(window.data)).map(({ pid }) => pid));
  for (let size = -1; size !== family.size;) {
    size = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.filter(({ pid }) => family.has(pid));
}

function processes(): readonly Process[] {
  const lines =
    process.platform === 'win32'
      ? execFileSync('powershell', [
          '-NoProfile',
          '-Command',
          'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.ParentProcessId) $($_.CommandLine)" }',
        ])
      : execFileSync('ps', ['-ww', '-eo', 'pid=,ppid=,args='], { maxBuffer: 64 * 1024 * 1024 });
  return lines
    .toString()
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*?)\s*$/.exec(line) ?? [];
      return args === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
    });
}
