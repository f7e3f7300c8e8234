import { isIP } from 'node:net';
import type { Alert } from '../contracts/alert.ts';
import type { Level } from '../contracts/pack.ts';

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

/** An alert as an OCSF 1.8.0 Detection Finding (class 2004). It names the event by site and leaf and quotes nothing of it. */
export function detectionFinding(alert: Alert, options: FindingOptions): Readonly<Record<string, unknown>> {
  const [severityId, severity] = SEVERITY[alert.level];
  return {
    activity_id: 1,
    activity_name: 'Create',
    category_uid: 2,
    category_name: 'Findings',
    class_uid: 2004,
    class_name: 'Detection Finding',
    type_uid: 200401,
    type_name: 'Detection Finding: Create',
    severity_id: severityId,
    severity,
    status_id: 1,
    status: 'New',
    time: alert.timestamp,
    is_alert: true,
    message: alert.title,
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
    },
    resources: [{ uid: alert.site, name: alert.site, type: 'WordPress site', role_id: 3, role: 'Affected' }],
    evidences: [{
      uid: `${alert.site}/${alert.leaf}`,
      data: { site: alert.site, leaf: alert.leaf, stream: alert.stream, epoch: alert.epoch, seq: alert.seq, field: alert.field },
      ...(options.includeAddresses && isIP(alert.source_ip) !== 0 ? { src_endpoint: { ip: alert.source_ip } } : {}),
    }],
  };
}
