<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Integrity\Administrators;
use Tourniquet\Record\Subjects;
use Tourniquet\Watcher;

/**
 * Roles and capabilities of accounts, on every site of a network. WordPress keeps them in one meta value, so whoever gives
 * or takes them is seen: screens, REST, plugins that write the value themselves. The first role of a new account is told
 * with the account: `Accounts`.
 */
final class RoleGrants extends Watcher
{
    /** Login of the account that is being made. */
    private string $creating = '';
    /** By user and site: what was granted before this request, what is now, and what was told of it. @var array<string, array{user: int, blog: int, before: list<string>, after: list<string>, told: list<string>}> */
    private array $changes = [];

    public function register(): void
    {
        Guarded::look('wp_pre_insert_user_data', function ($data, $update = false): void {
            $this->creating = !$update && is_array($data) ? (string) ($data['user_login'] ?? '') : '';
        }, PHP_INT_MAX, 2);
        Guarded::action('user_register', function (): void {
            $this->creating = '';
        }, 0);
        UserMeta::watch(static fn(string $key): bool => self::blogOf($key) !== null, function (int $userId, string $key, $before, $after): void {
            $user = get_userdata($userId);
            if ($user instanceof \WP_User && ($this->creating === '' || $user->user_login !== $this->creating)) {
                $this->changed($user, (int) self::blogOf($key), self::granted($before), self::granted($after));
            }
        });
        if (is_multisite()) {
            Guarded::action('update_site_option_site_admins', function ($option, $after, $before): void {
                $this->superAdmins((array) $before, (array) $after);
            }, 10, 3);
        }
    }

    /** Whether a role may do what an administrator may. */
    public static function isAdministrator(string $role): bool
    {
        $known = wp_roles()->get_role($role);
        return $role === 'administrator' || ($known !== null && $known->has_cap('manage_options'));
    }

    /** Number of the site whose capabilities a meta key holds; null for any other key. */
    private static function blogOf(string $key): ?int
    {
        global $wpdb;
        if (substr($key, -12) !== 'capabilities') {
            return null;
        }
        $pattern = '/^' . preg_quote($wpdb->base_prefix, '/') . '(?:(\d+)_)?capabilities$/';
        return preg_match($pattern, $key, $found) === 1 ? (int) ($found[1] ?? 1) : null;
    }

    /**
     * @param mixed $capabilities
     * @return list<string> roles and capabilities that are granted
     */
    private static function granted($capabilities): array
    {
        return array_map('strval', array_keys(array_filter(is_array($capabilities) ? $capabilities : [])));
    }

    /**
     * What is gained is told at once, against what the account had when the request began: REST takes all roles away before it
     * gives the new ones. What is lost in the end is told at the end.
     *
     * @param list<string> $before
     * @param list<string> $after
     */
    private function changed(\WP_User $user, int $blog, array $before, array $after): void
    {
        if ($this->changes === []) {
            Guarded::action('shutdown', [$this, 'tellLosses'], 1000);
        }
        $change = &$this->changes[$user->ID . ' ' . $blog];
        $change ??= ['user' => $user->ID, 'blog' => $blog, 'before' => $before, 'after' => [], 'told' => []];
        $change['after'] = $after;
        $gained = array_values(array_diff($after, $change['before'], $change['told']));
        $change['told'] = array_merge($change['told'], $gained);
        $roles = self::roles($gained);
        if ($roles !== []) {
            $this->record(array_filter($roles, [self::class, 'isAdministrator']) === [] ? 'user-role-changed' : 'administrator-granted', $user, $blog, [
                'wordpress.role.old' => self::oneOrMore(self::roles($change['before'])),
                'wordpress.role.new' => self::oneOrMore($roles),
            ]);
        }
        $this->capabilities('capability-granted', $user, $blog, array_diff($gained, $roles));
    }

    public function tellLosses(): void
    {
        foreach ($this->changes as $change) {
            $user = get_userdata($change['user']);
            $lost = array_values(array_diff($change['before'], $change['after']));
            if (!$user instanceof \WP_User || $lost === []) {
                continue;
            }
            $roles = self::roles($lost);
            if ($roles !== [] && self::roles($change['told']) === []) {
                $this->record('user-role-changed', $user, $change['blog'], ['wordpress.role.old' => self::oneOrMore($roles)]);
            }
            $this->capabilities('capability-revoked', $user, $change['blog'], array_diff($lost, $roles));
        }
        $this->changes = [];
    }

    /** @param array<string> $names */
    private function capabilities(string $action, \WP_User $user, int $blog, array $names): void
    {
        if ($names !== []) {
            $this->record($action, $user, $blog, ['wordpress.role.capability' => self::oneOrMore(array_slice(array_values($names), 0, 64))]);
        }
    }

    /**
     * @param list<string> $names
     * @return list<string> those that are roles
     */
    private static function roles(array $names): array
    {
        return array_values(array_filter($names, static fn(string $name): bool => wp_roles()->is_role($name)));
    }

    /**
     * @param array<mixed> $before logins
     * @param array<mixed> $after
     */
    private function superAdmins(array $before, array $after): void
    {
        foreach (['administrator-granted' => array_diff($after, $before), 'user-role-changed' => array_diff($before, $after)] as $action => $logins) {
            foreach ($logins as $login) {
                $user = get_user_by('login', (string) $login);
                if ($user instanceof \WP_User) {
                    $this->record($action, $user, 0, [$action === 'user-role-changed' ? 'wordpress.role.old' : 'wordpress.role.new' => 'super_admin']);
                }
            }
        }
    }

    /** @param array<string, mixed> $fields */
    private function record(string $action, \WP_User $user, int $blog, array $fields): void
    {
        if ($action === 'administrator-granted') {
            Administrators::seen($user->ID);
        }
        $this->journal->urgent('iam', $action, NamedAccount::target($this->journal->context(), $user) + $fields + [
            'wordpress.role.blog' => is_multisite() && $blog > 0 ? $blog : null,
        ], (new Subjects())->user($user));
    }

    /**
     * @param array<string> $names
     * @return string|list<string>
     */
    private static function oneOrMore(array $names)
    {
        return count($names) === 1 ? (string) reset($names) : array_values($names);
    }
}
