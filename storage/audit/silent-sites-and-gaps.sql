-- title: Silent sites and gaps
-- question: Where are lines missing from a chain, and when did a stream say nothing for longer than it should? Whatever happened there is not on record.
-- control: HIPAA §164.312(b)
-- control: PCI DSS 10.7.2
-- control: PCI DSS 10.7.3
-- control: SOC 2 CC7.2
-- control: ISO 27001 A.8.15
-- param sites sites = *: sites to look at
-- param from time = 30d: from when on, by the time of receipt
-- param to time = now: up to but not including
-- param silence number = 24: hours without a block that count as silence
-- order: at time, site text, stream text, kind text, epoch number, from_seq number
SELECT at, site, stream, kind, epoch, from_seq, to_seq, until, hours
FROM (
  SELECT min(received_at) AS at, site, stream, transform(argMax(state, (received_at, position)), ['open', 'lost'], ['gap', 'lost for good'], 'gap, closed since') AS kind, epoch, from_seq, to_seq,
    max(received_at) AS until, toFloat64(0) AS hours
  FROM gaps
  WHERE site IN {sites:Array(String)}
  GROUP BY site, stream, epoch, from_seq, to_seq
  UNION ALL
  SELECT before AS at, site, stream, 'silence' AS kind, toUInt32(0) AS epoch, toUInt64(0) AS from_seq, toUInt64(0) AS to_seq, received_at AS until, round((toUnixTimestamp64Milli(until) - toUnixTimestamp64Milli(at)) / 3600000, 1) AS hours
  FROM (
    SELECT site, stream, received_at, lagInFrame(received_at, 1, received_at) OVER (PARTITION BY site, stream ORDER BY received_at ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS before
    FROM (
      SELECT site, stream, received_at FROM blocks WHERE site IN {sites:Array(String)} AND NOT startsWith(site, '_') AND received_at < {to:DateTime64(3, 'UTC')}
      UNION ALL
      SELECT site, stream, {to:DateTime64(3, 'UTC')} AS received_at FROM blocks WHERE site IN {sites:Array(String)} AND NOT startsWith(site, '_') AND blocks.received_at < {to:DateTime64(3, 'UTC')} GROUP BY site, stream))
  WHERE hours >= {silence:UInt64})
WHERE until >= {from:DateTime64(3, 'UTC')} AND at < {to:DateTime64(3, 'UTC')}
