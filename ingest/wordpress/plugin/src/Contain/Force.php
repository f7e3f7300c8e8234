<?php

declare(strict_types=1);

namespace Tourniquet\Contain;

use Tourniquet\Guarded;
use Tourniquet\Record\Journal;
use Tourniquet\Settings;
use Tourniquet\Spool\Spool;

/** Measures in force: begun, held up on each request, ended by an undo, by the time limit, or by themselves. */
final class Force
{
    /** A site that fails waits for whoever takes commands just now. */
    private const PATIENCE_SECONDS = 5.0;

    private Journal $journal;
    private Settings $settings;
    private Spool $spool;
    /** @var array<string, Act|null> */
    private array $acts = [];

    public function __construct(Journal $journal, Settings $settings, Spool $spool)
    {
        $this->journal = $journal;
        $this->settings = $settings;
        $this->spool = $spool;
    }

    public function register(): void
    {
        OwnOptions::watch($this->journal);
        $isOver = false;
        foreach (Measures::all() as $counter => $measure) {
            if (Measures::isOver($measure, time())) {
                $isOver = true;
                continue;
            }
            $act = $this->act($measure['action']);
            if ($act !== null) {
                $act->enforce($measure['kept'], $this->hold((int) $counter, $measure['action']));
            }
        }
        if ($isOver) {
            Guarded::action('init', fn() => $this->endWhatIsOver(), 1);
        }
        if (is_admin() && !is_multisite()) {
            Guarded::action('admin_init', static fn() => self::makeOptions());
        }
    }

    /** An option that is not there costs a query on each page; an empty one is loaded with all others. */
    private static function makeOptions(): void
    {
        foreach ([Measures::OPTION, Settings::OPTION, Settings::POLICY_OPTION] as $name) {
            if (get_option($name, null) === null) {
                add_option($name, [], '', 'yes');
            }
        }
    }

    /** What its time limit ends. */
    public function endWhatIsOver(): void
    {
        Alone::run($this->directory(), function (): void {
            foreach (Measures::all() as $counter => $measure) {
                if (Measures::isOver($measure, time())) {
                    $this->end((int) $counter, 'containment-expired');
                    Ledger::load($this->directory())->note((int) $counter, 'expired');
                }
            }
        });
    }

    public function refusal(Command $command): ?string
    {
        $act = $this->act($command->action);
        if ($act === null) {
            return 'malformed';
        }
        return count(Measures::all()) >= Measures::MOST ? 'too-many-measures' : $act->refusal($command->target);
    }

    /** Throws when it was not done. */
    public function begin(Command $command, string $name): void
    {
        $act = $this->act($command->action);
        $kept = $act === null ? null : $act->begin($command->target);
        if ($kept === null) {
            return;
        }
        if ($command->action === Command::SET_POLICY) {
            // One policy at a time: undoing the newest brings back what was before it.
            foreach (Measures::all() as $counter => $measure) {
                if ($measure['action'] === Command::SET_POLICY) {
                    Measures::drop((int) $counter);
                }
            }
        }
        $now = time();
        Measures::put($command->counter, [
            'action' => $command->action,
            'target' => $name,
            'since' => $now,
            'until' => $command->lastsSeconds > 0 ? $now + $command->lastsSeconds : 0,
            'kept' => $kept,
        ]);
    }

    /**
     * Twice does no more than once. `$action`: `containment-undone` or `containment-expired`; `$by` says why in a word, or
     * whether the owner or a command did it (and which).
     */
    public function end(int $counter, string $action, string $by = '', int $command = 0): void
    {
        $measure = Measures::all()[$counter] ?? null;
        if ($measure === null) {
            return;
        }
        $act = $this->act($measure['action']);
        // First in force no more, then restored: hooks of the measure must not hinder it.
        Measures::drop($counter);
        $failure = '';
        try {
            if ($act !== null) {
                $act->end($measure['kept']);
            }
        } catch (\Throwable $thrown) {
            $failure = get_class($thrown);
        }
        Hold::forget($this->directory(), $counter);
        $this->journal->urgent('configuration', $action, [
            'event.outcome' => $failure === '' ? 'success' : 'failure',
            'event.reason' => $failure === '' ? $by : $failure,
            'wordpress.containment.counter' => $command > 0 ? $command : $counter,
            'wordpress.containment.undoes' => $counter,
            'wordpress.containment.action' => $measure['action'],
            'wordpress.target.kind' => $act === null ? null : $act->kind(),
            'wordpress.target.name' => $measure['target'],
            'wordpress.plugin.slug' => '',
        ] + ($by === 'owner' ? [] : Journal::OF_NOBODY));
    }

    /** Null for `undo`, which is no act of its own. */
    public function act(string $action): ?Act
    {
        if (!array_key_exists($action, $this->acts)) {
            $this->acts[$action] = $this->make($action);
        }
        return $this->acts[$action];
    }

    private function make(string $action): ?Act
    {
        $context = $this->journal->context();
        $site = new Site($this->settings, $this->spool);
        switch ($action) {
            case Command::SUSPEND_SESSIONS:
                return new Act\SuspendSessions($context);
            case Command::REVOKE_APPLICATION_PASSWORD:
                return new Act\RevokeApplicationPassword();
            case Command::REVOKE_API_KEY:
                return new Act\RevokeApiKey();
            case Command::DISABLE_PLUGIN:
                return new Act\DisablePlugin($site);
            case Command::BLOCK_ROUTE:
                return new Act\BlockRoute($site);
            case Command::BLOCK_ADDRESS:
                return new Act\BlockAddress($context, $site);
            case Command::BLOCK_HOST:
                return new Act\BlockHost($site);
            case Command::EXPORTS_OFF:
                return new Act\ExportsOff();
            case Command::CAPTURE_FORENSICS:
                return new Act\CaptureForensics(new Forensics($this->journal));
            case Command::SET_POLICY:
                return new Act\SetPolicy();
            default:
                return null;
        }
    }

    private function hold(int $counter, string $action): Hold
    {
        return new Hold($this->journal, $this->directory(), $counter, $action, function (string $reason) use ($counter): void {
            Alone::run($this->directory(), function () use ($counter, $reason): void {
                $this->end($counter, 'containment-undone', $reason);
                Ledger::load($this->directory())->note($counter, 'undone', $reason);
            }, self::PATIENCE_SECONDS);
        });
    }

    private function directory(): string
    {
        return $this->spool->place()->directory();
    }
}
