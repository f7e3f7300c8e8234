-- title: Personal data and secrets in logs
-- question: Where did personal data or secrets stand in what sites logged, such as addresses, referrers and debug logs? It was masked before it was stored.
-- control: GDPR Art. 25
-- control: HIPAA §164.312(e)(1)
-- control: PCI DSS 3.3.1
-- control: ISO 27001 A.8.11
-- param sites sites = *: sites to look at
-- param from time = 30d: from when on, by the time of the deed
-- param to time = now: up to but not including
-- order: day time, site text, class text, field text
SELECT toDateTime64(toStartOfDay(timestamp), 3, 'UTC') AS day, site, class, field, count() AS lines, sum(matches.spans) AS values_masked, min(leaf) AS first_leaf
FROM matches
WHERE site IN {sites:Array(String)} AND engine = 'pack' AND match(class, '^(pii|phi|pci|fin|secret)[.]')
  AND timestamp >= {from:DateTime64(3, 'UTC')} AND received_at >= {from:DateTime64(3, 'UTC')} AND least(timestamp, received_at) < {to:DateTime64(3, 'UTC')}
  AND leaf < transform(site, {sealed_sites:Array(String)}, {sealed_sizes:Array(UInt64)}, toUInt64(0))
GROUP BY day, site, class, field
