/** Whether the editor may miss changes of a folder: on network file systems, and where watches run out. */
import { readFile, statfs } from 'node:fs/promises';

/** f_type of statfs(2) of file systems that others change without this machine's kernel knowing. */
const NETWORK = new Map<number, string>([
  [0x6969, 'NFS'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x517b, 'SMB'],
  [0x5346414f, 'AFS'],
  [0x01021997, '9p'],
  [0x65735546, 'FUSE'],
]);

/** Fewer watches than this run out on a folder of some size: each folder below takes one. */
const FEW_WATCHES = 16_384;

/**
 * @param root absolute path
 * @returns why, in a few words; undefined: changes are seen
 */
export async function watchingIsUnreliable(root: string): Promise<string | undefined> {
  if (process.platform === 'win32') return root.startsWith('\\\\') ? 'a network folder' : undefined;
  const network = NETWORK.get((await statfs(root)).type >>> 0);
  if (network !== undefined) return network;
  return process.platform === 'linux' ? fewWatches() : undefined;
}

async function fewWatches(): Promise<string | undefined> {
  const most = Number(await readFile('/proc/sys/fs/inotify/max_user_watches', 'utf8'));
  return most < FEW_WATCHES ? `fs.inotify.max_user_watches is ${most}` : undefined;
}
