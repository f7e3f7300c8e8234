<?php

declare(strict_types=1);

namespace Tourniquet\Contain;

/** What the security team asks for, as `contracts/command.ts` says. Vectors: `contracts/vectors/command.json`. */
final class Command
{
    public const SUSPEND_SESSIONS = 'suspend-sessions';
    public const REVOKE_APPLICATION_PASSWORD = 'revoke-application-password';
    public const REVOKE_API_KEY = 'revoke-api-key';
    public const DISABLE_PLUGIN = 'disable-plugin';
    public const BLOCK_ROUTE = 'block-route';
    public const BLOCK_ADDRESS = 'block-address';
    public const BLOCK_HOST = 'block-host';
    public const EXPORTS_OFF = 'exports-off';
    public const CAPTURE_FORENSICS = 'capture-forensics';
    public const UNDO = 'undo';
    public const SET_POLICY = 'set-policy';

    /** What `target` names; `nothing` takes none, `parts` may. */
    private const TARGETS = [
        self::SUSPEND_SESSIONS => 'account',
        self::REVOKE_APPLICATION_PASSWORD => 'uuid',
        self::REVOKE_API_KEY => 'key',
        self::DISABLE_PLUGIN => 'plugin',
        self::BLOCK_ROUTE => 'route',
        self::BLOCK_ADDRESS => 'network',
        self::BLOCK_HOST => 'host',
        self::EXPORTS_OFF => 'nothing',
        self::CAPTURE_FORENSICS => 'parts',
        self::UNDO => 'nothing',
        self::SET_POLICY => 'policy',
    ];
    private const TEXTS = ['site', 'action', 'target', 'mode', 'reason', 'key', 'signature'];
    private const NUMBERS = ['v' => 1, 'counter' => 1, 'issued_at' => 0, 'expires_at' => 0, 'lasts_s' => 0, 'undoes' => 0];
    private const LONGEST_WAIT_MS = 86400000;
    private const LONGEST_LASTS_S = 30 * 86400;
    /** No controls, no separators of lines, nothing that turns the direction of writing around. */
    private const ONE_LINE = '/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\x{202a}-\x{202e}\x{2066}-\x{2069}]*\z/u';
    /** How far the gateway's clock may be before the site's. */
    private const FUTURE_MS = 600000;

    public string $site;
    public int $counter;
    public string $action;
    public string $target;
    public bool $enforce;
    public int $issuedAtMs;
    public int $expiresAtMs;
    public int $lastsSeconds;
    public int $undoes;
    public string $reason;
    private string $mode;
    private string $key;
    private string $signature;

    /** @param array<string, mixed> $given of the right types */
    private function __construct(array $given)
    {
        $this->site = $given['site'];
        $this->counter = $given['counter'];
        $this->action = $given['action'];
        $this->target = $given['target'];
        $this->mode = $given['mode'];
        $this->enforce = $given['mode'] === 'enforce';
        $this->issuedAtMs = $given['issued_at'];
        $this->expiresAtMs = $given['expires_at'];
        $this->lastsSeconds = $given['lasts_s'];
        $this->undoes = $given['undoes'];
        $this->reason = $given['reason'];
        $this->key = $given['key'];
        $this->signature = $given['signature'];
    }

    /**
     * Null when it is malformed. Whether it holds is another question.
     *
     * @param mixed $given decoded JSON
     */
    public static function parse($given): ?self
    {
        if (!is_array($given) || count($given) !== count(self::TEXTS) + count(self::NUMBERS)) {
            return null;
        }
        foreach (self::TEXTS as $name) {
            if (!is_string($given[$name] ?? null)) {
                return null;
            }
        }
        foreach (self::NUMBERS as $name => $least) {
            if (!is_int($given[$name] ?? null) || $given[$name] < $least || $given[$name] > 9007199254740991) {
                return null;
            }
        }
        return self::isSound($given) ? new self($given) : null;
    }

    /** @param array<string, mixed> $given */
    private static function isSound(array $given): bool
    {
        $kind = self::TARGETS[$given['action']] ?? null;
        $waits = $given['expires_at'] - $given['issued_at'];
        return $given['v'] === 1
            && $kind !== null
            && ($kind === 'parts' || ($kind === 'nothing') === ($given['target'] === ''))
            && strlen($given['target']) <= 4096
            && ($given['mode'] === 'dry-run' || $given['mode'] === 'enforce')
            && $waits > 0 && $waits <= self::LONGEST_WAIT_MS
            && $given['lasts_s'] <= self::LONGEST_LASTS_S
            && ($given['action'] === self::UNDO) === ($given['undoes'] > 0)
            && preg_match('/^[a-z0-9][a-z0-9._-]{0,63}\z/', $given['site']) === 1
            && preg_match('/^[A-Za-z0-9_-]{43}\z/', $given['key']) === 1
            && preg_match('/^[A-Za-z0-9_-]{86}\z/', $given['signature']) === 1
            && preg_match(self::ONE_LINE, $given['target']) === 1
            && preg_match(self::ONE_LINE, $given['reason']) === 1
            && preg_match('/^.{1,256}\z/us', $given['reason']) === 1;
    }

    /**
     * Why a site does not take it; null when it does. `$pinnedKey`: 32 bytes. What stands before `expired` cannot be
     * told from a stranger's word and must not move any counter.
     */
    public function refusal(string $site, string $pinnedKey, int $highestCounter, int $nowMs): ?string
    {
        if ($this->site !== $site) {
            return 'wrong-site';
        }
        if (strlen($pinnedKey) !== SODIUM_CRYPTO_SIGN_PUBLICKEYBYTES || self::bytes($this->key) !== $pinnedKey) {
            return 'unknown-key';
        }
        if (!sodium_crypto_sign_verify_detached(self::bytes($this->signature), $this->text(), $pinnedKey)) {
            return 'bad-signature';
        }
        if ($nowMs >= $this->expiresAtMs) {
            return 'expired';
        }
        if ($this->issuedAtMs > $nowMs + self::FUTURE_MS) {
            return 'from-the-future';
        }
        return $this->counter <= $highestCounter ? 'replayed' : null;
    }

    /** The text that is signed. */
    public function text(): string
    {
        return implode("\n", [
            'tourniquet/command/v1', $this->site, $this->counter, $this->action, $this->target, $this->mode,
            $this->issuedAtMs, $this->expiresAtMs, $this->lastsSeconds, $this->undoes, $this->reason, '',
        ]);
    }

    private static function bytes(string $base64url): string
    {
        $bytes = base64_decode(strtr($base64url, '-_', '+/') . str_repeat('=', (4 - strlen($base64url) % 4) % 4), true);
        return $bytes === false || strlen($bytes) !== intdiv(strlen($base64url) * 3, 4) ? str_repeat("\0", 64) : $bytes;
    }
}
