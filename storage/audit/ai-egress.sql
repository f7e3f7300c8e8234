-- title: Data sent to AI
-- question: Which prompts went to which model, from which plugin, with whose and which data?
-- control: HIPAA §164.312(b)
-- control: GDPR Art. 28
-- control: GDPR Art. 44
-- control: SOC 2 CC6.7
-- control: ISO 27001 A.8.12
-- param sites sites = *: sites to look at
-- param from time = 30d: from when on, by the time of the deed
-- param to time = now: up to but not including
-- param personal number = 0: 1 for those with personal data only
-- order: at time, site text, leaf number
SELECT timestamp AS at, site, leaf, destination, region, plugin, actor, role, action, outcome, records, subjects, classes, fields, address, session
FROM acts
WHERE site IN {sites:Array(String)} AND how = 'ai' AND ({personal:UInt64} = 0 OR subjects > 0 OR notEmpty(classes))
  AND timestamp >= {from:DateTime64(3, 'UTC')} AND received_at >= {from:DateTime64(3, 'UTC')} AND least(timestamp, received_at) < {to:DateTime64(3, 'UTC')}
  AND leaf < transform(site, {sealed_sites:Array(String)}, {sealed_sizes:Array(UInt64)}, toUInt64(0))
