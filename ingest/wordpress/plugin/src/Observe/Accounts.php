<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Integrity\Administrators;
use Tourniquet\Record\Subjects;
use Tourniquet\Watcher;

/** Accounts made, changed and deleted, their passwords and addresses. Roles: `RoleGrants`; what else stands in profiles: `Profiles`. */
final class Accounts extends Watcher
{
    /** Accounts whose password a reset sets right now. @var array<int, true> */
    private array $resetting = [];

    public function register(): void
    {
        Guarded::action('user_register', function ($id): void {
            $this->created((int) $id);
        });
        Guarded::action('deleted_user', function ($id, $reassign = null, $user = null): void {
            if ($user instanceof \WP_User) {
                $this->tell('user-deleted', $user, ['wordpress.role.old' => array_values($user->roles)]);
            }
        }, 10, 3);
        Guarded::action('profile_update', function ($id, $before): void {
            $this->updated((int) $id, $before);
        }, 10, 2);
        Guarded::action('retrieve_password_key', function ($login): void {
            $user = get_user_by('login', (string) $login);
            if ($user instanceof \WP_User) {
                $this->tell('password-reset-requested', $user);
            }
        });
        $this->registerPasswords();
    }

    private function registerPasswords(): void
    {
        Guarded::action('password_reset', function ($user): void {
            $this->resetting[(int) $user->ID] = true;
        });
        Guarded::action('after_password_reset', function ($user): void {
            unset($this->resetting[(int) $user->ID]);
            $this->tell('password-changed', $user, ['event.reason' => 'reset', 'wordpress.data.fields' => ['user_pass']]);
        });
        // From WordPress 6.2 on.
        Guarded::action('wp_set_password', function ($password, $id, $before = null): void {
            $user = get_userdata((int) $id);
            if ($user instanceof \WP_User && !isset($this->resetting[(int) $id]) && !self::isRehash($before)) {
                $this->tell('password-changed', $user, ['event.reason' => 'set', 'wordpress.data.fields' => ['user_pass']]);
            }
        }, 10, 3);
        UserMeta::watch(static fn(string $key): bool => $key === '_new_email', function (int $id, string $key, $before, $after): void {
            $user = get_userdata($id);
            $address = is_array($after) ? (string) ($after['newemail'] ?? '') : '';
            if ($user instanceof \WP_User && $address !== '') {
                $this->tell('email-change-requested', $user, [], (new Subjects())->add('user', 'email', $address));
            }
        });
    }

    private function created(int $id): void
    {
        $user = get_userdata($id);
        if (!$user instanceof \WP_User) {
            return;
        }
        $administrator = array_filter($user->roles, [RoleGrants::class, 'isAdministrator']) !== [];
        $roles = array_values($user->roles);
        if ($administrator) {
            Administrators::seen($id);
        }
        $this->tell($administrator ? 'administrator-created' : 'user-created', $user, [
            'wordpress.role.new' => count($roles) === 1 ? $roles[0] : $roles,
        ]);
    }

    /** @param mixed $before the account as it was: a WP_User, or an object with its columns */
    private function updated(int $id, $before): void
    {
        $user = get_userdata($id);
        if (!$user instanceof \WP_User || !is_object($before)) {
            return;
        }
        if ((string) $before->user_pass !== $user->user_pass) {
            $this->tell('password-changed', $user, ['event.reason' => 'profile', 'wordpress.data.fields' => ['user_pass']]);
        }
        if ((string) $before->user_email !== $user->user_email) {
            $this->tell('email-changed', $user, ['wordpress.data.fields' => ['user_email']], (new Subjects())->add('user', 'email', (string) $before->user_email));
        }
    }

    /**
     * At a log-in WordPress 6.8 stores the same password in its new way.
     *
     * @param mixed $before the account as it was
     */
    private static function isRehash($before): bool
    {
        $old = is_object($before) ? (string) ($before->user_pass ?? '') : '';
        return $old !== '' && strncmp($old, '$wp', 3) !== 0 && doing_filter('authenticate');
    }

    /** @param array<string, mixed> $fields */
    private function tell(string $action, \WP_User $user, array $fields = [], ?Subjects $others = null): void
    {
        $persons = (new Subjects())->user($user);
        $this->journal->urgent('iam', $action, NamedAccount::target($this->journal->context(), $user) + $fields, $others === null ? $persons : $persons->merge($others));
    }
}
