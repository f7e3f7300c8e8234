-- title: Exports, backups and downloads
-- question: Which data left in bulk as a file, who took it, and how many records?
-- control: HIPAA §164.312(b)
-- control: GDPR Art. 32(1)(b)
-- control: PCI DSS 10.2.1.1
-- control: SOC 2 CC6.7
-- control: ISO 27001 A.8.12
-- param sites sites = *: sites to look at
-- param from time = 30d: from when on, by the time of the deed
-- param to time = now: up to but not including
-- param actor text = "": of this account only
-- order: at time, site text, leaf number
SELECT timestamp AS at, site, leaf, actor, role, how, action, outcome, records, subjects, classes, fields, target, address, session, key, plugin, destination, batch
FROM acts
WHERE site IN {sites:Array(String)} AND how IN ('export', 'download', 'backup') AND ({actor:String} = '' OR actor = {actor:String})
  AND timestamp >= {from:DateTime64(3, 'UTC')} AND received_at >= {from:DateTime64(3, 'UTC')} AND least(timestamp, received_at) < {to:DateTime64(3, 'UTC')}
  AND leaf < transform(site, {sealed_sites:Array(String)}, {sealed_sizes:Array(UInt64)}, toUInt64(0))
