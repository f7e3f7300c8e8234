-- title: Looks behind tokens
-- question: Who looked at a value that is masked, or took a key with which tokens can be made, of which site, and why?
-- control: HIPAA §164.312(b)
-- control: GDPR Art. 32(1)(a)
-- control: PCI DSS 10.2.1.1
-- control: SOC 2 CC6.1
-- control: ISO 27001 A.8.11
-- role: compliance
-- param sites sites = *: sites to look at
-- param from time = 30d: from when on, by the time of the deed
-- param to time = now: up to but not including
-- order: at time, leaf number
SELECT timestamp AS at, leaf, action, outcome, user_name AS actor, JSONExtractString(line, 'user', 'roles', 1) AS role, source_ip AS address, JSONExtractString(line, 'tourniquet', 'target', 'site') AS of_site, if(action = 'token-revealed', JSONExtractString(line, 'tourniquet', 'target', 'name'), '') AS token, JSONExtractString(line, 'event', 'reason') AS reason
FROM events
WHERE site = '_system' AND action IN ('token-revealed', 'site-token-key-exported') AND JSONExtractString(line, 'tourniquet', 'target', 'site') IN {sites:Array(String)}
  AND timestamp >= {from:DateTime64(3, 'UTC')} AND received_at >= {from:DateTime64(3, 'UTC')} AND least(timestamp, received_at) < {to:DateTime64(3, 'UTC')}
  AND leaf < transform(site, {sealed_sites:Array(String)}, {sealed_sizes:Array(UInt64)}, toUInt64(0))
