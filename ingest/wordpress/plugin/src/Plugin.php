<?php

declare(strict_types=1);

namespace Tourniquet;

use Tourniquet\Record\Context;
use Tourniquet\Record\Journal;
use Tourniquet\Spool\Place;
use Tourniquet\Spool\Spool;
use Tourniquet\Spool\Trigger;

/** Everything there is once per request, made in the order of need. */
final class Plugin
{
    /** In the order in which they hear of the same thing. @var list<class-string<Observer>> */
    public const OBSERVERS = [
        Observe\Logins::class,
        Observe\LoginFailures::class,
        Observe\SessionEnds::class,
        Observe\Accounts::class,
        Observe\RoleGrants::class,
        Observe\RoleDefinitions::class,
        Observe\Keys::class,
        Observe\Options::class,
        Observe\Packages::class,
        Observe\PluginSwitches::class,
        Observe\Constants::class,
        Observe\FileEdits::class,
        Observe\CronJobs::class,
        Observe\Sites::class,
        Observe\RestReads::class,
        Observe\OrderPages::class,
        Observe\AdminReads::class,
        Observe\EntryScreens::class,
        Observe\AjaxReads::class,
        Observe\Exports::class,
        Observe\Downloads::class,
        Observe\Backups::class,
        Observe\CachedPages::class,
        Observe\TableReads::class,
        Observe\Shop::class,
        Observe\Payments::class,
        Observe\ShopSettings::class,
        Observe\ShopTools::class,
        Observe\ApiKeys::class,
        Observe\Comments::class,
        Observe\Forms::class,
        Observe\Profiles::class,
        Memory\Upkeep::class,
        Observe\Uploads::class,
        Observe\Outbound::class,
        Observe\Mail::class,
        Observe\Browser::class,
        Ai\Gate::class,
        Ai\PluginSettings::class,
        Integrity\Rounds::class,
        Admin\Pages::class,
        AtRest\Discovery::class,
    ];

    private static ?self $instance = null;

    private Settings $settings;
    private Place $place;
    private Spool $spool;
    private Journal $journal;
    private Memory $memory;
    private ?Contain\Containment $containment = null;
    private ?AtRest\Discovery $discovery = null;

    public static function boot(): void
    {
        try {
            self::$instance = new self();
            self::$instance->start();
        } catch (\Throwable $failure) {
            // A broken plugin must not break the shop; Site Health and the silence of the heartbeat tell.
            self::$instance = null;
            error_log('Tourniquet did not start: ' . get_class($failure) . ' in ' . basename($failure->getFile()) . ':' . $failure->getLine());
        }
    }

    public static function get(): ?self
    {
        return self::$instance;
    }

    private function __construct()
    {
        $this->settings = Settings::load();
        $this->place = Place::find($this->settings);
        $this->spool = Spool::open($this->place, $this->settings);
        $this->journal = new Journal(new Context($this->settings, fn(): ?string => $this->spool->identity()->tokenKey()), $this->spool);
        $this->memory = new Memory($this->journal->context());
    }

    private function start(): void
    {
        $failures = 0;
        Guarded::reportTo(function (\Throwable $failure) use (&$failures): void {
            if ($failures++ === 0) {
                $this->journal->record('process', 'observer-failed', [
                    'event.outcome' => 'failure',
                    'error.type' => get_class($failure),
                    'error.code' => Record\Redactor::file($failure->getFile()) . ':' . $failure->getLine(),
                ]);
            }
        });
        // Staff's pages and cron need most of them, visitors' pages few.
        ['awake' => $awake, 'hooks' => $hooks] = is_admin() || wp_doing_cron() ? ['awake' => self::OBSERVERS, 'hooks' => []] : require __DIR__ . '/listens.php';
        Asleep::until($hooks, fn(string $class): Observer => $this->observer($class));
        foreach ($awake as $class) {
            Guarded::call(fn() => $this->observer($class)->register());
        }
        (new Trigger($this->spool, $this->journal, $this->settings))->register();
        $this->containment()->register();
        if (defined('WP_CLI') && WP_CLI) {
            Admin\Commands::register($this);
        }
        // Late, so that what others do at shutdown is seen, too.
        Guarded::action('shutdown', fn() => $this->journal->flush(), PHP_INT_MAX);
    }

    /** @param class-string<Observer> $class */
    private function observer(string $class): Observer
    {
        switch ($class) {
            case Admin\Pages::class:
                return new Admin\Pages($this);
            case AtRest\Discovery::class:
                return $this->discovery();
            default:
                return new $class($this->journal, $this->settings, $this->memory);
        }
    }

    public function settings(): Settings
    {
        return $this->settings;
    }

    public function place(): Place
    {
        return $this->place;
    }

    public function spool(): Spool
    {
        return $this->spool;
    }

    public function journal(): Journal
    {
        return $this->journal;
    }

    public function memory(): Memory
    {
        return $this->memory;
    }

    public function containment(): Contain\Containment
    {
        return $this->containment ??= new Contain\Containment($this->journal, $this->settings, $this->spool);
    }

    public function discovery(): AtRest\Discovery
    {
        return $this->discovery ??= new AtRest\Discovery($this->journal, $this->settings, $this->place);
    }
}
