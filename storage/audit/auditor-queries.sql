-- title: Queries of auditors
-- question: Who asked this product which question, about whom and which sites, and why?
-- control: HIPAA §164.312(b)
-- control: PCI DSS 10.2.1.3
-- control: SOC 2 CC7.2
-- control: ISO 27001 A.8.34
-- role: compliance
-- param from time = 30d: from when on
-- param to time = now: up to but not including
-- param actor text = "": of this person only
-- order: at time, leaf number
SELECT timestamp AS at, leaf, action, outcome, user_name AS actor, JSONExtractString(line, 'user', 'roles', 1) AS role, source_ip AS address, JSONExtractString(line, 'tourniquet', 'target', 'name') AS query, if(JSONHas(line, 'tourniquet', 'parameters'), JSONExtractRaw(line, 'tourniquet', 'parameters'), JSONExtractRaw(line, 'tourniquet')) AS parameters, JSONExtractString(line, 'tourniquet', 'identifier') AS identifier_kind,
  JSONExtractString(line, 'event', 'reason') AS reason, JSONExtractString(line, 'tourniquet', 'query_sha256') AS query_sha256
FROM events
WHERE site = '_system' AND action IN ('audit-query-run', 'scope-computed', 'statement-made', 'bundle-written') AND ({actor:String} = '' OR user_name = {actor:String})
  AND timestamp >= {from:DateTime64(3, 'UTC')} AND received_at >= {from:DateTime64(3, 'UTC')} AND least(timestamp, received_at) < {to:DateTime64(3, 'UTC')}
  AND leaf < transform(site, {sealed_sites:Array(String)}, {sealed_sizes:Array(UInt64)}, toUInt64(0))
