-- title: Alerts
-- question: Which alerts were raised, by which rule, on which event?
-- control: HIPAA §164.308(a)(6)(ii)
-- control: GDPR Art. 33
-- control: PCI DSS 10.4.1
-- control: SOC 2 CC7.3
-- control: SOC 2 CC7.4
-- control: ISO 27001 A.5.25
-- param sites sites = *: sites to look at
-- param from time = 30d: from when on, by the time of the deed
-- param to time = now: up to but not including
-- param level text = "": critical or high only
-- order: at time, site text, id text
SELECT timestamp AS at, site, id, level, title, rule, rule_version, class, field, source_ip AS address, leaf, received_at
FROM alerts
WHERE site IN {sites:Array(String)} AND ({level:String} = '' OR level = {level:String})
  AND timestamp >= {from:DateTime64(3, 'UTC')} AND received_at >= {from:DateTime64(3, 'UTC')} AND least(timestamp, received_at) < {to:DateTime64(3, 'UTC')}
  AND leaf < transform(site, {sealed_sites:Array(String)}, {sealed_sizes:Array(UInt64)}, toUInt64(0))
