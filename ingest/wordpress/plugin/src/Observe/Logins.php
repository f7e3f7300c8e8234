<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Record\ActingPlugin;
use Tourniquet\Record\Redactor;
use Tourniquet\Record\Subjects;
use Tourniquet\Watcher;

/** Who gets in, and who leaves. Log-ins that fail: `LoginFailures`. */
final class Logins extends Watcher
{
    /** Sessions begun in this request: user to token and the plugin that began it. @var array<int, array{string, string}> */
    private array $begun = [];
    /** Whose log-in was told. @var array<int, true> */
    private array $told = [];
    /** Whose valid cookie came with the request. */
    private int $cookieOwner = 0;

    public function register(): void
    {
        Guarded::action('auth_cookie_valid', function ($cookie, $user): void {
            $this->cookieOwner = $this->begun === [] ? (int) $user->ID : $this->cookieOwner;
        }, 10, 2);
        Guarded::action('set_logged_in_cookie', function ($cookie, $expire, $expiration, $userId, $scheme = '', $token = ''): void {
            if ($this->begun === []) {
                Guarded::action('shutdown', [$this, 'tellSessionsWithoutLogin'], 1000);
            }
            $this->begun[(int) $userId] = [(string) $token, ActingPlugin::slug()];
        }, 10, 6);
        Guarded::action('wp_login', function ($login, $user = null): void {
            $user = $user instanceof \WP_User ? $user : get_user_by('login', (string) $login);
            if ($user instanceof \WP_User) {
                $this->told[$user->ID] = true;
                $this->login($user, 'password', $this->begun[$user->ID][0] ?? '');
            }
        }, 10, 2);
        Guarded::action('wp_logout', function ($userId = 0): void {
            $this->logout((int) $userId);
        });
        if (defined('XMLRPC_REQUEST') && XMLRPC_REQUEST) {
            $this->watchXmlRpc();
        }
    }

    /** A session for somebody who did not come with one, and whom nothing asked for a password. */
    public function tellSessionsWithoutLogin(): void
    {
        foreach (array_diff_key($this->begun, $this->told) as $userId => [$token, $slug]) {
            $user = get_userdata($userId);
            if ($user instanceof \WP_User && $userId !== $this->cookieOwner) {
                $this->login($user, 'code', $token, $slug);
            }
        }
        $this->begun = [];
    }

    private function login(\WP_User $user, string $method, string $token, ?string $slug = null): void
    {
        $context = $this->journal->context();
        $userAgent = (string) ($_SERVER['HTTP_USER_AGENT'] ?? '');
        $this->journal->urgent('authentication', 'user-login', NamedAccount::actor($context, $user) + [
            'wordpress.session.hash' => $token === '' ? null : $context->sessionHash($token),
            'wordpress.login.method' => $method,
            'url.scheme' => is_ssl() ? 'https' : 'http',
            'user_agent.original' => Redactor::text($userAgent),
        ] + ($slug === null ? [] : ['wordpress.plugin.slug' => $slug]) + (new Whereabouts($this->memory, $context))->of($user->ID, $userAgent), (new Subjects())->user($user));
    }

    private function logout(int $userId): void
    {
        $user = get_userdata($userId);
        if (!$user instanceof \WP_User) {
            return;
        }
        $cookie = wp_parse_auth_cookie('', 'logged_in');
        $token = is_array($cookie) ? (string) $cookie['token'] : '';
        $this->journal->urgent('authentication', 'user-logout', NamedAccount::actor($this->journal->context(), $user) + [
            'wordpress.session.hash' => $token === '' ? null : $this->journal->context()->sessionHash($token),
        ]);
    }

    /** XML-RPC asks for the password with every call, and has no hook for a log-in: its first call tells. */
    private function watchXmlRpc(): void
    {
        $told = false;
        Guarded::action('xmlrpc_call', function () use (&$told): void {
            $user = $this->journal->context()->user();
            if (!$told && $user !== null) {
                $told = true;
                $this->login($user, 'xmlrpc', '');
            }
        });
        Guarded::look('xmlrpc_methods', function (): void {
            $body = (string) file_get_contents('php://input', false, null, 0, 1 << 20);
            $calls = preg_match('/<methodName>\s*system\.multicall\s*</', $body) === 1 ? (int) preg_match_all('/<name>\s*methodName\s*</', $body) : 0;
            if ($calls > 1) {
                $this->journal->record('authentication', 'xmlrpc-multicall', ['wordpress.xmlrpc.calls' => $calls]);
            }
        });
    }
}
