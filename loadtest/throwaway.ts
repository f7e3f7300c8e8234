import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { homeAt } from '../roles/home.ts';
import type { Home } from '../roles/home.ts';
import { Instance } from '../roles/instance.ts';
import { PIPELINE_ROLES } from '../roles/run-file.ts';
import type { RoleName } from '../roles/run-file.ts';
import type { SupervisorEvents } from '../roles/supervisor.ts';

/** Free ports, so that any number runs beside each other and beside a real instance. */
const FREE_PORTS = 'gateway:\n  port: 0\n  site_events_per_second: 10000000\n  site_bytes_per_second: 10000000000\nstorage:\n  port: 0\nkeys:\n  port: 0\nconsole:\n  port: 0\n';

/** A home of its own, removed at the end. */
export class Throwaway implements Disposable {
  readonly home: Home;

  /** `moreConfig`: YAML of further sections; `ports`: those of the listening roles instead of free ones. */
  constructor(moreConfig = '', ports = FREE_PORTS) {
    this.home = homeAt(mkdtempSync(path.join(os.tmpdir(), 'tourniquet-')));
    writeFileSync(path.join(this.home.root, 'tourniquet.yaml'), `${ports}${moreConfig}`);
  }

  /** Opens an instance of all roles here; the configuration of this process's environment is left out. */
  open(events: Partial<SupervisorEvents> = {}, roles: readonly RoleName[] = PIPELINE_ROLES): Promise<Instance> {
    delete process.env['TOURNIQUET_CONFIG'];
    return Instance.open(this.home, roles, {
      line: events.line ?? ((_role, line) => process.stderr.write(`${line}\n`)),
      restarted: events.restarted ?? ((_role, why) => process.stderr.write(`${why}\n`)),
    });
  }

  /** `TOURNIQUET_KEEP` in the environment keeps the directory, to look into what went wrong. */
  [Symbol.dispose](): void {
    if (process.env['TOURNIQUET_KEEP'] === undefined) rmSync(this.home.root, { recursive: true, force: true });
  }
}
