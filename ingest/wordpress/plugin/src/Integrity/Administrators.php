<?php

declare(strict_types=1);

namespace Tourniquet\Integrity;

use Tourniquet\Observe\NamedAccount;
use Tourniquet\Observe\RoleGrants;
use Tourniquet\Record\Journal;
use Tourniquet\Record\Subjects;

/** Administrators that are there although no hook saw them come: written to the database past WordPress. */
final class Administrators
{
    private const OPTION = 'tourniquet_administrators';

    /** Somebody was seen becoming one. */
    public static function seen(int $id): void
    {
        $known = get_option(self::OPTION);
        if (is_array($known) && !in_array($id, $known, true)) {
            update_option(self::OPTION, array_merge($known, [$id]), false);
        }
    }

    public static function compare(Journal $journal): void
    {
        $roles = array_values(array_filter(array_keys(wp_roles()->roles), static fn($role): bool => RoleGrants::isAdministrator((string) $role)));
        $now = array_map('intval', get_users(['role__in' => $roles, 'fields' => 'ID']));
        foreach (is_multisite() ? get_super_admins() : [] as $login) {
            $user = get_user_by('login', (string) $login);
            $now[] = $user instanceof \WP_User ? $user->ID : 0;
        }
        $now = array_values(array_unique(array_filter($now)));
        sort($now);
        $known = get_option(self::OPTION);
        foreach (is_array($known) ? array_diff($now, $known) : [] as $id) {
            $user = get_userdata($id);
            if ($user instanceof \WP_User) {
                $journal->urgent('iam', 'administrator-granted', NamedAccount::target($journal->context(), $user) + [
                    'event.reason' => 'past-wordpress',
                    'wordpress.role.new' => 'administrator',
                ], (new Subjects())->user($user));
            }
        }
        if ($known !== $now) {
            update_option(self::OPTION, $now, false);
        }
    }
}
