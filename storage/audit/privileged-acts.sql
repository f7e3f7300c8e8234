-- title: All that privileged accounts did
-- question: What did accounts with administrative access do?
-- control: PCI DSS 10.2.1.2
-- control: SOC 2 CC6.3
-- control: ISO 27001 A.8.2
-- control: HIPAA §164.308(a)(3)
-- param sites sites = *: sites to look at
-- param from time = 30d: from when on, by the time of the deed
-- param to time = now: up to but not including
-- param roles text = "administrator,super_admin,admin": roles that count, with commas between them
-- order: at time, site text, leaf number
SELECT timestamp AS at, site, leaf, actor, role, category, action, outcome, how, target_kind, target, records, subjects, address, session, key, plugin
FROM acts
WHERE site IN {sites:Array(String)} AND has(arrayMap(name -> trimBoth(name), splitByChar(',', {roles:String})), role)
  AND timestamp >= {from:DateTime64(3, 'UTC')} AND received_at >= {from:DateTime64(3, 'UTC')} AND least(timestamp, received_at) < {to:DateTime64(3, 'UTC')}
  AND leaf < transform(site, {sealed_sites:Array(String)}, {sealed_sizes:Array(UInt64)}, toUInt64(0))
