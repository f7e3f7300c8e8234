<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Watcher;

/** Log-ins that were refused: at the form, over XML-RPC, with an application password. */
final class LoginFailures extends Watcher
{
    private const REASONS = [
        'invalid_username' => 'unknown-user',
        'invalid_email' => 'unknown-user',
        'invalidcombo' => 'unknown-user',
        'incorrect_password' => 'wrong-password',
    ];

    public function register(): void
    {
        Guarded::action('wp_login_failed', function ($name, $error = null): void {
            $this->tell((string) $name, $error, 'password');
        }, 10, 2);
        Guarded::action('application_password_failed_authentication', function ($error): void {
            // XML-RPC tries the account's own password beside it, and fails by `wp_login_failed` alone.
            if (!(defined('XMLRPC_REQUEST') && XMLRPC_REQUEST)) {
                $this->tell((string) wp_unslash($_SERVER['PHP_AUTH_USER'] ?? ''), $error, 'application-password');
            }
        });
    }

    /** @param mixed $error a WP_Error, as long as nobody passes something else */
    private function tell(string $name, $error, string $method): void
    {
        $context = $this->journal->context();
        $code = $error instanceof \WP_Error ? (string) $error->get_error_code() : '';
        $reason = self::REASONS[$code] ?? 'refused';
        if ($code === '' || $code === 'authentication_failed') {
            // Some plugin answers so that nobody learns which names there are.
            $reason = (get_user_by('login', $name) ?: get_user_by('email', $name)) === false ? 'unknown-user' : 'wrong-password';
        }
        $this->journal->record('authentication', 'login-failed', [
            'event.outcome' => 'failure',
            'event.reason' => $reason,
            'user.name' => $name === '' ? null : $context->nameTyped($name),
            // Whoever is logged in is not who was tried.
            'user.id' => null,
            'user.roles' => null,
            'wordpress.session.hash' => null,
            'wordpress.login.method' => $method,
            'url.scheme' => is_ssl() ? 'https' : 'http',
        ]);
    }
}
