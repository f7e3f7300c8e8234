import { isName } from '../../contracts/names.ts';
import { isFormat, isZone } from '../formats/formats.ts';
import type { Frame } from './frame-reader.ts';
import { readMessage } from './message.ts';
import type { SyslogMessage } from './message.ts';
import type { SyslogBatch, SyslogLine, SyslogRefusal, SyslogSink } from './sink.ts';

/** Messages of one read, sorted by where they go. */
export interface SortedFrames {
  readonly batches: readonly SyslogBatch[];
  readonly refusals: readonly SyslogRefusal[];
}

/**
 * Each frame ends in one batch or as one refusal. Frames of a site and stream keep their order. A message whose key holds is of
 * its site, whatever else is wrong with it: then it is put aside there.
 */
export async function sortFrames(frames: readonly Frame[], sink: SyslogSink): Promise<SortedFrames> {
  const batches = new Map<string, { site: string; stream: string; lines: SyslogLine[] }>();
  const refusals: SyslogRefusal[] = [];
  const messages = frames.map((frame) => ({ frame, message: readMessage(frame.bytes) }));
  const sites = await sitesOf(new Set(messages.flatMap(({ message }) => message?.parameters.get('key') ?? [])), sink);
  for (const { frame, message } of messages) {
    const site = siteOf(message, sites);
    if (typeof site === 'object') {
      refusals.push(site.refusal);
      continue;
    }
    // A site was found, so there is a message.
    const { parameters, line } = message!;
    const named = parameters.get('stream') ?? DEFAULT_STREAM;
    const stream = isName(named) ? named : DEFAULT_STREAM;
    const key = `${site}\n${stream}`;
    const batch = batches.get(key) ?? { site, stream, lines: [] };
    batch.lines.push(shapeOf(frame, parameters, line, stream === named));
    batches.set(key, batch);
  }
  return { batches: [...batches.values()], refusals };
}

/** All keys of a read are asked for at once, so that a thousand made-up ones cost no more than one. A key that was replaced ends with the next read. */
async function sitesOf(keys: ReadonlySet<string>, sink: SyslogSink): Promise<ReadonlyMap<string, string | undefined>> {
  return new Map(await Promise.all([...keys].map(async (key) => [key, await sink.siteOfKey(key)] as const)));
}

function siteOf(message: SyslogMessage | undefined, sites: ReadonlyMap<string, string | undefined>): string | { readonly refusal: SyslogRefusal } {
  if (message === undefined) return { refusal: 'not_syslog' };
  const key = message.parameters.get('key');
  if (key === undefined) return { refusal: 'no_credentials' };
  const site = sites.get(key);
  if (site === undefined) return { refusal: 'wrong_key' };
  const named = message.parameters.get('site');
  return named === undefined || named === site ? site : { refusal: 'other_site' };
}

const DEFAULT_STREAM = 'syslog';

function shapeOf(frame: Frame, parameters: ReadonlyMap<string, string>, bytes: Buffer, hasStream: boolean): SyslogLine {
  const format = parameters.get('format') ?? 'ndjson';
  const zone = parameters.get('zone') ?? 'UTC';
  if (!isFormat(format) || !isZone(zone) || !hasStream) return { bytes, reason: 'unknown_format', format: 'ndjson', zone: 'UTC' };
  return frame.isCut ? { bytes, reason: 'too_long', format, zone } : { bytes, format, zone };
}
