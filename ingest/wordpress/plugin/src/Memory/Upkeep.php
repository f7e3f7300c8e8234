<?php

declare(strict_types=1);

namespace Tourniquet\Memory;

use Tourniquet\Guarded;
use Tourniquet\Watcher;

/** Makes the memory's table soon after the plugin came, and forgets what is older than 90 days. */
final class Upkeep extends Watcher
{
    public const CRON = 'tourniquet_memory_tend';

    public function register(): void
    {
        Guarded::action(self::CRON, fn() => $this->memory->tend());
        Guarded::action('admin_init', static function (): void {
            if (!wp_next_scheduled(self::CRON)) {
                wp_schedule_event(time() + 60, 'daily', self::CRON);
                (new Table())->isReady();
            }
        });
    }
}
