import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { formatEnrolment } from '../../contracts/site.ts';
import { FORMATS, isFormat, isZone } from '../../ingest/formats/formats.ts';
import type { Format } from '../../ingest/formats/formats.ts';
import type { SendResult } from '../../ingest/shipper/send-result.ts';
import { openShipper } from '../../ingest/shipper/shipper.ts';
import { addEnrolment } from '../../ingest/sites/site-admin.ts';
import { loadConfig } from '../config/config.ts';
import { openEventLog } from '../event-log.ts';
import { gatewayAddress } from '../gateway-address.ts';
import { homeAt } from '../home.ts';
import type { Home } from '../home.ts';
import { createProgress } from '../progress.ts';
import { hasSecrets } from '../secret-files.ts';
import { UsageError } from '../usage-error.ts';

export interface SendCommandOptions {
  readonly site: string;
  readonly stream?: string;
  readonly format: string;
  readonly zone?: string;
  readonly enrolment?: string;
  readonly final?: true;
  readonly json?: true;
}

function formatOf(text: string): Format | 'auto' {
  if (text === 'auto' || isFormat(text)) return text;
  throw new UsageError(`there is no format "${text}"; the formats are auto, ${FORMATS.join(', ')}`);
}

/** A stream of its own for each kind of log, so that chains do not mix. */
function streamOf(file: string, options: SendCommandOptions): string {
  if (options.stream !== undefined) return options.stream;
  if (options.format !== 'auto') return options.format;
  const name = path.basename(file).toLowerCase().replace(/[^a-z0-9._-]/g, '-').replace(/^[^a-z0-9]+/, '').slice(0, 64);
  return file === '-' || name === '' ? 'stdin' : name;
}

function isEnrolled(identityFile: string): boolean {
  return existsSync(identityFile) && readFileSync(identityFile, 'utf8').includes('"enrolled"');
}

/** On the instance's own machine its owner needs no enrolment line: a new one is made and used up at once. */
async function localEnrolment(home: Home, site: string): Promise<string | undefined> {
  if (isEnrolled(path.join(home.shippers, site, 'identity.json')) || !hasSecrets(home)) return undefined;
  const config = loadConfig();
  await using log = await openEventLog(config, home);
  return formatEnrolment(site, await addEnrolment(log.registry, site, Date.now), gatewayAddress(config, home));
}

function summary(file: string, site: string, stream: string, r: SendResult): string {
  if (r.blocks === 0) return `${file}: nothing new; all ${r.alreadySentBytes} bytes were sent before\n`;
  const dead = r.deadLetters === 0 ? '' : `, ${r.deadLetters} unusable lines went to the dead letters`;
  const skipped = r.skippedBytes === 0 ? '' : `, ${r.skippedBytes} bytes of overlong lines were left out`;
  const rest = (r.totalBytes ?? 0) - r.alreadySentBytes - r.bytes;
  const torn = rest > 0 ? `; the last ${rest} bytes have no line feed yet (send them with --final)` : '';
  return `${file}: ${r.events} events in ${r.blocks} blocks to ${site}/${stream}, acknowledged${dead}${skipped}${torn}\n`;
}

async function sendOne(file: string, enrolment: string | undefined, options: SendCommandOptions, signal: AbortSignal): Promise<void> {
  const stream = streamOf(file, options);
  const home = homeAt();
  const gatewayUrl = options.enrolment === undefined && hasSecrets(home) ? gatewayAddress(loadConfig(), home) : undefined;
  await using shipper = await openShipper({
    directory: home.shippers,
    site: options.site,
    stream,
    ...(gatewayUrl === undefined ? {} : { gatewayUrl }),
    ...(enrolment === undefined ? {} : { enrolment }),
  });
  const progress = createProgress(file === '-' ? 'stdin' : file);
  const result = await shipper.sendFile(file === '-' ? process.stdin : file, {
    format: formatOf(options.format),
    ...(options.zone === undefined ? {} : { zone: options.zone }),
    final: options.final === true || file === '-',
    signal,
    onProgress: (r) => progress.update(r.alreadySentBytes + r.bytes, r.totalBytes ?? 0, `${r.events + r.deadLetters} lines`),
  });
  progress.end();
  if (options.json === true) process.stdout.write(`${JSON.stringify({ file, site: options.site, stream, ...result })}\n`);
  else process.stdout.write(summary(file, options.site, stream, result));
}

export async function send(files: readonly string[], options: SendCommandOptions): Promise<number> {
  formatOf(options.format);
  if (options.zone !== undefined && !isZone(options.zone)) throw new UsageError(`there is no time zone "${options.zone}"; it is a name as in Europe/Berlin, or an offset as in +01:00`);
  const missing = files.filter((f) => f !== '-' && !existsSync(f));
  if (missing.length > 0) throw new UsageError(`there is no file ${missing.join(', ')}`);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new Error('stopped; what was not acknowledged is sent next time')));
  const enrolment = options.enrolment ?? (await localEnrolment(homeAt(), options.site));
  for (const file of files) await sendOne(file, enrolment, options, stop.signal);
  return 0;
}
