import os from 'node:os';
import process from 'node:process';

/** The account that runs this process, as the trail names it; its number where the system knows no name for it, as in a container. */
export function accountName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return `uid:${process.getuid?.() ?? 'unknown'}`;
  }
}
