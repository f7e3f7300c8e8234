import { isIP } from 'node:net';
import type { Alert } from '../contracts/alert.ts';
import type { Level } from '../contracts/pack.ts';
import type { Summary } from './quiet-group.ts';

const SEVERITY: Readonly<Record<Level, readonly [number, string]>> = {
  informational: [1, 'Informational'],
  low: [2, 'Low'],
  medium: [3, 'Medium'],
  high: [4, 'High'],
  critical: [5, 'Critical'],
};

export interface FindingOptions {
  readonly productVersion: string;
  /** Adds the source's address, which can be personal data. */
  readonly includeAddresses: boolean;
}

const CREATE = { activity_id: 1, activity_name: 'Create', type_uid: 200401, type_name: 'Detection Finding: Create' } as const;
const UPDATE = { activity_id: 2, activity_name: 'Update', type_uid: 200402, type_name: 'Detection Finding: Update' } as const;

/** Of an alert that came behind its time, so that nobody takes it for something that happens now. */
function lateness(alert: Alert): { readonly suffix: string; readonly labels: object } {
  return alert.late === 1 ? { suffix: ' (late: its events arrived after their time)', labels: { labels: ['late'] } } : { suffix: '', labels: {} };
}

/**
 * An alert as an OCSF 1.8.0 Detection Finding (class 2004). It names the event by site and leaf and quotes nothing of it.
 * Findings of one group share `metadata.correlation_uid`.
 */
export function detectionFinding(alert: Alert, options: FindingOptions) {
  const [severityId, severity] = SEVERITY[alert.level];
  const { suffix, labels } = lateness(alert);
  return {
    ...CREATE,
    category_uid: 2,
    category_name: 'Findings',
    class_uid: 2004,
    class_name: 'Detection Finding',
    severity_id: severityId,
    severity,
    status_id: 1,
    status: 'New',
    time: alert.timestamp,
    is_alert: true,
    message: `${alert.title}${suffix}`,
    finding_info: {
      uid: alert.id,
      title: alert.title,
      created_time: alert.received_at,
      first_seen_time: alert.timestamp,
      last_seen_time: alert.timestamp,
      types: [alert.class],
      analytic: { type_id: 1, type: 'Rule', uid: alert.rule, name: alert.title, version: alert.rule_version },
    },
    metadata: {
      version: '1.8.0',
      product: { name: 'Tourniquet', vendor_name: 'Tourniquet', version: options.productVersion },
      uid: alert.id,
      log_name: alert.stream,
      logged_time: alert.received_at,
      ...(alert.group === '' ? {} : { correlation_uid: alert.group }),
      ...labels,
    },
    resources: [{ uid: alert.site, name: alert.site, type: 'WordPress site', role_id: 3, role: 'Affected' }],
    evidences: [{
      uid: `${alert.site}/${alert.leaf}`,
      data: { site: alert.site, leaf: alert.leaf, stream: alert.stream, epoch: alert.epoch, seq: alert.seq, field: alert.field },
      ...(options.includeAddresses && isIP(alert.source_ip) !== 0 ? { src_endpoint: { ip: alert.source_ip } } : {}),
    }],
  };
}

/**
 * Alerts that were held while their group was quiet, as an update of the finding that opened the group: how many, when,
 * the ids of the first, and the evidence of the first.
 */
export function summaryFinding({ id, opened, held }: Summary, options: FindingOptions) {
  const { first, count, late, ids, firstSeenMs, lastSeenMs, receivedAtMs } = held;
  const finding = detectionFinding({ ...first, late: 0 }, options);
  return {
    ...finding,
    ...UPDATE,
    time: lastSeenMs,
    start_time: firstSeenMs,
    end_time: lastSeenMs,
    count,
    message: `${first.title}: ${count} more${late === 0 ? '' : `, ${late} of them late`}`,
    finding_info: {
      ...finding.finding_info,
      uid: opened.id,
      created_time: opened.receivedAtMs,
      modified_time: receivedAtMs,
      first_seen_time: firstSeenMs,
      last_seen_time: lastSeenMs,
      related_events_count: count,
      related_events: ids.map((uid) => ({ uid, type_uid: CREATE.type_uid })),
    },
    metadata: { ...finding.metadata, uid: id, logged_time: receivedAtMs, ...(late === 0 ? {} : { labels: ['late'] }) },
  };
}
