-- title: Who accessed a person's data
-- question: Who saw, changed, exported or sent the data of this person, when, how and from where? Looks behind the person's tokens are among them.
-- control: HIPAA §164.312(b)
-- control: HIPAA §164.528
-- control: GDPR Art. 33(3)
-- control: PCI DSS 10.2.1.1
-- control: SOC 2 CC7.3
-- control: ISO 27001 A.8.15
-- param subject subjects: the person: tokens, or an identifier
-- param sites sites = *: sites to look at
-- param from time = 90d: from when on, by the time of the deed
-- param to time = now: up to but not including
-- order: at time, site text, leaf number, subject text
SELECT timestamp AS at, site, leaf, subject, subject_kind, actor, role, how, action, outcome, address, session, key, plugin, destination, classes, fields, provenance, received_at
FROM accesses
WHERE site IN arrayConcat({sites:Array(String)}, ['_system']) AND subject IN {subject:Array(String)}
  AND timestamp >= {from:DateTime64(3, 'UTC')} AND received_at >= {from:DateTime64(3, 'UTC')} AND least(timestamp, received_at) < {to:DateTime64(3, 'UTC')}
  AND leaf < transform(site, {sealed_sites:Array(String)}, {sealed_sizes:Array(UInt64)}, toUInt64(0))
