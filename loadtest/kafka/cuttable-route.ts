import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

async function ip(...args: readonly string[]): Promise<void> {
  await run('ip', [...args]);
}

/** A private subnet for each process, so that several at once rarely meet. */
function subnetOf(pid: number): string {
  return `10.${100 + (pid % 100)}.${Math.floor(pid / 100) % 250}`;
}

/**
 * A network namespace behind a router of its own: this machine —— router —— inside. What runs inside reaches this machine
 * at two addresses, and the router can let packets from and to each of them vanish: no refusal, no end of a connection.
 * Linux and root only.
 */
export class CuttableRoute implements AsyncDisposable {
  /** Addresses of this machine as seen from inside, each cut alone. */
  readonly addresses: readonly [broker: string, store: string];
  /** Words before a command that is to run inside. */
  readonly prefix: readonly string[];
  readonly #inside: string;
  readonly #router: string;
  readonly #link: string;

  private constructor(pid: number) {
    const subnet = subnetOf(pid);
    this.addresses = [`${subnet}.1`, `${subnet}.2`];
    this.#inside = `tourniquet-in-${pid}`;
    this.#router = `tourniquet-rt-${pid}`;
    this.#link = `tq${pid}`;
    this.prefix = ['ip', 'netns', 'exec', this.#inside];
  }

  static async open(): Promise<CuttableRoute> {
    const route = new CuttableRoute(process.pid);
    try {
      await route.#lay();
      return route;
    } catch (error) {
      await route[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #lay(): Promise<void> {
    const subnet = subnetOf(process.pid);
    const [inside, router, link] = [this.#inside, this.#router, this.#link];
    await ip('netns', 'add', inside);
    await ip('netns', 'add', router);
    await ip('link', 'add', link, 'type', 'veth', 'peer', 'name', 'out', 'netns', router);
    await ip('-n', router, 'link', 'add', 'in', 'type', 'veth', 'peer', 'name', 'eth', 'netns', inside);
    for (const address of this.addresses) await ip('address', 'add', `${address}/28`, 'dev', link);
    await ip('link', 'set', link, 'up');
    await ip('-n', router, 'address', 'add', `${subnet}.14/28`, 'dev', 'out');
    await ip('-n', router, 'address', 'add', `${subnet}.17/28`, 'dev', 'in');
    for (const device of ['lo', 'out', 'in']) await ip('-n', router, 'link', 'set', device, 'up');
    await run('ip', ['netns', 'exec', router, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward']);
    await ip('-n', inside, 'address', 'add', `${subnet}.18/28`, 'dev', 'eth');
    for (const device of ['lo', 'eth']) await ip('-n', inside, 'link', 'set', device, 'up');
    await ip('-n', inside, 'route', 'add', 'default', 'via', `${subnet}.17`);
    await ip('route', 'add', `${subnet}.16/28`, 'via', `${subnet}.14`);
  }

  /** From now on every packet from and to this address vanishes. */
  async cut(address: string): Promise<void> {
    for (const direction of ['from', 'to']) await ip('-n', this.#router, 'rule', 'add', direction, address, 'blackhole');
  }

  async mend(address: string): Promise<void> {
    for (const direction of ['from', 'to']) await ip('-n', this.#router, 'rule', 'del', direction, address, 'blackhole');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const args of [['link', 'del', this.#link], ['netns', 'del', this.#inside], ['netns', 'del', this.#router]]) await ip(...args).catch(() => undefined);
  }
}
