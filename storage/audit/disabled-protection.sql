-- title: Protection that was disabled
-- question: Who switched off a security plugin, logging, the shipper of this product or a hardening of WordPress?
-- control: HIPAA §164.312(b)
-- control: PCI DSS 10.2.1.6
-- control: PCI DSS 10.7.2
-- control: SOC 2 CC7.2
-- control: ISO 27001 A.8.15
-- param sites sites = *: sites to look at
-- param from time = 30d: from when on, by the time of the deed
-- param to time = now: up to but not including
-- param plugins text = "wordfence,better-wp-security,sucuri-scanner,all-in-one-wp-security-and-firewall,wp-simple-firewall,ithemes-security-pro,limit-login-attempts-reloaded,two-factor,wp-2fa,tourniquet": security plugins, with commas between them
-- order: at time, site text, leaf number
SELECT timestamp AS at, site, leaf, action, outcome, actor, role, target_kind, target, plugin, address, session, provenance
FROM acts
WHERE site IN {sites:Array(String)} AND category = 'configuration'
  AND (action IN ('shipping-paused', 'shipping-disabled', 'spool-truncated', 'spool-deleted', 'audit-disabled', 'shipper-key-changed', 'heartbeat-missed')
    OR (action IN ('plugin-deactivated', 'plugin-disabled', 'plugin-deleted') AND has(arrayMap(slug -> trimBoth(slug), splitByChar(',', {plugins:String})), if(plugin != '', plugin, target)))
    OR (action = 'constant-changed' AND target IN ('WP_DEBUG', 'WP_DEBUG_LOG', 'WP_DEBUG_DISPLAY', 'DISALLOW_FILE_EDIT', 'DISALLOW_FILE_MODS', 'DISALLOW_UNFILTERED_HTML', 'FORCE_SSL_ADMIN', 'WP_AUTO_UPDATE_CORE')))
  AND timestamp >= {from:DateTime64(3, 'UTC')} AND received_at >= {from:DateTime64(3, 'UTC')} AND least(timestamp, received_at) < {to:DateTime64(3, 'UTC')}
  AND leaf < transform(site, {sealed_sites:Array(String)}, {sealed_sizes:Array(UInt64)}, toUInt64(0))
