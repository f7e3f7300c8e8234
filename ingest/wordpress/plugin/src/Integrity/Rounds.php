<?php

declare(strict_types=1);

namespace Tourniquet\Integrity;

use Tourniquet\Guarded;
use Tourniquet\Watcher;

/** When files, inventory and administrators are looked through: each hour what looks changed, each night everything, in slices. */
final class Rounds extends Watcher
{
    public const HOOK = 'tourniquet_integrity';
    private const SLICE_SECONDS = 10.0;
    private const NIGHT_SECONDS = 20 * 3600;
    /** An update that takes longer has died. */
    private const AWAIT_SECONDS = 900;

    public function register(): void
    {
        Guarded::action(self::HOOK, [$this, 'go']);
        if (wp_doing_cron() || is_admin()) {
            Guarded::action('init', static function (): void {
                if (is_main_site() && wp_next_scheduled(self::HOOK) === false) {
                    wp_schedule_event(time() + 60, 'hourly', self::HOOK);
                }
            });
        }
    }

    public function go(): void
    {
        $shelf = Baseline::shelf();
        if ($shelf === null || !is_main_site()) {
            return;
        }
        if (!wp_is_large_user_count()) {
            Administrators::compare($this->journal);
        }
        if ($shelf->index() === []) {
            Baseline::record();
            Inventory::tell();
            return;
        }
        if ($shelf->awaited() !== [] && $shelf->awaitedSince() < time() - self::AWAIT_SECONDS) {
            Baseline::recordAwaited();
        }
        $goOn = $shelf->alone(fn(): bool => $this->check($shelf));
        Inventory::compare();
        if ($goOn === true) {
            wp_schedule_single_event(time() + 120, self::HOOK);
        }
    }

    /** @return bool whether something is left */
    private function check(Shelf $shelf): bool
    {
        $state = $shelf->state();
        $deadline = microtime(true) + self::SLICE_SECONDS;
        if (isset($state['full']) || (int) ($state['last_full'] ?? 0) < time() - self::NIGHT_SECONDS) {
            $state['full'] ??= ['left' => array_keys(Part::all()), 'found' => 0];
            $check = new Check($shelf, $this->journal, true);
            $left = $check->run($state['full'], $deadline);
            $found = (int) ($state['full']['found'] ?? 0) + $check->found();
            if ($left === null) {
                $check->tellResult($found);
                Administrators::compare($this->journal);
                Inventory::tell();
                unset($state['full']);
                $state['last_full'] = time();
            } else {
                $state['full'] = $left + ['found' => $found];
            }
            $shelf->keep($state);
            return $left !== null;
        }
        $state['quick'] = (new Check($shelf, $this->journal, false))->run($state['quick'] ?? ['left' => array_keys(Part::all())], $deadline);
        $shelf->keep(array_filter($state, static fn($value): bool => $value !== null));
        return $state['quick'] !== null;
    }
}
