<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Watcher;

/**
 * What roles may do. Plugins change them capability by capability, each a write of the whole option: the difference to the
 * first is told at the end of the request.
 */
final class RoleDefinitions extends Watcher
{
    private const MOST = 64;

    /** Roles by option name, as they were before this request. @var array<string, array<string, mixed>> */
    private array $before = [];
    /** @var array<string, array<string, mixed>> */
    private array $after = [];

    public function register(): void
    {
        Guarded::action('updated_option', function ($name, $before, $after): void {
            global $wpdb;
            if (substr((string) $name, -10) !== 'user_roles' || $name !== $wpdb->get_blog_prefix() . 'user_roles') {
                return;
            }
            if ($this->before === []) {
                Guarded::action('shutdown', [$this, 'tell'], 1000);
            }
            $this->before[$name] ??= is_array($before) ? $before : [];
            $this->after[$name] = is_array($after) ? $after : [];
        }, 10, 3);
    }

    public function tell(): void
    {
        foreach ($this->after as $name => $after) {
            $before = $this->before[$name];
            foreach (array_unique(array_merge(array_keys($before), array_keys($after))) as $role) {
                $this->compare((string) $role, $before[$role] ?? null, $after[$role] ?? null);
            }
        }
        $this->before = $this->after = [];
    }

    /**
     * @param mixed $before
     * @param mixed $after
     */
    private function compare(string $role, $before, $after): void
    {
        $old = self::capabilities($before);
        $new = self::capabilities($after);
        if ($before === null || $after === null) {
            $this->record($after === null ? 'role-removed' : 'role-added', $role, []);
        }
        $this->record('role-capability-added', $role, array_diff($new, $old));
        $this->record('role-capability-removed', $role, array_diff($old, $new));
    }

    /** @param array<string> $capabilities */
    private function record(string $action, string $role, array $capabilities): void
    {
        $ofCapabilities = strpos($action, 'role-capability-') === 0;
        foreach ($ofCapabilities ? array_chunk($capabilities, self::MOST) : [[]] as $some) {
            $this->journal->urgent('iam', $action, ['wordpress.role.name' => $role, 'wordpress.role.capability' => $some]);
        }
    }

    /**
     * @param mixed $role
     * @return list<string>
     */
    private static function capabilities($role): array
    {
        $capabilities = is_array($role) && is_array($role['capabilities'] ?? null) ? $role['capabilities'] : [];
        return array_map('strval', array_keys(array_filter($capabilities)));
    }
}
