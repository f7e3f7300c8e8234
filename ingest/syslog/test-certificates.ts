import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Certificates for tests, made by openssl; the folder is removed at the end. */
export interface TestCertificates extends Disposable {
  readonly folder: string;
  /** Paths of PEM files. */
  readonly ca: string;
  readonly server: { readonly certificate: string; readonly key: string };
  readonly client: { readonly certificate: string; readonly key: string };
  read(file: string): string;
}

export function makeCertificates(): TestCertificates {
  const folder = mkdtempSync(path.join(tmpdir(), 'tourniquet-syslog-'));
  const at = (name: string) => path.join(folder, name);
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  openssl('req', '-x509', ...made, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test CA');
  for (const name of ['server', 'client']) {
    openssl('req', '-x509', ...made, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}.example`, '-addext', `subjectAltName=DNS:localhost,DNS:${name}.example,IP:127.0.0.1`, '-addext', 'basicConstraints=critical,CA:FALSE');
  }
  const pair = (name: string) => ({ certificate: at(`${name}.pem`), key: at(`${name}.key`) });
  return { folder, ca: at('ca.pem'), server: pair('server'), client: pair('client'), read: (file) => readFileSync(file, 'utf8'), [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
