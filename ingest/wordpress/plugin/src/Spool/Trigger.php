<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

use Tourniquet\Contain\Containment;
use Tourniquet\Guarded;
use Tourniquet\Plugin;
use Tourniquet\Record\Journal;
use Tourniquet\Settings;

/**
 * When the spool is sealed and shipped, and when it beats: each minute by the own beat (`Beat`), Action Scheduler or WP-Cron, and after
 * the response of a request that did something urgent. Whoever comes second finds the locks taken and goes.
 */
final class Trigger
{
    public const HOOK = 'tourniquet_minute';
    private const SCHEDULE = 'tourniquet_each_minute';
    private const CRON_BUDGET_SECONDS = 20.0;
    private const REQUEST_BUDGET_SECONDS = 5.0;
    /** Without a beat for so long, a page starts one; not more often than this. */
    private const SILENCE_SECONDS = 90;
    private const START_SECONDS = 30;

    private Spool $spool;
    private Journal $journal;
    private Settings $settings;
    private bool $isStopping = false;

    public function __construct(Spool $spool, Journal $journal, Settings $settings)
    {
        $this->spool = $spool;
        $this->journal = $journal;
        $this->settings = $settings;
    }

    public function register(): void
    {
        Guarded::filter('cron_schedules', static fn($schedules): array => (array) $schedules + [self::SCHEDULE => ['interval' => 60, 'display' => 'Tourniquet']]);
        Guarded::action(self::HOOK, fn() => $this->minute());
        // Behind the journal's last flush, and behind whatever other plugins still do at shutdown.
        Guarded::action('shutdown', fn() => register_shutdown_function(fn() => $this->afterResponse()), PHP_INT_MAX);
        if (defined('TOURNIQUET_FILE')) {
            register_deactivation_hook(TOURNIQUET_FILE, fn() => $this->stop());
        }
    }

    /** All of it at once: for cron, the command line and the button on the page. @return int blocks acknowledged; -1 when another process ships */
    public function minute(): int
    {
        $this->journal->flush();
        $this->spool->inbox()->take($this->takesCommands());
        $this->spool->beat(self::versions());
        $this->spool->sealNow();
        $shipped = $this->spool->ship(self::CRON_BUDGET_SECONDS, $this->takesCommands(), $this->containment()->highest());
        if (SelfTest::isDue()) {
            SelfTest::run($this->spool->place());
        }
        return $shipped;
    }

    /** @return array<string, string> */
    public static function versions(): array
    {
        return array_filter([
            'wordpress.version.core' => (string) ($GLOBALS['wp_version'] ?? ''),
            'wordpress.version.plugin' => defined('TOURNIQUET_VERSION') ? TOURNIQUET_VERSION : '',
        ]);
    }

    private function afterResponse(): void
    {
        set_error_handler(static fn(): bool => true);
        try {
            $directory = $this->spool->place()->directory();
            $age = Heartbeat::age($directory);
            $isSilent = $age === null || $age > self::SILENCE_SECONDS || $age < 0;
            $isHurried = $this->spool->isHurried();
            $hasOrders = $this->spool->inbox()->exists();
            if (!$isHurried && !$hasOrders && !$this->isStopping && (!$isSilent || self::isIdle($directory))) {
                return;
            }
            $isEnded = self::endResponse();
            if ($hasOrders && $isEnded) {
                $this->spool->inbox()->take($this->takesCommands());
            }
            // That it was switched off is the last word of it: the page waits for that, where it cannot be ended.
            if ($this->isStopping || ($isHurried && $isEnded)) {
                // Nobody is left to wait for a better time.
                $this->isStopping && (new ShippingState($directory))->save(['next_try_ms' => 0]);
                $this->spool->sealNow();
                $this->spool->ship(self::REQUEST_BUDGET_SECONDS, $this->takesCommands(), $this->containment()->highest());
            } elseif ($isHurried) {
                @touch($directory . '/hurry');
                $this->schedule(true);
            }
            if ($isSilent && !$this->isStopping) {
                $this->schedule(false);
                $this->startBeat($isEnded);
            }
        } catch (\Throwable $failure) {
            // Nobody is left to tell; the next minute tries again.
            return;
        } finally {
            restore_error_handler();
        }
    }

    /** Nothing was ever written: the plugin is new, and a page that did nothing makes no directory. */
    private static function isIdle(string $directory): bool
    {
        return !is_file($directory . '/tally');
    }

    private static function endResponse(): bool
    {
        if (function_exists('session_status') && session_status() === PHP_SESSION_ACTIVE) {
            // Or the visitor's next page waits for this one.
            session_write_close();
        }
        foreach (['fastcgi_finish_request', 'litespeed_finish_request'] as $finish) {
            if (function_exists($finish)) {
                $finish();
                return true;
            }
        }
        return PHP_SAPI === 'cli' || (function_exists('wp_doing_cron') && wp_doing_cron());
    }

    private function schedule(bool $soon): void
    {
        if (function_exists('as_schedule_recurring_action') && function_exists('as_has_scheduled_action') && did_action('action_scheduler_init') > 0) {
            if (!as_has_scheduled_action(self::HOOK, [], 'tourniquet')) {
                as_schedule_recurring_action(time(), 60, self::HOOK, [], 'tourniquet');
            }
        } elseif (wp_next_scheduled(self::HOOK) === false) {
            wp_schedule_event(time(), self::SCHEDULE, self::HOOK);
        }
        if ($soon && !$this->settings->get('own_heartbeat')) {
            wp_schedule_single_event(time(), self::HOOK, ['soon']);
        }
    }

    private function startBeat(bool $patient): void
    {
        $directory = $this->spool->place()->directory();
        if (!$this->settings->get('own_heartbeat')) {
            @unlink($directory . '/beat.url');
            return;
        }
        if (PHP_SAPI === 'cli') {
            return;
        }
        clearstatcache(true, $directory . '/beat.url');
        $last = @filemtime($directory . '/beat.url');
        if ($last !== false && abs(time() - $last) < self::START_SECONDS) {
            return;
        }
        @unlink($directory . '/beat.stop');
        $url = self::atHome(plugins_url('beat.php', TOURNIQUET_FILE));
        PrivateFile::replace($directory . '/beat.url', $url);
        PrivateFile::replace($directory . '/wake.url', self::atHome(site_url('wp-cron.php')));
        Loopback::start($url . '?key=' . Loopback::key($directory, time()), $patient);
    }

    /** An address of this site at the host that the database names: the one of a request can be anybody's. */
    private static function atHome(string $url): string
    {
        $stored = (array) parse_url((string) (wp_load_alloptions()['siteurl'] ?? ''));
        $port = isset($stored['port']) ? ':' . $stored['port'] : '';
        return ($stored['scheme'] ?? 'http') . '://' . ($stored['host'] ?? 'localhost') . $port . parse_url($url, PHP_URL_PATH);
    }

    private function stop(): void
    {
        $this->isStopping = true;
        wp_clear_scheduled_hook(self::HOOK);
        if (function_exists('as_unschedule_all_actions')) {
            as_unschedule_all_actions(self::HOOK, [], 'tourniquet');
        }
        @touch($this->spool->place()->directory() . '/beat.stop');
    }

    private function containment(): Containment
    {
        $plugin = Plugin::get();
        return $plugin === null ? new Containment($this->journal, $this->settings, $this->spool) : $plugin->containment();
    }

    /** @return callable(list<array<string, mixed>>): void */
    private function takesCommands(): callable
    {
        return fn(array $commands) => $this->containment()->take($commands);
    }
}
