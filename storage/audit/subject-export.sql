-- title: What is on record about the use of a person's data
-- question: Which categories of this person's data were used for what, and to whom did they go? For an answer under GDPR Art. 15: recipients by role, not by name.
-- control: GDPR Art. 15(1)(b)-(d)
-- control: HIPAA §164.528
-- role: compliance
-- param subject subjects: the person: tokens, or an identifier
-- param sites sites = *: sites to look at
-- param from time = 365d: from when on, by the time of the deed
-- param to time = now: up to but not including
-- order: site text, how text, destination text, role text, plugin text
SELECT site, how, destination, role, plugin, count() AS deeds, min(timestamp) AS first_at, max(timestamp) AS last_at,
  arraySort(groupUniqArrayArray(classes)) AS data_classes, arraySort(groupUniqArrayArray(fields)) AS data_fields
FROM accesses
WHERE site IN {sites:Array(String)} AND subject IN {subject:Array(String)}
  AND timestamp >= {from:DateTime64(3, 'UTC')} AND received_at >= {from:DateTime64(3, 'UTC')} AND least(timestamp, received_at) < {to:DateTime64(3, 'UTC')}
  AND leaf < transform(site, {sealed_sites:Array(String)}, {sealed_sizes:Array(UInt64)}, toUInt64(0))
GROUP BY site, how, destination, role, plugin
