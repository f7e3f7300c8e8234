<?php

declare(strict_types=1);

namespace Tourniquet\Contain\Act;

use Tourniquet\Contain\Act;
use Tourniquet\Contain\Hold;

/** Cannot be undone: WordPress forgets the password. */
final class RevokeApplicationPassword implements Act
{
    public function kind(): string
    {
        return 'key';
    }

    public function named(string $target): string
    {
        return $target;
    }

    public function refusal(string $target): ?string
    {
        return $this->owner($target) === 0 ? 'not-found' : null;
    }

    public function begin(string $target): ?array
    {
        $owner = $this->owner($target);
        $done = $owner === 0 ? true : \WP_Application_Passwords::delete_application_password($owner, $target);
        if ($done !== true) {
            throw new \RuntimeException('not-deleted');
        }
        return null;
    }

    public function end(array $kept): void
    {
    }

    public function enforce(array $kept, Hold $hold): void
    {
    }

    private function owner(string $uuid): int
    {
        global $wpdb;
        if (preg_match('/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\z/i', $uuid) !== 1) {
            return 0;
        }
        $like = '%' . $wpdb->esc_like(strtolower($uuid)) . '%';
        $owners = $wpdb->get_col($wpdb->prepare("SELECT user_id FROM {$wpdb->usermeta} WHERE meta_key = %s AND meta_value LIKE %s", '_application_passwords', $like));
        foreach ((array) $owners as $owner) {
            if (\WP_Application_Passwords::get_user_application_password((int) $owner, strtolower($uuid)) !== null) {
                return (int) $owner;
            }
        }
        return 0;
    }
}
