-- title: Record of processing
-- question: Which categories of personal data are processed how, by which plugin, and to whom do they go? Observed, not declared: compare it with your record under GDPR Art. 30.
-- control: GDPR Art. 30(1)
-- control: GDPR Art. 35
-- control: ISO 27001 A.5.9
-- param sites sites = *: sites to look at
-- param from time = 90d: from when on, by the time of the deed
-- param to time = now: up to but not including
-- order: site text, class text, how text, destination text, region text, plugin text
SELECT site, arrayJoin(classes) AS class, how, destination, region, plugin, count() AS deeds, sum(acts.records) AS records_touched, arraySort(groupUniqArray(20)(toString(role))) AS roles, min(timestamp) AS first_at, max(timestamp) AS last_at
FROM acts
WHERE site IN {sites:Array(String)} AND how != '' AND notEmpty(classes)
  AND timestamp >= {from:DateTime64(3, 'UTC')} AND received_at >= {from:DateTime64(3, 'UTC')} AND least(timestamp, received_at) < {to:DateTime64(3, 'UTC')}
  AND leaf < transform(site, {sealed_sites:Array(String)}, {sealed_sizes:Array(UInt64)}, toUInt64(0))
GROUP BY site, class, how, destination, region, plugin
