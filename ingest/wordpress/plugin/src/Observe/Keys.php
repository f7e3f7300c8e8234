<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Record\Subjects;
use Tourniquet\Watcher;

/** Application passwords: made, used, taken back, whichever code does it. */
final class Keys extends Watcher
{
    private const META = '_application_passwords';

    public function register(): void
    {
        UserMeta::watch(static fn(string $key): bool => $key === self::META, function (int $userId, string $key, $before, $after): void {
            $user = get_userdata($userId);
            if (!$user instanceof \WP_User) {
                return;
            }
            $old = self::byId($before);
            $new = self::byId($after);
            foreach (array_diff_key($new, $old) as $id => $item) {
                $this->tell('application-password-created', $user, $id);
            }
            foreach (array_diff_key($old, $new) as $id => $item) {
                $this->tell('application-password-deleted', $user, $id);
            }
            foreach (array_intersect_key($new, $old) as $id => $item) {
                if (($item['password'] ?? '') !== ($old[$id]['password'] ?? '')) {
                    $this->tell('application-password-changed', $user, $id);
                }
            }
        });
        Guarded::action('application_password_did_authenticate', function ($user, $item): void {
            if ($user instanceof \WP_User && is_array($item)) {
                $this->used($user, $item);
            }
        }, 10, 2);
    }

    private function tell(string $action, \WP_User $user, string $id): void
    {
        $this->journal->urgent('iam', $action, NamedAccount::target($this->journal->context(), $user) + ['wordpress.key.id' => $id], (new Subjects())->user($user));
    }

    /**
     * The first use, and each from another address than the last, as far as the key was not seen in that network.
     *
     * @param array<string, mixed> $item as it was before this use
     */
    private function used(\WP_User $user, array $item): void
    {
        $context = $this->journal->context();
        $first = empty($item['last_used']);
        if (!$first && (string) ($item['last_ip'] ?? '') === (string) ($_SERVER['REMOTE_ADDR'] ?? '')) {
            return;
        }
        $id = (string) ($item['uuid'] ?? '');
        $network = $context->token('text', 'key:' . $id . ' ' . Whereabouts::network($context->address()));
        if (($this->memory->seen('key-place', $network) === null || $first)) {
            $this->journal->record('authentication', 'application-password-used', NamedAccount::actor($context, $user) + [
                'wordpress.key.id' => $id,
                'wordpress.key.first' => $first,
                'url.scheme' => is_ssl() ? 'https' : 'http',
            ]);
        }
    }

    /**
     * @param mixed $items
     * @return array<string, array<string, mixed>>
     */
    private static function byId($items): array
    {
        $known = [];
        foreach (is_array($items) ? $items : [] as $item) {
            if (is_array($item) && isset($item['uuid'])) {
                $known[(string) $item['uuid']] = $item;
            }
        }
        return $known;
    }
}
