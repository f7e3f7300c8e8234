import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** PEM files: a CA made for one test, and a certificate of it for the brokers and one for a client. */
export interface ThrowAwayCa {
  readonly caFile: string;
  readonly clientCertificateFile: string;
  readonly clientKeyFile: string;
  /** Key and certificate in one, as Kafka's PEM key store wants them. */
  readonly brokerStoreFile: string;
}

export async function makeThrowAwayCa(directory: string): Promise<ThrowAwayCa> {
  const at = (name: string): string => path.join(directory, name);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await run('openssl', ['req', '-x509', ...newKey, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-days', '2', '-subj', '/CN=throw-away CA']);
  for (const [name, subject, names] of [['broker', 'kafka', 'IP:127.0.0.1,DNS:localhost,DNS:kafka.test'], ['client', 'tourniquet', 'DNS:client']] as const) {
    await writeFile(at(`${name}.ext`), `subjectAltName=${names}\n`);
    await run('openssl', ['req', ...newKey, '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`), '-subj', `/CN=${subject}`]);
    await run('openssl', ['x509', '-req', '-in', at(`${name}.csr`), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-out', at(`${name}.pem`), '-days', '2', '-extfile', at(`${name}.ext`)]);
  }
  await writeFile(at('broker-store.pem'), `${await readFile(at('broker.key'), 'utf8')}${await readFile(at('broker.pem'), 'utf8')}`, { mode: 0o600 });
  return { caFile: at('ca.pem'), clientCertificateFile: at('client.pem'), clientKeyFile: at('client.key'), brokerStoreFile: at('broker-store.pem') };
}
