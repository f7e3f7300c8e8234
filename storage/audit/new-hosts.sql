-- title: Hosts contacted for the first time
-- question: Which hosts did a site or a plugin contact that it never had before, and with which data?
-- control: GDPR Art. 28
-- control: PCI DSS 11.6.1
-- control: SOC 2 CC7.2
-- control: ISO 27001 A.8.16
-- param sites sites = *: sites to look at
-- param from time = 30d: from when on, by the time of the deed
-- param to time = now: up to but not including
-- order: first_at time, site text, destination text
SELECT min(timestamp) AS first_at, site, destination, countIf(least(timestamp, received_at) < {to:DateTime64(3, 'UTC')}) AS deeds, arraySort(groupUniqArray(20)(plugin)) AS plugins, arraySort(groupUniqArray(toString(how))) AS hows,
  sum(acts.subjects) AS persons_named, arraySort(groupUniqArrayArray(classes)) AS data_classes, argMin(leaf, (timestamp, leaf)) AS first_leaf
FROM acts
WHERE site IN {sites:Array(String)} AND destination != '' AND least(timestamp, received_at) < {to:DateTime64(3, 'UTC')}
  AND leaf < transform(site, {sealed_sites:Array(String)}, {sealed_sizes:Array(UInt64)}, toUInt64(0))
GROUP BY site, destination
HAVING first_at >= {from:DateTime64(3, 'UTC')}
