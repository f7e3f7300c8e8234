-- title: Reads outside of the habit
-- question: Who read or exported more than they used to, at hours they never did, or from addresses they never used? Each account and key is compared with its own earlier days.
-- control: HIPAA §164.312(b)
-- control: HIPAA §164.308(a)(1)(ii)(D)
-- control: PCI DSS 10.4.1
-- control: SOC 2 CC7.2
-- control: ISO 27001 A.8.16
-- param sites sites = *: sites to look at
-- param from time = 7d: from when on, by the time of the deed
-- param to time = now: up to but not including
-- param habit number = 30: days before that are the habit
-- param known number = 5: days of them with reads that make a habit
-- param factor number = 3: times the most records of a day before that are unusual
-- param least number = 50: records of a day below which nothing is unusual by volume
-- order: day time, site text, actor text, key text
SELECT day, site, actor, key, reads, records, days_before, most_before, new_hours, new_addresses, why
FROM (
  SELECT present.day AS day, present.site AS site, present.actor AS actor, present.key AS key, present.reads AS reads, present.records AS records,
    past.days_before AS days_before, past.most_before AS most_before,
    if(days_before >= {known:UInt64}, arraySort(arrayFilter(hour -> NOT arrayExists(known -> least(abs(hour - known), 24 - abs(hour - known)) <= 1, past.hours_before), present.hours)), []) AS new_hours,
    if(days_before >= {known:UInt64}, arraySort(arrayFilter((address, nth) -> nth = 1 AND address != '', present.addresses, arraySlice(arrayEnumerateUniq(arrayConcat(past.addresses_before, present.addresses)), length(past.addresses_before) + 1))), []) AS new_addresses,
    arrayConcat(
      if(days_before < {known:UInt64} AND records >= {least:UInt64}, ['no habit yet'], []),
      if(days_before >= {known:UInt64} AND records >= {least:UInt64} AND records > {factor:UInt64} * most_before, ['volume'], []),
      if(notEmpty(new_hours), ['hour'], []),
      if(notEmpty(new_addresses), ['address'], [])) AS why
  FROM (
    SELECT toDateTime64(toStartOfDay(timestamp), 3, 'UTC') AS day, site, actor, key, count() AS reads, sum(records) AS records,
      groupUniqArray(24)(toInt16(toHour(timestamp))) AS hours, groupUniqArray(100)(address) AS addresses
    FROM acts
    WHERE site IN {sites:Array(String)} AND (actor != '' OR key != '') AND how IN ('view', 'list', 'api', 'export', 'download', 'backup')
      AND timestamp >= {from:DateTime64(3, 'UTC')} AND received_at >= {from:DateTime64(3, 'UTC')} AND least(timestamp, received_at) < {to:DateTime64(3, 'UTC')}
      AND leaf < transform(site, {sealed_sites:Array(String)}, {sealed_sizes:Array(UInt64)}, toUInt64(0))
    GROUP BY day, site, actor, key) AS present
  LEFT JOIN (
    SELECT site, actor, key, count() AS days_before, max(day_records) AS most_before, groupUniqArrayArray(day_hours) AS hours_before, groupUniqArrayArray(day_addresses) AS addresses_before
    FROM (
      SELECT site, actor, key, toStartOfDay(timestamp) AS day, sum(records) AS day_records,
        groupUniqArray(24)(toInt16(toHour(timestamp))) AS day_hours, groupUniqArray(100)(address) AS day_addresses
      FROM acts
      WHERE site IN {sites:Array(String)} AND (actor != '' OR key != '') AND how IN ('view', 'list', 'api', 'export', 'download', 'backup')
        AND timestamp >= subtractDays({from:DateTime64(3, 'UTC')}, {habit:UInt64}) AND timestamp < {from:DateTime64(3, 'UTC')}
        AND leaf < transform(site, {sealed_sites:Array(String)}, {sealed_sizes:Array(UInt64)}, toUInt64(0))
      GROUP BY site, actor, key, day)
    GROUP BY site, actor, key) AS past ON past.site = present.site AND past.actor = present.actor AND past.key = present.key)
WHERE notEmpty(why)
