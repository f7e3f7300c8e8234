-- title: Failed and odd log-ins
-- question: Who failed to log in, and which log-ins came from a place or device that the account had not used before? Refused tokens of this product are among them.
-- control: HIPAA §164.312(b)
-- control: HIPAA §164.308(a)(5)(ii)(C)
-- control: PCI DSS 10.2.1.4
-- control: SOC 2 CC6.1
-- control: ISO 27001 A.8.5
-- param sites sites = *: sites to look at
-- param from time = 30d: from when on, by the time of the deed
-- param to time = now: up to but not including
-- order: at time, site text, leaf number
SELECT timestamp AS at, site, leaf, action, outcome, user_name AS actor, source_ip AS address, place, device, failures_of_address, user_agent, received_at
FROM (
  SELECT timestamp, site, leaf, action, outcome, user_name, source_ip, user_agent, received_at,
    concat(JSONExtractString(line, 'wordpress', 'actor', 'place'), JSONExtractString(line, 'wordpress.actor.place')) AS place,
    concat(JSONExtractString(line, 'wordpress', 'actor', 'device'), JSONExtractString(line, 'wordpress.actor.device')) AS device,
    countIf(outcome = 'failure') OVER (PARTITION BY site, source_ip) AS failures_of_address
  FROM events
  WHERE site IN {sites:Array(String)} AND category = 'authentication' AND provenance IN ('plugin', 'system')
    AND timestamp >= {from:DateTime64(3, 'UTC')} AND received_at >= {from:DateTime64(3, 'UTC')} AND least(timestamp, received_at) < {to:DateTime64(3, 'UTC')}
    AND leaf < transform(site, {sealed_sites:Array(String)}, {sealed_sizes:Array(UInt64)}, toUInt64(0)))
WHERE outcome = 'failure' OR place = 'new' OR device = 'new' OR action = 'xmlrpc-multicall'
