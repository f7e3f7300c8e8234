-- title: Bulk reads
-- question: Which account or key, or which address where nobody was logged in, had many records answered within an hour, without an export?
-- control: HIPAA §164.312(b)
-- control: GDPR Art. 32(1)(b)
-- control: PCI DSS 10.2.1.1
-- control: SOC 2 CC7.2
-- control: ISO 27001 A.8.12
-- param sites sites = *: sites to look at
-- param from time = 30d: from when on, by the time of the deed
-- param to time = now: up to but not including
-- param least number = 500: records in an hour
-- order: hour time, site text, actor text, key text, nobody_at text
SELECT toDateTime64(toStartOfHour(timestamp), 3, 'UTC') AS hour, site, actor, key, if(actor = '' AND key = '', address, '') AS nobody_at, count() AS reads, sum(acts.records) AS records_read, sum(acts.subjects) AS persons_named,
  uniqExact(session) AS sessions, arraySort(groupUniqArray(20)(address)) AS addresses, arraySort(groupUniqArrayArray(classes)) AS data_classes, min(timestamp) AS first_at, max(timestamp) AS last_at
FROM acts
WHERE site IN {sites:Array(String)} AND how IN ('view', 'list', 'api')
  AND timestamp >= {from:DateTime64(3, 'UTC')} AND received_at >= {from:DateTime64(3, 'UTC')} AND least(timestamp, received_at) < {to:DateTime64(3, 'UTC')}
  AND leaf < transform(site, {sealed_sites:Array(String)}, {sealed_sizes:Array(UInt64)}, toUInt64(0))
GROUP BY hour, site, actor, key, nobody_at
HAVING records_read >= {least:UInt64}
