/** Whether the machine runs on its battery, asked of the system without native code. What is unknown is mains. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { systemCodeOf } from '../../base/errors';

const SUPPLIES = '/sys/class/power_supply';
/** Milliseconds that a system's command has. */
const PATIENCE_MS = 5000;
const run = promisify(execFile);

export async function isOnBattery(platform: NodeJS.Platform = process.platform): Promise<boolean> {
  try {
    if (platform === 'linux') return await linux(SUPPLIES);
    if (platform === 'darwin') {
      return /drawing from 'Battery Power'/i.test(await output('pmset', ['-g', 'batt']));
    }
    return platform === 'win32' && (await output('powershell.exe', WINDOWS)).trim() === 'Offline';
  } catch (error) {
    // No such command, or one that failed: unknown.
    if (error instanceof Error) return false;
    throw error;
  }
}

const WINDOWS = [
  '-NoProfile',
  '-NonInteractive',
  '-Command',
  'Add-Type -AssemblyName System.Windows.Forms; [System.Windows.Forms.SystemInformation]::PowerStatus.PowerLineStatus',
];

/**
 * A machine is on battery when a battery of its own discharges and no mains supply is online.
 * @param folder one folder for each supply, with the files `type`, `online`, `status`, `scope`
 */
export async function linux(folder: string): Promise<boolean> {
  let discharging = false;
  for (const name of await names(folder)) {
    const value = (file: string): Promise<string> => text(path.join(folder, name, file));
    const type = await value('type');
    if ((type === 'Mains' || type === 'USB') && (await value('online')) === '1') return false;
    // A mouse has a battery, too.
    if (type !== 'Battery' || (await value('scope')) === 'Device') continue;
    if ((await value('status')) === 'Discharging') discharging = true;
  }
  return discharging;
}

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return [];
  }
}

/** Empty where there is no such file. */
async function text(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return '';
  }
}

async function output(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(command, args, { timeout: PATIENCE_MS, windowsHide: true });
  return stdout;
}
