-- title: All that an actor did
-- question: What did this account do, and whose and which data did it touch?
-- control: HIPAA §164.312(b)
-- control: PCI DSS 10.2.1.2
-- control: SOC 2 CC7.2
-- control: SOC 2 CC7.3
-- control: ISO 27001 A.8.15
-- param actor text: the account's name, as the site or "tourniquet person" knows it
-- param sites sites = *: sites to look at
-- param from time = 30d: from when on, by the time of the deed
-- param to time = now: up to but not including
-- order: at time, site text, leaf number
SELECT timestamp AS at, site, leaf, category, action, outcome, how, target_kind, target, records, subjects, classes, fields, role, address, session, key, plugin, destination, region, provenance, received_at
FROM acts
WHERE site IN {sites:Array(String)} AND actor = {actor:String}
  AND timestamp >= {from:DateTime64(3, 'UTC')} AND received_at >= {from:DateTime64(3, 'UTC')} AND least(timestamp, received_at) < {to:DateTime64(3, 'UTC')}
  AND leaf < transform(site, {sealed_sites:Array(String)}, {sealed_sizes:Array(UInt64)}, toUInt64(0))
