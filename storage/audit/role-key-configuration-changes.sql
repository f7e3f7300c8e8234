-- title: Changes of roles, keys and configuration
-- question: Who changed accounts, roles, keys, plugins, settings, files or payment details, on the sites and in this product?
-- control: HIPAA §164.312(b)
-- control: HIPAA §164.308(a)(4)
-- control: PCI DSS 10.2.1.5
-- control: PCI DSS 10.2.1.7
-- control: SOC 2 CC6.2
-- control: SOC 2 CC8.1
-- control: ISO 27001 A.8.9
-- param sites sites = *: sites to look at
-- param from time = 30d: from when on, by the time of the deed
-- param to time = now: up to but not including
-- order: at time, site text, leaf number
SELECT timestamp AS at, site, leaf, category, action, outcome, actor, role, target_kind, target, address, session, key, plugin, provenance
FROM acts
WHERE site IN {sites:Array(String)} AND (category IN ('iam', 'configuration', 'file') OR action IN ('payout-account-changed', 'bank-details-changed'))
  AND site != '_deployment' AND NOT (site = '_system' AND action = 'token-revealed')
  AND timestamp >= {from:DateTime64(3, 'UTC')} AND received_at >= {from:DateTime64(3, 'UTC')} AND least(timestamp, received_at) < {to:DateTime64(3, 'UTC')}
  AND leaf < transform(site, {sealed_sites:Array(String)}, {sealed_sizes:Array(UInt64)}, toUInt64(0))
