-- title: Rules in force
-- question: Which rule set judged the events of which time?
-- control: SOC 2 CC8.1
-- control: PCI DSS 10.4.1
-- control: ISO 27001 A.8.16
-- param from time = 90d: from when on, by the time of the commit
-- param to time = now: up to but not including
-- order: first_at time, rules text
SELECT min(committed_at) AS first_at, toString(rules) AS rules, max(committed_at) AS last_at, count() AS groups, sum(commits.events) AS events_judged, sum(commits.alerts) AS alerts_raised
FROM commits
WHERE committed_at >= {from:DateTime64(3, 'UTC')} AND committed_at < {to:DateTime64(3, 'UTC')}
GROUP BY rules
