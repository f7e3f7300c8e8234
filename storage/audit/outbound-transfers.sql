-- title: Transfers out of the region
-- question: Which data left the region by a call, a mail or a prompt, to which host, from which plugin?
-- control: GDPR Art. 44
-- control: GDPR Art. 30(1)(e)
-- control: HIPAA §164.312(e)(1)
-- control: ISO 27001 A.5.14
-- param sites sites = *: sites to look at
-- param from time = 30d: from when on, by the time of the deed
-- param to time = now: up to but not including
-- param inside text = "inside": regions that do not count as out, with commas between them
-- order: at time, site text, leaf number
SELECT timestamp AS at, site, leaf, destination, region, how, plugin, actor, role, action, outcome, records, subjects, classes, fields
FROM acts
WHERE site IN {sites:Array(String)} AND how IN ('outbound', 'mail', 'ai', 'backup') AND region != '' AND NOT has(arrayMap(region -> trimBoth(region), splitByChar(',', {inside:String})), region)
  AND timestamp >= {from:DateTime64(3, 'UTC')} AND received_at >= {from:DateTime64(3, 'UTC')} AND least(timestamp, received_at) < {to:DateTime64(3, 'UTC')}
  AND leaf < transform(site, {sealed_sites:Array(String)}, {sealed_sizes:Array(UInt64)}, toUInt64(0))
