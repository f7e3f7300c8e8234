<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

use Tourniquet\Record\Spooling;
use Tourniquet\Settings;

/** Lines on their way: kept here from the page that wrote them until the gateway's receipt. `docs/design/012-spool.md`. */
final class Spool implements Spooling
{
    private Place $place;
    private int $mostBytes;
    private ?OpenLines $openLines = null;
    private bool $ships;
    private bool $isHurried = false;
    private ?Identity $identity = null;

    private function __construct(Place $place, int $mebibytes, bool $ships)
    {
        $this->place = $place;
        $this->mostBytes = $mebibytes * 1024 * 1024;
        $this->ships = $ships;
    }

    public static function open(Place $place, Settings $settings): self
    {
        return new self($place, max(1, (int) $settings->get('spool_mebibytes')), $settings->get('shipping') !== 'external');
    }

    /** Where there is no WordPress. */
    public static function at(string $directory, int $mebibytes = 256): self
    {
        return new self(Place::at($directory), $mebibytes, true);
    }

    public function identity(): Identity
    {
        return $this->identity = $this->identity ?? Identity::load($this->place);
    }

    public function place(): Place
    {
        return $this->place;
    }

    private function openLines(): OpenLines
    {
        return $this->openLines ??= new OpenLines($this->place->directory(), $this->mostBytes);
    }

    public function append(array $lines, bool $lasting): bool
    {
        if ($lines === []) {
            return true;
        }
        return $this->quietly(fn(): bool => $this->place->prepare() && $this->openLines()->append($lines, $lasting), false);
    }

    public function hurry(): void
    {
        $this->isHurried = true;
    }

    public function isHurried(): bool
    {
        return $this->isHurried;
    }

    /**
     * `enrolled`, `site`, `gateway_host`, `has_token_key`, `has_command_key`, `enrol_again`, `is_copy`, `last_shipped_ms`, `stream`, `chain_epoch`,
     * `chain_next_seq`, `chain_head`, `spool_bytes`, `lines_waiting`, `outbox_blocks`, `refused_blocks`, `lost_lines`, `error_code`, `error`, `failures`,
     * `next_try_ms`, `clock_skew_ms`, `directory`, `is_outside_web_root`, `self_test` (a constant of `SelfTest`, or empty), `beat_age_seconds` (null before the first).
     * Nothing in it is secret.
     *
     * @return array<string, mixed>
     */
    public function status(): array
    {
        return $this->quietly(fn(): array => Status::of($this->place), []);
    }

    /** What is wrong, in English; null when the site is enrolled now. */
    public function enrol(string $line): ?string
    {
        return $this->quietly(function () use ($line): ?string {
            if (!$this->place->prepare()) {
                return 'The spool directory cannot be written.';
            }
            $before = $this->identity()->site();
            $problem = (new Enroller($this->place->directory(), new Transport()))->enrol($line);
            $this->identity = null;
            if ($problem === null && $before !== '') {
                $this->tell('shipper-key-changed', ['wordpress.target.kind' => 'site', 'wordpress.target.name' => $this->identity()->site()]);
            }
            $this->hurry();
            return $problem;
        }, 'The enrolment failed.');
    }

    /** Makes blocks of the lines that wait; false when another process does just now. */
    public function sealNow(): bool
    {
        return $this->quietly(function (): bool {
            if (!$this->place->prepare()) {
                return false;
            }
            $directory = $this->place->directory();
            $this->openLines()->losses()->tell($this->openLines());
            $checkpoint = (string) (new ShippingState($directory))->get('checkpoint');
            $nothing = static function (): void {
            };
            [$check, $keep] = function_exists('get_site_option') && isset($GLOBALS['wpdb']) ? $this->watchDatabase($directory) : [$nothing, $nothing];
            $made = (new Sealer($directory, $this->openLines(), [$this, 'tell'], time()))->run($this->identity()->site(), $checkpoint, $check, $keep);
            return $made >= 0;
        }, false);
    }

    /**
     * Sends what is sealed, and fetches orders; -1 when another process does just now.
     *
     * @param callable(list<array<string, mixed>>): void $takeCommands
     * @param int $after counter of the highest command taken
     */
    public function ship(float $budgetSeconds, callable $takeCommands, int $after): int
    {
        return $this->quietly(function () use ($budgetSeconds, $takeCommands, $after): int {
            if (!$this->ships) {
                return 0;
            }
            $shipped = (new Shipper($this->place->directory(), new Transport(), [$this, 'tell']))->run($budgetSeconds, $takeCommands, $after);
            $this->identity = null;
            if ($shipped > 0) {
                $this->openLines()->settle((new Outbox($this->place->directory()))->bytes());
            }
            return $shipped;
        }, -1);
    }

    /** @param array<string, mixed> $versions by dotted names */
    public function beat(array $versions): bool
    {
        return $this->quietly(fn(): bool => $this->place->prepare() && (new Heartbeat($this->place->directory(), $this->openLines()))->beat($versions), false);
    }

    /**
     * An act of the spool itself.
     *
     * @param array<string, mixed> $fields by dotted names
     */
    public function tell(string $action, array $fields): void
    {
        $this->openLines()->append([OwnLine::of('configuration', $action, $fields)], true);
    }

    /** @return array{callable(ChainState): void, callable(ChainState): void} */
    private function watchDatabase(string $directory): array
    {
        return [
            function (ChainState $state) use ($directory): void {
                $remembered = DatabaseMemory::of($directory, $state->instance);
                (new Lineage($remembered, DatabaseMemory::home(), DatabaseMemory::database(), [$this, 'tell']))->check($state);
            },
            static function (ChainState $state) use ($directory): void {
                DatabaseMemory::keep($directory, Lineage::memoryOf($state));
            },
        ];
    }

    public function inbox(): Inbox
    {
        return new Inbox($this->place->directory());
    }

    /**
     * A full disk, a missing right or a bug here is never the page's trouble: no warning, no exception.
     *
     * @template T
     * @param callable(): T $do
     * @param T $otherwise
     * @return T
     */
    private function quietly(callable $do, $otherwise)
    {
        set_error_handler(static fn(): bool => true);
        try {
            return $do();
        } catch (\Throwable $failure) {
            return $otherwise;
        } finally {
            restore_error_handler();
        }
    }
}
