/** Whether a folder lies on a network file system, where SQLite's write-ahead log and its locks cannot be trusted. */
import { execFile } from 'node:child_process';
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { NeosearchError, systemCodeOf } from '../../base/errors';

export interface Mount {
  /** Absolute path of the folder that it is seen at. */
  readonly at: string;
  /** As the system names it, e.g. `ext4`, `nfs4`, `fuse.sshfs`. */
  readonly type: string;
}

const NETWORK =
  /^(nfs\d?|cifs|smb\d?|smbfs|afpfs|webdav|davfs2?|9p|afs|ceph|lustre|coda|glusterfs|ncpfs|(mac)?fuse\.(sshfs|rclone|s3fs|davfs2?|curlftpfs|glusterfs|ceph.*|smbnetfs|gvfs.*))$/;
const run = promisify(execFile);

/** The kind of network file system that a folder lies on, or would once it is made; undefined for a local one. */
export async function networkDriveOf(
  folder: string,
  platform: NodeJS.Platform = process.platform,
  mounts: () => Promise<readonly Mount[]> = () => mountsOf(platform),
): Promise<string | undefined> {
  if (platform === 'win32') return /^[\\/]{2}(?![?.][\\/])/.test(folder) ? 'a network share' : undefined;
  const place = await existing(folder);
  let best: Mount | undefined;
  for (const mount of await mounts()) {
    const lies = mount.at === '/' || place === mount.at || place.startsWith(`${mount.at}/`);
    // Of two at the same folder the later one is seen.
    if (lies && mount.at.length >= (best?.at.length ?? 0)) best = mount;
  }
  // What a whole system runs on is as local as it gets: sandboxes have a 9p root.
  if (best === undefined || best.at === '/') return undefined;
  return NETWORK.test(best.type) ? best.type : undefined;
}

/** @throws NeosearchError `bad-argument` where an index must not lie in the folder */
export async function refuseNetworkDrive(folder: string): Promise<void> {
  const kind = await networkDriveOf(folder);
  if (kind === undefined) return;
  throw new NeosearchError(
    'bad-argument',
    `The index folder ${folder} lies on a network file system (${kind}), where an index can be damaged. Name a folder on a local disk in the setting neosearch.indexLocation.`,
  );
}

/** Of a folder that is not made yet, the one around it that is. */
async function existing(folder: string): Promise<string> {
  for (let place = path.resolve(folder); ; place = path.dirname(place)) {
    try {
      return await realpath(place);
    } catch (error) {
      if (systemCodeOf(error) === undefined) throw error;
      if (place === path.dirname(place)) return place;
    }
  }
}

/** All mounts, in the order in which they were made; none where the system does not tell. */
async function mountsOf(platform: NodeJS.Platform): Promise<Mount[]> {
  try {
    if (platform === 'linux') return parseProcMounts(await readFile('/proc/self/mounts', 'utf8'));
    if (platform === 'darwin') return parseMountOutput((await run('/sbin/mount')).stdout);
    return [];
  } catch (error) {
    if (error instanceof Error) return [];
    throw error;
  }
}

/** Lines as Linux has them in /proc/self/mounts, with blanks in octal. */
export function parseProcMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [, at, type] = line.split(' ');
    if (at === undefined || type === undefined) return [];
    const plain = at.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
    return [{ at: plain, type }];
  });
}

/** Lines as macOS's mount(8) writes them: `//user@host/share on /Volumes/share (smbfs, nodev)`. */
export function parseMountOutput(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [, at, type] = /^.+? on (.+) \(([^,)]+)/.exec(line) ?? [];
    return at === undefined || type === undefined ? [] : [{ at, type }];
  });
}
