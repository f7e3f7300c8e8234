<?php

declare(strict_types=1);

namespace Tourniquet;

use Tourniquet\Memory\Habit;
use Tourniquet\Memory\Table;
use Tourniquet\Record\ActingPlugin;
use Tourniquet\Record\Context;

/**
 * What the site remembers of the last 90 days, so that no history has to leave it. Keys are hashed; a table that is missing
 * or cannot be read means that nothing is known, never that something is new.
 */
final class Memory
{
    public const KNOWN = 'known';
    public const NEW = 'new';
    public const EXCEEDED = 'exceeded';
    private const DAY = 86400;

    private const MOST_WAITING = 50;

    private Context $context;
    private ?Table $table = null;
    /** @var array<string, array{name: string, day: int, amount: int}> noted in this request, not yet written */
    private array $waiting = [];

    public function __construct(Context $context)
    {
        $this->context = $context;
    }

    /**
     * Notes that `$key` was seen, and answers since when (Unix seconds) it is known; null when this is the first time in 90
     * days. While the table is not there: the present, so that nothing looks new.
     */
    public function seen(string $kind, string $key): ?int
    {
        $now = time();
        if (!$this->table()->isReady()) {
            return $now;
        }
        $name = Table::name($kind, $key);
        if (isset($this->waiting["{$name} 0"])) {
            return $now;
        }
        $row = $this->table()->last($name);
        if ($row === null) {
            $this->note($name, 0, 1);
            return null;
        }
        if ($row['last'] < $now - self::DAY) {
            $this->note($name, 0, 1);
        }
        return $row['last'] < $now - Table::DAYS * self::DAY ? null : $row['first'];
    }

    /** Whether `$key` was not seen in this hour yet; true while nothing can be remembered. For what would be told again and again. */
    public function isFirstThisHour(string $kind, string $key): bool
    {
        return !$this->table()->isReady() || $this->seen($kind, $key . "\n" . intdiv(time(), 3600)) === null;
    }

    /**
     * Notes `$amount` of an act by an actor today, and answers its habit as `docs/rules.md` defines `wordpress.actor.habit`:
     * `known`, `new`, `exceeded`, or empty while the site knows too little.
     */
    public function habit(string $act, string $actor, int $amount): string
    {
        if ($actor === '' || !$this->table()->isReady()) {
            return '';
        }
        $now = time();
        $today = intdiv($now, self::DAY);
        $name = Table::name('habit', $act . "\n" . $actor);
        $days = $this->table()->days($name, $today - Table::DAYS);
        if ($days === null) {
            return '';
        }
        $days[$today] = ($days[$today] ?? 0) + ($this->waiting["{$name} {$today}"]['amount'] ?? 0);
        $this->note($name, $today, $amount);
        return $this->knownFor($actor, $now) < Habit::DAYS_TO_KNOW * self::DAY ? '' : Habit::of($days, $today, $amount);
    }

    /** Who acts, for `habit`: the key, else the account, else the plugin; empty for a visitor. */
    public function actor(string $slug = ''): string
    {
        $key = (string) ($this->context->fields()['wordpress.key.id'] ?? '');
        if ($key !== '') {
            return 'key:' . $key;
        }
        $user = $this->context->user();
        if ($user !== null) {
            return 'user:' . $user->ID;
        }
        $slug = $slug !== '' ? $slug : ActingPlugin::slug();
        return $slug === '' ? '' : 'plugin:' . $slug;
    }

    /** Creates, upgrades and prunes the table; for cron and activation. */
    public function tend(): void
    {
        $this->table()->install();
        $this->table()->prune(time());
    }

    /** Seconds for which the plugin has known the actor: an account since it was made, but not before the plugin came. */
    private function knownFor(string $actor, int $now): int
    {
        $since = $this->table()->since();
        if (strncmp($actor, 'user:', 5) === 0) {
            $user = $this->context->user();
            $made = $user === null ? 0 : (int) strtotime($user->user_registered . ' UTC');
            return $now - max($since, $made);
        }
        $first = $this->seen('actor', $actor);
        return $first === null ? 0 : $now - max($since, $first);
    }

    /** Written after the response where PHP can end it before: a disk that has to be waited for would slow the page. */
    private function note(string $name, int $day, int $amount): void
    {
        if ($this->waiting === []) {
            // Registered from within, so that it comes behind all others.
            register_shutdown_function(fn() => register_shutdown_function(fn() => $this->write()));
        }
        $key = "{$name} {$day}";
        $this->waiting[$key] = ['name' => $name, 'day' => $day, 'amount' => $amount + ($this->waiting[$key]['amount'] ?? 0)];
        if (count($this->waiting) >= self::MOST_WAITING) {
            $this->write();
        }
    }

    private function write(): void
    {
        $waiting = $this->waiting;
        $this->waiting = [];
        try {
            if ($waiting !== [] && did_action('shutdown') > 0 && function_exists('fastcgi_finish_request')) {
                fastcgi_finish_request();
            }
            foreach ($waiting as $note) {
                $this->table()->note($note['name'], $note['day'], $note['amount'], time());
            }
        } catch (\Throwable $failure) {
            // What was forgotten is noted the next time.
            return;
        }
    }

    private function table(): Table
    {
        return $this->table ??= new Table();
    }
}
