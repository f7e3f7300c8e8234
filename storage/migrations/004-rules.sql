-- Matches of Sigma rules and correlations stand beside those of signatures; alerts say how they are grouped for notification;
-- a commit names the whole rule set, not the pack alone. Columns are only added, with what rows and writers of before mean by
-- leaving them out, so that workers of both versions can write for the time of an upgrade.

ALTER TABLE matches ADD COLUMN IF NOT EXISTS engine LowCardinality(String) DEFAULT if(site = '_system', 'correlation', 'pack') AFTER position,
  ADD COLUMN IF NOT EXISTS view LowCardinality(String) AFTER field;

ALTER TABLE matches_probe ADD COLUMN IF NOT EXISTS engine LowCardinality(String) AFTER position,
  ADD COLUMN IF NOT EXISTS view LowCardinality(String) AFTER field;

ALTER TABLE alerts ADD COLUMN IF NOT EXISTS late UInt8 AFTER seq,
  ADD COLUMN IF NOT EXISTS group String AFTER late,
  ADD COLUMN IF NOT EXISTS quiet_s UInt32 AFTER group,
  ADD COLUMN IF NOT EXISTS back_off UInt8 AFTER quiet_s,
  ADD COLUMN IF NOT EXISTS quiet_most_s UInt32 AFTER back_off;

ALTER TABLE alerts_probe ADD COLUMN IF NOT EXISTS late UInt8 AFTER seq,
  ADD COLUMN IF NOT EXISTS group String AFTER late,
  ADD COLUMN IF NOT EXISTS quiet_s UInt32 AFTER group,
  ADD COLUMN IF NOT EXISTS back_off UInt8 AFTER quiet_s,
  ADD COLUMN IF NOT EXISTS quiet_most_s UInt32 AFTER back_off;

ALTER TABLE commits ADD COLUMN IF NOT EXISTS rules LowCardinality(String) DEFAULT pack AFTER derivation;
