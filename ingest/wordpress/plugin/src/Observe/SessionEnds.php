<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Watcher;

/** Log-in sessions that somebody ended before their time. */
final class SessionEnds extends Watcher
{
    public function register(): void
    {
        UserMeta::watch(static fn(string $key): bool => $key === 'session_tokens', function (int $userId, string $key, $before, $after): void {
            $ended = array_values(array_diff(self::live($before), self::live($after)));
            $user = $ended === [] || $ended === [self::current()] ? false : get_userdata($userId);
            if ($user instanceof \WP_User) {
                $this->journal->urgent('authentication', 'sessions-ended', NamedAccount::target($this->journal->context(), $user) + [
                    'wordpress.session.count' => count($ended),
                    'wordpress.session.left' => count(self::live($after)),
                ]);
            }
        });
    }

    /**
     * @param mixed $sessions by the hash of their token
     * @return list<string>
     */
    private static function live($sessions): array
    {
        $live = [];
        foreach (is_array($sessions) ? $sessions : [] as $verifier => $session) {
            $expires = is_array($session) ? (int) ($session['expiration'] ?? 0) : (int) $session;
            if ($expires >= time()) {
                $live[] = (string) $verifier;
            }
        }
        return $live;
    }

    /** The session of this request, whose end is a log-out. */
    private static function current(): string
    {
        $cookie = wp_parse_auth_cookie('', 'logged_in');
        return is_array($cookie) ? hash('sha256', (string) $cookie['token']) : '';
    }
}
