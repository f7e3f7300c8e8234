<?php

declare(strict_types=1);

namespace Tourniquet\Contain;

use Tourniquet\Guarded;
use Tourniquet\Record\Journal;
use Tourniquet\Record\Redactor;
use Tourniquet\Settings;
use Tourniquet\Spool\Spool;

/** Signed commands: taken once each, checked, told on the log before and after. What they put in force is held by `Force`. */
final class Containment
{
    private const MOST_AN_HOUR = 20;
    private const REFUSALS_AN_HOUR = 60;
    private const MOST_AT_ONCE = 200;
    /** Words of a refusal that leave the counter as it is: anybody could have written the command. */
    private const STRANGERS = ['malformed', 'wrong-site', 'unknown-key', 'bad-signature'];

    private Journal $journal;
    private Settings $settings;
    private Spool $spool;
    private Force $force;

    public function __construct(Journal $journal, Settings $settings, Spool $spool)
    {
        $this->journal = $journal;
        $this->settings = $settings;
        $this->spool = $spool;
        $this->force = new Force($journal, $settings, $spool);
    }

    public function register(): void
    {
        $this->force->register();
    }

    public function force(): Force
    {
        return $this->force;
    }

    /** The highest counter taken: what `GET /v1/orders` is asked for after. */
    public function highest(): int
    {
        return $this->ledger()->highest();
    }

    public function ledger(): Ledger
    {
        return Ledger::load($this->directory());
    }

    private function directory(): string
    {
        return $this->spool->place()->directory();
    }

    public function undoByOwner(int $counter): bool
    {
        return Alone::run($this->directory(), function () use ($counter): void {
            $this->force->end($counter, 'containment-undone', 'owner');
            $this->ledger()->note($counter, 'undone', 'owner');
        }, 2.0);
    }

    /**
     * What came in an answer to `GET /v1/orders`. Never throws.
     *
     * @param list<array<string, mixed>> $commands
     */
    public function take(array $commands): void
    {
        if ($commands === []) {
            return;
        }
        // Where another process takes some just now, orders come again.
        Alone::run($this->directory(), function () use ($commands): void {
            $ledger = $this->ledger();
            foreach (array_slice(self::inOrder($commands), 0, self::MOST_AT_ONCE) as $given) {
                $this->judge($given, $ledger);
            }
        });
    }

    /** @param mixed $given */
    private function judge($given, Ledger $ledger): void
    {
        $now = time();
        $identity = $this->spool->identity();
        $command = Command::parse($given);
        $reason = $command === null ? 'malformed' : $command->refusal($identity->site(), $identity->commandKey(), $ledger->highest(), $now * 1000);
        if ($command === null || $reason !== null) {
            // A command taken before comes again until it has expired: that is no attack, and is not told each time.
            $isOld = $command !== null && !in_array($reason, self::STRANGERS, true) && isset($ledger->entries()[$command->counter]);
            if (!$isOld && $ledger->mayTellRefusal($now, self::REFUSALS_AN_HOUR)) {
                $this->tell('containment-refused', in_array($reason, self::STRANGERS, true) ? null : $command, (string) $reason);
            }
            return;
        }
        $act = $this->force->act($command->action);
        $name = $act === null ? '' : $act->named($command->target);
        $fields = $act === null ? [] : ['wordpress.target.kind' => $act->kind(), 'wordpress.target.name' => $name];
        if (!$ledger->take($command, $name, $now)) {
            $this->tell('containment-refused', $command, 'not-kept', $fields);
            return;
        }
        $this->tell('containment-received', $command, '', $fields);
        if ($command->action === Command::UNDO) {
            $this->undo($command, $ledger);
            return;
        }
        if ($ledger->carriedOutSince($now - 3600) >= self::MOST_AN_HOUR) {
            $this->refuse($command, $ledger, 'rate-cap', $fields);
            return;
        }
        $this->carryOut($command, $ledger, $fields);
    }

    /** @param array<string, mixed> $fields */
    private function carryOut(Command $command, Ledger $ledger, array $fields): void
    {
        $refusal = $this->force->refusal($command);
        if ($refusal !== null) {
            $this->refuse($command, $ledger, $refusal, $fields);
            return;
        }
        // A policy is the security team's settings, and holds no less where containment is tried out.
        $isArmed = $command->action === Command::SET_POLICY || $this->settings->get('containment') === 'enforce';
        if (!$command->enforce || !$isArmed) {
            $reason = $command->enforce ? 'site-in-dry-run' : '';
            $ledger->note($command->counter, 'planned', $reason);
            $this->tell('containment-planned', $command, $reason, $fields);
            return;
        }
        $ledger->carryOut(time());
        $this->tell('containment-started', $command, '', $fields);
        try {
            $this->force->begin($command, (string) $fields['wordpress.target.name']);
        } catch (\Throwable $failure) {
            $this->refuse($command, $ledger, self::word($failure), $fields);
            return;
        }
        $ledger->note($command->counter, 'applied');
        $this->tell('containment-applied', $command, '', $fields);
    }

    /** Also where the site is in dry-run by now: what was put in force while it was not has to be undone somehow. */
    private function undo(Command $command, Ledger $ledger): void
    {
        if (!isset(Measures::all()[$command->undoes])) {
            $this->refuse($command, $ledger, 'not-in-force', []);
        } elseif (!$command->enforce) {
            $ledger->note($command->counter, 'planned');
            $this->tell('containment-planned', $command, '', ['wordpress.containment.undoes' => $command->undoes]);
        } else {
            $this->force->end($command->undoes, 'containment-undone', 'command', $command->counter);
            $ledger->note($command->undoes, 'undone');
            $ledger->note($command->counter, 'applied');
        }
    }

    /** @param array<string, mixed> $fields */
    private function refuse(Command $command, Ledger $ledger, string $reason, array $fields): void
    {
        $ledger->note($command->counter, 'refused', $reason);
        $this->tell('containment-refused', $command, $reason, $fields);
    }

    /** @param array<string, mixed> $fields */
    private function tell(string $action, ?Command $command, string $reason, array $fields = []): void
    {
        $this->journal->urgent('configuration', $action, [
            'event.outcome' => $action === 'containment-refused' ? 'failure' : 'success',
            'event.reason' => $reason,
            'wordpress.containment.counter' => $command === null ? null : $command->counter,
            'wordpress.containment.action' => $command === null ? null : $command->action,
            'wordpress.containment.mode' => $command === null ? null : ($command->enforce ? 'enforce' : 'dry-run'),
            'wordpress.containment.reason' => $command === null ? null : Redactor::text($command->reason),
            'wordpress.plugin.slug' => '',
        ] + $fields + Journal::OF_NOBODY);
    }

    /** What a failure may say on the log: one of our own words, or its kind. */
    private static function word(\Throwable $failure): string
    {
        return preg_match('/^[a-z][a-z-]{1,30}\z/', $failure->getMessage()) === 1 ? $failure->getMessage() : get_class($failure);
    }

    /**
     * @param list<mixed> $commands
     * @return list<mixed> by their counters, or a later one would make the earlier a replay
     */
    private static function inOrder(array $commands): array
    {
        $counter = static fn($given): int => is_array($given) && is_int($given['counter'] ?? null) ? $given['counter'] : 0;
        usort($commands, static fn($a, $b): int => $counter($a) <=> $counter($b));
        return $commands;
    }
}
