-- title: Redactions, erasures and expiries
-- question: What was taken out of the record, by whom and why? What was taken out leaves its hash: the rest still verifies.
-- control: GDPR Art. 17
-- control: GDPR Art. 5(2)
-- control: HIPAA §164.312(c)(1)
-- control: PCI DSS 10.3.2
-- control: ISO 27001 A.8.10
-- role: compliance
-- param from time = 365d: from when on
-- param to time = now: up to but not including
-- order: at time, leaf number
SELECT timestamp AS at, leaf, action, outcome, user_name AS actor, JSONExtractString(line, 'user', 'roles', 1) AS role, source_ip AS address, JSONExtractString(line, 'tourniquet', 'target', 'kind') AS target_kind, JSONExtractString(line, 'tourniquet', 'target', 'name') AS target, JSONExtractString(line, 'tourniquet', 'target', 'site') AS of_site,
  JSONExtractString(line, 'event', 'reason') AS reason, JSONExtractRaw(line, 'tourniquet') AS facts
FROM events
WHERE site = '_system' AND action IN ('event-redacted', 'subject-erased', 'erasures-replayed', 'partition-expired', 'hold-added', 'hold-released', 'backup-made', 'backup-restored')
  AND timestamp >= {from:DateTime64(3, 'UTC')} AND received_at >= {from:DateTime64(3, 'UTC')} AND least(timestamp, received_at) < {to:DateTime64(3, 'UTC')}
  AND leaf < transform(site, {sealed_sites:Array(String)}, {sealed_sizes:Array(UInt64)}, toUInt64(0))
