-- title: State of retention
-- question: What is kept in which tier since when, and what was dropped by policy?
-- control: GDPR Art. 5(1)(e)
-- control: HIPAA §164.316(b)(2)(i)
-- control: PCI DSS 10.5.1
-- control: ISO 27001 A.8.10
-- param sites sites = *: sites to look at
-- order: month number, tier text, state text, id text
SELECT month, tier, state, id, rows, sites, first_at, last_at
FROM (
  SELECT toYYYYMM(received_at) AS month, toString(tier) AS tier, 'kept' AS state, '' AS id, count() AS rows, uniqExact(site) AS sites, min(received_at) AS first_at, max(received_at) AS last_at
  FROM events
  WHERE site IN {sites:Array(String)} AND leaf < transform(site, {sealed_sites:Array(String)}, {sealed_sizes:Array(UInt64)}, toUInt64(0))
  GROUP BY month, tier
  UNION ALL
  SELECT month, toString(tier) AS tier, 'dropped by policy' AS state, id, expiries.rows AS rows, toUInt64(0) AS sites, expired_at AS first_at, expired_at AS last_at
  FROM expiries)
