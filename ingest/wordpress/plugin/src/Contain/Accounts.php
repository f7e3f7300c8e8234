<?php

declare(strict_types=1);

namespace Tourniquet\Contain;

use Tourniquet\Record\Context;

/** Accounts by what the log calls them. */
final class Accounts
{
    private const SLICE = 1000;
    private const MOST = 500000;

    /** By login, or by the token that names an account on the log. */
    public static function find(Context $context, string $name): ?\WP_User
    {
        $user = get_user_by('login', $name);
        if ($user instanceof \WP_User) {
            return $user;
        }
        return preg_match('/^[a-p]{24}\z/', $name) === 1 ? self::byToken($context, $name) : null;
    }

    /** Tokens cannot be turned around: each account's is worked out, in slices, which only a command asks for. */
    private static function byToken(Context $context, string $token): ?\WP_User
    {
        global $wpdb;
        $after = 0;
        for ($seen = 0; $seen < self::MOST; $seen += self::SLICE) {
            $rows = $wpdb->get_results($wpdb->prepare("SELECT ID, user_email FROM {$wpdb->users} WHERE ID > %d ORDER BY ID LIMIT %d", $after, self::SLICE));
            if (!is_array($rows) || $rows === []) {
                return null;
            }
            foreach ($rows as $row) {
                $after = (int) $row->ID;
                $own = (string) $row->user_email !== '' ? $context->token('email', (string) $row->user_email) : '';
                if ($own === $token || $context->token('text', 'user:' . $after) === $token) {
                    return get_user_by('id', $after) ?: null;
                }
            }
        }
        return null;
    }
}
