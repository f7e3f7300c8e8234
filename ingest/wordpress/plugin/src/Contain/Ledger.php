<?php

declare(strict_types=1);

namespace Tourniquet\Contain;

use Tourniquet\Spool\PrivateFile;

/**
 * Which commands were taken. It lies both beside the spool and in the database, and the higher counter of the two counts: a
 * restored database replays nothing, nor does a deleted spool.
 *
 * @phpstan-type Entry array{counter: int, action: string, target: string, enforce: bool, at: int, state: string, reason: string}
 */
final class Ledger
{
    public const OPTION = 'tourniquet_commands';
    private const FILE = '/commands.json';
    private const KEPT = 30;

    private string $directory;
    private int $highest;
    /** @var list<int> Unix seconds at which commands were carried out, of the last hour */
    private array $carriedOut;
    /** @var list<int> likewise, of refusals told on the log */
    private array $refused;
    /** @var array<int, Entry> by counter, the newest last */
    private array $entries;

    private function __construct(string $directory, int $highest, array $carriedOut, array $refused, array $entries)
    {
        $this->directory = $directory;
        $this->highest = $highest;
        $this->carriedOut = array_values(array_filter($carriedOut, 'is_int'));
        $this->refused = array_values(array_filter($refused, 'is_int'));
        $this->entries = $entries;
    }

    public static function load(string $directory): self
    {
        $stored = get_site_option(self::OPTION, []);
        $stored = is_array($stored) ? $stored : [];
        $file = $directory . self::FILE;
        $beside = is_file($file) ? json_decode((string) @file_get_contents($file), true) : [];
        $beside = is_array($beside) ? $beside : [];
        $newer = (int) ($beside['highest'] ?? 0) > (int) ($stored['highest'] ?? 0) ? $beside : $stored;
        return new self(
            $directory,
            max((int) ($stored['highest'] ?? 0), (int) ($beside['highest'] ?? 0)),
            (array) ($newer['carried_out'] ?? []),
            (array) ($newer['refused'] ?? []),
            is_array($newer['entries'] ?? null) ? $newer['entries'] : []
        );
    }

    public function highest(): int
    {
        return $this->highest;
    }

    /** @return array<int, Entry> by counter, the newest first */
    public function entries(): array
    {
        return array_reverse($this->entries, true);
    }

    public function carriedOutSince(int $from): int
    {
        return count(array_filter($this->carriedOut, static fn(int $at): bool => $at > $from));
    }

    /** Whether a refusal may still be told: who floods us with nonsense shall not flood the log. */
    public function mayTellRefusal(int $now, int $most): bool
    {
        $this->refused = array_values(array_filter($this->refused, static fn(int $at): bool => $at > $now - 3600 && $at <= $now));
        if (count($this->refused) >= $most) {
            return false;
        }
        $this->refused[] = $now;
        return $this->save();
    }

    /** From here on the counter is spent. False when that could be kept nowhere: then it must not be carried out. */
    public function take(Command $command, string $target, int $now): bool
    {
        $this->highest = max($this->highest, $command->counter);
        $this->entries[$command->counter] = [
            'counter' => $command->counter,
            'action' => $command->action,
            'target' => $target,
            'enforce' => $command->enforce,
            'at' => $now,
            'state' => 'taken',
            'reason' => '',
        ];
        $this->entries = array_slice($this->entries, -self::KEPT, null, true);
        return $this->save();
    }

    public function carryOut(int $now): void
    {
        $this->carriedOut = array_values(array_filter($this->carriedOut, static fn(int $at): bool => $at > $now - 3600 && $at <= $now));
        $this->carriedOut[] = $now;
        $this->save();
    }

    /** `$state`: `planned`, `applied`, `refused`, `undone` or `expired`. */
    public function note(int $counter, string $state, string $reason = ''): void
    {
        if (isset($this->entries[$counter])) {
            $this->entries[$counter]['state'] = $state;
            $this->entries[$counter]['reason'] = $reason;
            $this->save();
        }
    }

    private function save(): bool
    {
        $state = ['highest' => $this->highest, 'carried_out' => $this->carriedOut, 'refused' => $this->refused, 'entries' => $this->entries];
        $beside = PrivateFile::replace($this->directory . self::FILE, (string) json_encode($state, JSON_INVALID_UTF8_SUBSTITUTE));
        // Loaded on demand alone: pages need only the measures in force.
        $stored = is_multisite() ? update_site_option(self::OPTION, $state) : update_option(self::OPTION, $state, false);
        return $beside || $stored;
    }
}
