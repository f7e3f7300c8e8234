-- title: State of the ledger
-- question: How did each site's log grow, and under which signed checkpoints?
-- control: PCI DSS 10.3.4
-- control: HIPAA §164.312(c)(1)
-- control: SOC 2 CC7.2
-- control: ISO 27001 A.8.15
-- param sites sites = *: sites to look at
-- param from time = 30d: from when on, by the time of the signature
-- param to time = now: up to but not including
-- order: day time, site text
SELECT toDateTime64(toStartOfDay(signed_at), 3, 'UTC') AS day, site, count() AS signed_checkpoints, min(size) AS least_leaves, max(size) AS most_leaves, argMax(root, size) AS newest_root
FROM checkpoints
WHERE site IN {sites:Array(String)} AND signed_at >= {from:DateTime64(3, 'UTC')} AND signed_at < {to:DateTime64(3, 'UTC')}
GROUP BY day, site
