-- title: Completeness of what was taken in
-- question: How many lines came in each day, how many were stored, and how many could not be? A log that loses lines is no evidence.
-- control: HIPAA §164.312(b)
-- control: PCI DSS 10.5.1
-- control: PCI DSS 10.7.2
-- control: SOC 2 CC7.2
-- control: ISO 27001 A.8.15
-- param sites sites = *: sites to look at
-- param from time = 30d: from when on, by the time of receipt
-- param to time = now: up to but not including
-- order: day time, site text, provenance text
SELECT toDateTime64(toStartOfDay(received_at), 3, 'UTC') AS day, site, provenance, count() AS blocks, sum(lines) AS lines_in, sum(stored) AS lines_stored, sum(dead) AS dead_letters, sum(masked_spans) AS values_masked
FROM blocks
WHERE site IN {sites:Array(String)} AND received_at >= {from:DateTime64(3, 'UTC')} AND received_at < {to:DateTime64(3, 'UTC')}
  AND first_leaf < transform(site, {sealed_sites:Array(String)}, {sealed_sizes:Array(UInt64)}, toUInt64(0))
GROUP BY day, site, provenance
