<?php

declare(strict_types=1);

namespace Tourniquet\Record;

use Tourniquet\Settings;

/** Who acts in this request, from where, through what. */
final class Context
{
    private const LONGEST_NAME = 320;

    private Settings $settings;
    /** @var callable(): (string|null) */
    private $tokenKey;
    private ?Tokens $tokens = null;
    private string $requestId;
    /** @var array<string, string> */
    private array $hidden = [];

    /** @param callable(): (string|null) $tokenKey 32 bytes, asked for when the first person is named; null while none came yet */
    public function __construct(Settings $settings, callable $tokenKey)
    {
        $this->settings = $settings;
        $this->tokenKey = $tokenKey;
        $this->requestId = bin2hex(random_bytes(8));
    }

    /**
     * What every line says, by dotted names.
     *
     * @return array<string, mixed>
     */
    public function fields(): array
    {
        $user = $this->user();
        $fields = [
            'host.name' => (string) wp_parse_url(home_url(), PHP_URL_HOST),
            'http.request.id' => $this->requestId,
            'wordpress.request.kind' => $this->kind(),
            'wordpress.blog.id' => is_multisite() ? get_current_blog_id() : null,
            'wordpress.blog.switched_from' => is_multisite() && ms_is_switched() ? (int) reset($GLOBALS['_wp_switched_stack']) : null,
            'source.ip' => $this->address(),
            'source.geo.country_iso_code' => $this->country(),
            'user.name' => $user === null ? null : $this->nameOf($user),
            'user.id' => $user === null ? null : (string) $user->ID,
            'user.roles' => $user === null ? null : $this->rolesOf($user),
            'wordpress.session.hash' => $this->session(),
            'wordpress.key.id' => $this->key(),
        ];
        if (isset($_SERVER['REQUEST_METHOD'])) {
            $fields['http.request.method'] = preg_replace('/[^A-Z]/', '', (string) $_SERVER['REQUEST_METHOD']);
            $fields['url.path'] = $this->path();
            // Of sessions only: that is where a copied cookie shows.
            $fields['user_agent.original'] = $user === null ? null : Redactor::text((string) ($_SERVER['HTTP_USER_AGENT'] ?? ''));
        }
        return array_filter($fields, static fn($value): bool => $value !== null && $value !== '' && $value !== []);
    }

    /**
     * Parts of the path that say whom a REST route was asked for: `/patients/Jane%20Roe` becomes `/patients/(name)`. What numbers and
     * code have for names stays.
     *
     * @param array<mixed> $parts as the route calls them
     */
    public function hideInPath(array $parts): void
    {
        foreach ($parts as $name => $value) {
            if (is_string($value) && preg_match('/^[a-z0-9_\/-]*$/D', $value) !== 1) {
                $this->hidden[Redactor::text($value)] = '(' . preg_replace('/[^a-z0-9_]/i', '', (string) $name) . ')';
            }
        }
    }

    private function path(): string
    {
        $path = Redactor::path((string) ($_SERVER['REQUEST_URI'] ?? ''));
        return $this->hidden === [] ? $path : implode('/', array_map(fn(string $part): string => $this->hidden[$part] ?? $part, explode('/', $path)));
    }

    public function requestId(): string
    {
        return $this->requestId;
    }

    /** The account that acts, once WordPress knows it; never makes WordPress look for it. */
    public function user(): ?\WP_User
    {
        global $current_user;
        return $current_user instanceof \WP_User && $current_user->ID > 0 ? $current_user : null;
    }

    /**
     * How an account is named on the log: by its login where it works here (more than a customer's rights, and no e-mail
     * address), by its token otherwise.
     */
    public function nameOf(\WP_User $user): string
    {
        $works = $user->has_cap('edit_posts') || $user->has_cap('manage_woocommerce') || $user->has_cap('manage_options') || is_super_admin($user->ID);
        if ($works && strpos($user->user_login, '@') === false) {
            return $user->user_login;
        }
        return $this->token($user->user_email !== '' ? 'email' : 'text', $user->user_email !== '' ? $user->user_email : 'user:' . $user->ID);
    }

    /** @return list<string> `super_admin` among them on a network */
    public function rolesOf(\WP_User $user): array
    {
        $roles = array_values($user->roles);
        return is_multisite() && is_super_admin($user->ID) ? array_merge($roles, ['super_admin']) : $roles;
    }

    /** A name that somebody typed: as it is where it is an account that works here, as a token otherwise. */
    public function nameTyped(string $login): string
    {
        // Whatever is longer is nobody's name, and a visitor may send megabytes.
        $login = substr($login, 0, self::LONGEST_NAME);
        $user = get_user_by('login', $login) ?: (strpos($login, '@') !== false ? get_user_by('email', $login) : false);
        return $user instanceof \WP_User ? $this->nameOf($user) : $this->token(strpos($login, '@') === false ? 'text' : 'email', $login);
    }

    /** Empty while no key came yet: nothing that could name a person is kept then. */
    public function token(string $kind, string $identifier): string
    {
        $tokens = $this->tokens();
        return $tokens === null ? '' : $tokens->of($kind, $identifier);
    }

    public function tokens(): ?Tokens
    {
        $key = $this->tokens === null ? ($this->tokenKey)() : null;
        return $this->tokens ??= $key === null ? null : new Tokens($key);
    }

    /** `front`, `admin`, `rest`, `ajax`, `xmlrpc`, `graphql`, `cron` or `cli`. */
    public function kind(): string
    {
        if (wp_doing_cron()) {
            return 'cron';
        }
        if (PHP_SAPI === 'cli' || (defined('WP_CLI') && WP_CLI)) {
            return 'cli';
        }
        if (defined('XMLRPC_REQUEST') && XMLRPC_REQUEST) {
            return 'xmlrpc';
        }
        if (defined('GRAPHQL_REQUEST') || (function_exists('is_graphql_http_request') && is_graphql_http_request())) {
            return 'graphql';
        }
        if (defined('REST_REQUEST') && REST_REQUEST) {
            return 'rest';
        }
        if (wp_doing_ajax()) {
            return 'ajax';
        }
        return is_admin() ? 'admin' : 'front';
    }

    /** The peer's address; what a proxy says only where the owner trusts that proxy. */
    public function address(): string
    {
        return TrustedProxies::address($_SERVER, $this->settings->trustedProxies());
    }

    /** ISO 3166-1 alpha-2, where a service that the owner trusts tells it; else empty. */
    public function country(): string
    {
        return Country::code($_SERVER, $this->settings->trustedProxies());
    }

    private function session(): string
    {
        $token = function_exists('wp_get_session_token') && $this->user() !== null ? wp_get_session_token() : '';
        return $token === '' ? '' : $this->sessionHash($token);
    }

    /** Of a session's token: equal for equal sessions, and opens none. */
    public function sessionHash(string $token): string
    {
        return $this->token('text', 'session:' . hash('sha256', $token));
    }

    private function key(): string
    {
        $uuid = function_exists('rest_get_authenticated_app_password') ? rest_get_authenticated_app_password() : null;
        return is_string($uuid) ? $uuid : ActingKey::id();
    }
}
